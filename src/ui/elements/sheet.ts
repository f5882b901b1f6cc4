import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { property, query, state } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'
import { live } from 'lit/directives/live.js'
import { icon } from '../drawings/icons.ts'
import { errorWords } from '../strings/errors.ts'
import { shared } from '../tokens/index.ts'
import type { Peer, PeerState } from '../types.ts'
import { questionStyles } from './question.styles.ts'
import { sheetStyles } from './sheet.styles.ts'

/**
 * A form in a native dialog, in one or several steps. Esc and its first button leave it; what was typed or shown in it is forgotten then, and the focus is
 * where it was. One act at a time: while it runs the form waits, and what became of it is said below the fields.
 */
export abstract class Sheet extends LitElement {
  static override readonly styles = [...shared, questionStyles, sheetStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  /** What is wrong with what was typed, or became of the act. */
  @state() protected problem = ''
  @state() private busy = false
  @state() private shown = false
  @query('dialog') private readonly dialog!: HTMLDialogElement

  /** Opens it anew. */
  protected async open(): Promise<void> {
    this.clear()
    this.problem = ''
    this.shown = true
    await this.updateComplete
    if (!this.dialog.open) this.dialog.showModal()
  }

  protected readonly close = (): void => {
    this.clear()
    this.shown = false
    if (this.dialog.open) this.dialog.close()
  }

  /** Goes on to another step, whose heading has the focus then. */
  protected async step(change: () => void): Promise<void> {
    change()
    this.problem = ''
    await this.updateComplete
    this.renderRoot.querySelector('h2')?.focus()
  }

  /** To the first field with anything wrong. */
  protected async toWrong(): Promise<void> {
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }

  /** Runs an act of the form; what it throws is said in words. */
  protected async act(task: () => Promise<void>): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.problem = ''
    try { await task() } catch (error) {
      const { what, next } = errorWords(error)
      this.problem = `${what}. ${next}`
    } finally { this.busy = false }
  }

  /** A field whose text may be wrong; `what` describes it, with the problem below. */
  protected field({ id, label, hint, value, change, type = 'text', autocomplete = 'off', inputmode, wrong }: Field): TemplateResult {
    const bad = wrong === undefined ? this.problem !== '' : wrong !== ''
    return html`<div class="field"><label for=${id}>${label}</label>
      <input class="input" id=${id} type=${type} autocomplete=${autocomplete} autocapitalize="off" spellcheck="false" inputmode=${inputmode ?? nothing} .value=${live(value)} aria-invalid=${bad} aria-describedby="${hint === undefined ? '' : `${id}-hint `}${wrong === undefined ? 'problem' : `${id}-wrong`}"
        @input=${(event: Event) => { change((event.target as HTMLInputElement).value); this.problem = '' }} />
      ${hint === undefined ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
      ${wrong === undefined ? nothing : html`<div id="${id}-wrong" role="status">${wrong === '' ? nothing : html`<p class="error">${icon('warning', 18)}<span>${wrong}</span></p>`}</div>`}</div>`
  }

  /** Forgets what this form holds. */
  protected abstract clear(): void
  protected abstract form(): Form

  override render() {
    const { heading, body, no, yes, submit, tone = 'primary', more, doing } = this.shown ? this.form() : nobody
    return html`<dialog aria-labelledby="q" @cancel=${(event: Event) => { event.preventDefault(); this.close() }} @close=${() => { if (this.shown) this.close() }}>
      ${!this.shown ? nothing : keyed(heading, html`<form class="dialog" novalidate @submit=${(event: Event) => { event.preventDefault(); void this.act(submit) }}>
        <h2 id="q" tabindex="-1">${heading}</h2>${body}
        <div id="problem" role="status">${this.problem === '' ? nothing : html`<p class="error">${icon('warning', 18)}<span>${this.problem}</span></p>`}</div>
        <div class="acts ${yes === null ? 'single' : ''}">${more ?? nothing}
          <button type="button" class="button plain" @click=${this.close}>${no}</button>
          ${yes === null ? nothing : html`<button type="submit" class="button ${tone}" aria-disabled=${this.busy}>${this.busy ? doing ?? yes : yes}</button>`}
        </div></form>`)}
    </dialog>`
  }
}

export interface Field {
  readonly id: string
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly change: (value: string) => void
  readonly type?: 'text' | 'password'
  readonly autocomplete?: 'off' | 'new-password' | 'current-password'
  readonly inputmode?: 'numeric'
  /** What is wrong with this field alone, said beside it; without it the form's problem stands for it. */
  readonly wrong?: string
}

/** One step, told from the others by its heading: `no` leaves the form, `yes` does `submit`. */
export interface Form {
  readonly heading: string
  readonly body: TemplateResult
  readonly no: string
  /** Null where there is nothing to do but read. */
  readonly yes: string | null
  readonly submit: () => Promise<void>
  readonly tone?: 'primary' | 'danger'
  /** What `yes` says while its act runs. */
  readonly doing?: string
  /** A further button, before the two. */
  readonly more?: TemplateResult
}

const nobody: Form = { heading: '', body: html``, no: '', yes: '', submit: async () => {} }
