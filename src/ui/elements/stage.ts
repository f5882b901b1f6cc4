import { css, html, type TemplateResult } from 'lit'
import { stageWords } from '../strings/wallet.ts'
import type { Stage } from '../types.ts'

export const stageStyles = css`
  .fill { flex: none; inline-size: .875rem; block-size: .8125rem; border-radius: var(--radius-pebble); box-shadow: inset 0 0 0 1.5px currentColor; forced-color-adjust: none; }
  .fill.third { background: linear-gradient(0deg, currentColor 36%, transparent 36%); }
  .fill.most { background: linear-gradient(0deg, currentColor 66%, transparent 66%); }
  .fill.full { background: currentColor; }
`

/** How far something has come: a pebble that fills up, and the word. */
export function stageChip(stage: Stage): TemplateResult {
  const { tone, filled, words } = stageWords(stage)
  return html`<span class="chip ${tone}"><span class="fill ${filled}"></span>${words}</span>`
}
