import { html, nothing, type TemplateResult } from 'lit'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { AskEvent } from '../../events.ts'
import { blocks } from '../../strings/counts.ts'
import { roughly } from '../../strings/format.ts'
import { restWords } from '../../strings/ledger.ts'
import type { OpenLedger, Peer } from '../../types.ts'
import { notice, toggle } from '../parts.ts'
import type { Question } from '../question.ts'
import { switched } from '../switched.ts'

/** Before blocks are made here: what it costs, what others see, when it rests. */
export function miningQuestion(): Question {
  return {
    heading: msg('Make blocks on this device?'),
    body: html`<p>${msg('Blocks carry everybody’s payments and messages on. When your turn comes, this device makes one, and its fees are yours.')}</p>
      <ul class="rows">
        <li><div class="file"><span class="tile">${icon('globe')}</span><span>${msg('Everybody can see which blocks your address made, and when')}</span></div></li>
        <li><div class="file"><span class="tile">${icon('chip')}</span><span>${msg('It waits for a turn rather than computing, so it takes little power; the screen stays on meanwhile')}</span></div></li>
        <li><div class="file"><span class="tile">${icon('wifi')}</span><span>${msg('Only while a tab is in sight, the device charges and the connection is not metered')}</span></div></li>
      </ul>
      <p class="small quiet">${msg('The switch stops it within a second.')}</p>`,
    no: msg('Not now'),
    yes: msg('Agree'),
    tone: 'primary',
  }
}

function turn(from: EventTarget, peer: Peer, on: boolean): Promise<void> | undefined {
  if (!on) return peer.mining.consent(false)
  from.dispatchEvent(new AskEvent(miningQuestion(), () => peer.mining.consent(true)))
  return undefined
}

/** Whether this device makes blocks, why not, and when its turn comes. */
export function mining(from: EventTarget, peer: Peer, ledger: OpenLedger, now: number): TemplateResult {
  const { mining: { rests, due, mined, consent, saidCharging } } = ledger
  const agreed = consent === 'agreed'
  return html`<section class="stack s1" aria-labelledby="mining"><h2 id="mining">${msg('Making blocks')}</h2><div class="panel stack">
    <label class="switch row"><span><b id="mine-name">${msg('Make blocks on this device')}</b><span class="sub" id="mine-about">${msg('Only while it charges, in sight, and not on a metered connection.')}</span></span>
      <input type="checkbox" role="switch" aria-labelledby="mine-name" aria-describedby="mine-about" ${switched(agreed, on => turn(from, peer, on))} /></label>
    ${rests === 'unknown-power' || (agreed && saidCharging) ? toggle({
      id: 'charging', label: msg('This device charges'), checked: saidCharging,
      about: msg('This browser does not tell. Turn it off when you unplug; on battery this drains it.'),
      turn: on => peer.mining.sayCharging(on),
    }) : nothing}
    <div class="stack s1" role="status">${rests === 'unasked' || rests === 'declined' ? nothing : rests !== null ? notice('info', restWords(rests, ledger).title, restWords(rests, ledger).detail)
      : notice('ok', msg('Blocks are made here now'), html`<p>${due === null ? msg('No turn of yours comes before somebody else’s now.') : due * 1000 <= now ? msg('Your turn is now.')
        : msg(str`Your turn comes in about ${roughly(due - now / 1000)}, if nobody comes before it.`)} ${msg('The screen is kept on meanwhile, where the browser allows it.')}</p>`)}
    <p class="small soft">${mined === 0 ? msg('None of the blocks is yours yet.') : msg(str`${blocks(mined)} of this chain are yours.`)}</p></div>
  </div></section>`
}
