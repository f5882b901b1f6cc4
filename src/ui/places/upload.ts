import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { keeperGlyph } from '../drawings/mark.ts'
import { fold, notice, num, toggle } from '../elements/parts.ts'
import type { Question } from '../elements/question.ts'
import { stageChip, stageStyles } from '../elements/stage.ts'
import '../elements/upload/access.ts'
import { blockOwnerQuestion, blockUploadQuestion } from '../elements/upload/block.ts'
import { coverOf } from '../elements/upload/cover.ts'
import '../elements/keeping/release.ts'
import type { HoldfastRelease } from '../elements/keeping/release.ts'
import '../elements/upload/own-keeping.ts'
import { followButton, followStyles } from '../elements/upload/follow.ts'
import '../elements/upload/owner.ts'
import { person, personStyles } from '../elements/upload/person.ts'
import { exactTerms, whoKeeps } from '../elements/upload/terms.ts'
import { AskEvent, ProblemEvent } from '../events.ts'
import { frond } from '../drawings/kelp.ts'
import { proofDue } from '../proof-due.ts'
import { showsPictures } from '../publishers.ts'
import { uploadHash } from '../route.ts'
import { errorWords } from '../strings/errors.ts'
import { bytes } from '../strings/format.ts'
import { isPublished, seenWords } from '../strings/items.ts'
import { keptBy, keptWords, kindIcons, kindName, placesFree, pulledWords, whenBlock } from '../strings/uploads.ts'
import { stageWords } from '../strings/wallet.ts'
import { shared } from '../tokens/index.ts'
import type { Cid, Item, Upload, UploadKeeping, UploadSending } from '../types.ts'
import { changeOf } from '../upload-list.ts'
import { Place } from './place.ts'
import { uploadStyles } from './upload.styles.ts'

/** One publication: what it is, who keeps it, who gets it, and all of its terms. */
@customElement('holdfast-upload')
export class HoldfastUpload extends Place {
  static override readonly styles = [...shared, stageStyles, personStyles, followStyles, uploadStyles]

  @property({ attribute: false }) cid!: Cid
  @property({ attribute: false }) owner!: string
  /** Undefined before the ledger answered. */
  @state() private upload: Upload | null | undefined
  /** How it is kept by those who promised; null before it is known. */
  @state() private kept: UploadKeeping | null = null
  @query('holdfast-release') private readonly release!: HoldfastRelease
  private change: number | null = null
  private turn = 0

  override willUpdate(changed: PropertyValues<this>): void {
    const other = changed.has('cid') || changed.has('owner')
    if (other) [this.upload, this.kept] = [undefined, null]
    const change = changeOf(this.snapshot)
    if (change === null || (change === this.change && !other)) return
    this.change = change
    const turn = ++this.turn
    const name = { cid: this.cid, owner: this.owner }
    this.peer.publishing.find(name).then(upload => { if (turn === this.turn) this.upload = upload },
      (error: unknown) => { this.dispatchEvent(new ProblemEvent(error)) })
    // The page is whole without it: where nobody can tell it now, the next change asks again.
    this.peer.publishing.keepingOf(name).then(kept => { if (turn === this.turn) this.kept = kept }, () => {})
  }

  private get item(): Item | undefined {
    return this.snapshot.items.find(({ cid }) => cid === this.cid)
  }

  private get unasked(): boolean {
    return showsPictures(this.snapshot, this.owner)
  }

  /** What of the person's own about it is not in a block that stays. */
  private sending(): readonly UploadSending[] {
    return (this.snapshot.uploads?.sending ?? []).filter(({ cid, stage }) => cid === this.cid && stage !== 'safe')
  }

  private way({ op, stage, pulled, problem }: UploadSending): TemplateResult {
    const words = { 3: msg('Published'), 4: msg('Your change'), 5: msg('Your word as a keeper'), 7: msg('Your key for others'), 8: msg('Your payment'), 10: msg('The end of the purchase') }[op]
    const { about } = stageWords(stage)
    return html`<li class="line s2">${stageChip(stage)}<span class="small soft">${words}: ${problem === null ? `${about}${pulledWords(stage, pulled)}` : `${errorWords(problem).what}. ${errorWords(problem).next}`}</span></li>`
  }

  private onItsWay(): TemplateResult | typeof nothing {
    const ways = this.sending()
    return ways.length === 0 ? nothing : html`<div role="status"><ul class="stack s1" aria-label=${msg('On its way')}>${ways.map(way => this.way(way))}</ul></div>`
  }

  private faces(upload: Upload): TemplateResult {
    const cover = coverOf(upload)
    return html`<div class="art stack"><div class="face"><holdfast-cover .peer=${this.peer} .cid=${upload.cid} .image=${cover} .name=${upload.title} described ?unasked=${this.unasked}></holdfast-cover></div>
      ${upload.images.length < 2 ? nothing : html`<div class="more-faces">${upload.images.slice(1).map((image, i) => html`<holdfast-cover .peer=${this.peer} .cid=${image.cid} .of=${upload.cid} .image=${image} .name=${msg(str`${upload.title}, picture ${i + 2}`)} described ?unasked=${this.unasked}></holdfast-cover>`)}</div>`}</div>`
  }

  private pictures(upload: Upload): TemplateResult | typeof nothing {
    return upload.own || coverOf(upload) === null || this.snapshot.follows.includes(this.owner) ? nothing : toggle({
      id: 'pictures', label: msg('Show pictures of this publisher'), checked: this.unasked,
      about: msg('Without asking each time. Those they are fetched from see your IP address.'),
      turn: on => this.peer.showPictures(this.owner, on),
    })
  }

  /** What is done to see no more of it. */
  private block(upload: Upload): TemplateResult {
    const ask = (question: Question, act: () => Promise<void>): void => { this.dispatchEvent(new AskEvent(question, act)) }
    return fold(msg('Block'), html`<div class="stack s1">
      <div><button type="button" class="button plain" @click=${() => { ask(blockUploadQuestion(upload), async () => { await this.peer.block(upload.cid) }) }}>${icon('block')}${msg('Block this publication')}</button></div>
      <div><button type="button" class="button plain" @click=${() => { ask(blockOwnerQuestion(upload.owner), async () => { await this.peer.blockOwner(upload.owner) }) }}>${icon('block')}${msg('Block this publisher')}</button></div></div>`)
  }

  private keeping(upload: Upload): TemplateResult {
    const { snapshot, item } = this
    // Who is away or gone promised, and does not count.
    const lapsed = new Set(this.kept?.keepers.filter(({ status }) => status !== 'active').map(({ address }) => address))
    const kept = keptBy({ kept: upload.kept.filter(address => !lapsed.has(address)) }, snapshot.identity?.address ?? null, item)
    const free = this.kept?.free ?? placesFree(upload)
    const { open } = snapshot.uploads?.keeping ?? { open: null }
    const me = snapshot.identity?.address
    const seen = item === undefined ? '' : seenWords(item, Date.now())
    const words = kept.others === 0 && item?.state === 'here' && seen !== '' ? msg('Kept by you; nobody else with all of it is here now') : keptWords(kept, item?.state === 'here')
    const accepted = me !== undefined && upload.kept.includes(me)
    return html`<div class="stack s1"><p class="badge ${kept.others === 0 ? 'lone' : ''}">${keeperGlyph(kept.others)}<bdi>${words}</bdi></p>
      ${seen === '' ? nothing : html`<p class="small soft">${seen}</p>`}
      ${free === 0 || upload.withdrawn ? nothing : html`<p class="small soft">${free === 1 ? msg('A place for a keeper is free.') : msg(str`${free} places for keepers are free.`)}
        ${open === null && !upload.own ? html`<a href="#/settings">${msg('Become a keeper')}</a>` : nothing}</p>`}
      ${accepted ? html`<div class="line"><span class="small soft">${msg('You accepted to keep it.')}</span><button type="button" class="button small" @click=${() => { void this.release.show({ ...upload, picked: proofDue(snapshot, upload) }) }}>${msg('Let it go…')}</button></div>` : nothing}</div>`
  }

  private main(upload: Upload): TemplateResult {
    const { snapshot, peer, item } = this
    const now = Date.now()
    return html`<div class="main stack s4"><div class="stack">
        <div class="stack"><h1 class="hero" tabindex="-1"><bdi>${upload.title}</bdi></h1>
          <div class="line s2">${person(upload.owner, snapshot, upload.own ? msg('published it') : msg('published it; whether they made it nobody checks'))}${followButton(this, peer, snapshot, upload.owner)}</div></div>
        ${upload.about === '' ? nothing : html`<p class="lead about"><bdi>${upload.about}</bdi></p>`}
        ${upload.tags.length === 0 ? nothing : html`<ul class="tags" aria-label=${msg('Tags')}>${upload.tags.map(tag => html`<li class="chip"><bdi>${tag}</bdi></li>`)}</ul>`}
        <div class="line s2"><span class="badge">${icon(kindIcons[upload.kind])}<bdi>${kindName(upload.kind)}</bdi></span><span class="badge">${icon('file')}${num(bytes(upload.file.size))}</span>
          ${snapshot.ledger.phase === 'open' && !upload.withdrawn ? html`<span class="badge">${icon('clock')}${msg(str`Until ${whenBlock(upload.until, snapshot.ledger, now)}`)}</span>` : nothing}</div>
        ${this.keeping(upload)}</div>
      ${this.onItsWay()}
      ${upload.replacedBy === null ? nothing : notice('info', msg('Something newer takes its place'), html`<p><a href=${uploadHash({ cid: upload.replacedBy, owner: upload.owner })}>${msg('Look at it')}</a></p>`)}
      ${upload.own && item?.state === 'here' && item.keepers === 0 && upload.kept.length === 0 ? notice('warn', item.seen === null ? msg('On this device only') : msg('Nobody promised to keep it'), item.seen === null ? msg('Nobody else keeps it yet. Keep a tab open, so that others can fetch it.') : msg('Keep a tab open, so that others can fetch it.')) : nothing}
      <holdfast-access .peer=${peer} .snapshot=${snapshot} .upload=${upload} .item=${item}></holdfast-access>
      ${!upload.own || upload.withdrawn || this.kept === null ? nothing : html`<holdfast-own-keeping .peer=${peer} .snapshot=${snapshot} .upload=${upload} .keeping=${this.kept}></holdfast-own-keeping>`}</div>`
  }

  /** Published here, and in no block yet. */
  private young(title: string): TemplateResult {
    return html`<div class="cols item"><div class="art"><div class="face tile-big">${frond(this.cid)}</div></div>
      <div class="main stack s3"><h1 class="hero" tabindex="-1"><bdi>${title}</bdi></h1>${this.onItsWay()}
        ${this.item?.state === 'here' ? notice('warn', msg('On this device only'), msg('The file is ready and is given from here. Once a block has the publication everybody can find it; keep a tab open until others keep it.')) : nothing}</div></div>`
  }

  private none(): TemplateResult {
    const { ledger } = this.snapshot
    const ours = this.owner === this.snapshot.identity?.address && this.item !== undefined && isPublished(this.item) ? this.item : undefined
    const title = this.sending().find(({ op }) => op === 3)?.title ?? ours?.title
    if (title !== undefined && this.upload !== undefined) return this.young(title)
    if (ledger.phase === 'failed') return html`<h1 tabindex="-1">${msg('The ledger cannot be opened')}</h1><p class="lead" role="status">${errorWords(ledger.problem).what}. ${msg('It is tried again by itself.')}</p>`
    if (ledger.phase === 'waiting' || this.upload === undefined) return html`<h1 tabindex="-1">${msg('A publication')}</h1><p class="lead" role="status">${ledger.phase === 'waiting' ? msg('Waiting for the ledger, which names what was published.') : msg('Looking it up.')}</p>`
    return html`<h1 tabindex="-1">${msg('This is not in the ledger')}</h1>
      <p class="lead">${ledger.behind > 0 ? msg('Blocks are still being fetched; it may be in one of them.') : msg('It was never published by this address, or its time is over.')}</p>
      <div class="line"><a class="button" href="#/get/${this.cid}">${icon('search')}${msg('Look for its content id')}</a></div>`
  }

  override render() {
    const { upload, snapshot } = this
    return html`<div class="page"><nav aria-label=${msg('Back')}><a class="button plain small" href="#/discover">${icon('back')}${msg('Discover')}</a></nav>
      ${upload === null || upload === undefined ? this.none() : html`<div class="cols item">${this.faces(upload)}${this.main(upload)}
        <div class="side">${this.pictures(upload)}${whoKeeps(upload, snapshot, this.kept)}${exactTerms(upload, snapshot)}
          ${upload.own ? html`<holdfast-owner-acts .peer=${this.peer} .snapshot=${snapshot} .upload=${upload}></holdfast-owner-acts>` : this.block(upload)}</div></div>`}
      <holdfast-release .peer=${this.peer} .snapshot=${snapshot}></holdfast-release></div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-upload': HoldfastUpload } }
