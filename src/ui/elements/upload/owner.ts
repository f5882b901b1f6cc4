import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon, type IconName } from '../../drawings/icons.ts'
import { AskEvent } from '../../events.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, PeerState, Upload } from '../../types.ts'
import { fold } from '../parts.ts'
import type { Question } from '../question.ts'
import './change.ts'
import { changesOf, changeWords, type Change, type HoldfastChange } from './change.ts'
import './offer.ts'
import type { HoldfastOffer } from './offer.ts'

const icons: Readonly<Record<Change, IconName>> = { policy: 'lock', allow: 'plus', deny: 'block', holders: 'key', keepers: 'library', until: 'clock', replaced: 'again' }

/** What its owner does with an upload, each act in a form of its own. */
@customElement('holdfast-owner-acts')
export class HoldfastOwnerActs extends LitElement {
  static override readonly styles = [...shared, css`details { border-block-start: 0; }`]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) upload!: Upload
  @query('holdfast-change') private readonly sheet!: HoldfastChange
  @query('holdfast-offer') private readonly offer!: HoldfastOffer

  private button(words: string, drawn: IconName, disabled: boolean, act: () => void): TemplateResult {
    return html`<li><button type="button" class="button plain" ?disabled=${disabled} @click=${act}>${icon(drawn)}${words}</button></li>`
  }

  override render() {
    const { upload, snapshot } = this
    if (upload.withdrawn) return nothing
    const locked = snapshot.identity?.locked === true
    return html`${fold(msg('Change it'), html`<div class="stack s1">
        ${locked ? html`<p class="small soft">${msg(html`Locked: nothing is signed before the passphrase was given. <a href="#/settings">Unlock in Settings</a>`)}</p>` : nothing}
        <ul class="stack s1">${changesOf(upload).map(what => this.button(changeWords(what), icons[what], locked, () => { void (what === 'keepers' ? this.offer.show(upload) : this.sheet.show(upload, what)) }))}
          ${this.button(msg('Withdraw it'), 'remove', locked, () => { this.dispatchEvent(new AskEvent(withdrawQuestion(upload), async () => { await this.peer.publishing.change(upload, { withdrawn: true }) })) })}</ul></div>`)}
      <holdfast-change .peer=${this.peer} .snapshot=${snapshot}></holdfast-change>
      <holdfast-offer .peer=${this.peer} .snapshot=${snapshot}></holdfast-offer>`
  }
}

/** Before an upload is taken off the list: what that does, and what it cannot do. */
export function withdrawQuestion({ title, kept }: Pick<Upload, 'title' | 'kept'>): Question {
  return {
    heading: msg('Withdraw it?'),
    body: html`<p><bdi><b>${title}</b></bdi></p>
      <p>${msg('It leaves Discover, nobody is given its key any more, and offers to keepers end.')}</p>
      <p>${kept.length > 0 ? msg(str`The ${kept.length} who keep it may let it go. Whoever fetched it still has it, and may give it on.`) : msg('Whoever fetched it still has it, and may give it on.')}</p>
      <p class="small soft">${msg('That it was published stays in the ledger. Your own copy stays in your Library. It cannot be published again unchanged.')}</p>`,
    no: msg('Leave it'),
    yes: msg('Withdraw'),
    tone: 'danger',
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-owner-acts': HoldfastOwnerActs } }
