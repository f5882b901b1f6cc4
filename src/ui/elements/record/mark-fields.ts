import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { asText, fromHex, toHex } from '../../record-bytes.ts'
import type { MarkDraft } from '../../record-draft.ts'
import { shared } from '../../tokens/index.ts'
import { markFieldStyles } from './mark-fields.styles.ts'

/** The marks were changed. */
export class MarksEvent extends Event {
  static readonly type = 'holdfast-marks'
  constructor(readonly marks: readonly MarkDraft[]) {
    super(MarksEvent.type)
  }
}

/** Marks as they are typed: as text or as bytes in hexadecimal, in their order. */
@customElement('holdfast-mark-fields')
export class HoldfastMarkFields extends LitElement {
  static override readonly styles = [...shared, markFieldStyles]

  @property({ attribute: false }) marks: readonly MarkDraft[] = []
  /** The first one has to be there: a chain is named by it. */
  @property({ type: Boolean }) needed = false
  /** What is wrong with all of them. */
  @property() wrong = ''

  /** Takes the focus to what is wrong, else to the first field. */
  async enter(): Promise<void> {
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('.input[aria-invalid="true"], .input, .add')?.focus()
  }

  private tell(marks: readonly MarkDraft[]): void {
    this.marks = marks
    this.dispatchEvent(new MarksEvent(marks))
  }

  private change(at: number, mark: MarkDraft): void {
    this.tell(this.marks.map((each, i) => i === at ? mark : each))
  }

  /** The same bytes, written the other way where there is one; text that is no text stays what it is. */
  private turn(at: number, { text, hex }: MarkDraft): void {
    if (!hex) {
      this.change(at, { text: toHex(new TextEncoder().encode(text)), hex: true })
      return
    }
    const bytes = fromHex(text)
    const plain = bytes === null ? null : asText(bytes)
    if (plain !== null) this.change(at, { text: plain, hex: false })
  }

  private async add(): Promise<void> {
    this.tell([...this.marks, { text: '', hex: false }])
    await this.look(this.marks.length - 1)
  }

  private async leaveOut(at: number): Promise<void> {
    this.tell(this.marks.filter((_, i) => i !== at))
    await this.look(Math.min(at, this.marks.length - 1))
  }

  private async look(at: number): Promise<void> {
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(at < 0 ? '.add' : `#mark-${at}`)?.focus()
  }

  private field(mark: MarkDraft, i: number): TemplateResult {
    const place = i + 1
    const [bytes, typed] = [mark.hex ? fromHex(mark.text) : null, mark.text !== '']
    const wrong = mark.hex && bytes === null ? msg('This is no row of pairs of hexadecimal digits.') : ''
    const stuck = mark.hex && bytes !== null && asText(bytes) === null
    return html`<div class="stack s1"><div class="mark">
        <input class="input ${mark.hex ? 'mono' : ''}" id="mark-${i}" aria-label=${msg(str`Mark ${place}`)} autocomplete="off" autocapitalize="off" spellcheck="false" dir=${mark.hex ? 'ltr' : 'auto'}
          .value=${live(mark.text)} aria-invalid=${wrong !== '' || (this.wrong !== '' && i === 0)} aria-describedby="wrong-${i} wrong" @input=${(event: Event) => { this.change(i, { ...mark, text: (event.target as HTMLInputElement).value }) }} />
        <button type="button" class="button small hex" aria-pressed=${mark.hex} aria-label=${msg(str`Mark ${place} as hexadecimal, 0x`)} title=${msg('Hexadecimal')} ?disabled=${stuck} @click=${() => { this.turn(i, mark) }}>0x</button>
        <button type="button" class="button icon-only" aria-label=${msg(str`Remove mark ${place}`)} ?disabled=${this.needed && this.marks.length === 1 && !typed} @click=${() => { void this.leaveOut(i) }}>${icon('close')}</button></div>
      <div id="wrong-${i}" role="status">${wrong === '' ? nothing : html`<p class="error">${icon('warning', 18)}<span>${wrong}</span></p>`}</div></div>`
  }

  override render() {
    return html`<fieldset class="stack s1"><legend class="label">${this.needed ? msg('Marks that name the chain') : msg('Marks to find it by')}</legend>
      ${this.needed ? html`<p class="hint">${msg('Together they are its name for ever, so no other chain may have the same.')}</p>` : nothing}
      ${this.marks.map((mark, i) => this.field(mark, i))}
      <div id="wrong" role="status">${this.wrong === '' ? nothing : html`<p class="error">${icon('warning', 18)}<span>${this.wrong}</span></p>`}</div>
      <div><button type="button" class="button plain small add" @click=${() => { void this.add() }}>${icon('plus')}${msg('Add a mark')}</button></div></fieldset>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-mark-fields': HoldfastMarkFields } }
