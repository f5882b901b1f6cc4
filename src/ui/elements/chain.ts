import { html, nothing, type TemplateResult } from 'lit'
import { msg, str } from '@lit/localize'
import { peers as peerCount } from '../strings/counts.ts'
import { errorWords } from '../strings/errors.ts'
import { ago, duration, number } from '../strings/format.ts'
import { clockWords, isWeak, share, stageOfVotes, viaWords, voteWords } from '../strings/ledger.ts'
import { shortAddress } from '../strings/wallet.ts'
import type { OpenLedger, PeerState } from '../types.ts'
import { facts, fold, notice } from './parts.ts'

/** With fewer awake, and no relay that keeps it too, a ledger does not last. */
const fewAwake = 5

/** How the network's ledger stands on this device, and the person's account in it. */
export function chain({ ledger, account, identity }: Pick<PeerState, 'ledger' | 'account' | 'identity'>, now: number): TemplateResult {
  if (ledger.phase === 'waiting') return html`<p class="soft">${msg('It is not known yet which ledger this network keeps.')}</p>`
  if (ledger.phase === 'failed') return html`<p class="soft">${msg(html`The ledger cannot be opened; it is tried again by itself. ${errorWords(ledger.problem).what}`)}</p>`
  const { head, settled, safe, miners, trusting, blockTime } = ledger
  const by = head.miner === identity?.address ? msg('by you') : msg(str`by ${shortAddress(head.miner)}`)
  const pace = meanPace(ledger)
  return html`<dl class="stats">
    ${stat(msg('Newest block'), number(head.number), head.number === 0 ? msg(str`the first, begun ${ago(1000 * head.time, now)}`) : msg(str`${ago(1000 * head.time, now)}, ${by}`))}
    ${stat(msg('Settled up to'), number(settled.number), msg('several blocks stand on it'))}
    ${stat(msg('Safe up to'), number(safe.number), safe.voted ? voteWords(ledger) : msg('not voted for yet'))}
    ${stat(msg('Block every'), pace === null ? msg('not known yet') : duration(pace), msg(str`aim: ${duration(blockTime)}`))}
    ${stat(msg('Known miners'), number(miners), miners === 0 ? msg('nobody made a block yet') : nothing)}
    ${account === null ? nothing : stat(msg('Your coins'), number(account.balance), msg(str`power ${number(account.power)}`))}
    ${stat(msg('Answering'), ledger.answering.peers === 0 ? msg('nobody') : peerCount(ledger.answering.peers), viaWords(ledger))}
  </dl>
  <p class="small soft">${safe.voted ? msg('Everything at or below the safety root is final for this device.') : msg('Nothing is final for this device yet: the safety root only stands in until two thirds of the weight agree on one.')}</p>
  ${cares(ledger)}
  ${fold(msg('Exact terms'), facts([
    [msg('Safety root'), html`<span class="mono">${safe.root}</span>`],
    [msg('Newest root'), html`<span class="mono">${head.root}</span>`],
    [msg('Votes'), html`${voteWords(ledger)}. ${msg('A root becomes safe when miners who hold two thirds of the weight stand on it, three times in a row.')}`],
    [msg('Support'), msg(str`${share(ledger.support)} of the active weight was seen making blocks on this branch since the checkpoint`)],
    [msg('Mode'), ledger.mode === 'full' ? msg('Full: every state is computed here') : msg('Headers: states are proved by others')],
    [msg('Stage'), stageOfVotes(ledger.stage)],
    ...ledger.clockAhead === null ? [] : [[msg('Clock'), msg(str`${String(Math.round(ledger.clockAhead * 10) / 10)} s ahead of the others, median`)] as const],
  ]))}
  ${trusting ? html`<p class="small quiet">${msg('A network for people who trust each other: anybody can make keys that have a say in it.')}</p>` : nothing}`
}

/** What to take care of; nothing where all is well. */
function cares(ledger: OpenLedger): TemplateResult {
  const clock = clockWords(ledger.clockAhead)
  const { peers, relays } = ledger.answering
  return html`${isWeak(ledger) ? notice('warn', msg('Weakly supported: perhaps cut off'), msg('Less than half of the weight that was active makes blocks on this branch. You may see only a part of the network, or one that was made up. Wait before you rely on a payment.')) : nothing}
    ${clock === null ? nothing : notice('warn', clock, msg('Blocks come too early or too late for it. Set the clock of the device, best by itself.'))}
    ${peers > 0 && relays === 1 ? notice('info', nothing, msg('All who answer were met through one relay. Whoever runs it could show you only a part of the network; a second one makes that harder.')) : nothing}
    ${ledger.head.number > 0 && peers < fewAwake ? html`<p class="small soft">${msg('Few answer now. Where no relay keeps the ledger too, it lives only as long as somebody has it open.')}</p>` : nothing}
    ${ledger.mode === 'headers' ? notice('info', nothing, msg('On a metered connection only headers are fetched. What is said of accounts is proved by others.')) : nothing}
    ${ledger.behind > 0 ? html`<div class="stack s1"><progress aria-label=${msg('Catching up')} max=${ledger.head.number + ledger.behind} .value=${ledger.head.number}></progress>
      <p class="small soft">${msg(str`${number(ledger.head.number)} of ${number(ledger.head.number + ledger.behind)} blocks are here. What is shown may be old.`)}</p></div>` : nothing}`
}

/** Seconds between the last blocks, on average; null before there are three. */
function meanPace({ blocks }: OpenLedger): number | null {
  const last = blocks.slice(-21)
  const [first, newest] = [last[0], last.at(-1)]
  return first === undefined || newest === undefined || last.length < 3 ? null : (newest.time - first.time) / (last.length - 1)
}

function stat(name: string, value: string, more: string | typeof nothing): TemplateResult {
  return html`<div><dt>${name}</dt><dd class="num">${value}${more === nothing ? nothing : html`<small>${more}</small>`}</dd></div>`
}
