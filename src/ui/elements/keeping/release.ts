import { html, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import { releaseEffect, releaseWords, type ReleaseReason } from '../../strings/keeping.ts'
import type { UploadName } from '../../types.ts'
import { choice, choiceStyles } from '../choice.ts'
import { notice } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'

/** What is let go, and what hangs on it. */
export interface Going extends UploadName {
  readonly title: string
  /** A proof of it is due and was not given yet. */
  readonly picked: boolean
}

const reasons: readonly ReleaseReason[] = ['ordinary', 'legal', 'lost']

/** Lets go of something that was promised: why, and what follows. */
@customElement('holdfast-release')
export class HoldfastRelease extends Sheet {
  static override readonly styles = [...Sheet.styles, choiceStyles]

  @state() private going: Going | null = null
  @state() private reason: ReleaseReason = 'ordinary'

  async show(going: Going): Promise<void> {
    await this.open()
    this.going = going
  }

  protected override clear(): void {
    this.going = null
    this.reason = 'ordinary'
  }

  protected override form(): Form {
    const { going } = this
    if (going === null) return { heading: msg('Let it go?'), body: html``, no: msg('Keep it'), yes: null, submit: async () => {} }
    const card = (reason: ReleaseReason) => {
      const { label, about } = releaseWords(reason)
      return choice({ group: 'reason', id: reason, label, about, checked: this.reason === reason, choose: () => { this.reason = reason } })
    }
    const effect = this.snapshot.uploads?.keeping.terms.pays === true ? releaseEffect(going.picked) : ''
    return {
      heading: msg('Let it go?'),
      body: html`<p><bdi><b>${going.title}</b></bdi></p>
        <fieldset class="choices"><legend class="label">${msg('Why')}</legend>${reasons.map(card)}</fieldset>
        ${effect === '' ? nothing : going.picked ? notice('warn', msg('A proof of it is due'), effect) : html`<p class="small soft">${effect}</p>`}
        <p class="small soft">${msg('Your duty ends when a block has it. Until then keep a tab open.')}</p>`,
      no: msg('Keep it'),
      yes: msg('Let it go'),
      tone: 'danger',
      doing: msg('Signing…'),
      submit: async () => {
        await this.peer.publishing.release(going, this.reason)
        this.close()
        this.dispatchEvent(new NoteEvent({ words: msg('That you let it go is on its way to the ledger.'), undo: null }))
      },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-release': HoldfastRelease } }
