import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { AskEvent } from '../../events.ts'
import { coins } from '../../strings/counts.ts'
import { credits } from '../../strings/records.ts'
import { shortAddress } from '../../strings/wallet.ts'
import { shared } from '../../tokens/index.ts'
import type { HeldKey, Peer, PeerState } from '../../types.ts'
import { num } from '../parts.ts'
import { elsewhereChip, removeQuestion } from './elsewhere.ts'
import './export-key.ts'
import type { HoldfastExportKey } from './export-key.ts'
import './import-key.ts'
import type { HoldfastImportKey } from './import-key.ts'
import './send-factoids.ts'
import type { HoldfastSendFactoids } from './send-factoids.ts'

/** Keys of Factom's that were brought here, and what lies at their addresses. */
@customElement('holdfast-imported-keys')
export class HoldfastImportedKeys extends LitElement {
  static override readonly styles = [...shared, css`
    :host { display: contents; } /* a network without records has none */
    article { padding-block: .875rem .25rem; border-block-start: 1px solid var(--color-line); }
    .mono { overflow-wrap: anywhere; }
    .plain { padding-inline: .625rem; }
    .acts { display: flex; flex-wrap: wrap; gap: .25rem; margin-inline-start: -.625rem; }
  `]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @query('holdfast-import-key') private readonly importer!: HoldfastImportKey
  @query('holdfast-export-key') private readonly exporter!: HoldfastExportKey
  @query('holdfast-send-factoids') private readonly sender!: HoldfastSendFactoids

  private key({ kind, address, holds }: HeldKey, locked: boolean): TemplateResult {
    const [name, has] = kind === 'FA' ? [msg('Coins'), coins(holds)] : [msg('Entry credits'), credits(holds)]
    const label = `${name}, ${shortAddress(address)}`
    const act = (words: string, drawn: TemplateResult, off: boolean, click: () => void): TemplateResult =>
      html`<button type="button" class="button plain small" aria-label=${msg(str`${words}: ${label}`)} ?disabled=${off} @click=${click}>${drawn}${words}</button>`
    return html`<li><article class="stack s1" aria-label=${label}>
      <div class="line apart"><b>${num(has)}</b>${elsewhereChip()}</div>
      <p class="mono small" translate="no">${address}</p>
      ${kind === 'EC' ? html`<p class="small soft">${msg('Choose it when you write an entry, and it pays.')}</p>` : nothing}
      <div class="acts">${kind === 'EC' ? nothing : html`${act(msg('Bring to the account'), icon('in', 18), locked || holds === 0, () => { void this.sender.show('to-account', address) })}${act(msg('Send'), icon('out', 18), locked || holds === 0, () => { void this.sender.show('send', address) })}`}
        ${act(msg('Export'), icon('key', 18), locked, () => { void this.exporter.show(address) })}
        ${act(msg('Remove'), icon('remove', 18), false, () => { this.dispatchEvent(new AskEvent(removeQuestion(address, has), async () => { await this.peer.identity.removeKey(address) })) })}</div>
    </article></li>`
  }

  /** What lies at one is known a moment later than that it is here. */
  private keys(): readonly HeldKey[] {
    const { records, identity } = this.snapshot
    const held = new Map((records?.credits?.imported ?? []).map(key => [key.address, key]))
    return (identity?.imported ?? []).map(key => held.get(key.address) ?? { ...key, holds: 0 })
  }

  override render() {
    const { records, identity } = this.snapshot
    const locked = identity?.locked === true
    const keys = this.keys()
    if (records === null && keys.length === 0) return nothing
    return html`<section class="panel stack s1" aria-labelledby="keys"><div class="line apart"><h2 class="h3" id="keys">${msg('Keys of Factom')}</h2>
        <button type="button" class="button small" ?disabled=${identity === null || locked} @click=${() => { void this.importer.show() }}>${icon('key', 18)}${msg('Bring a key')}</button></div>
      <p class="small soft">${keys.length === 0 ? msg('If you have addresses on Factom, what lies at them in this network can be used with their secret keys.') : msg('They are the same on Factom, so each signature with one asks you first.')}</p>
      ${keys.length === 0 ? nothing : html`<ul aria-label=${msg('Keys that were brought here')}>${keys.map(key => this.key(key, locked))}</ul>`}
    </section>
    <holdfast-import-key .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-import-key>
    <holdfast-export-key .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-export-key>
    <holdfast-send-factoids .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-send-factoids>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-imported-keys': HoldfastImportedKeys } }
