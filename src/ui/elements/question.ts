import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { shared } from '../tokens/index.ts'
import { questionStyles } from './question.styles.ts'

/** What is asked: a heading, what there is to know, and the words of the two answers; `no` is the safe one. */
export interface Question {
  readonly heading: string
  readonly body: TemplateResult
  readonly no: string
  readonly yes: string
  readonly tone: 'primary' | 'danger'
}

/** Asks in a native dialog. The safe answer has the focus, and Esc gives it; afterwards the focus is where it was. */
@customElement('holdfast-question')
export class HoldfastQuestion extends LitElement {
  static override readonly styles = [...shared, questionStyles]

  @state() private question: Question | null = null
  @query('dialog') private readonly dialog!: HTMLDialogElement
  private answer: ((yes: boolean) => void) | null = null

  /** Opens it and resolves with the answer; asked again while open, the first question is answered with no. */
  async ask(question: Question): Promise<boolean> {
    this.answer?.(false)
    const answered = new Promise<boolean>(resolve => { this.answer = resolve })
    this.question = question
    await this.updateComplete
    if (!this.dialog.open) this.dialog.showModal()
    return await answered
  }

  private close(yes: boolean): void {
    const { answer } = this
    this.answer = null
    this.dialog.close()
    answer?.(yes)
  }

  /** The browser may close it by itself. This is told late: by then the next question may be open. */
  private closed(): void {
    if (this.answer !== null && !this.dialog.open) this.close(false)
  }

  override render() {
    const { question } = this
    return html`<dialog aria-labelledby="q" @cancel=${(event: Event) => { event.preventDefault(); this.close(false) }} @close=${() => { this.closed() }}>
      ${question === null ? nothing : html`<div class="dialog"><h2 id="q">${question.heading}</h2>${question.body}
        <div class="acts">
          <button type="button" class="button plain" autofocus @click=${() => { this.close(false) }}>${question.no}</button>
          <button type="button" class="button ${question.tone}" @click=${() => { this.close(true) }}>${question.yes}</button>
        </div>
      </div>`}
    </dialog>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-question': HoldfastQuestion } }
