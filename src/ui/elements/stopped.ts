import { html, nothing, type TemplateResult } from 'lit'
import { msg } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { mark } from '../drawings/mark.ts'
import { errorWords } from '../strings/errors.ts'
import type { PeerState } from '../types.ts'
import { notice } from './parts.ts'

/** Phases in which nothing of the app can work, each with what to do. */
export function stopped({ phase, missing, failure }: PeerState): TemplateResult | null {
  if (phase === 'unsupported') return alone(msg('This browser cannot run Holdfast here'), html`<p class="lead">${{
    'secure-context': () => msg('The page was not opened over a secure connection. Open it with https:// at the front, or at localhost.'),
    'storage': () => msg('There is no private file storage here. Private windows of some browsers have none: open the page in an ordinary window of a current Chrome, Edge, Firefox or Safari.'),
    'workers': () => msg('Background workers are missing or switched off. Open the page in a current Chrome, Edge, Firefox or Safari.'),
  }[missing ?? 'workers']()}</p><p class="soft">${msg('Nothing was read or kept.')}</p>`)
  if (phase !== 'broken') return null
  const { what, next } = errorWords(failure)
  return alone(msg('Holdfast could not start'), html`${notice('danger', what, next)}
    <div class="line"><button type="button" class="button" @click=${() => { location.reload() }}>${icon('again')}${msg('Reload')}</button></div>
    ${failure === null ? nothing : html`<p class="small quiet mono">${failure.code}: ${failure.message}</p>`}`)
}

/** One thing to say and nothing else on the page. */
export function alone(title: string, body: TemplateResult): TemplateResult {
  return html`<main class="alone stack" tabindex="-1"><span class="home">${mark(64)}</span><h1>${title}</h1>${body}</main>`
}
