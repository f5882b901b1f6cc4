import { msg, str } from '@lit/localize'
import type { OpenLedger } from '../types.ts'
import { coins, uploads } from './counts.ts'
import { dueAt, number } from './format.ts'
import type { Tone } from './items.ts'

export type KeeperStatus = 'active' | 'away' | 'gone' | 'closing'

/** A keeper's periods are counted so far back in a row of columns: half a year on main. */
export const periodsShown = 26

/** `11 of the last 12 periods proved, the last one missed`. */
export function periodsWords(results: readonly boolean[]): string {
  const [all, proved] = [results.length, results.filter(Boolean).length]
  if (all === 0) return msg('No period is over yet')
  if (all === 1) return proved === 1 ? msg('The first period was proved') : msg('The first period was missed')
  const words = proved === all ? msg(str`All of the last ${all} periods proved`) : msg(str`${proved} of the last ${all} periods proved`)
  return results.at(-1) === true ? words : msg(str`${words}, the last one missed`)
}

/** When the block of this number is to be expected, in milliseconds since 1970: a guess by the time between blocks. */
export function whenBlockMs(block: number, { head, blockTime }: Pick<OpenLedger, 'head' | 'blockTime'>, now: number): number {
  return now + Math.max(0, block - head.number) * blockTime * 1000
}

/** What is to be shown in the period that runs, and by when: `at` in milliseconds since 1970, null where that is not known. */
export function dueWords({ asked, answered, at }: { readonly asked: number, readonly answered: number, readonly at: number | null }, now: number): { words: string, about: string, tone: Tone } {
  const by = at === null ? '' : dueAt(at, now)
  if (asked === 0) return { words: msg('No proof due'), tone: 'outline', about: at === null ? msg('Nothing was asked of you in this period.') : msg(str`Nothing was asked of you in this period; the next one begins about ${by}.`) }
  if (answered >= asked) return { words: msg('Proof given'), tone: 'ok', about: at === null ? msg(str`All ${asked} answered.`) : msg(str`All ${asked} answered; the next are asked about ${by}.`) }
  return {
    words: at === null ? msg('Proof due') : msg(str`Proof due by ${by}`), tone: 'warn',
    about: msg(str`Answered ${answered} of ${asked}. This device answers by itself while a tab is open; nothing is lost as long as it is in time.`),
  }
}

/** What somebody's standing as a keeper means, in a word. */
export function statusWord(status: KeeperStatus): { words: string, tone: Tone } {
  return {
    active: () => ({ words: msg('Keeper'), tone: 'ok' as const }), away: () => ({ words: msg('Away'), tone: 'warn' as const }),
    gone: () => ({ words: msg('Counted as gone'), tone: 'danger' as const }), closing: () => ({ words: msg('Ending'), tone: 'outline' as const }),
  }[status]()
}

/** What the person's own standing means and what to do: `pays` where the network has bonds and proofs. */
export function standingWords({ status, missed, bond, pays, free }: { readonly status: KeeperStatus, readonly missed: number, readonly bond: number, readonly pays: boolean, readonly free: string | null }): string {
  switch (status) {
    case 'active':
      if (!pays || missed === 0) return msg('New offers may come to you.')
      return msg('The last period was missed: its rent is lost, nothing else. Keep a tab open until the proof is given; a second one in a row opens your places to others.')
    case 'away': return pays ? msg('Two periods in a row were missed: you get no offers, and others may take your places. Keep a tab open: one proof in time makes you a keeper again. A third period missed burns a tenth of your bond.')
      : msg('You were not there for a while, so others may take your places. Keep a tab open.')
    case 'gone': return bond > 0 ? msg(str`Three periods in a row were missed: your duties are over, and a tenth of your bond was burned; nobody has it. End keeping to get the other ${coins(bond)} back.`)
      : msg('You were not there for so long that nobody counts on you any more.')
    case 'closing': return bond === 0 ? msg('You keep nothing for others any more.')
      : free === null ? msg(str`You keep nothing for others any more. Your ${coins(bond)} come back after two settlings.`) : msg(str`You keep nothing for others any more. Your ${coins(bond)} come back about ${free}.`)
  }
}

export type ReleaseReason = 'ordinary' | 'legal' | 'lost'

/** Why something is let go, and what that means. */
export function releaseWords(reason: ReleaseReason): { label: string, about: string } {
  return {
    ordinary: () => ({ label: msg('I do not want to keep it any longer'), about: msg('Somebody else may take your place. It is not held against you.') }),
    legal: () => ({ label: msg('I may not keep it'), about: msg('For the law’s sake; never held against anyone. Where it is not to come to this device again at all, block it instead.') }),
    lost: () => ({ label: msg('I do not have it any more'), about: msg('It costs nothing of the bond, but how many you lost is counted under your address, for all to see.') }),
  }[reason]()
}

/** What follows from letting go, for whoever does. `picked`: a proof of it is due and was not given yet; `rent`: coins earned and not paid. */
export function releaseEffect({ picked, rent }: { readonly picked: boolean, readonly rent: number }): string {
  const paid = rent > 0 ? msg(str`${coins(rent)} of whole periods are paid to you with it.`) : msg('Whole periods stay payable.')
  return picked ? `${msg('A proof of it is due and was not given: letting it go now makes this period a missed one, without rent for any of your files.')} ${paid}` : paid
}

/** `answered 9 of 10`; empty where nothing was asked. */
export function probesWords({ asked, answered }: { readonly asked: number, readonly answered: number }): string {
  return asked === 0 ? '' : msg(str`answered ${number(answered)} of ${number(asked)}`)
}

/** `rent of 3 publications`. */
export function rentOf(n: number): string { return msg(str`rent of ${uploads(n)}`) }
