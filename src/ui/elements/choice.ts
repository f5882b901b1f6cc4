import { css, html, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import { icon, type IconName } from '../drawings/icons.ts'

export const choiceStyles = css`
  .choice { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 2px .75rem; align-items: center; align-content: center; min-block-size: 3.5rem; padding: .625rem 1rem .625rem .875rem; border-radius: var(--radius); box-shadow: inset 0 0 0 1px var(--color-line); background: var(--color-surface); cursor: pointer; }
  .choice:hover { box-shadow: inset 0 0 0 1px var(--color-edge); }
  .choice:has(:checked) { box-shadow: inset 0 0 0 2px var(--color-ink); }
  .choice:has(:disabled) { cursor: not-allowed; color: var(--color-ink-quiet); background: none; }
  .choice b, .choice .sub { grid-column: 2; }
  .choice b { line-height: 1.35; }
  .choice > .icon { grid-column: 3; grid-row: 1 / span 2; color: var(--color-ink-quiet); }
  .choice input { appearance: none; grid-row: 1 / span 2; inline-size: 1.5rem; block-size: 1.5rem; margin: 0; border: var(--stroke-strong) solid var(--color-edge); border-radius: var(--radius-pebble); background: var(--color-surface); cursor: inherit; }
  .choice input:checked { border-color: light-dark(var(--color-slot), var(--color-edge)); background: radial-gradient(closest-side, var(--color-accent) 52%, var(--color-slot) 56%); }
  .choice:has(:focus-visible) { outline: 3px solid var(--color-focus); outline-offset: 2px; }
  .choice input:focus-visible { outline: 0; }
  .choices { display: grid; gap: var(--space-1); grid-template-columns: minmax(0, 1fr); }
  .choices > legend { margin-block-end: .5rem; }
  @media (forced-colors: active) {
    .choice:has(:checked) { outline: 2px solid Highlight; }
    .choice input:checked { forced-color-adjust: none; background: Highlight; }
  }
`

export interface Choice {
  /** Of all that exclude each other. */
  readonly group: string
  readonly id: string
  readonly label: string
  /** What it means; read after the label. */
  readonly about: string
  readonly checked: boolean
  readonly choose: () => void
  readonly icon?: IconName
  readonly disabled?: boolean
}

/** One of several, the whole card as its label. */
export function choice({ group, id, label, about, checked, choose, icon: drawn, disabled = false }: Choice): TemplateResult {
  return html`<label class="choice"><input type="radio" name=${group} value=${id} ?disabled=${disabled} aria-labelledby="${group}-${id}" aria-describedby="${group}-${id}-about" .checked=${live(checked)} @change=${choose} />
    <b id="${group}-${id}">${label}</b><span class="sub" id="${group}-${id}-about">${about}</span>${drawn === undefined ? nothing : icon(drawn, 24)}</label>`
}
