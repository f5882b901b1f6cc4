import { msg, str } from '@lit/localize'
import type { LedgerAlert, OpenLedger, RestReason } from '../types.ts'
import { blocks } from './counts.ts'
import { duration, number, percent } from './format.ts'
import type { Tone } from './items.ts'

/** Seconds of a clock that nobody needs to hear of: a block may be this far ahead before others wait with it. */
const clockSlack = 5

/** How the ledger stands, in a few words. */
export function standing({ stage, behind, alert, support, votes }: Pick<OpenLedger, 'stage' | 'behind' | 'alert' | 'support' | 'votes'>): { tone: Tone, words: string } {
  if (alert !== null) return { tone: 'danger', words: msg('You have to decide') }
  if (behind > 0) return { tone: 'info', words: msg(str`Catching up, ${blocks(behind)} to go`) }
  if (isWeak({ support, votes })) return { tone: 'warn', words: msg('Weakly supported') }
  return stage === 'following' ? { tone: 'ok', words: msg('Up to date') } : { tone: 'info', words: stageOfVotes(stage) }
}

/** How far this device is in finding out what the network agrees on. */
export function stageOfVotes(stage: OpenLedger['stage']): string {
  return { beginning: () => msg('Finding out how it stands'), voting: () => msg('Hearing the votes'), following: () => msg('Following the votes') }[stage]()
}

/** Less than half of the weight that was active was seen on this branch, so it may be one that somebody made up for us. */
export function isWeak({ support, votes }: Pick<OpenLedger, 'support' | 'votes'>): boolean {
  return votes.members > 0 && support < .5
}

/** A share of one, in whole percent. */
export function share(part: number): string {
  return msg(str`${percent(Math.max(0, part), 1)} %`)
}

export function voteWords({ votes }: Pick<OpenLedger, 'votes'>): string {
  if (votes.members === 0) return msg('nobody has a vote yet')
  return msg(str`heard ${number(votes.heard)} of ${number(votes.members)}, ${share(votes.weight)} of the weight`)
}

/** Through how many relays those were met who answer about the ledger. */
export function viaWords({ answering: { peers, relays } }: Pick<OpenLedger, 'answering'>): string {
  if (peers === 0) return msg('the blocks here may be old')
  return relays === 1 ? msg('via 1 relay') : msg(str`via ${number(relays)} relays`)
}

/** Why the clock of this device is wrong; null where it is not, or nobody told. */
export function clockWords(ahead: number | null): string | null {
  if (ahead === null || Math.abs(ahead) <= clockSlack) return null
  return ahead > 0 ? msg(str`This device’s clock is ${duration(ahead)} ahead of the others’.`) : msg(str`This device’s clock is ${duration(-ahead)} behind the others’.`)
}

/** Why no blocks are made here now, and what would change that. */
export function restWords(reason: RestReason, { behind }: Pick<OpenLedger, 'behind'>): { title: string, detail: string } {
  switch (reason) {
    case 'unasked': return { title: msg('Not turned on'), detail: msg('Nothing is made before you agree.') }
    case 'declined': return { title: msg('Turned off'), detail: msg('Everything else works all the same.') }
    case 'hidden': return { title: msg('Waiting: no tab of it is in sight'), detail: msg('It goes on within a second when you look at one.') }
    case 'battery': return { title: msg('Waiting: running on battery'), detail: msg('It starts by itself when you plug in.') }
    case 'unknown-power': return { title: msg('Waiting: nobody knows whether this device charges'), detail: msg('This browser does not tell. Say so above while it does.') }
    case 'metered': return { title: msg('Waiting: the connection is metered'), detail: msg('It starts by itself on a connection that is not paid by the byte.') }
    case 'no-identity': return { title: msg('Waiting: there is no address here yet'), detail: msg('Open the Wallet once, and there is one.') }
    case 'locked': return { title: msg('Waiting: locked with your passphrase'), detail: msg('Blocks are signed. Unlock it in Settings.') }
    case 'beginning': return { title: msg('Waiting: finding out how the network stands'), detail: msg('Others are asked first, so that no block is made on an old one.') }
    case 'clock': return { title: msg('Waiting: this device’s clock is wrong'), detail: msg('Others would not take its blocks. Set the clock, best by itself.') }
    case 'too-young': return { title: msg('Waiting: your account has no power yet'), detail: msg('Power comes with a payment that has a fee. Then your turn comes.') }
    case 'behind': return { title: msg('Waiting: still fetching blocks'), detail: behind > 0 ? msg(str`${blocks(behind)} to go.`) : msg('It starts by itself when all are here.') }
  }
}

/** What happened, and what follows from either answer. */
export function alertWords({ why, tip, forkedAt }: LedgerAlert): { title: string, detail: string, stay: string, go: string } {
  const at = forkedAt === null ? msg('It is not known where it left the one you follow.') : msg(str`It left the one you follow after block ${number(forkedAt)}.`)
  const about = msg(str`The other branch ends at block ${number(tip.number)}. ${at}`)
  switch (why) {
    case 'too-deep': return { title: msg('Another branch goes deeper than is ever changed'), detail: msg(str`${about} The network never changes that much by itself, so one of the two was not made by it.`), stay: msg('Nothing changes here. If most people are on the other one, you see it no further.'), go: msg('What stood in your blocks since then is gone from here, payments too, unless the other branch has them as well.') }
    case 'headers-missing': return { title: msg('Another branch cannot be checked'), detail: msg(str`${about} The headers that would show where it comes from are not to be had.`), stay: msg('Nothing changes here; it is asked for again.'), go: msg('You trust it without having seen where it comes from.') }
    case 'leaves-safe': return { title: msg('Another branch leaves what was safe'), detail: msg(str`${about} It has more support, but not the weight that is needed to leave a root which was safe for this device.`), stay: msg('What was safe stays so here. If most people are on the other one, you see it no further.'), go: msg('What was final for this device since then is gone from here, payments too, unless the other branch has them as well.') }
  }
}
