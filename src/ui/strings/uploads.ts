import { msg, str } from '@lit/localize'
import type { IconName } from '../drawings/icons.ts'
import type { Item, OpenLedger, PeerState, Policy, PublishProgress, Stage, Upload, UploadKind, Verdict } from '../types.ts'
import { addresses, coins, others } from './counts.ts'
import { bytes, date, duration, number, roughly } from './format.ts'
import { shortAddress } from './wallet.ts'

export function kindName(kind: UploadKind): string {
  return { audio: () => msg('Music'), image: () => msg('Picture'), archive: () => msg('Files') }[kind]()
}

export const kindIcons: Readonly<Record<UploadKind, IconName>> = { audio: 'music', image: 'picture', archive: 'archive' }

/** `Music, 385 MB`. */
export function aboutUpload({ kind, file }: Pick<Upload, 'kind' | 'file'>): string {
  return `${kindName(kind)}, ${bytes(file.size)}`
}

/** Who gets it, in a few words for a card, and in a sentence. */
export function policyWords(policy: Policy): { brief: string, about: string, icon: IconName } {
  if ('open' in policy) return { brief: msg('Open to all'), about: msg('Not encrypted: whoever finds it can open it.'), icon: 'globe' }
  if ('public' in policy) return { brief: msg('Open to all'), about: msg('Encrypted, and its key stands beside it: whoever finds it can open it.'), icon: 'globe' }
  if ('owner' in policy) return { brief: msg('By request'), about: msg('Encrypted; only its publisher has the key.'), icon: 'lock' }
  if ('list' in policy) return { brief: msg('By request'), about: policy.list.length === 0 ? msg('Encrypted; its publisher chooses who gets the key.')
    : policy.list.length === 1 ? msg('Encrypted; 1 address gets the key, and whomever its publisher adds.') : msg(str`Encrypted; ${addresses(policy.list.length)} get the key, and whomever its publisher adds.`), icon: 'people' }
  return { brief: coins(policy.pay.price), about: msg('Encrypted; whoever pays can open it, for good.'), icon: 'coins' }
}

/** What the publisher may be found to have told wrongly. */
export function verdictWords(verdict: Verdict): string {
  return {
    'wrong-bytes': () => msg('What came is not what the ledger names.'),
    'wrong-audit': () => msg('The ledger names a wrong sum for keepers to prove, so nobody can keep it.'),
    'not-owner': () => msg('The file itself names somebody else as its owner.'),
    'bad-key': () => msg('The key that belongs to it does not open it.'),
    'bad-file': () => msg('The file is not of the kind it is said to be.'),
  }[verdict]()
}

/** Why a key was not given, as those who could give it answered. */
export function reasonForKey(reason: string | null): string {
  switch (reason) {
    case null: return msg('Nobody answered yet.')
    case 'policy': return msg('Your address is not among those who get it.')
    case 'not-bought': return msg('They see no payment of yours yet.')
    case 'not-safe-yet': case 'no-safety': return msg('Your access is too young for them to rely on; it is asked for again by itself.')
    case 'pending': return msg('They are still waiting for the key themselves.')
    case 'withdrawn': return msg('Its publisher withdrew it.')
    case 'unknown': return msg('They have not heard of it yet.')
    case 'busy': return msg('They are busy; it is asked for again by itself.')
    case 'redirect': return msg('They sent you on to others, who are asked now.')
    case 'bad-key': return msg('Somebody gave a key that does not fit. The next one is asked.')
    default: return msg('They could not tell; it is asked for again by itself.')
  }
}

/** Others who keep it: those who accepted on the ledger, and those with all of it who are here now. */
export function keptBy(upload: Pick<Upload, 'kept'>, me: string | null, item: Item | undefined): { others: number, promised: number } {
  const promised = upload.kept.filter(address => address !== me).length
  return { others: Math.max(promised, item?.keepers ?? 0), promised }
}

/** `Kept by 3 others (2 promised)`. */
export function keptWords({ others: n, promised }: { readonly others: number, readonly promised: number }, here: boolean, brief = false): string {
  if (n === 0) return here ? msg('On this device only') : msg('No keeper known')
  const words = brief ? others(n) : msg(str`Kept by ${others(n)}`)
  return promised === 0 || brief ? words : msg(str`${words} (${number(promised)} promised)`)
}

/** Places that keepers were asked to fill, and nobody has yet. */
export function placesFree({ kept, keepers, rent }: Pick<Upload, 'kept' | 'keepers' | 'rent'>): number {
  return Math.max(0, (rent?.wanted ?? keepers.length) - kept.length)
}

/** Step by step, what a publish job does. */
export function publishWords({ stage, kind }: PublishProgress): string {
  const steps = kind === 'audio' ? 4 : 3
  const second = { audio: () => msg('making lossless FLAC of it'), image: () => msg('making a PNG of it'), archive: () => msg('packing it') }
  switch (stage) {
    case 'receiving': return msg(str`Step 1 of ${steps}: reading what you chose`)
    case 'transcoding': return msg(str`Step 2 of ${steps}: ${second[kind]()}`)
    case 'encrypting': return kind === 'audio' ? msg(str`Step 3 of ${steps}: encrypting it`) : msg(str`Step 2 of ${steps}: packing and encrypting it`)
    case 'seeding': return msg(str`Step ${steps} of ${steps}: putting it in its place`)
    case 'complete': return msg('All of it is ready. Now the network is told.')
    case 'failed': return msg('Stopped')
  }
}

/** How long one period lasts, in seconds, as the network aims at. */
export function periodSeconds(ledger: PeerState['ledger']): number | null {
  return ledger.phase === 'open' ? ledger.blockTime * ledger.period : null
}

/** `4 periods, about 28 days`. */
export function periodWords(periods: number, ledger: PeerState['ledger']): string {
  const one = periodSeconds(ledger)
  const count = periods === 1 ? msg('1 period') : msg(str`${number(periods)} periods`)
  return one === null ? count : msg(str`${count}, about ${roughly(periods * one)}`)
}

/** When a block of this number is to be expected, or was: a guess by the time between blocks. */
export function whenBlock(block: number, ledger: OpenLedger, now: number): string {
  const seconds = (block - ledger.head.number) * ledger.blockTime
  return seconds <= 0 ? msg('over') : seconds < 2 * 86_400 ? msg(str`in about ${duration(seconds)}`) : msg(str`about ${date(now + seconds * 1000, now)}`)
}

/** Why something is held, as far as it says more than where it came from. */
export function heldWords({ reasons }: Pick<Item, 'reasons'>, me: string | null): readonly string[] {
  return reasons.flatMap(({ reason, owner }) => {
    const whom = owner === null || owner === me ? msg('its publisher') : shortAddress(owner)
    switch (reason) {
      case 'obliged': return [msg(str`You accepted to keep it for ${whom}`)]
      case 'offered': return [msg(str`Fetched to be kept for ${whom}`)]
      case 'samaritan': return [msg('Kept for others, unasked')]
      case 'pinned': return [msg('Pinned by you')]
      case 'attachment': return [msg('From a thread')]
      case 'own': case 'wanted': case 'shared': return []
    }
  })
}

/** Whether others carry on what is not in a block yet, as a sentence after another one. */
export function pulledWords(stage: Stage, pulled: boolean): string {
  return stage !== 'offered' ? '' : pulled ? ` ${msg('Another peer has it by now and carries it on.')}` : ` ${msg('Nobody has taken it over yet; keep a tab open.')}`
}
