import { html, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import { icon } from '../../drawings/icons.ts'

export interface TextField {
  readonly id: string
  readonly label: string
  readonly hint?: TemplateResult | string
  readonly value: string
  readonly change: (value: string) => void
  /** Empty where nothing is. */
  readonly wrong: string
  /** More than one line. */
  readonly rows?: number
  readonly inputmode?: 'numeric' | 'decimal'
  /** No words of a language, as addresses. */
  readonly exact?: boolean
}

/** A field with its hint, and beside it what is wrong with it. */
export function textField({ id, label, hint, value, change, wrong, rows, inputmode, exact = false }: TextField): TemplateResult {
  const described = `${hint === undefined ? '' : `${id}-hint `}${id}-wrong`
  const input = (event: Event): void => { change((event.target as HTMLInputElement).value) }
  const check = exact ? 'false' : 'true'
  const letters = exact ? 'off' : nothing
  const spoken = exact ? 'no' : nothing
  return html`<div class="field"><label for=${id}>${label}</label>
    ${rows === undefined
      ? html`<input class="input ${exact ? 'mono' : ''}" id=${id} autocomplete="off" autocapitalize=${letters} spellcheck=${check} translate=${spoken} dir="auto" inputmode=${inputmode ?? nothing} .value=${live(value)} aria-invalid=${wrong !== ''} aria-describedby=${described} @input=${input} />`
      : html`<textarea class="input ${exact ? 'mono' : ''}" id=${id} rows=${rows} autocomplete="off" autocapitalize=${letters} spellcheck=${check} translate=${spoken} dir="auto" .value=${live(value)} aria-invalid=${wrong !== ''} aria-describedby=${described} @input=${input}></textarea>`}
    ${hint === undefined ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
    <div id="${id}-wrong" role="status">${wrong === '' ? nothing : html`<p class="error">${icon('warning', 18)}<span>${wrong}</span></p>`}</div></div>`
}
