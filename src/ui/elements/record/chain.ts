import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { NoteEvent } from '../../events.ts'
import { recordHash } from '../../route.ts'
import { errorWords } from '../../strings/errors.ts'
import { ago, number } from '../../strings/format.ts'
import { chainName, entries as entryWords, shortHash } from '../../strings/records.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, PeerState, RecordChain, RecordEntry } from '../../types.ts'
import { facts, fold, notice, toggle } from '../parts.ts'
import { chainStyles } from './chain.styles.ts'
import './composer.ts'
import type { HoldfastRecordComposer, RecordedEvent } from './composer.ts'
import { entryRows, entryRowStyles } from './entry-rows.ts'
import { stageList } from './parts.ts'
import { Rereading } from './rereading.ts'
import './search.ts'
import './sending.ts'
import type { AgainEvent } from './sending.ts'

const pageSize = 10
/** Where somebody read last, by chain: the place of the lowest entry on the page, null for the newest page. */
const places = new Map<string, number | null>()

/** One chain: what it is, its entries page by page from the newest on, and a form for the next one. */
@customElement('holdfast-record-chain')
export class HoldfastRecordChain extends LitElement {
  static override readonly styles = [...shared, entryRowStyles, chainStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) chainId = ''
  /** Null before the first answer, and where there is no such chain. */
  @state() private chain: RecordChain | null = null
  @state() private answered = false
  @state() private shown: readonly RecordEntry[] = []
  @state() private from: number | null = null
  @state() private jump = ''
  @query('holdfast-record-composer') private readonly composer!: HoldfastRecordComposer
  private told: number | null | undefined
  private readonly reading = new Rereading(this, async isLast => { await this.read(isLast) })
  private readonly fetched = new Set<string>()

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('chainId')) {
      this.told = undefined
      this.chain = null
      this.answered = false
      this.shown = []
      this.from = places.get(this.chainId) ?? null
    }
    const change = this.snapshot.records?.change ?? null
    if (change === this.told) return
    this.told = change
    if (change !== null) void this.reading.again()
  }

  private async read(isLast: () => boolean): Promise<void> {
    const { chainId } = this
    const chain = await this.peer.records.chain(chainId)
    const from = chain === null ? 0 : Math.max(0, Math.min(this.from ?? Infinity, chain.count - pageSize))
    const shown = chain === null ? [] : await this.peer.records.entries(chainId, from, Math.min(pageSize, chain.count - from))
    if (!isLast()) return
    this.chain = chain
    this.answered = true
    this.shown = shown.toReversed()
    this.fetchMissing(shown)
  }

  /** Whoever looks at a page wants its bytes: each is asked for once. */
  private fetchMissing(shown: readonly RecordEntry[]): void {
    const missing = shown.filter(({ extIds, hash }) => extIds === null && !this.fetched.has(hash)).map(({ hash }) => hash)
    for (const hash of missing) this.fetched.add(hash)
    if (missing.length === 0) return
    this.peer.records.fetch(missing).then(came => { if (came.length > 0) void this.reading.again() }, () => { /* said in the row: its bytes are not here */ })
  }

  private go(from: number | null): void {
    this.from = from
    places.set(this.chainId, from)
    void this.reading.again()
  }

  private async pin(on: boolean): Promise<void> {
    await this.peer.records.pin(this.chainId, on)
    this.dispatchEvent(new NoteEvent({ words: on ? msg('You follow this chain: its entries are fetched and kept here.') : msg('You no longer follow this chain. What is here of it may go after a while.'), undo: null }))
    void this.reading.again()
  }

  private sending() {
    return this.snapshot.records?.sending.filter(({ chain, stage }) => chain === this.chainId && stage !== 'safe') ?? []
  }

  private name(): string {
    return chainName(this.chain ?? { name: null, id: this.chainId })
  }

  private pages(count: number): TemplateResult | typeof nothing {
    const [low, high] = [this.shown.at(-1)?.index ?? 0, this.shown[0]?.index ?? 0]
    if (count <= pageSize) return nothing
    const button = (words: string, from: number | null, off: boolean) => html`<button type="button" class="button small" ?disabled=${off} @click=${() => { this.go(from) }}>${words}</button>`
    return html`<nav aria-label=${msg('Pages')} class="stack s1"><div class="line">
        ${button(msg('Newest'), null, high >= count - 1)}${button(msg('Newer'), Math.min(low + pageSize, count - pageSize), high >= count - 1)}
        ${button(msg('Older'), Math.max(0, low - pageSize), low === 0)}${button(msg('First'), 0, low === 0)}
        <span class="small quiet num">${msg(str`${number(high)} to ${number(low)} of ${number(count)}`)}</span></div>
      <form class="line" novalidate @submit=${(event: Event) => { event.preventDefault(); this.jumpTo(count) }}><label class="small" for="jump">${msg('Go to No.')}</label>
        <input class="input jump" id="jump" inputmode="numeric" autocomplete="off" .value=${this.jump} @input=${(event: Event) => { this.jump = (event.target as HTMLInputElement).value }} />
        <button class="button small">${msg('Go')}</button></form></nav>`
  }

  /** The page with that entry, which stands last on it; past the end is the newest page. */
  private jumpTo(count: number): void {
    const wanted = Number(this.jump.trim())
    if (this.jump.trim() !== '' && Number.isSafeInteger(wanted) && wanted >= 0) this.go(Math.min(wanted, count - 1))
  }

  private standing(chain: RecordChain): TemplateResult {
    return html`<div class="stack s1">
      ${toggle({ id: 'follow', label: msg('Follow this chain'), about: chain.pinned ? msg('Its entries are fetched and kept here, and given to whoever asks.') : msg('Then its entries are fetched and kept here.'), checked: chain.pinned, turn: on => this.pin(on) })}
      ${chain.here < chain.count ? html`<p class="small soft">${msg(str`${number(chain.here)} of ${entryWords(chain.count)} are on this device.`)}</p>` : nothing}
      <div>${fold(msg('Exact terms'), facts([
        [msg('ChainID'), html`<span class="mono">${chain.id}</span>`],
        [msg('First entry'), html`<a class="mono" href=${recordHash(chain.id, 0)}>${chain.first}</a>`],
        [msg('Newest entry'), html`<a class="mono" href=${recordHash(chain.id, chain.count - 1)}>${chain.head}</a>`],
        [msg('Last block'), number(chain.block)],
      ]))}${fold(msg('How stages work'), stageList())}</div></div>`
  }

  private list(): TemplateResult {
    const { chain, shown, reading: { problem } } = this
    if (problem !== null) return notice('danger', errorWords(problem).what, errorWords(problem).next)
    if (this.snapshot.records === null || !this.answered) return html`<p class="soft" role="status">${this.snapshot.ledger.phase === 'open' ? msg('Reading the chain.') : msg('Waiting for the ledger, which holds the records.')}</p>`
    if (chain === null) return this.sending().length > 0 ? html`<p class="soft">${msg('No block has this chain yet. It is shown here as soon as one has.')}</p>`
      : notice('info', msg('There is no such chain here'), msg('Its id may have a slip, it may be of another network, or in a block that has still to come.'))
    return html`<holdfast-record-search .peer=${this.peer} .snapshot=${this.snapshot} .chain=${chain.id}>
      <div class="stack">${entryRows({ entries: shown, caption: msg('Entries, newest first') })}${this.pages(chain.count)}</div></holdfast-record-search>
      ${this.standing(chain)}`
  }

  private again({ chain }: AgainEvent): void {
    if (chain === null) location.hash = '#/records/new'
    else void this.composer.suggestKept()
  }

  override render() {
    const { chain, snapshot } = this
    const sending = this.sending()
    return html`<nav aria-label=${msg('Back')}><a class="button plain small" href="#/records">${icon('back')}${msg('Records')}</a></nav>
      <div class="cols wide-side"><div class="stack s3">
        <div class="head"><div><p class="small quiet">${chain === null ? msg(str`Chain ${shortHash(this.chainId)}`) : html`${msg('Chain')}, <bdi>${entryWords(chain.count)}</bdi>${chain.time === 0 ? nothing : html`, <bdi>${ago(chain.time * 1000, Date.now())}</bdi>`}${chain.safe ? nothing : html`, ${msg('not safe yet')}`}`}</p>
            <h1 tabindex="-1"><bdi>${this.name()}</bdi></h1></div>
          <div class="line"><a class="button small" href="#/check">${icon('shield', 18)}${msg('Check a receipt')}</a>
            ${chain === null ? nothing : html`<button type="button" class="button small narrow" @click=${() => { void this.composer.look() }}>${icon('plus', 18)}${msg('Add entry')}</button>`}</div></div>
        ${sending.length === 0 ? nothing : html`<section class="stack s1" aria-labelledby="way"><h2 class="h3" id="way">${msg('On the way')}</h2>
          <holdfast-record-sending .peer=${this.peer} .sending=${sending} within @holdfast-again=${(event: AgainEvent) => { this.again(event) }}></holdfast-record-sending></section>`}
        ${this.list()}</div>
        ${chain === null ? nothing : html`<holdfast-record-composer .peer=${this.peer} .snapshot=${snapshot} .chain=${this.chainId} @holdfast-recorded=${(event: RecordedEvent) => { this.recorded(event) }}></holdfast-record-composer>`}</div>`
  }

  private recorded(_event: RecordedEvent): void {
    this.dispatchEvent(new NoteEvent({ words: msg('Your entry is kept and on its way. Its steps are shown above the list.'), undo: null }))
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-record-chain': HoldfastRecordChain } }
