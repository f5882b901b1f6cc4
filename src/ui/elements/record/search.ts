import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { emptyMark } from '../../drawings/mark.ts'
import { readSearched } from '../../record-bytes.ts'
import { everyRecord, isLooking, queryOf, type RecordSearch } from '../../record-search.ts'
import { recordHash } from '../../route.ts'
import { errorWords } from '../../strings/errors.ts'
import { number } from '../../strings/format.ts'
import { entries as entryWords } from '../../strings/records.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, PeerState, RecordEntry } from '../../types.ts'
import { fold } from '../parts.ts'
import { entryRows, entryRowStyles } from './entry-rows.ts'
import { searchStyles } from './search.styles.ts'

const pageSize = 10
const typingMs = 250
/** How somebody looked last, by the chain they looked in: coming back from an entry goes on there. */
const last = new Map<string, RecordSearch>()

/** Finds entries by their marks, by who paid for them and by when, everywhere or in one chain. While nothing is looked for, what is slotted stands here. */
@customElement('holdfast-record-search')
export class HoldfastRecordSearch extends LitElement {
  static override readonly styles = [...shared, entryRowStyles, searchStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) chain: string | null = null
  @state() private wanted: RecordSearch = everyRecord
  @state() private found: readonly RecordEntry[] | null = null
  @state() private total = 0
  @state() private problem: unknown = null
  private asked = 0
  private change: number | null = null
  private timer: ReturnType<typeof setTimeout> | undefined

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.timer)
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('chain')) {
      this.wanted = last.get(this.chain ?? '') ?? everyRecord
      this.found = this.problem = null
      this.change = null
    }
    const change = this.snapshot.records?.change ?? null
    if (change === this.change) return
    this.change = change
    if (isLooking(this.wanted)) void this.look(0, Math.max(pageSize, this.found?.length ?? 0))
  }

  private want(wish: Partial<RecordSearch>): void {
    this.wanted = { ...this.wanted, ...wish }
    last.set(this.chain ?? '', this.wanted)
    this.problem = null
    clearTimeout(this.timer)
    this.asked++
    if (!isLooking(this.wanted)) this.found = null
    else this.timer = setTimeout(() => { void this.look(0, pageSize) }, typingMs)
  }

  private async look(offset: number, limit: number): Promise<void> {
    const query = queryOf(this.wanted, this.chain, offset, limit)
    if (query === null || this.snapshot.records === null) return
    const turn = ++this.asked
    try {
      const { entries, total } = await this.peer.records.search(query)
      if (turn !== this.asked) return
      this.found = offset === 0 ? entries : [...this.found ?? [], ...entries]
      this.total = total
    } catch (error) { if (turn === this.asked) this.problem = error }
  }

  /** A whole hash is a chain or an entry, and leads there. */
  private async open(event: Event): Promise<void> {
    event.preventDefault()
    const [, id] = /^\s*(?:0x)?([0-9a-f]{64})\s*$/i.exec(this.wanted.text) ?? []
    if (id === undefined || this.snapshot.records === null) {
      this.want({})
      return
    }
    const hash = id.toLowerCase()
    if (await this.peer.records.chain(hash) !== null) location.hash = recordHash(hash)
    else {
      const entry = await this.peer.records.entry(hash)
      if (entry !== null) location.hash = recordHash(entry.chain, entry.index)
    }
  }

  private more(): TemplateResult {
    const { how, position, payer, from, to } = this.wanted
    const places: readonly (readonly [string, string])[] = [['', msg('At any place')], ...Array.from({ length: 5 }, (_, i) => [String(i), msg(str`As mark ${i + 1}`)] as const)]
    const field = (id: 'payer' | 'from' | 'to', label: string, type: 'text' | 'date', value: string) => html`<div class="field"><label for=${id}>${label}</label><input class="input" id=${id} type=${type} autocomplete="off" autocapitalize="off" spellcheck="false" .value=${value} @change=${(event: Event) => { this.want({ [id]: (event.target as HTMLInputElement).value }) }} /></div>`
    return html`<div class="more">
      <div class="field"><label for="how">${msg('The mark')}</label><span class="select"><select class="input" id="how" @change=${(event: Event) => { this.want({ how: (event.target as HTMLSelectElement).value as RecordSearch['how'] }) }}>
        <option value="prefix" ?selected=${how === 'prefix'}>${msg('begins so')}</option><option value="exact" ?selected=${how === 'exact'}>${msg('is exactly this')}</option></select>${icon('chevron')}</span></div>
      <div class="field"><label for="place">${msg('Where it stands')}</label><span class="select"><select class="input" id="place" @change=${(event: Event) => { const { value } = event.target as HTMLSelectElement; this.want({ position: value === '' ? null : Number(value) }) }}>
        ${places.map(([value, words]) => html`<option value=${value} ?selected=${value === String(position ?? '')}>${words}</option>`)}</select>${icon('chevron')}</span></div>
      ${field('from', msg('From'), 'date', from)}${field('to', msg('Until'), 'date', to)}
      <div class="wide">${field('payer', msg('Paid for by (EC…)'), 'text', payer)}</div></div>`
  }

  private results(): TemplateResult | typeof nothing {
    const { found, problem, wanted } = this
    if (!isLooking(wanted)) return nothing
    if (wanted.text !== '' && readSearched(wanted.text) === null) return html`<p class="error">${icon('warning', 18)}<span>${msg('After 0x there have to be pairs of hexadecimal digits.')}</span></p>`
    if (problem !== null) return html`<p class="error">${icon('warning', 18)}<span>${errorWords(problem).what}. ${errorWords(problem).next}</span></p>`
    if (found === null) return html`<p class="soft">${msg('Looking.')}</p>`
    if (found.length === 0) return html`<div class="empty">${emptyMark()}<h3>${msg('No entry is like that')}</h3>
      <p>${msg('Searched are the marks of all entries whose bytes are on this device: of chains you follow, wrote, or opened. Capitals count.')}</p></div>`
    return html`${entryRows({ entries: found, withChain: this.chain === null, caption: msg('Entries found') })}
      ${this.total > found.length ? html`<div><button type="button" class="button small" @click=${() => { void this.look(found.length, pageSize) }}>${msg(str`Show more of ${number(this.total)}`)}</button></div>` : nothing}`
  }

  override render() {
    const { wanted, found } = this
    const looking = isLooking(wanted)
    return html`<form class="stack s1" role="search" @submit=${(event: Event) => { void this.open(event) }}>
        <div class="with-button"><div class="search">${icon('search')}<input class="input" type="search" dir="auto" autocomplete="off" autocapitalize="off" spellcheck="false" aria-label=${this.chain === null ? msg('Search records') : msg('Search in this chain')} placeholder=${this.chain === null ? msg('A mark, or the id of a chain or entry') : msg('A mark of an entry')}
          .value=${live(wanted.text)} @input=${(event: Event) => { this.want({ text: (event.target as HTMLInputElement).value }) }} /></div><button class="button">${msg('Search')}</button></div>
        ${fold(msg('How to search'), html`<p class="small soft">${msg('Text, or bytes in hexadecimal after 0x.')}</p>${this.more()}`)}</form>
      <p class="sr" role="status">${looking && found !== null ? msg(str`${entryWords(this.total)} found`) : nothing}</p>
      ${looking ? html`<section class="stack" aria-label=${msg('Found')}><div class="line apart"><h2 class="h3">${found === null ? msg('Looking') : msg(str`${entryWords(this.total)} found`)}</h2>
        <button type="button" class="button plain small" @click=${() => { this.want(everyRecord) }}>${icon('close', 18)}${msg('Stop searching')}</button></div>${this.results()}</section>` : html`<slot></slot>`}`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-record-search': HoldfastRecordSearch } }
