import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { keeperGlyph } from '../../drawings/mark.ts'
import { attempt } from '../../events.ts'
import { saveBytes } from '../../files.ts'
import { asText, toHex } from '../../record-bytes.ts'
import { recordHash } from '../../route.ts'
import { errorWords } from '../../strings/errors.ts'
import { bytes, moment, number } from '../../strings/format.ts'
import { chainName, entryStage, holderWords, recordStage, shortHash } from '../../strings/records.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, PeerState, RecordChain, RecordEntry } from '../../types.ts'
import '../copy.ts'
import { facts, fold, notice, num } from '../parts.ts'
import { stageStyles } from '../stage.ts'
import { entryStyles } from './entry.styles.ts'
import { recordChip, recordParts, stageList, wholeMarks } from './parts.ts'
import { Rereading } from './rereading.ts'

/** Longer contents are folded: a line of them is enough to know what they are. */
const foldedChars = 2000
const hexRow = 32

/** One entry: what it says, where it stands, who else has it, and its receipt. */
@customElement('holdfast-record-entry')
export class HoldfastRecordEntry extends LitElement {
  static override readonly styles = [...shared, stageStyles, recordParts, entryStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) chainId = ''
  /** Its place in the chain, or its hash. */
  @property({ attribute: false }) at: number | string = 0
  /** Null before the first answer, and where there is none. */
  @state() private entry: RecordEntry | null = null
  @state() private answered = false
  @state() private chain: RecordChain | null = null
  @state() private copies: number | null = null
  @state() private fetching: 'asked' | 'none' | null = null
  @state() private whole = false
  @state() private working = false
  private told: number | null | undefined
  private readonly reading = new Rereading(this, async isLast => { await this.read(isLast) })

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('chainId') || changed.has('at')) {
      this.told = undefined
      this.answered = false
      this.entry = this.copies = this.fetching = this.reading.problem = null
      this.whole = false
    }
    const change = this.snapshot.records?.change ?? null
    if (change === this.told) return
    this.told = change
    if (change !== null) void this.reading.again()
  }

  private async read(isLast: () => boolean): Promise<void> {
    const { chainId, at } = this
    const chain = await this.peer.records.chain(chainId)
    const entry = typeof at === 'string' ? await this.peer.records.entry(at) : (await this.peer.records.entries(chainId, at, 1))[0] ?? null
    if (!isLast()) return
    this.chain = chain
    this.entry = entry
    this.answered = true
    if (entry !== null && entry.content === null && this.fetching === null) void this.fetch(entry)
    if (entry !== null) await this.count(entry, isLast)
  }

  private async fetch({ hash }: RecordEntry): Promise<void> {
    this.fetching = 'asked'
    let came: readonly string[] = []
    try { came = await this.peer.records.fetch([hash]) } catch { /* said as nobody having it */ }
    if (this.entry?.hash !== hash) return
    this.fetching = came.length > 0 ? null : 'none'
    if (came.length > 0) void this.reading.again()
  }

  /** How often the very same entry is recorded, as a quote of it tells; who has no address yet is quoted nothing. */
  private async count({ chain, extIds, content }: RecordEntry, isLast: () => boolean): Promise<void> {
    if (extIds === null || content === null || this.snapshot.identity === null) return
    try {
      const { copies } = await this.peer.records.quote({ chain, extIds, content })
      if (isLast()) this.copies = copies
    } catch { /* not told where nothing can be quoted */ }
  }

  private async receipt({ hash, index }: RecordEntry): Promise<void> {
    this.working = true
    try { saveBytes(new Blob([await this.peer.records.receipt(hash)], { type: 'application/json' }), `receipt-${this.chainId.slice(0, 8)}-${index}.json`) } finally { this.working = false }
  }

  private bytesOf({ extIds, content }: RecordEntry): TemplateResult {
    if (extIds !== null && content !== null) return html`
      <section class="stack s1" aria-labelledby="marks"><h2 class="h3" id="marks">${msg('Marks')}</h2>${extIds.length === 0 ? html`<p class="soft">${msg('It has none.')}</p>` : wholeMarks(extIds)}</section>
      <section class="stack s1" aria-labelledby="content"><div class="line apart"><h2 class="h3" id="content">${msg('Content')}</h2>
        ${content.length === 0 ? nothing : html`<button type="button" class="button plain small" @click=${() => { saveBytes(new Blob([content.slice()]), `entry-${this.chainId.slice(0, 8)}-${this.entry?.index ?? 0}${asText(content) === null ? '.bin' : '.txt'}`) }}>${icon('save', 18)}${msg('Save the bytes')}</button>`}</div>
        ${content.length === 0 ? html`<p class="soft">${msg('It has none.')}</p>` : this.content(content)}</section>`
    return this.fetching === 'none'
      ? notice('warn', msg('Nobody who is here now has its bytes'), msg('The ledger proves that it was recorded, and its hash; what it says is known to whoever kept it.'), html`<div class="line"><button type="button" class="button small" @click=${() => { if (this.entry !== null) void this.fetch(this.entry) }}>${icon('again', 18)}${msg('Ask again')}</button></div>`)
      : html`<p class="soft" role="status">${msg('Its bytes are not on this device. Others are asked for them.')}</p>`
  }

  private content(content: Uint8Array): TemplateResult {
    const text = asText(content)
    const long = (text?.length ?? content.length * 3) > foldedChars && !this.whole
    const [shown, hex] = text === null ? [toHex(long ? content.subarray(0, foldedChars / 4) : content).replaceAll(new RegExp(`.{${2 * hexRow}}`, 'g'), '$&\n'), true] : [long ? text.slice(0, foldedChars) : text, false]
    return html`${hex ? html`<p class="small soft">${msg('Bytes that are no text, in hexadecimal.')}</p>` : nothing}
      <pre class="content" role="group" dir=${hex ? 'ltr' : 'auto'} tabindex="0" aria-label=${msg('Content')}>${shown}${long ? '…' : ''}</pre>
      ${long ? html`<div><button type="button" class="button small" @click=${() => { this.whole = true }}>${msg(str`Show all of it: ${bytes(content.length)}`)}</button></div>` : nothing}`
  }

  private holders({ holders }: RecordEntry): TemplateResult {
    const { lone, words } = holderWords(holders)
    return html`<div class="stack s1"><p class="badge ${lone ? 'lone' : ''}">${keeperGlyph(holders ?? 0)}<bdi>${holders === null ? msg('Who else has it is not known yet') : msg(str`Held by ${words}`)}</bdi></p>
      ${lone ? notice('warn', msg('Only here, as far as is known'), msg('Should this device lose it, its hash stays in the ledger and its words are gone. Follow the chain on another device too, or save a receipt, which has all of it.')) : nothing}</div>`
  }

  private side(entry: RecordEntry): TemplateResult {
    const { hash, chain, index, time, block, size, payer } = entry
    return html`<aside class="panel stack" aria-label=${msg('About this entry')}>
      <div class="line">${recordChip(entryStage(entry))}<span class="small soft">${recordStage(entryStage(entry)).about}</span></div>
      ${this.holders(entry)}
      ${this.copies === null || this.copies < 2 ? nothing : html`<p class="small">${msg(str`Recorded ${number(this.copies)} times: each copy was paid for.`)}</p>`}
      <div class="stack s1"><button type="button" class="button ${entry.safe ? 'primary' : ''} full" ?disabled=${!entry.safe || entry.content === null} aria-disabled=${this.working} @click=${() => { if (!this.working) attempt(this, this.receipt(entry)) }}>${icon('save')}${msg('Save the receipt')}</button>
        <p class="small soft">${entry.safe ? msg('One file that shows, with nothing else at hand, what was recorded here and when.') : msg('There is one as soon as the entry is safe.')} <a href="#/check">${msg('Check one')}</a></p></div>
      ${facts([
        [msg('When'), time === 0 ? msg('not known here any more') : moment(time * 1000, Date.now(), true)],
        [msg('Block'), num(number(block))],
        [msg('Size'), size === null ? msg('not known here') : num(bytes(size))],
        [msg('Paid for by'), payer === null ? msg('not seen from here') : html`<span class="mono" translate="no">${payer}</span>`],
      ])}
      <div>${fold(msg('Exact terms'), html`${facts([
        [msg('Entry hash'), html`<span class="mono">${hash}</span>`],
        [msg('ChainID'), html`<span class="mono">${chain}</span>`],
        [msg('Place'), num(number(index))],
      ])}<holdfast-copy .text=${hash} label=${msg('Copy entry hash')}></holdfast-copy>`)}${fold(msg('How stages work'), stageList())}</div></aside>`
  }

  private none(): TemplateResult {
    if (this.reading.problem !== null) return notice('danger', errorWords(this.reading.problem).what, errorWords(this.reading.problem).next)
    if (this.answered) return notice('info', msg('There is no such entry here'), msg('The chain may be shorter, or the entry in a block that has still to come.'))
    return html`<p class="soft" role="status">${this.snapshot.ledger.phase === 'open' ? msg('Reading the entry.') : msg('Waiting for the ledger, which holds the records.')}</p>`
  }

  override render() {
    const { entry, chain, chainId } = this
    const count = chain?.count ?? 0
    const title = entry === null ? typeof this.at === 'string' ? msg(str`Entry ${shortHash(this.at)}`) : msg(str`No. ${number(this.at)}`) : entry.index === 0 ? msg('The first entry, No. 0') : msg(str`No. ${number(entry.index)}`)
    return html`<nav class="line apart" aria-label=${msg('Back')}><a class="button plain small back" href=${recordHash(chainId)}>${icon('back')}<bdi>${chainName(chain ?? { name: null, id: chainId })}</bdi></a>
        ${entry === null ? nothing : html`<span class="line">
          ${entry.index === 0 ? nothing : html`<a class="button small" href=${recordHash(chainId, entry.index - 1)}>${msg('Older')}</a>`}
          ${entry.index >= count - 1 ? nothing : html`<a class="button small" href=${recordHash(chainId, entry.index + 1)}>${msg('Newer')}</a>`}</span>`}</nav>
      <h1 tabindex="-1">${title}</h1>
      ${entry === null ? this.none() : html`<div class="cols side"><div class="stack s3">${this.bytesOf(entry)}</div>${this.side(entry)}</div>`}`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-record-entry': HoldfastRecordEntry } }
