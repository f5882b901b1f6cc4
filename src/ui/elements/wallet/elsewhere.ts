import { html, type TemplateResult } from 'lit'
import { msg } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { notice } from '../parts.ts'
import type { Question } from '../question.ts'

/** Says of a key that it is the same on Factom. */
export function elsewhereChip(): TemplateResult {
  return html`<span class="chip warn">${icon('globe', 17)}<bdi>${msg('Also valid elsewhere')}</bdi></span>`
}

/** What a signature of such a key means, before it is given. `what`: what the same would do there. */
export function elsewhereNotice(what: string): TemplateResult {
  return notice('warn', msg('This key is also valid elsewhere'), html`<p>${msg('What it signs names no network. Whoever sees it here can repeat it on Factom, or on any other network that knows this key.')} ${what}</p>`)
}

export function paidThere(): string {
  return msg('The same coins would leave the same address there, if it has any.')
}

/** Before an entry is paid for by such a key: asked each time. */
export function signQuestion(address: string, cost: string): Question {
  return {
    heading: msg('Sign once with this key?'),
    body: html`<p>${msg(html`It pays for this entry: <b>${cost}</b>, from`)} <bdi class="mono small" translate="no">${address}</bdi></p>
      ${elsewhereNotice(msg('The same entry could be paid for there, if the key has credits.'))}
      <p class="small soft">${msg('It signs this once. If no block takes it in 12 hours it fails, and nothing was spent.')}</p>`,
    no: msg('Not now'),
    yes: msg('Sign and record'),
    tone: 'primary',
  }
}

export function removeQuestion(address: string, has: string): Question {
  return {
    heading: msg('Take this key off this device?'),
    body: html`<p><bdi class="mono small" translate="no">${address}</bdi></p>
      <p>${msg(html`At it here: <b>${has}</b>. They stay there, for whoever has the key.`)}</p>
      ${notice('warn', msg('Your words do not bring it back'), msg('Only a copy of the key, or a backup file that was made while it was here, does.'))}`,
    no: msg('Keep it'),
    yes: msg('Remove the key'),
    tone: 'danger',
  }
}
