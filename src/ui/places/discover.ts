import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { emptyMark, keeperGlyph } from '../drawings/mark.ts'
import { coverOf } from '../elements/upload/cover.ts'
import { ProblemEvent } from '../events.ts'
import { showsPictures } from '../publishers.ts'
import { uploadHash } from '../route.ts'
import { uploads } from '../strings/counts.ts'
import { errorWords } from '../strings/errors.ts'
import { number } from '../strings/format.ts'
import { aboutUpload, keptBy, keptWords, policyWords } from '../strings/uploads.ts'
import { shortAddress } from '../strings/wallet.ts'
import { shared } from '../tokens/index.ts'
import type { Upload, UploadKind } from '../types.ts'
import { accessOf, changeOf, everything, UploadList, type AccessFilter, type Wanted } from '../upload-list.ts'
import { discoverStyles } from './discover.styles.ts'
import { Place } from './place.ts'

const pageSize = 24
/** After the last letter: whoever types is not answered by every word on the way. */
const typingMs = 200

/** How somebody looked last: coming back from an upload goes on there. */
let last: { readonly wanted: Wanted, readonly count: number } = { wanted: everything, count: pageSize }

/** What people published, newest first: covers, words to search for, and what of it is shown. */
@customElement('holdfast-discover')
export class HoldfastDiscover extends Place {
  static override readonly styles = [...shared, discoverStyles]

  @state() private wanted = last.wanted
  /** Null before the first answer. */
  @state() private list: readonly Upload[] | null = null
  @state() private ended = true
  @state() private busy = false
  private uploads: UploadList | null = null
  private change: number | null = null
  private timer: ReturnType<typeof setTimeout> | undefined

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.timer)
  }

  override willUpdate(_changed: PropertyValues<this>): void {
    const change = changeOf(this.snapshot)
    if (change === null || change === this.change) return
    this.change = change
    this.uploads ??= new UploadList(async query => await this.peer.publishing.search(query), () => this.snapshot.follows)
    this.ask(async asked => await asked.start(this.wanted, last.count))
  }

  private ask(question: (list: UploadList) => Promise<boolean>): void {
    const { uploads: list } = this
    if (list === null) return
    this.busy = true
    question(list).then(newest => {
      if (!newest) return
      [this.list, this.ended, this.busy] = [list.shown, list.ended, false]
      last = { wanted: this.wanted, count: Math.max(pageSize, list.shown.length) }
    }, (error: unknown) => {
      this.busy = false
      this.dispatchEvent(new ProblemEvent(error))
    })
  }

  private want(change: Partial<Wanted>, wait = 0): void {
    this.wanted = { ...this.wanted, ...change }
    clearTimeout(this.timer)
    this.timer = setTimeout(() => { this.ask(async asked => await asked.start(this.wanted, pageSize)) }, wait)
  }

  private filters(): TemplateResult {
    const { kind, mine, needy, followed, access } = this.wanted
    const pill = (words: string, on: boolean, change: Partial<Wanted>) => html`<button type="button" class="button small" aria-pressed=${on} @click=${() => { this.want(change) }}>${words}</button>`
    const kinds: readonly (readonly [UploadKind | null, string])[] = [[null, msg('Everything')], ['audio', msg('Music')], ['image', msg('Pictures')], ['archive', msg('Files')]]
    const ways: readonly (readonly [AccessFilter | '', string])[] = [['', msg('Free or not')], ['free', msg('Open to all')], ['paid', msg('For coins')], ['asked', msg('By request')]]
    return html`<div class="line apart">
      <div class="filters kinds" role="group" aria-label=${msg('Which of them')}>${kinds.map(([one, words]) => pill(words, kind === one, { kind: one }))}
        ${pill(msg('Yours'), mine, { mine: !mine })}${followed || this.snapshot.follows.length > 0 ? pill(msg('Followed'), followed, { followed: !followed }) : nothing}${pill(msg('Needs keepers'), needy, { needy: !needy })}</div>
      <span class="select access"><select class="input" aria-label=${msg('Who can open it')} @change=${(event: Event) => { this.want({ access: ((event.target as HTMLSelectElement).value || null) as AccessFilter | null }) }}>
        ${ways.map(([one, words]) => html`<option value=${one} ?selected=${(access ?? '') === one}>${words}</option>`)}</select>${icon('chevron')}</span></div>`
  }

  private card(upload: Upload): TemplateResult {
    const { snapshot } = this
    const { cid, owner, title, own, policy } = upload
    const item = snapshot.items.find(each => each.cid === cid)
    const kept = keptBy(upload, snapshot.identity?.address ?? null, item)
    const words = policyWords(policy)
    return html`<li class="card"><div class="art">
        <holdfast-cover .peer=${this.peer} .cid=${cid} .image=${coverOf(upload)} .name=${title} ?unasked=${own || showsPictures(snapshot, owner)}></holdfast-cover>
        ${accessOf(policy) === 'free' ? nothing : html`<span class="chip">${icon(words.icon, 17)}<bdi>${words.brief}</bdi></span>`}</div>
      <div><h3><a href=${uploadHash(upload)}><bdi>${title}</bdi></a></h3>
        <p class="by">${own ? msg('You') : html`<bdi translate="no">${shortAddress(owner)}</bdi>`}. <bdi>${aboutUpload(upload)}</bdi></p></div>
      <p class="badge ${kept.others === 0 ? 'lone' : ''}">${keeperGlyph(kept.others)}<bdi>${keptWords(kept, item?.state === 'here')}</bdi></p></li>`
  }

  /** Why nothing is shown. */
  private nothingHere(): TemplateResult {
    const { ledger } = this.snapshot
    if (ledger.phase === 'failed') return html`<p class="soft" role="status">${msg(str`${errorWords(ledger.problem).what}. The ledger cannot be opened; it is tried again by itself.`)}</p>`
    if (ledger.phase === 'waiting' || this.list === null) return html`<p class="soft" role="status">${ledger.phase === 'open' ? msg('Reading what was published.') : msg('Waiting for the ledger, which names what was published.')}</p>`
    const { text, kind, access, mine, needy, followed } = this.wanted
    if (text.trim() === '' && kind === null && access === null && !mine && !needy && !followed) return html`<div class="empty">${emptyMark()}<h2 class="h3">${msg('Nothing published yet')}</h2>
      <p>${ledger.behind > 0 ? msg(str`${number(ledger.behind)} blocks are still being fetched; more may come.`) : msg('What people publish in this network is listed here, for everybody to see.')}</p><a class="button" href="#/share">${icon('share')}${msg('Publish something')}</a></div>`
    return html`<div class="empty">${emptyMark()}<h2 class="h3">${mine ? msg('Nothing of yours is like that') : msg('Nothing is like that')}</h2>
      <p>${msg('Searched are words of titles, descriptions and tags, addresses and content ids.')}</p>
      <button type="button" class="button" @click=${() => { this.want(everything) }}>${msg('Show everything')}</button></div>`
  }

  override render() {
    const { snapshot, list } = this
    const shown = list ?? []
    const behind = snapshot.ledger.phase === 'open' ? snapshot.ledger.behind : 0
    return html`<div class="page">
      <div class="line apart s2"><h1 tabindex="-1">${msg('Discover')}</h1>
        <p class="small quiet">${snapshot.uploads === null ? nothing : html`<bdi>${uploads(snapshot.uploads.total)}</bdi>`}${behind === 0 ? nothing : html`, ${msg(str`${number(behind)} blocks to come`)}`}</p></div>
      <div class="stack">
        <div class="search">${icon('search')}<input class="input" type="search" dir="auto" aria-label=${msg('Search what was published')} placeholder=${msg('Words, address or content id')} .value=${this.wanted.text}
          @input=${(event: Event) => { this.want({ text: (event.target as HTMLInputElement).value }, typingMs) }} /></div>
        ${this.filters()}</div>
      <p class="sr" role="status">${this.busy || list === null ? nothing : this.ended ? msg(str`${uploads(shown.length)} found`) : msg(str`${uploads(shown.length)} shown, there are more`)}</p>
      ${shown.length === 0 ? this.nothingHere() : html`<h2 class="sr">${msg('Publications')}</h2>
        <ul class="grid">${repeat(shown, ({ cid, owner }) => `${cid} ${owner}`, upload => this.card(upload))}</ul>`}
      ${this.ended ? nothing : html`<button type="button" class="button end" ?disabled=${this.busy} @click=${() => { this.ask(async asked => await asked.more(pageSize)) }}>${msg('Show more')}</button>`}
    </div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-discover': HoldfastDiscover } }
