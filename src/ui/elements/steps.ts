import { css, html, type TemplateResult } from 'lit'
import { msg } from '@lit/localize'
import { icon, type IconName } from '../drawings/icons.ts'
import { stateWord, stepWords } from '../strings/connection.ts'
import type { Connection, Step } from '../types.ts'

export const stepStyles = css`
  .steps { display: grid; }
  .steps li { position: relative; display: grid; grid-template-columns: 1.75rem minmax(0, 1fr); gap: 0 .625rem; padding-block-end: var(--space-2); }
  .steps li:last-child { padding: 0; }
  .steps li:not(:last-child)::before { content: ''; position: absolute; inset-inline-start: .8125rem; inset-block: 1.75rem .125rem; inline-size: 2px; background: var(--color-line); }
  .steps b { line-height: 1.4; }
  .steps p { font-size: var(--text-small); color: var(--color-ink-soft); }
  .at { display: grid; place-items: center; inline-size: 1.75rem; block-size: 1.625rem; border-radius: var(--radius-pebble); }
  .at.done { background: var(--color-ok-wash); color: var(--color-ok); }
  .at.working { background: var(--color-accent); color: var(--color-on-accent); }
  .at.stuck { background: var(--color-danger-wash); color: var(--color-danger); }
  .at.waiting { box-shadow: inset 0 0 0 1.5px var(--color-edge); color: var(--color-ink-quiet); }
  @media (forced-colors: active) {
    .at { border: 1px solid; }
  }
`

const icons: Record<Step['state'], IconName> = { done: 'check', working: 'again', stuck: 'close', waiting: 'clock' }

/** The steps on the way to other people, each with its state and its reason. */
export function steps(connection: Connection): TemplateResult {
  if (connection.steps.length === 0) return html`<p class="soft">${msg('One moment: the connection is being taken up.')}</p>`
  return html`<ol class="steps">${connection.steps.map(step => {
    const { title, detail } = stepWords(step, connection)
    return html`<li><span class="at ${step.state}">${icon(icons[step.state], 16)}</span>
      <div><b>${title}</b><span class="sr"> (${stateWord(step.state)})</span><p>${detail}</p></div></li>`
  })}</ol>`
}
