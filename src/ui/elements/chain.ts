import { html, nothing, type TemplateResult } from 'lit'
import { msg, str } from '@lit/localize'
import { errorWords } from '../strings/errors.ts'
import { ago, number } from '../strings/format.ts'
import type { PeerState } from '../types.ts'

/** How the network's ledger stands on this device, and the person's account in it. */
export function chain({ ledger, account }: Pick<PeerState, 'ledger' | 'account'>, now: number): TemplateResult {
  if (ledger.phase === 'waiting') return html`<p class="soft">${msg('It is not known yet which ledger this network keeps.')}</p>`
  if (ledger.phase === 'failed') return html`<p class="soft">${msg(html`The ledger cannot be opened; it is tried again by itself. ${errorWords(ledger.problem).what}`)}</p>`
  const { head, miners, trusting } = ledger
  return html`<dl class="stats">
    ${stat(msg('Newest block'), number(head.number), head.number === 0 ? msg(str`the first, begun ${ago(1000 * head.time, now)}`) : ago(1000 * head.time, now))}
    ${stat(msg('Known miners'), number(miners), miners === 0 ? msg('nobody made a block yet') : nothing)}
    ${account === null ? nothing : stat(msg('Your coins'), number(account.balance), msg(str`power ${number(account.power)}`))}
  </dl>
  ${trusting ? html`<p class="small quiet">${msg('A network for people who trust each other: anybody can make keys that have a say in it.')}</p>` : nothing}`
}

function stat(name: string, value: string, more: string | typeof nothing): TemplateResult {
  return html`<div><dt>${name}</dt><dd class="num">${value}${more === nothing ? nothing : html`<small>${more}</small>`}</dd></div>`
}
