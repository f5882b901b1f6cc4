import { html, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import { newPassphrase, passphraseProblem } from './new-passphrase.ts'
import { Sheet, type Form } from '../sheet.ts'

export type PassphraseAct = 'set' | 'change' | 'remove' | 'unlock'

/** Sets, changes, removes or asks for the passphrase of the identity. */
@customElement('holdfast-passphrase')
export class HoldfastPassphrase extends Sheet {
  @state() private wish: PassphraseAct = 'set'
  @state() private current = ''
  @state() private first = ''
  @state() private second = ''

  async show(wish: PassphraseAct): Promise<void> {
    this.wish = wish
    await this.open()
  }

  protected override clear(): void {
    this.current = this.first = this.second = ''
  }

  private words(): { readonly heading: string, readonly about: string, readonly yes: string, readonly done: string } {
    switch (this.wish) {
      case 'set': return { heading: msg('Lock with a passphrase'), about: msg('It is asked for once after each start, before anything is signed or backed up. Sharing and fetching go on without it.'), yes: msg('Lock'), done: msg('From now on the passphrase is asked for after each start.') }
      case 'change': return { heading: msg('Change the passphrase'), about: msg('Backup files keep the passphrase they were saved with.'), yes: msg('Change'), done: msg('The passphrase was changed.') }
      case 'remove': return { heading: msg('Remove the passphrase'), about: msg('Whoever can use this browser can sign in your name then.'), yes: msg('Remove'), done: msg('No passphrase is asked for any more.') }
      case 'unlock': return { heading: msg('Unlock'), about: msg('It stays unlocked while the tab that runs Holdfast is open. If you forgot it, your words or your backup file bring you back: choose Restore.'), yes: msg('Unlock'), done: msg('Unlocked.') }
    }
  }

  protected override form(): Form {
    const { heading, about, yes, done } = this.words()
    const { wish } = this
    return {
      heading, yes, tone: wish === 'remove' ? 'danger' : 'primary', no: msg('Not now'),
      body: html`<p>${about}</p>
        ${wish === 'set' ? nothing : this.field({ id: 'current', label: wish === 'change' ? msg('Present passphrase') : msg('Passphrase'), type: 'password', autocomplete: 'current-password', value: this.current, change: value => { this.current = value } })}
        ${wish === 'set' || wish === 'change' ? html`${newPassphrase(options => this.field(options), { first: this.first, second: this.second, set: (first, second) => { [this.first, this.second] = [first, second] } })}
          <p class="small soft">${msg('Nobody can give it back to you. Forgotten, only your words or a backup file help.')}</p>` : nothing}`,
      submit: async () => {
        if (wish === 'set' || wish === 'change') {
          this.problem = passphraseProblem(this.first, this.second)
          if (this.problem !== '') return
        }
        const { identity } = this.peer
        if (wish === 'unlock') await identity.unlock(this.current)
        else await identity.setPassphrase(this.current, wish === 'remove' ? null : this.first)
        this.close()
        this.dispatchEvent(new NoteEvent({ words: done, undo: null }))
      },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-passphrase': HoldfastPassphrase } }
