import { html } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import '../link.ts'
import { notice } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'

/** Shows the secret of a key that was brought here, once the person said so. */
@customElement('holdfast-export-key')
export class HoldfastExportKey extends Sheet {
  @state() private address = ''
  @state() private secret = ''

  async show(address: string): Promise<void> {
    await this.open()
    this.address = address
  }

  protected override clear(): void { this.address = this.secret = '' }

  protected override form(): Form {
    return this.secret === '' ? {
      heading: msg('Show the secret key?'),
      body: html`<p><bdi class="mono small" translate="no">${this.address}</bdi></p>
        ${notice('warn', msg('Whoever sees it has it'), msg('With it anybody can take what lies at this address, here and on Factom. Nobody from Holdfast ever asks for it.'))}`,
      no: msg('Not now'),
      yes: msg('Show it'),
      submit: async () => {
        const secret = await this.peer.identity.exportKey(this.address)
        await this.step(() => { this.secret = secret })
      },
    } : {
      heading: msg('The secret key'),
      body: html`<p><bdi class="mono small" translate="no">${this.address}</bdi></p>
        <holdfast-link .value=${this.secret} name=${msg('Secret key')} copy=${msg('Copy secret key')}></holdfast-link>
        <p class="small soft">${msg('Keep it where nobody else reads it. Wallets of Factom take it as it is.')}</p>`,
      no: msg('Close'),
      yes: null,
      submit: async () => { await Promise.resolve() },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-export-key': HoldfastExportKey } }
