import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { frond } from '../../drawings/kelp.ts'
import { icon } from '../../drawings/icons.ts'
import { attempt } from '../../events.ts'
import { settingsStyles } from '../../places/settings.styles.ts'
import { shared } from '../../tokens/index.ts'
import type { IdentityState, Peer, PeerState } from '../../types.ts'
import '../copy.ts'
import { notice } from '../parts.ts'
import './backup-file.ts'
import type { HoldfastBackupFile } from './backup-file.ts'
import { identityStyles } from './identity.styles.ts'
import './passphrase.ts'
import type { HoldfastPassphrase } from './passphrase.ts'
import './restore.ts'
import type { HoldfastRestore } from './restore.ts'
import './words.ts'
import type { HoldfastWords } from './words.ts'

/** Who the person is: the address, whether it is backed up, and what can be done about that. Looking at it makes an identity where there is none. */
@customElement('holdfast-identity')
export class HoldfastIdentity extends LitElement {
  static override readonly styles = [...shared, settingsStyles, identityStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @query('holdfast-words') private readonly words!: HoldfastWords
  @query('holdfast-backup-file') private readonly file!: HoldfastBackupFile
  @query('holdfast-restore') private readonly restore!: HoldfastRestore
  @query('holdfast-passphrase') private readonly passphrase!: HoldfastPassphrase
  private needed = false

  override updated(_changed: PropertyValues<this>): void {
    if (this.needed || this.snapshot.phase !== 'running' || this.snapshot.identity !== null) return
    this.needed = true
    attempt(this, this.peer.identity.ensure())
  }

  private notBackedUp({ locked }: IdentityState) {
    return html`<div class="stack s1">${notice('warn', msg('Not backed up'),
      msg('If this browser’s data is cleared, your address and all that is yours by it are gone for good. It takes two minutes and 12 words.'),
      html`<div class="line">
        <button type="button" class="button primary" @click=${() => { void (locked ? this.passphrase.show('unlock') : this.words.show()) }}>${msg('Back up now')}</button>
        <button type="button" class="button plain" @click=${() => { void this.restore.show() }}>${msg('I have words to enter')}</button></div>`)}</div>`
  }

  private person({ address }: IdentityState) {
    return html`<div class="person"><span class="tile">${frond(address)}</span>
      <div><b>${msg('Your address')}</b><span class="mono address" translate="no">${address}</span></div>
      <holdfast-copy .text=${address} label=${msg('Copy address')}></holdfast-copy></div>`
  }

  private backup({ backedUp, locked }: IdentityState) {
    const said = backedUp === 'words' ? msg('By its words') : backedUp === 'file' ? msg('In a file') : nothing
    return html`<div class="setting"><div><b>${msg('Recovery words')}</b><span class="sub">${msg('They bring back your address in any browser.')}</span></div>
        <div class="line">${backedUp === 'words' ? html`<span class="chip ok">${icon('check', 17)}${said}</span>` : nothing}
          <button type="button" class="button small" ?disabled=${locked} @click=${() => { void this.words.show() }}>${msg('Show the words')}</button></div></div>
      <div class="setting"><div><b>${msg('Backup file')}</b><span class="sub">${msg('Encrypted. Holds the words, and the keys of protected files as well: those of files whose link you were sent or made are nowhere else.')}</span></div>
        <div class="line">${backedUp === 'file' ? html`<span class="chip ok">${icon('check', 17)}${said}</span>` : nothing}
          <button type="button" class="button small" ?disabled=${locked} @click=${() => { void this.file.show() }}>${msg('Save a file')}</button></div></div>
      <div class="setting"><div><b>${msg('Restore')}</b><span class="sub">${msg('From words or a file, in place of who you are here now.')}</span></div>
        <button type="button" class="button small" @click=${() => { void this.restore.show() }}>${msg('Restore…')}</button></div>`
  }

  private lock({ passphrase, locked }: IdentityState) {
    const act = (wish: 'set' | 'change' | 'remove' | 'unlock', words: string, name: string, plain = false) => html`<button type="button" class="button small ${plain ? 'plain' : ''}" aria-label=${name} @click=${() => { void this.passphrase.show(wish) }}>${words}</button>`
    return html`<div class="setting"><div><b>${msg('Lock with a passphrase')}</b><span class="sub">${locked ? msg('Locked: nothing is signed or backed up before it was given. Sharing and fetching go on.')
      : passphrase ? msg('Asked for once after each start. Unlocked now.') : msg('Asked for once after each start, before anything is signed.')}</span></div>
      <div class="line">${locked ? html`<span class="chip">${icon('lock', 17)}${msg('Locked')}</span>${act('unlock', msg('Unlock'), msg('Unlock with the passphrase'))}`
        : passphrase ? html`${act('change', msg('Change'), msg('Change the passphrase'))}${act('remove', msg('Remove'), msg('Remove the passphrase'), true)}`
        : act('set', msg('Set up'), msg('Set up a passphrase'))}</div></div>`
  }

  override render() {
    const { identity } = this.snapshot
    return html`<section class="stack" aria-labelledby="you"><h2 id="you">${msg('You and your backup')}</h2>
      ${identity === null ? html`<p class="soft" role="status">${msg('Looking who you are here.')}</p>` : html`
        ${identity.backedUp === null ? this.notBackedUp(identity) : nothing}
        <div class="panel">${this.person(identity)}${this.backup(identity)}${this.lock(identity)}</div>`}
      <holdfast-words .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-words>
      <holdfast-backup-file .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-backup-file>
      <holdfast-restore .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-restore>
      <holdfast-passphrase .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-passphrase>
    </section>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-identity': HoldfastIdentity } }
