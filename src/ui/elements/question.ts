import { LitElement, html, type TemplateResult } from 'lit'
import { query } from 'lit/decorators.js'
import { shared } from '../tokens/index.ts'
import { questionStyles } from './question.styles.ts'

/** A question in a native dialog. The safe answer has the focus, and Esc gives it. */
export abstract class Question extends LitElement {
  static override readonly styles = [...shared, questionStyles]

  @query('dialog') private readonly dialog!: HTMLDialogElement
  private answer: ((yes: boolean) => void) | null = null

  protected abstract readonly no: () => string
  protected abstract readonly yes: () => string
  protected readonly tone: 'primary' | 'danger' = 'primary'
  /** A heading with the id `q`, and what there is to know. */
  protected abstract body(): TemplateResult

  /** Opens it and resolves with the answer; asked again while open, the first question is answered with no. */
  protected async ask(): Promise<boolean> {
    this.answer?.(false)
    await this.updateComplete
    if (!this.dialog.open) this.dialog.showModal()
    return await new Promise(resolve => { this.answer = resolve })
  }

  private close(yes: boolean): void {
    const { answer } = this
    this.answer = null
    this.dialog.close()
    answer?.(yes)
  }

  override render() {
    return html`<dialog aria-labelledby="q" @cancel=${(event: Event) => { event.preventDefault(); this.close(false) }} @close=${() => { if (this.answer !== null) this.close(false) }}>
      <div class="dialog">${this.body()}
        <div class="acts">
          <button type="button" class="button plain" autofocus @click=${() => { this.close(false) }}>${this.no()}</button>
          <button type="button" class="button ${this.tone}" @click=${() => { this.close(true) }}>${this.yes()}</button>
        </div>
      </div>
    </dialog>`
  }
}
