import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { frond } from '../drawings/kelp.ts'
import { icon } from '../drawings/icons.ts'
import { emptyMark } from '../drawings/mark.ts'
import '../elements/record/chain.ts'
import '../elements/record/composer.ts'
import type { RecordedEvent } from '../elements/record/composer.ts'
import '../elements/record/credits.ts'
import '../elements/record/entry.ts'
import '../elements/record/search.ts'
import '../elements/record/sending.ts'
import type { AgainEvent } from '../elements/record/sending.ts'
import { NoteEvent } from '../events.ts'
import { recordHash } from '../route.ts'
import { errorWords } from '../strings/errors.ts'
import { ago, number } from '../strings/format.ts'
import { chainName, chains as chainWords, entries as entryWords, shortHash } from '../strings/records.ts'
import { shared } from '../tokens/index.ts'
import type { RecordChain } from '../types.ts'
import { Place } from './place.ts'
import { recordsStyles } from './records.styles.ts'

type Which = 'mine' | 'pinned' | 'all'

const pageSize = 20
/** Which chains somebody looked at last; null before anybody chose. */
let last: Which | null = null

/** What is recorded for ever: chains, one of them, one entry, or the form for a new chain. */
@customElement('holdfast-records')
export class HoldfastRecords extends Place {
  static override readonly styles = [...shared, recordsStyles]

  @property({ attribute: false }) chain: string | null = null
  @property({ attribute: false }) entry: number | string | null = null
  @property({ attribute: false }) fresh = false
  @state() private which: Which = last ?? 'mine'
  /** Null before the first answer. */
  @state() private list: readonly RecordChain[] | null = null
  @state() private total = 0
  @state() private problem: unknown = null
  /** Chains that were shown, by their ids: what is on its way is called by their names. */
  private readonly known = new Map<string, RecordChain>()
  private told: number | null = null
  private turn = 0

  override willUpdate(_changed: PropertyValues<this>): void {
    const change = this.snapshot.records?.change ?? null
    if (change === this.told || this.chain !== null || this.fresh) return
    this.told = change
    void this.load(Math.max(pageSize, this.list?.length ?? 0))
  }

  private async load(limit: number): Promise<void> {
    if (this.snapshot.records === null) return
    const turn = ++this.turn
    try {
      let { chains, total } = await this.peer.records.chains({ only: this.which, offset: 0, limit })
      // Who has nothing of their own yet begins with what there is.
      if (total === 0 && last === null && this.which === 'mine') ({ chains, total } = await this.peer.records.chains({ only: this.which = 'all', offset: 0, limit }))
      for (const chain of chains) this.known.set(chain.id, chain)
      if (turn === this.turn) [this.list, this.total, this.problem] = [chains, total, null]
    } catch (error) { if (turn === this.turn) this.problem = error }
  }

  private choose(which: Which): void {
    this.which = last = which
    this.list = null
    void this.load(pageSize)
  }

  private row(chain: RecordChain): TemplateResult {
    const { id, count, time, pinned, here, safe } = chain
    return html`<li><div class="file"><span class="tile">${frond(id)}</span>
      <span><a class="name" href=${recordHash(id)}><bdi>${chainName(chain)}</bdi></a>
        <span class="meta"><bdi>${entryWords(count)}</bdi>${time === 0 ? nothing : html`, <bdi>${ago(time * 1000, Date.now())}</bdi>`}, <span class="mono">${shortHash(id)}</span></span></span>
      <span class="end">${pinned ? html`<span class="badge">${icon('pin', 18)}${msg('Followed')}</span>` : nothing}${safe ? nothing : html`<span>${msg('not safe yet')}</span>`}${here < count ? html`<span class="num">${msg(str`${number(here)} of ${number(count)} here`)}</span>` : nothing}</span></div></li>`
  }

  private none(): TemplateResult {
    const { ledger, records } = this.snapshot
    if (ledger.phase === 'failed') return html`<p class="soft" role="status">${msg(str`${errorWords(ledger.problem).what}. The ledger cannot be opened; it is tried again by itself.`)}</p>`
    if (ledger.phase === 'waiting') return html`<p class="soft" role="status">${msg('Waiting for the ledger, which holds the records.')}</p>`
    if (records === null) return html`<div class="empty">${emptyMark()}<h2 class="h3">${msg('This network keeps no records')}</h2><p>${msg('It was begun before there were any. A receipt of another network can be checked here all the same.')}</p><a class="button" href="#/check">${icon('shield')}${msg('Check a receipt')}</a></div>`
    if (this.problem !== null) return html`<p class="error">${icon('warning', 18)}<span>${errorWords(this.problem).what}. ${errorWords(this.problem).next}</span></p>`
    if (this.list === null) return html`<p class="soft" role="status">${msg('Reading what is recorded.')}</p>`
    return html`<div class="empty">${emptyMark()}<h2 class="h3">${{ mine: msg('You have not written on a chain yet'), pinned: msg('You follow no chain'), all: msg('Nothing is recorded yet') }[this.which]}</h2>
      <p>${ledger.behind > 0 ? msg(str`${number(ledger.behind)} blocks are still being fetched; more may come.`) : this.which === 'pinned' ? msg('Open a chain and follow it: then its entries are kept on this device.') : msg('A chain is a list of entries that anybody can read and check, and nobody can change.')}</p>
      ${this.which === 'pinned' ? nothing : html`<a class="button" href="#/records/new">${icon('plus')}${msg('Begin a chain')}</a>`}</div>`
  }

  private chains(): TemplateResult {
    const { which, list, snapshot } = this
    const shown = list ?? []
    const pill = (one: Which, words: string) => html`<button type="button" class="button small" aria-pressed=${which === one} @click=${() => { this.choose(one) }}>${words}</button>`
    const all = snapshot.records?.chains ?? 0
    return html`<section class="stack" aria-label=${msg('Chains')}>
      <div class="filters" role="group" aria-label=${msg('Which of them')}>${pill('mine', msg('Yours'))}${pill('pinned', msg('Followed'))}${pill('all', all === 0 ? msg('All') : msg(str`All ${number(all)}`))}</div>
      ${shown.length === 0 ? this.none() : html`<ul class="rows" aria-label=${msg('Chains')}>${repeat(shown, ({ id }) => id, chain => this.row(chain))}</ul>`}
      ${this.total > shown.length && shown.length > 0 ? html`<div><button type="button" class="button" @click=${() => { void this.load(shown.length + pageSize) }}>${msg('Show more')}</button></div>` : nothing}
      <p class="sr" role="status">${list === null ? nothing : msg(str`${chainWords(this.total)} found`)}</p></section>`
  }

  private overview(): TemplateResult {
    const { peer, snapshot } = this
    const sending = snapshot.records?.sending.filter(({ stage }) => stage !== 'safe') ?? []
    return html`<div class="page">
      <div class="line apart s2"><h1 tabindex="-1">${msg('Records')}</h1><div class="line">
        <a class="button small" href="#/check">${icon('shield', 18)}${msg('Check a receipt')}</a>
        <a class="button small" href="#/records/new">${icon('plus', 18)}${msg('Begin a chain')}</a></div></div>
      <div class="cols side"><div class="stack s4">
        ${sending.length === 0 ? nothing : html`<section class="stack s1" aria-labelledby="way"><h2 class="h3" id="way">${msg('On the way')}</h2><holdfast-record-sending .peer=${peer} .sending=${sending} .chains=${[...this.known.values()]} @holdfast-again=${({ chain }: AgainEvent) => { location.hash = chain === null ? '#/records/new' : recordHash(chain) }}></holdfast-record-sending></section>`}
        ${snapshot.records === null ? this.none() : html`<holdfast-record-search .peer=${peer} .snapshot=${snapshot}>${this.chains()}</holdfast-record-search>`}</div>
        <holdfast-credits .peer=${peer} .snapshot=${snapshot}></holdfast-credits></div></div>`
  }

  private newChain(): TemplateResult {
    return html`<div class="page"><nav aria-label=${msg('Back')}><a class="button plain small back" href="#/records">${icon('back')}${msg('Records')}</a></nav>
      <h1 tabindex="-1">${msg('New chain')}</h1>
      <div class="cols side"><holdfast-record-composer .peer=${this.peer} .snapshot=${this.snapshot} .chain=${null} @holdfast-recorded=${({ chain }: RecordedEvent) => { this.begun(chain) }}></holdfast-record-composer>
        <aside class="stack"><p>${msg('A chain is a list of entries that anybody can read and check, and nobody can change. The marks of its first entry are its name.')}</p>
          <p class="soft">${msg('Everybody can add to it: who paid for an entry is written beside it.')}</p></aside></div></div>`
  }

  private begun(chain: string): void {
    this.dispatchEvent(new NoteEvent({ words: msg('Your chain is kept and on its way.'), undo: null }))
    location.hash = recordHash(chain)
  }

  override render() {
    const { peer, snapshot, chain, entry } = this
    if (chain === null) return this.fresh ? this.newChain() : this.overview()
    return html`<div class="page">${entry === null
      ? html`<holdfast-record-chain .peer=${peer} .snapshot=${snapshot} .chainId=${chain}></holdfast-record-chain>`
      : html`<holdfast-record-entry .peer=${peer} .snapshot=${snapshot} .chainId=${chain} .at=${entry}></holdfast-record-entry>`}</div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-records': HoldfastRecords } }
