import { html, nothing } from 'lit'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { things } from '../strings/counts.ts'
import { bytes, number } from '../strings/format.ts'
import { seenWords } from '../strings/items.ts'
import type { Item, MeteredRule, TrashItem } from '../types.ts'
import { notice, num } from './parts.ts'
import type { Question } from './question.ts'

/** Before anything of others is given on: what, who sees what, on which networks. */
export function consentQuestion(rule: MeteredRule): Question {
  return {
    heading: msg('Keep it for others too?'),
    body: html`<p>${msg('While this tab is open, people who have the same link can also take pieces from you. That is how a link outlives the tab it came from.')}</p>
      <ul class="rows">
        <li><div class="file"><span class="tile">${icon('up')}</span><span>${msg('Only what you fetch or share here: to people who have its link, or its content id where you made it findable; what is published, to everybody')}</span></div></li>
        <li><div class="file"><span class="tile">${icon('globe')}</span><span>${msg('They see this device’s IP address')}</span></div></li>
        <li><div class="file"><span class="tile">${icon('wifi')}</span><span>${rule === 'pause'
          ? msg('On Wi-Fi and cable, not where the browser says the connection is metered')
          : msg('On every connection, metered ones too, as Settings say')}</span></div></li>
      </ul>
      <p class="small quiet">${msg('The files come either way. The Sharing switch at the top stops all giving at once.')}</p>`,
    no: msg('Not now'),
    yes: msg('Agree'),
    tone: 'primary',
  }
}

/** Before an item leaves the Library; says when no other whole copy is known. */
export function removalQuestion(item: Item): Question {
  const here = item.state === 'here'
  return {
    heading: here ? msg('Remove from this device?') : msg('Stop and remove what came?'),
    body: html`<p><bdi><b>${item.title}</b></bdi>, ${num(bytes(here ? item.size : item.received))}</p>
      ${here ? html`<p>${msg('It is kept 7 days in Removed, at the end of the Library, and given to nobody meanwhile. Where room runs short it goes sooner.')}</p>` : nothing}
      ${here && item.keepers === 0
        ? notice('warn', msg('The only copy known'), [msg('Nobody else who is here now has all of it. After those days its link may lead nowhere.'), seenWords(item, Date.now())].join(' ').trim())
        : html`<p class="soft">${msg('With its link it can be fetched again, as long as somebody keeps it.')}</p>`}
      ${here ? html`<p class="small quiet">${msg('What you saved elsewhere stays.')}</p>` : nothing}`,
    no: msg('Keep it'),
    yes: here ? msg('Remove') : msg('Stop and remove'),
    tone: 'danger',
  }
}

export function blockQuestion(item: Item): Question {
  return {
    heading: msg('Block it for good?'),
    body: html`<p><bdi><b>${item.title}</b></bdi>, ${num(bytes(item.size))}</p>
      <p>${msg('It is deleted from this device at once and never taken or given again, whoever links to it. It does not go to Removed.')}</p>
      <p class="small quiet">${msg('What you saved elsewhere stays. Other people keep their copies.')}</p>`,
    no: msg('Keep it'),
    yes: msg('Delete and block'),
    tone: 'danger',
  }
}

/** Before removed items are gone for good: one of them, or all. */
export function discardQuestion(trash: readonly TrashItem[]): Question {
  const [only] = trash
  const room = trash.reduce((sum, { size }) => sum + size, 0)
  return {
    heading: msg('Delete for good?'),
    body: html`<p>${trash.length === 1 && only !== undefined ? html`<bdi><b>${only.title}</b></bdi>` : html`<b>${things(trash.length)}</b>`}, ${num(bytes(room))}</p>
      <p class="soft">${msg('This cannot be undone. With a link it can be fetched again, as long as somebody keeps it.')}</p>`,
    no: msg('Not now'),
    yes: msg('Delete for good'),
    tone: 'danger',
  }
}

/** Before a relay that a link names is used. */
export function relayQuestion(host: string): Question {
  return {
    heading: msg('Use another relay?'),
    body: html`<p>${msg(html`This link asks to use the relay <b><bdi>${host}</bdi></b>. It will see your IP address and whom you are introduced to.`)}</p>
      <p class="soft">${msg('Without it the people who have the files may not be found. What passes through a relay is encrypted. You can remove it again in Settings.')}</p>`,
    no: msg('Go on without it'),
    yes: msg('Use it'),
    tone: 'primary',
  }
}

export function clearBlocklistQuestion(blocked: number): Question {
  return {
    heading: msg('Forget the whole blocklist?'),
    body: html`<p>${blocked === 1 ? msg('1 blocked content can be fetched again afterwards.') : msg(str`${number(blocked)} blocked contents can be fetched again afterwards.`)}</p>
      <p class="soft">${msg('Nothing comes back by itself.')}</p>`,
    no: msg('Keep it'),
    yes: msg('Forget it'),
    tone: 'danger',
  }
}
