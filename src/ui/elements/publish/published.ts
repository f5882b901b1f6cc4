import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { keeperGlyph } from '../../drawings/mark.ts'
import { frond } from '../../drawings/kelp.ts'
import { attempt, ProblemEvent } from '../../events.ts'
import { uploadHash } from '../../route.ts'
import { errorWords } from '../../strings/errors.ts'
import { ago } from '../../strings/format.ts'
import { aboutUpload, keptBy, keptWords, policyWords, pulledWords } from '../../strings/uploads.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, PeerState, Upload, UploadSending } from '../../types.ts'
import { changeOf } from '../../upload-list.ts'
import { stageChip, stageStyles } from '../stage.ts'
import { coverOf } from '../upload/cover.ts'

const step = 6

const publishedStyles = css`
  .tile holdfast-cover { inline-size: 100%; block-size: 100%; }
  @media (max-width: 40rem) {
    .file { grid-template-columns: auto minmax(0, 1fr); }
    .end { grid-column: 2; justify-content: start; text-align: start; }
  }
`

/** What this person published, and what of it is on its way: how far each is, and who keeps it. */
@customElement('holdfast-published')
export class HoldfastPublished extends LitElement {
  static override readonly styles = [...shared, stageStyles, publishedStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @state() private mine: readonly Upload[] = []
  @state() private total = 0
  @state() private shown = step
  private asked = ''

  override willUpdate(_changed: PropertyValues<this>): void {
    const change = changeOf(this.snapshot)
    const asked = `${change} ${this.shown} ${this.snapshot.identity?.address}`
    if (change === null || this.snapshot.identity === null || asked === this.asked) return
    this.asked = asked
    this.peer.publishing.search({ text: '', kind: null, owner: null, own: true, from: 0, most: this.shown }).then(({ uploads, total }) => {
      if (asked === this.asked) [this.mine, this.total] = [uploads, total]
    }, (error: unknown) => { this.dispatchEvent(new ProblemEvent(error)) })
  }

  private coming({ id, cid, title, stage, pulled, problem }: UploadSending): TemplateResult {
    const me = this.snapshot.identity?.address
    return html`<li><div class="file"><span class="tile">${frond(cid ?? id)}</span>
      <span>${cid === null || me === undefined ? html`<bdi class="name">${title}</bdi>` : html`<a class="name" href=${uploadHash({ cid, owner: me })}><bdi>${title}</bdi></a>`}
        <span class="meta ${problem === null ? '' : 'bad'}">${problem === null ? `${msg('The file is on this device only.')}${pulledWords(stage, pulled)}` : `${errorWords(problem).what}. ${errorWords(problem).next}`}</span></span>
      <span class="end line">${stageChip(stage)}${stage === 'failed' ? html`<button type="button" class="button small" aria-label=${msg(str`Forget it: ${title}`)} @click=${() => { attempt(this, this.peer.wallet.cancel(id)) }}>${msg('Forget it')}</button>` : nothing}</span></div></li>`
  }

  private row(upload: Upload): TemplateResult {
    const { cid, title, policy, time, withdrawn } = upload
    const item = this.snapshot.items.find(each => each.cid === cid)
    const kept = keptBy(upload, this.snapshot.identity?.address ?? null, item)
    return html`<li><div class="file"><span class="tile"><holdfast-cover .peer=${this.peer} .cid=${cid} .image=${coverOf(upload)} .name=${title} unasked></holdfast-cover></span>
      <span><a class="name" href=${uploadHash(upload)}><bdi>${title}</bdi></a><span class="meta">${withdrawn ? msg('Withdrawn') : policyWords(policy).brief}. <bdi>${aboutUpload(upload)}</bdi>, ${ago(time * 1000, Date.now())}</span></span>
      <span class="end badge ${kept.others === 0 ? 'lone' : ''}">${keeperGlyph(kept.others)}<bdi>${keptWords(kept, item?.state === 'here', true)}</bdi></span></div></li>`
  }

  override render() {
    const { mine, total, snapshot } = this
    const known = new Set(mine.map(({ cid }) => cid))
    const coming = (snapshot.uploads?.sending ?? []).filter(({ op, cid }) => op === 3 && (cid === null || !known.has(cid)))
    if (mine.length + coming.length === 0) return nothing
    return html`<section class="stack s1" aria-labelledby="published"><h2 id="published">${msg('Published by you')}</h2>
      <ul class="rows">${repeat(coming, ({ id }) => id, sending => this.coming(sending))}${repeat(mine, ({ cid }) => cid, upload => this.row(upload))}</ul>
      ${total > mine.length ? html`<div><button type="button" class="button small" @click=${() => { this.shown += step }}>${msg(str`Show more: ${total - mine.length} to come`)}</button></div>` : nothing}</section>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-published': HoldfastPublished } }
