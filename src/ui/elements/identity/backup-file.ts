import { html } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import { number } from '../../strings/format.ts'
import { newPassphrase, passphraseProblem } from './new-passphrase.ts'
import { Sheet, type Form } from '../sheet.ts'

/** Saves a backup as an encrypted file. */
@customElement('holdfast-backup-file')
export class HoldfastBackupFile extends Sheet {
  @state() private first = ''
  @state() private second = ''

  async show(): Promise<void> {
    await this.open()
  }

  protected override clear(): void {
    this.first = this.second = ''
  }

  protected override form(): Form {
    return {
      heading: msg('Save a backup file'),
      body: html`<p>${msg('It brings back your address and all that is yours by it, and the keys of protected files that are here now, also of those whose link you were sent. No words can bring those back.')}</p>
        ${newPassphrase(options => this.field(options), { first: this.first, second: this.second, set: (first, second) => { [this.first, this.second] = [first, second] } })}
        <p class="small soft">${msg('The file is worth nothing without this passphrase, which is kept nowhere. Save a new one now and then: it does not know of files that come later.')}</p>`,
      no: msg('Not now'),
      yes: msg('Save the file'),
      submit: async () => {
        this.problem = passphraseProblem(this.first, this.second)
        if (this.problem !== '') return
        const { name, keys } = await this.peer.identity.saveFile(this.first)
        this.close()
        const files = keys === 0 ? msg('no keys of files yet') : keys === 1 ? msg('the key of 1 file') : msg(str`the keys of ${number(keys)} files`)
        this.dispatchEvent(new NoteEvent({ words: msg(str`${name} is in your downloads, with ${files}. Move it to another device.`), undo: null }))
      },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-backup-file': HoldfastBackupFile } }
