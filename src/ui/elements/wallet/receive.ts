import { html } from 'lit'
import { customElement } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { shareWith } from '../share-with.ts'
import { Sheet, type Form } from '../sheet.ts'
import '../link.ts'
import '../qr.ts'

/** The address, for whoever is to send coins to it. */
@customElement('holdfast-receive')
export class HoldfastReceive extends Sheet {
  async show(): Promise<void> {
    await this.open()
  }

  protected override clear(): void { /* nothing is typed here */ }

  protected override form(): Form {
    const address = this.snapshot.identity?.address ?? ''
    return {
      heading: msg('Receive coins'),
      body: html`<p>${msg('Give this address to whoever sends you coins. Nothing else is needed, and it never changes.')}</p>
        <holdfast-qr .value=${address} label=${msg('QR code: your address')}></holdfast-qr>
        <holdfast-link .value=${address} name=${msg('Your address')} copy=${msg('Copy address')}></holdfast-link>
        <p class="small soft">${msg('Everybody who knows it can see what came to it and what left it.')}</p>`,
      ...'share' in navigator ? { more: html`<button type="button" class="button plain" @click=${() => { shareWith(this, { text: address }) }}>${icon('send')}${msg('Send with…')}</button>` } : {},
      no: msg('Close'),
      yes: null,
      submit: async () => { await Promise.resolve() },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-receive': HoldfastReceive } }
