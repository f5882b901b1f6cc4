import { html } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import { keyFault } from '../../strings/wallet.ts'
import { notice } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'

/** Takes in a secret key of Factom's. */
@customElement('holdfast-import-key')
export class HoldfastImportKey extends Sheet {
  @state() private text = ''
  @state() private wrong = ''

  async show(): Promise<void> { await this.open() }

  protected override clear(): void { this.text = this.wrong = '' }

  protected override form(): Form {
    return {
      heading: msg('Bring a key of Factom here'),
      body: html`<p>${msg('The secret key of an address you have there. What lies at that address in this network can then be used from here.')}</p>
        ${this.field({ id: 'key', type: 'password', label: msg('Secret key'), hint: msg('52 characters. Fs… is for coins, Es… for entry credits.'), value: this.text, wrong: this.wrong, change: value => { this.text = value; this.wrong = '' } })}
        ${notice('warn', msg('It stays valid elsewhere'), msg('What it signs here can be repeated there. So you are asked before each signature, and nothing signs with it by itself.'))}
        <p class="small soft">${msg('It is kept encrypted on this device, as your own keys are. Your recovery words do not bring it back: keep your copy, or make a backup file.')}</p>`,
      no: msg('Not now'),
      yes: msg('Bring it here'),
      doing: msg('Reading…'),
      submit: async () => {
        this.wrong = this.text.trim() === '' ? msg('There is no key yet.') : ''
        if (this.wrong === '' && await this.take()) return
        await this.updateComplete
        this.renderRoot.querySelector<HTMLElement>('#key')?.focus()
      },
    }
  }

  /** False where the text is no such key. */
  private async take(): Promise<boolean> {
    let kind: 'FA' | 'EC'
    try { ({ kind } = await this.peer.identity.importKey(this.text.trim())) } catch (error) {
      this.wrong = keyFault(error) ?? ''
      if (this.wrong === '') throw error
      return false
    }
    this.close()
    this.dispatchEvent(new NoteEvent({ words: kind === 'FA' ? msg('The key is here. Coins at its address can be used.') : msg('The key is here. It can pay for records.'), undo: null }))
    return true
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-import-key': HoldfastImportKey } }
