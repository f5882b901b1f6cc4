import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { draftOf, dropDraft, emptyEntry, entryRoom, isEmpty, keepDraft, keepSent, keptDraft, payloadOf, type EntryDraft } from '../../record-draft.ts'
import { toHex } from '../../record-bytes.ts'
import { AskEvent } from '../../events.ts'
import { recordHash } from '../../route.ts'
import { bytes, number } from '../../strings/format.ts'
import { credits as creditWords, recordProblem } from '../../strings/records.ts'
import { shortAddress } from '../../strings/wallet.ts'
import { shared } from '../../tokens/index.ts'
import type { HeldKey, Peer, PeerState, RecordDraft, RecordQuote } from '../../types.ts'
import { notice } from '../parts.ts'
import { signQuestion } from '../wallet/elsewhere.ts'
import './buy-credits.ts'
import type { HoldfastBuyCredits } from './buy-credits.ts'
import { composerStyles } from './composer.styles.ts'
import { comingCredits, costBox } from './cost.ts'
import './mark-fields.ts'
import type { HoldfastMarkFields, MarksEvent } from './mark-fields.ts'

/** After the last letter: whoever types is not quoted every word on the way. */
const typingMs = 250

/** An entry was taken to be recorded. */
export class RecordedEvent extends Event {
  static readonly type = 'holdfast-recorded'
  constructor(readonly chain: string, readonly entryHash: string) {
    super(RecordedEvent.type)
  }
}

/** Writes an entry, or with no chain the one that begins a new chain: what it costs is said before it is recorded. */
@customElement('holdfast-record-composer')
export class HoldfastRecordComposer extends LitElement {
  static override readonly styles = [...shared, composerStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) chain: string | null = null
  @state() private draft: EntryDraft = emptyEntry
  @state() private quote: RecordQuote | null = null
  @state() private busy = false
  @state() private problem: unknown = null
  @state() private wrongMarks = ''
  @state() private wrongContent = ''
  /** The EC address of a key of elsewhere that is to pay; null: the person's own. */
  @state() private by: string | null = null
  @query('holdfast-mark-fields') private readonly fields!: HoldfastMarkFields
  @query('holdfast-buy-credits') private readonly buyer!: HoldfastBuyCredits
  @query('#file') private readonly picker!: HTMLInputElement
  private asked = 0
  private told: unknown = null
  private timer: ReturnType<typeof setTimeout> | undefined

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.timer)
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('chain')) this.begin()
    const { records } = this.snapshot
    if (records === this.told || records === null) return
    this.told = records
    this.ask(0) // credits came, or the chain is there by now
  }

  private begin(): void {
    this.draft = keptDraft(this.chain)
    this.quote = this.problem = this.by = null
    this.wrongMarks = this.wrongContent = ''
    this.ask(0)
  }

  /** Shows what was put on the shelf for this chain meanwhile, as of an entry that failed. */
  async suggestKept(): Promise<void> {
    this.begin()
    await this.look()
  }

  /** Takes the focus into the form. */
  async look(): Promise<void> {
    await this.updateComplete
    this.scrollIntoView({ block: 'start' })
    await this.fields.enter()
  }

  private write(change: Partial<EntryDraft>): void {
    this.draft = { ...this.draft, ...change }
    this.problem = null
    this.wrongMarks = this.wrongContent = ''
    keepDraft(this.chain, this.draft)
    this.ask(typingMs)
  }

  private ask(wait: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => { void this.price() }, wait)
  }

  /** Before anything is written, and a chain without a name, there is nothing to be quoted. */
  private async price(): Promise<void> {
    const turn = ++this.asked
    const draft = draftOf(this.chain, this.draft)
    if (draft === null || isEmpty(this.draft) || (this.chain === null && draft.extIds.length === 0) || this.snapshot.records === null) {
      this.quote = null
      return
    }
    let quote: RecordQuote | null = null
    try { quote = await this.peer.records.quote(draft, this.payer()?.address ?? null) } catch { /* no ledger is open; it is asked again when one is */ }
    if (turn === this.asked) this.quote = quote
  }

  private async take(files: FileList | undefined): Promise<void> {
    const file = files?.[0]
    if (file === undefined) return
    const rest = payloadOf(draftOf(this.chain, { ...this.draft, text: '', file: null }) ?? { chain: null, extIds: [], content: new Uint8Array() })
    if (file.size > entryRoom - rest) {
      this.wrongContent = msg(str`${file.name} has ${number(file.size)} bytes, and an entry has room for ${number(entryRoom - rest)} beside its marks. Nothing was taken; share it as a file and record its link.`)
      return
    }
    try { this.write({ file: { name: file.name, hex: toHex(new Uint8Array(await file.arrayBuffer())) } }) } catch {
      this.wrongContent = msg('The file could not be read. Nothing was taken; check that it still exists, and choose it again.')
    }
  }

  /** The draft where it can be recorded; else the first thing that is wrong has the focus. */
  private judge(): RecordDraft | null {
    const draft = draftOf(this.chain, this.draft)
    if (draft === null) this.wrongMarks = msg('One of the marks is no hexadecimal number. Nothing was recorded.')
    else if (this.chain === null && draft.extIds.length === 0) this.wrongMarks = msg('A chain needs a mark that names it. Nothing was recorded.')
    else if (isEmpty(this.draft)) this.wrongContent = msg('There is nothing written yet.')
    else if (payloadOf(draft) > entryRoom) this.wrongContent = msg(str`${number(payloadOf(draft) - entryRoom)} bytes too long. Nothing was recorded; what you wrote is kept.`)
    else return draft
    void (this.wrongMarks === '' ? this.updateComplete.then(() => { this.renderRoot.querySelector<HTMLElement>('#content')?.focus() }) : this.fields.enter())
    return null
  }

  private async record(event: Event): Promise<void> {
    event.preventDefault()
    const draft = this.busy ? null : this.judge()
    if (draft === null) return
    const payer = this.payer()
    if (payer === null) await this.keep(draft, null)
    else this.dispatchEvent(new AskEvent(signQuestion(payer.address, this.quote === null ? msg('its credits') : creditWords(this.quote.credits)), async () => { await this.keep(draft, payer) }))
  }

  private async keep(draft: RecordDraft, payer: HeldKey | null): Promise<void> {
    const by = payer?.address ?? null
    this.busy = true
    this.problem = null
    try {
      if (this.snapshot.identity === null) await this.peer.identity.ensure()
      const quote = await this.peer.records.quote(draft, by)
      this.quote = quote
      if (quote.problem !== null || quote.balance + (payer === null ? comingCredits(this.snapshot.records?.credits ?? null) : 0) < quote.credits) {
        this.problem = quote.problem ?? { code: 'credits' }
        return
      }
      const { chain, entryHash } = await this.peer.records.record(draft, by)
      keepSent(entryHash, this.draft)
      dropDraft(this.chain)
      this.draft = keptDraft(this.chain)
      this.quote = null
      this.dispatchEvent(new RecordedEvent(chain, entryHash))
    } catch (error) {
      this.problem = error
    } finally { this.busy = false }
  }

  private content(): TemplateResult {
    const { text, file } = this.draft
    const body = file === null
      ? html`<textarea class="input mono" id="content" rows="6" dir="auto" spellcheck="false" .value=${live(text)} aria-invalid=${this.wrongContent !== ''} aria-describedby="content-wrong" @input=${(event: Event) => { this.write({ text: (event.target as HTMLTextAreaElement).value }) }}></textarea>`
      : html`<div class="attached" id="content" tabindex="-1"><span class="tile">${icon('file')}</span><span><bdi class="name">${file.name}</bdi><span class="meta num">${bytes(file.hex.length / 2)}</span></span>
        <button type="button" class="button icon-only" aria-label=${msg(str`Leave out ${file.name}`)} @click=${() => { this.write({ file: null }) }}>${icon('close')}</button></div>`
    return html`<div class="field" @dragover=${(event: DragEvent) => { event.preventDefault() }} @drop=${(event: DragEvent) => { event.preventDefault(); void this.take(event.dataTransfer?.files) }}>
      <label for="content">${msg('Content')}</label>${body}
      <div id="content-wrong" role="status">${this.wrongContent === '' ? nothing : html`<p class="error">${icon('warning', 18)}<span>${this.wrongContent}</span></p>`}</div>
      <div class="line"><input id="file" type="file" hidden aria-label=${msg('File to record')} @change=${(event: Event) => { const input = event.target as HTMLInputElement; void this.take(input.files ?? undefined).then(() => { input.value = '' }) }} />
        <button type="button" class="button plain small" @click=${() => { this.picker.click() }}>${icon('attach')}${file === null ? msg('Take a file instead') : msg('Another file')}</button></div></div>`
  }

  /** Keys of elsewhere that can pay; one that was removed meanwhile does not. */
  private payers(): readonly HeldKey[] { return this.snapshot.records?.credits?.imported.filter(({ kind }) => kind === 'EC') ?? [] }
  private payer(): HeldKey | null { return this.payers().find(({ address }) => address === this.by) ?? null }

  private payerField() {
    const payers = this.payers()
    if (payers.length === 0) return nothing
    return html`<div class="field"><label for="payer">${msg('Paid by')}</label>
      <span class="select"><select class="input" id="payer" aria-describedby=${this.payer() === null ? nothing : 'payer-about'} @change=${(event: Event) => { this.by = (event.target as HTMLSelectElement).value || null; this.problem = null; this.ask(0) }}>
        <option value="" .selected=${this.payer() === null}>${msg('Your own entry credits')}</option>
        ${payers.map(({ address, holds }) => html`<option value=${address} .selected=${address === this.by}>${shortAddress(address)}, ${creditWords(holds)}</option>`)}
      </select>${icon('chevron')}</span>
      ${this.payer() === null ? nothing : html`<p class="hint" id="payer-about">${msg('This key is also valid elsewhere: you are asked before it signs.')}</p>`}</div>`
  }

  /** What stands in the way, as far as it is known before anybody presses the button. */
  private obstacle(): TemplateResult | typeof nothing {
    const { quote, problem } = this
    const wrong = problem ?? quote?.problem ?? null
    if (wrong === null) return nothing
    const { code } = wrong as { readonly code?: string }
    if (code === 'credits') return html`<p class="error">${icon('warning', 18)}<span>${msg('There are not enough credits. Nothing was recorded; what you wrote is kept.')}</span></p>`
    const { what, next } = recordProblem(wrong)
    const there = code === 'already-exists' && this.chain === null && quote !== null ? html`<div class="line"><a class="button small" href=${recordHash(quote.chain)}>${msg('Open that chain')}</a></div>` : nothing
    return notice(problem === null ? 'warn' : 'danger', what, next, there)
  }

  private waiting(): string {
    const { ledger, records, identity } = this.snapshot
    if (identity?.locked === true) return msg('Locked: nothing is signed before the passphrase was given in Settings. What you write is kept.')
    if (ledger.phase !== 'open') return msg('Waiting for the ledger; then it can be recorded. What you write is kept.')
    return records === null ? msg('This network keeps no records. What you write is kept on this device.') : ''
  }

  override render() {
    const { chain, draft, quote, snapshot } = this
    const waiting = this.waiting()
    const act = chain === null ? msg('Create the chain') : msg('Add entry')
    return html`<form class="panel stack" aria-labelledby="title" novalidate @submit=${(event: Event) => { void this.record(event) }}>
      <h2 id="title">${chain === null ? msg('Begin a chain') : msg('Add an entry')}</h2>
      <holdfast-mark-fields .marks=${draft.marks} ?needed=${chain === null} wrong=${this.wrongMarks} @holdfast-marks=${({ marks }: MarksEvent) => { this.write({ marks }) }}></holdfast-mark-fields>
      ${this.content()}
      ${this.payerField()}
      ${costBox({ quote, chain, payer: this.payer(), credits: snapshot.records?.credits ?? null, buy: missing => { void this.buyer.show(missing) } })}
      <div role="status" class="stack s1">${this.obstacle()}</div>
      <button class="button primary big full" ?disabled=${waiting !== ''} aria-disabled=${this.busy}>${this.busy ? msg('Signing…') : act}</button>
      ${waiting === '' ? nothing : html`<p class="small soft" role="status">${waiting}</p>`}
      <p class="small quiet">${msg('Entries are public and cannot be changed or removed.')}</p>
    </form>
    <holdfast-buy-credits .peer=${this.peer} .snapshot=${snapshot}></holdfast-buy-credits>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-record-composer': HoldfastRecordComposer } }
