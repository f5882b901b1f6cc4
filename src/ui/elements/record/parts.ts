import { css, html, nothing, type TemplateResult } from 'lit'
import { msg } from '@lit/localize'
import { icon, type IconName } from '../../drawings/icons.ts'
import { asText, toHex } from '../../record-bytes.ts'
import { markWords, recordStage, recordSteps } from '../../strings/records.ts'
import type { RecordStage } from '../../types.ts'

export const recordParts = css`
  .tags { display: flex; flex-wrap: wrap; gap: .375rem; min-inline-size: 0; }
  .tags > li { min-inline-size: 0; max-inline-size: 100%; }
  .tags .chip { max-inline-size: 100%; white-space: normal; overflow-wrap: anywhere; border-radius: .875rem; padding-inline: .625rem; }
  .whole { display: grid; gap: var(--space-1); grid-template-columns: minmax(0, 1fr); }
  .whole > li { display: grid; grid-template-columns: 2rem minmax(0, 1fr); gap: .5rem; padding: .625rem .875rem; border-radius: var(--radius); background: var(--color-sunken); }
  .whole .place { color: var(--color-ink-quiet); font-size: var(--text-small); line-height: 1.7; }
  .whole .mark { white-space: pre-wrap; overflow-wrap: anywhere; }
`

/** The marks of an entry in a list. */
export function markChips(marks: readonly Uint8Array[]): TemplateResult {
  return html`<ul class="tags" aria-label=${msg('Marks')}>${marks.map(mark => html`<li><span class="chip ${asText(mark) === null ? 'mono' : ''}"><bdi>${markWords(mark)}</bdi></span></li>`)}</ul>`
}

/** The marks of one entry, each whole and with its place. */
export function wholeMarks(marks: readonly Uint8Array[]): TemplateResult {
  return html`<ol class="whole">${marks.map((mark, i) => {
    const text = asText(mark)
    return html`<li><span class="place num">${i + 1}</span>${text === null ? html`<span class="mark mono">0x${toHex(mark)}</span>` : html`<bdi class="mark" dir="auto">${text}</bdi>`}</li>`
  })}</ol>`
}

/** How far an entry has come: a pebble that fills up, and the word. */
export function recordChip(stage: RecordStage): TemplateResult {
  const { tone, filled, words } = recordStage(stage)
  return html`<span class="chip ${tone}"><span class="fill ${filled}"></span>${words}</span>`
}

const stepIcons: Readonly<Record<'done' | 'working' | 'waiting', IconName>> = { done: 'check', working: 'again', waiting: 'clock' }

/** The way of an entry, step by step, and what the present one means; one that failed has none. */
export function wayOf(stage: RecordStage): TemplateResult | typeof nothing {
  if (stage === 'failed') return nothing
  const at = recordSteps.indexOf(stage)
  return html`<ol class="steps way">${recordSteps.map((step, i) => {
    const state = i < at || stage === 'safe' ? 'done' : i === at ? 'working' : 'waiting'
    return html`<li aria-current=${i === at ? 'step' : nothing} class=${state}><span class="at ${state}">${icon(stepIcons[state], 16)}</span>
      <span>${recordStage(step).words}<span class="sr"> (${state === 'done' ? msg('done') : state === 'working' ? msg('now') : msg('not yet')})</span></span></li>`
  })}</ol>`
}

/** How stages work, for whoever asks. */
export function stageList(): TemplateResult {
  return html`<ul class="stack s1">${recordSteps.map(step => html`<li class="line">${recordChip(step)}<span class="small soft">${recordStage(step).about}</span></li>`)}</ul>`
}
