import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { coins } from '../../strings/counts.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, PeerState } from '../../types.ts'
import '../copy.ts'
import { fold, num } from '../parts.ts'
import '../qr.ts'
import './send-factoids.ts'
import type { HoldfastSendFactoids } from './send-factoids.ts'

/** The person's addresses in Factom's form, and the coins that lie at one of them. */
@customElement('holdfast-factoids')
export class HoldfastFactoids extends LitElement {
  static override readonly styles = [...shared, css`
    .whose { display: grid; grid-template: auto 1fr / 6.5rem minmax(0, 1fr); gap: var(--space-1) var(--space-2); align-items: start; }
    .whose holdfast-qr { grid-row: span 2; }
    @media (max-width: 26rem) {
      .whose { grid-template: auto auto / 6.5rem minmax(0, 1fr); }
      .whose holdfast-qr { grid-row: auto; }
      .whose holdfast-copy { grid-column: 1 / -1; }
    }
  `]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @query('holdfast-send-factoids') private readonly sender!: HoldfastSendFactoids

  private address(name: string, about: string, address: string, qr: string, copy: string): TemplateResult {
    return html`<section class="stack s1" aria-label=${name}><b>${name}</b><p class="small soft">${about}</p>
      <div class="whose"><holdfast-qr .value=${address} label=${qr}></holdfast-qr><p class="mono small" translate="no">${address}</p><holdfast-copy .text=${address} label=${copy}></holdfast-copy></div></section>`
  }

  override render() {
    const { records, identity } = this.snapshot
    const standing = records?.credits ?? null
    if (standing === null) return nothing
    const { factoidAddress, creditAddress, factoids } = standing
    const off = factoids === 0 || identity?.locked === true
    return html`${fold(msg('Addresses for records'), html`<div class="stack s3">
        ${this.address(msg('Factoid address'), msg('Coins sent here buy entry credits, or go back to your account.'), factoidAddress, msg('QR code: your Factoid address'), msg('Copy Factoid address'))}
        <div class="stack s1"><p class="small">${msg(html`At it now: ${num(coins(factoids))}.`)}</p><div class="line">
          <button type="button" class="button small" ?disabled=${off} @click=${() => { void this.sender.show('to-account') }}>${icon('in', 18)}${msg('Bring back to the account')}</button>
          <button type="button" class="button plain small" ?disabled=${off} @click=${() => { void this.sender.show('send') }}>${icon('out', 18)}${msg('Send from it')}</button></div></div>
        ${this.address(msg('Entry credit address'), msg('Others can buy credits for you here.'), creditAddress, msg('QR code: your entry credit address'), msg('Copy entry credit address'))}</div>`)}
      <holdfast-send-factoids .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-send-factoids>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-factoids': HoldfastFactoids } }
