import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { keeperGlyph } from '../../drawings/mark.ts'
import { NoteEvent, attempt } from '../../events.ts'
import { coins, keepers } from '../../strings/counts.ts'
import { number } from '../../strings/format.ts'
import { placesWords } from '../../strings/keeping.ts'
import { periodWords } from '../../strings/uploads.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, PeerState, Upload, UploadKeeping } from '../../types.ts'
import { notice } from '../parts.ts'
import './offer.ts'
import type { HoldfastOffer } from './offer.ts'

/** For the owner of an upload: how far its places are taken, what is paid for it, and whom to ask next. */
@customElement('holdfast-own-keeping')
export class HoldfastOwnKeeping extends LitElement {
  static override readonly styles = shared

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) upload!: Upload
  @property({ attribute: false }) keeping!: UploadKeeping
  @query('holdfast-offer') private readonly offer!: HoldfastOffer
  @state() private asking = false

  private async replace(): Promise<void> {
    this.asking = true
    try {
      const asked = await this.peer.publishing.replaceKeepers(this.upload)
      this.dispatchEvent(new NoteEvent({ words: msg(str`${keepers(asked.length)} are asked in their place. It counts once a block has it.`), undo: null }))
    } finally { this.asking = false }
  }

  /** Whoever is away or gone: others may have the place, and the owner may see to it. */
  private lapsed(locked: boolean): TemplateResult | typeof nothing {
    const lapsed = this.keeping.keepers.filter(({ status }) => status !== 'active').length
    if (lapsed === 0) return nothing
    return notice('warn', lapsed === 1 ? msg('A keeper is not there any more') : msg(str`${number(lapsed)} keepers are not there any more`),
      msg('Its copy does not count, and its place is open to whoever you asked. Ask others too; those who are there keep their places.'),
      html`<div class="line"><button type="button" class="button small" ?disabled=${locked || this.asking} @click=${() => { attempt(this, this.replace()) }}>${icon('people', 18)}${msg('Ask others in their place')}</button></div>`)
  }

  private rent(): TemplateResult | typeof nothing {
    const { rent, escrow } = this.keeping
    if (this.snapshot.uploads?.keeping.terms.pays !== true) return nothing
    return html`<p class="small soft">${rent === null ? msg('Nobody is paid for keeping it.')
      : html`${msg(str`${coins(rent.each)} for each keeper and period, for ${periodWords(rent.periods, this.snapshot.ledger)}.`)} ${escrow === 0 ? msg('Nothing of it is set aside any more.') : msg(str`${coins(escrow)} of it are set aside.`)}`}</p>`
  }

  override render() {
    const { keeping, upload, snapshot } = this
    const locked = snapshot.identity?.locked === true
    const asked = keeping.rent !== null || keeping.keepers.length > 0
    const active = keeping.keepers.filter(({ status }) => status === 'active').length
    return html`<section class="panel stack" aria-labelledby="places"><div class="line apart"><h2 id="places">${msg('Kept by promise')}</h2>
          <button type="button" class="button small" ?disabled=${locked} @click=${() => { void this.offer.show(upload) }}>${asked ? msg('Change whom you ask') : msg('Ask keepers')}</button></div>
        ${asked ? html`<p class="badge ${active === 0 ? 'lone' : ''}">${keeperGlyph(active)}<bdi>${placesWords(keeping)}</bdi></p>` : html`<p class="soft">${msg('Nobody was asked to keep it. Volunteers may, without a promise.')}</p>`}
        ${asked ? this.rent() : nothing}
        ${this.lapsed(locked)}</section>
      <holdfast-offer .peer=${this.peer} .snapshot=${snapshot}></holdfast-offer>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-own-keeping': HoldfastOwnKeeping } }
