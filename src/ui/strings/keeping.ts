import { msg, str } from '@lit/localize'
import type { KeeperStatus, KeepingPick, KeepingTerms, Probes, RankedKeeper, Samaritan, UploadKeeper, UploadKeeping } from '../types.ts'
import { coins } from './counts.ts'
import { ago, bytes, dueAt, number } from './format.ts'
import type { Tone } from './items.ts'

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
    case 'away': return pays ? [
      msg('Two periods in a row were missed: you get no offers, and others may take your places. Keep a tab open: one proof in time makes you a keeper again.'),
      bond > 0 ? msg('A third period missed burns a tenth of your bond.') : msg('A third one ends your promises.'),
    ].join(' ') : msg('You were not there for a while, so others may take your places. Keep a tab open.')
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

/** What follows from letting go, where keepers are paid. `picked`: a proof of it is due and was not given yet. */
export function releaseEffect(picked: boolean): string {
  const paid = msg('Rent of the whole periods you proved is paid to you with it.')
  return picked ? `${msg('A proof of it is due and was not given: letting it go now makes this period a missed one, without rent for any of your files. Wait until it is answered, if you can.')} ${paid}` : paid
}

/** `answered 9 of 10`; empty where nothing was asked. */
export function probesWords(probes: Probes | null): string {
  const { asked, answered } = probes ?? { asked: 0, answered: 0 }
  return asked === 0 ? '' : msg(str`answered ${number(answered)} of ${number(asked)}`)
}

/** Whose files are kept without a promise. */
export function whoseWords(whose: Samaritan['whose']): { label: string, about: string } {
  return {
    fetched: () => ({ label: msg('What I fetch anyway'), about: msg('Nothing is fetched for the sake of others.') }),
    followed: () => ({ label: msg('Also of people I follow'), about: msg('What they publish is fetched and given on, as far as there is room.') }),
    protected: () => ({ label: msg('Also anything that is encrypted'), about: msg('Of anybody. You cannot open it yourself, and answer for none of it.') }),
    public: () => ({ label: msg('Also what everybody can open'), about: msg('Anything at all, of anybody. Some of it may not be to your liking, or not be lawful where you live.') }),
  }[whose]()
}

const GiB = 2 ** 30

/** Coins the network wants put up for so much room. */
export function bondFor(pledged: number, { pays, bond, bondPerGiB }: Pick<KeepingTerms, 'pays' | 'bond' | 'bondPerGiB'>): number {
  return pays ? Math.max(bond, Math.ceil(bondPerGiB * pledged / GiB)) : 0
}

/** What a keeper with such a bond risks, worst last. */
export function mayLose(bond: number): readonly string[] {
  return [
    msg('One period without a proof, as on a holiday: the rent of that period, nothing else.'),
    msg('Two in a row: others may take your places.'),
    bond > 0 ? msg('Three in a row: your promises are over, and a tenth of the bond is burned. Nobody gets it; the rest is yours when you end keeping.') : msg('Three in a row: your promises are over.'),
    ...bond > 0 ? [msg('Nothing else takes from it: not letting go, not a file that is lost, not what others say of you.')] : [],
  ]
}

/** How far the proof of one leaf is. */
export function pickWords(state: KeepingPick['state']): { words: string, tone: Tone } {
  return {
    answered: () => ({ words: msg('Answered'), tone: 'ok' as const }), sent: () => ({ words: msg('On its way'), tone: 'info' as const }),
    open: () => ({ words: msg('To be sent'), tone: 'warn' as const }), missing: () => ({ words: msg('Not here whole'), tone: 'danger' as const }),
  }[state]()
}

/** How a keeper of an upload stands to it, after its address. */
export function keeperWords({ status, until, seen, probes }: Pick<UploadKeeper, 'status' | 'until' | 'seen' | 'probes'>, now: number): string {
  const promise = status === 'gone' ? msg('counted as gone: need not keep it any more') : status === 'closing' ? msg('ends keeping: need not keep it any more')
    : status === 'away' ? msg(str`away of late; promised until about ${dueAt(until.at, now)}`) : msg(str`promised until about ${dueAt(until.at, now)}`)
  const rest = [probesWords(probes), seen === null ? msg('not seen here yet') : msg(str`seen ${ago(seen, now)}`)].filter(words => words !== '')
  return [promise, ...rest].join('; ')
}

/** What a keeper that may be asked wants, has room for and has shown. */
export function rankedWords({ each, room, proved, periods, seen, probes }: RankedKeeper, now: number): string {
  return [
    each === 0 ? msg('wants nothing') : msg(str`wants ${coins(each)} a period`), msg(str`${bytes(room)} free`),
    periods === 0 ? msg('new') : msg(str`proved ${number(proved)} of ${number(periods)}`), probesWords(probes), seen === null ? '' : msg(str`seen ${ago(seen, now)}`),
  ].filter(words => words !== '').join('; ')
}

/** How many of those who are asked take so many coins a period. */
export function takeWords(asked: readonly Pick<RankedKeeper, 'each'>[], offered: number): string {
  const dearer = asked.filter(({ each }) => each > offered).length
  return dearer === 0 ? msg('All of them take that.') : msg(str`${number(dearer)} of ${number(asked.length)} want more, and will not take it.`)
}

/** How far the places of an upload are taken: `2 of 3 places taken; 1 of them by a keeper who is away or gone`. */
export function placesWords({ wanted, free, keepers }: Pick<UploadKeeping, 'wanted' | 'free' | 'keepers'>): string {
  const lapsed = keepers.filter(({ status }) => status !== 'active').length
  const words = keepers.length === 0 ? msg(str`None of ${number(wanted)} places is taken`) : msg(str`${number(keepers.length)} of ${number(wanted)} places taken`)
  return lapsed > 0 ? lapsed === 1 ? msg(str`${words}, 1 by a keeper who is away or gone`) : msg(str`${words}, ${number(lapsed)} by keepers who are away or gone`) : free === 0 ? msg(str`${words}, all of them in good standing`) : words
}
