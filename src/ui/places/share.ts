import { html, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import type { Draft } from '../draft.ts'
import { frond } from '../drawings/kelp.ts'
import { icon } from '../drawings/icons.ts'
import { emptyMark } from '../drawings/mark.ts'
import '../elements/drop.ts'
import '../elements/paste.ts'
import { bar, keeperBadge, lockBadge, marks, notice } from '../elements/parts.ts'
import { attempt } from '../events.ts'
import { itemHash, uploadHash } from '../route.ts'
import { people } from '../strings/counts.ts'
import { ago } from '../strings/format.ts'
import { fileMade, gateOf, isOurs, isPublished, itemState, jobNextWords, jobWords, sizeWords } from '../strings/items.ts'
import { kindIcons } from '../strings/uploads.ts'
import type { Item, ShareJob } from '../types.ts'
import { Place } from './place.ts'
import './setup.ts'

/** Home: the drop zone, what is being made into links, and the links made. */
@customElement('holdfast-share')
export class HoldfastShare extends Place {
  @property({ attribute: false }) draft: Draft | null = null
  /** The job started here; its link is opened when it is done. */
  @state() private watching: string | null = null
  private seen = false
  /** Whether the job that is watched publishes: then its place in the ledger is opened. */
  private publishes = false

  override updated(): void {
    const { uploads, identity } = this.snapshot
    if (uploads !== null && identity !== null && (uploads.total > 0 || uploads.sending.length > 0)) attempt(this, import('../elements/publish/published.ts'))
    if (this.watching === null) return
    const job = this.snapshot.jobs.find(({ id }) => id === this.watching)
    const made = this.publishes ? this.published(job) : this.shared()
    if (made !== null) {
      this.watching = null
      location.hash = made
    } else if (job?.state === 'failed' || (this.seen && job === undefined && !this.snapshot.items.some(({ job: by }) => by === this.watching))) {
      this.watching = null
      this.seen = false
    } else {
      this.seen ||= job !== undefined
    }
  }

  /** Where the link that was watched stands, once it is there. */
  private shared(): string | null {
    const item = this.snapshot.items.find(each => each.job === this.watching)
    return item?.state === 'here' ? itemHash(item.cid) : null
  }

  /** Where the publication that was watched stands, once the ledger is told. */
  private published(job: ShareJob | undefined): string | null {
    const { uploads, identity, items } = this.snapshot
    if (identity === null) return null
    const sent = uploads?.sending.find(({ op, wish }) => op === 3 && wish === this.watching)?.cid
    const file = this.seen && job === undefined && this.watching !== null ? fileMade(items, this.watching)?.cid : undefined
    const cid = sent ?? file
    return cid === undefined ? null : uploadHash({ cid, owner: identity.address })
  }

  private job(job: ShareJob) {
    const failed = job.state === 'failed'
    return html`<li><article class="transfer" aria-label=${job.title}>
      <span class="tile">${icon(failed ? 'warning' : job.publish === undefined ? 'archive' : kindIcons[job.publish.kind])}</span>
      <div class="who"><bdi class="name">${job.title}</bdi><span class="state ${failed ? 'bad' : ''}">${jobWords(job)}</span></div>
      <div class="acts">${failed
        ? html`<button type="button" class="button small" aria-label=${msg(str`Dismiss ${job.title}`)} @click=${() => { attempt(this, this.peer.dismissJob(job.id)) }}>${msg('Dismiss')}</button>`
        : html`<button type="button" class="button icon-only" aria-label=${msg(str`Cancel ${job.title}`)} title=${msg(str`Cancel ${job.title}`)} @click=${() => { attempt(this, this.peer.cancelJob(job.id)) }}>${icon('close')}</button>`}</div>
      <div class="bar">${bar({ title: job.title, done: job.done, total: job.bytes, ...(failed ? { tone: 'failed' as const } : {}) })}
        ${marks(job.done, job.bytes, failed ? 0 : job.rate, failed ? null : job.left)}
        ${failed ? html`<p class="small soft">${jobNextWords(job)}${typeof job.problem?.data['path'] === 'string' ? html` <bdi>${job.problem.data['path']}</bdi>` : nothing}</p>` : nothing}</div>
    </article></li>`
  }

  private jobs() {
    const { jobs } = this.snapshot
    if (jobs.length === 0) return this.watching === null ? nothing : html`<p role="status" class="soft">${msg('Beginning…')}</p>`
    return html`<section class="stack s1" aria-labelledby="now"><h2 id="now">${msg('Under way')}</h2>
      <ul class="rows">${jobs.map(job => this.job(job))}</ul>
      <p class="small quiet">${jobs.some(({ publish }) => publish !== undefined) ? msg('You can go elsewhere in Holdfast. Keep the tab that makes it open until all is ready.') : msg('You can go elsewhere in Holdfast. Keep the tab that makes it open until the link is there.')}</p></section>`
  }

  private row(item: Item) {
    return html`<li><div class="file">
      <span class="tile">${frond(item.cid)}</span>
      <span><a class="name" href=${itemHash(item.cid)}><bdi>${item.title}</bdi></a>
        ${item.protected ? lockBadge() : nothing}
        <span class="meta">${item.state !== 'here' ? itemState(item, gateOf(this.snapshot)).words : item.giving ? item.protected ? msg('Only people with the link') : item.findable ? msg('Anyone with the link or the content id') : msg('Anyone with the link') : msg('Not shared now')}. ${sizeWords(item)}, ${ago(item.addedAt, Date.now())}</span></span>
      <span class="end">${keeperBadge(item, true)}</span>
    </div></li>`
  }

  private links(mine: readonly Item[]) {
    return html`<section class="stack s1" aria-labelledby="recent"><h2 id="recent">${msg('Your links')}</h2>
      ${mine.length === 0
        ? html`<div class="empty">${emptyMark()}<h3>${msg('No links yet')}</h3><p>${msg('Each link you make is listed here, with how many others keep the files.')}</p></div>`
        : html`<ul class="rows">${mine.map(item => this.row(item))}</ul>`}</section>`
  }

  private sent() {
    return html`<section class="stack s1" aria-labelledby="sent"><h2 id="sent">${msg('Were you sent a link?')}</h2>
      <div class="panel stack"><holdfast-paste .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-paste>
        ${notice('plain', nothing, msg('Close this tab and it keeps nothing online. What others keep stays reachable.'))}</div></section>`
  }

  override render() {
    if (this.draft !== null) return html`<holdfast-setup .peer=${this.peer} .snapshot=${this.snapshot} .draft=${this.draft}
      @holdfast-started=${(event: CustomEvent<string>) => { this.seen = false; this.publishes = this.draft?.publish !== undefined; this.watching = event.detail }}></holdfast-setup>`
    const { items, jobs, uploads } = this.snapshot
    const published = uploads !== null && (uploads.total > 0 || uploads.sending.length > 0)
    const mine = items.filter(item => isOurs(item) && !isPublished(item))
    const taking = mine.reduce((sum, item) => sum + item.receivers.length, 0)
    // While a link is being made, a field for links of others would only stand in its way.
    const busy = this.watching !== null || jobs.some(({ state: at }) => at !== 'failed')
    return html`<div class="page">
      <holdfast-drop variant=${busy || jobs.length > 0 ? 'compact' : 'opening'}></holdfast-drop>
      ${this.jobs()}
      ${taking === 0 ? nothing : notice('warn', msg('Keep this tab open'), msg(str`Files are on their way from here to ${people(taking)}.`))}
      ${published ? html`<holdfast-published .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-published>` : nothing}
      ${busy ? this.links(mine) : html`<div class="cols two even">${this.links(mine)}${this.sent()}</div>`}
    </div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-share': HoldfastShare } }
