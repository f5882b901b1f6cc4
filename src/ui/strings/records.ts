import { msg, str } from '@lit/localize'
import type { IconName } from '../drawings/icons.ts'
import { asText, readable } from '../record-bytes.ts'
import type { FactoidSending, RecordEntry, RecordFinding, RecordSending, RecordStage } from '../types.ts'
import { coins } from './counts.ts'
import { errorWords, type Words } from './errors.ts'
import { number } from './format.ts'
import type { Tone } from './items.ts'

/** How far an entry has come: colour, how full its pebble is, word, and what the word means. */
export function recordStage(stage: RecordStage): { tone: Tone, filled: 'none' | 'third' | 'most' | 'full', words: string, about: string } {
  switch (stage) {
    case 'local': return { tone: 'outline', filled: 'none', words: msg('On this device'), about: msg('Kept here. Nobody else has it yet.') }
    case 'offered': return { tone: 'warn', filled: 'third', words: msg('Offered'), about: msg('It goes round among the peers until somebody puts it in a block.') }
    case 'included': return { tone: 'info', filled: 'most', words: msg('In a block'), about: msg('A block has it. Another one may still take that block’s place.') }
    case 'safe': return { tone: 'ok', filled: 'full', words: msg('Safe'), about: msg('Final for this device. A receipt of it holds from now on.') }
    case 'failed': return { tone: 'danger', filled: 'none', words: msg('Failed'), about: msg('It did not come about.') }
  }
}

/** The steps of an entry on its way, in their order. */
export const recordSteps = ['local', 'offered', 'included', 'safe'] as const satisfies readonly RecordStage[]

/** The stage of an entry that lies in a block. */
export function entryStage({ safe }: Pick<RecordEntry, 'safe'>): RecordStage {
  return safe ? 'safe' : 'included'
}

export function credits(n: number): string {
  return n === 1 ? msg('1 credit') : msg(str`${number(n)} credits`)
}

export function entries(n: number): string {
  return n === 1 ? msg('1 entry') : msg(str`${number(n)} entries`)
}

export function chains(n: number): string {
  return n === 1 ? msg('1 chain') : msg(str`${number(n)} chains`)
}

/** `8a77…c310`: enough to tell apart on a page. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 4)}…${hash.slice(-4)}`
}

const markChars = 48
const nameChars = 120

/** A mark in a list; its page has the whole of it. */
export function markWords(mark: Uint8Array): string {
  return shortened(readable(mark), markChars)
}

/** What a chain is called: the marks of its first entry, else its id. */
export function chainName({ name, id }: { readonly name: readonly Uint8Array[] | null, readonly id: string }): string {
  const words = name?.map(mark => asText(mark)?.trim() ?? markWords(mark)).filter(text => text !== '').join(', ') ?? ''
  return words === '' ? msg(str`Chain ${shortHash(id)}`) : shortened(words, nameChars)
}

function shortened(text: string, most: number): string {
  const letters = Array.from(text)
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`
}

/** Who else has the bytes of an entry; null where nobody was asked. */
export function holderWords(holders: number | null): { lone: boolean, words: string } {
  if (holders === null) return { lone: false, words: msg('not asked yet') }
  return holders === 0 ? { lone: true, words: msg('nobody else who was asked') } : { lone: false, words: holders === 1 ? msg('1 other peer') : msg(str`${number(holders)} other peers`) }
}

const problems: Readonly<Record<string, () => Words>> = {
  'already-exists': () => ({ what: msg('This chain is there already'), next: msg('A chain is named by the marks of its first entry. Change a mark, or add an entry to the one that is there.') }),
  'not-found': () => ({ what: msg('This chain is not there'), next: msg('It may be in a block that has still to come. What you wrote is kept.') }),
  'too-large': () => ({ what: msg('This does not fit into an entry'), next: msg('Marks and content have 10,240 bytes together. What you wrote is kept; make it shorter.') }),
  'locked': () => ({ what: msg('Locked with your passphrase'), next: msg('Entries are signed. Unlock it in Settings; what you wrote is kept.') }),
  'timeout': () => ({ what: msg('No block took it in time'), next: msg('What was paid for it is spent only where a block had the payment. Write it again.') }),
}

/** Why something cannot be recorded, or was not. */
export function recordProblem(problem: unknown): Words {
  const { code, data } = problem as { readonly code?: string, readonly data?: { readonly missing?: unknown } } | null ?? {}
  if (typeof data?.missing === 'number') return { what: msg('There were not enough entry credits'), next: msg(str`Missing: ${credits(data.missing)}. Buy them, then write it again. What you wrote is kept.`) }
  return code !== undefined && Object.hasOwn(problems, code) ? problems[code]?.() ?? errorWords(problem) : errorWords(problem)
}

/** What became of one that failed: why, and what was paid. */
export function failedWords({ problem, spent, credits: paid }: Pick<RecordSending, 'problem' | 'spent' | 'credits'>): Words {
  const { what } = recordProblem(problem)
  return { what, next: spent ? msg(str`A block had its payment already, so these are spent: ${credits(paid)}. What you wrote is kept.`) : msg('Nothing was spent. What you wrote is kept.') }
}

/** What a receipt claims, in words. */
export function claimWords(claim: RecordFinding['claim']): string {
  switch (claim) {
    case 'format': return msg('It is whole and of a known form')
    case 'entry-hash': return msg('The entry has the hash it is named by')
    case 'chain-id': return msg('It belongs to the chain it names')
    case 'entry-block': return msg('It lies in its Entry Block')
    case 'directory-block': return msg('That lies in its Directory Block')
    case 'state-proof': return msg('The state of the ledger says so')
    case 'block': return msg('That state is the one a block names')
    case 'signature': return msg('Whoever paid for it signed it')
    case 'hash': return msg('It has the hash that is said')
    case 'trust': return msg('Somebody you trust vouches for it')
  }
}

export function holdWords(holds: boolean | null): { tone: 'done' | 'stuck' | 'waiting', icon: IconName, words: string } {
  return holds === true ? { tone: 'done', icon: 'check', words: msg('holds') } : holds === false ? { tone: 'stuck', icon: 'close', words: msg('does not hold') } : { tone: 'waiting', icon: 'info', words: msg('not known') }
}

/** What all findings together mean. */
export function verdictOf(findings: readonly Pick<RecordFinding, 'claim' | 'holds'>[]): { tone: 'ok' | 'warn' | 'danger', title: string, text: string } {
  const trust = findings.find(({ claim }) => claim === 'trust')
  const wrong = findings.filter(({ holds, claim }) => holds === false && claim !== 'trust').length
  if (wrong > 0) return { tone: 'danger', title: msg('This does not hold'), text: wrong === 1 ? msg('One of its claims is false: it was changed, or put together from parts of others. Rely on nothing in it.') : msg(str`${number(wrong)} of its claims are false: it was changed, or put together from parts of others. Rely on nothing in it.`) }
  if (trust?.holds === true) return { tone: 'ok', title: msg('It holds'), text: msg('The entry was recorded as the receipt says, and it ends in a root that is trusted here.') }
  return { tone: 'warn', title: msg('It holds together, but nobody vouches for it yet'), text: msg('Every sum in it is right. Whether the ledger it speaks of is the real one shows a root that you trust: ask somebody for one, or check it where Holdfast follows that network.') }
}

/** What a payment of the Factoid address is. */
export function paymentWords({ kind, coins: amount, credits: bought }: Pick<FactoidSending, 'kind' | 'coins' | 'credits'>): string {
  switch (kind) {
    case 'buy-credits': return msg(str`${credits(bought)} for ${coins(amount)}`)
    case 'send': return msg(str`${coins(amount)} sent`)
    case 'to-account': return msg(str`${coins(amount)} back to the account`)
  }
}

export function failedPayment({ problem }: Pick<FactoidSending, 'problem'>): string {
  return problem === null ? msg('It did not come about. The coins are where they were.') : msg(str`${errorWords(problem).what}. The coins are where they were.`)
}
