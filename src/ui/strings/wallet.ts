import { msg, str } from '@lit/localize'
import type { IconName } from '../drawings/icons.ts'
import type { Stage, WalletRow } from '../types.ts'
import { errorWords } from './errors.ts'
import { number } from './format.ts'
import type { Tone } from './items.ts'

/** How far something has come: colour, how full its pebble is, word, and what the word means. */
export function stageWords(stage: Stage): { tone: Tone, filled: 'none' | 'third' | 'most' | 'full', words: string, about: string } {
  switch (stage) {
    case 'signing': return { tone: 'outline', filled: 'none', words: msg('Signing'), about: msg('It waits for your signature; nobody else has it yet.') }
    case 'stamping': return { tone: 'outline', filled: 'none', words: msg('Stamping'), about: msg('This device does the work that stands in for a fee; nobody else has it yet.') }
    case 'offered': return { tone: 'warn', filled: 'third', words: msg('Offered'), about: msg('It goes round among the peers until somebody takes it into a block.') }
    case 'in-block': return { tone: 'info', filled: 'most', words: msg('In a block'), about: msg('A block has it. Another one may still take that block’s place.') }
    case 'settled': return { tone: 'ok', filled: 'most', words: msg('Settled'), about: msg('Several blocks stand on it. It changes only if much of the network disagrees.') }
    case 'safe': return { tone: 'ok', filled: 'full', words: msg('Safe'), about: msg('At or below the safety root, so final for this device.') }
    case 'failed': return { tone: 'danger', filled: 'none', words: msg('Failed'), about: msg('It did not come about; nothing was spent.') }
  }
}

/** Why something failed, in a sentence; empty where it did not. */
export function failureWords({ stage, problem }: Pick<WalletRow, 'stage' | 'problem'>): string {
  if (stage !== 'failed') return ''
  return problem === null ? msg('Nothing was spent.') : msg(str`${errorWords(problem).what}. Nothing was spent.`)
}

export function isFinished(stage: Stage): boolean {
  return stage === 'settled' || stage === 'safe'
}

/** What is wrong with a secret key of Factom's as it was typed; null where something else went wrong. */
export function keyFault(error: unknown): string | null {
  const { code, data } = error as { readonly code?: string, readonly data?: { readonly fault?: unknown } } | null ?? {}
  if (code === 'already-exists') return msg('This key is here already.')
  if (code === 'too-many') return msg('There are as many keys here as there can be. Nothing was taken; remove one first.')
  if (code !== 'bad-input') return null
  switch (data?.fault) {
    case 'address-length': return msg('This is no whole key, which has 52 characters. Nothing was taken; copy all of it and paste it again.')
    case 'base58-char': return msg('There is a character in it that no key has: 0, O, I and l are never used. Nothing was taken; copy it again.')
    case 'address-checksum': return msg('There is a slip in this key: its check digits do not fit. Nothing was taken; copy it again.')
    case 'address-public': return msg('This is an address, which anybody may know, and no secret key. The key of FA… begins with Fs, that of EC… with Es. Nothing was taken.')
    default: return msg('This is no secret key of Factom: those begin with Fs or Es. Nothing was taken.')
  }
}

/** `T9fWqH…Kx3R`: enough to tell apart on a page, never to pay to. */
export function shortAddress(address: string): string {
  return address.length > 14 ? `${address.slice(0, 6)}…${address.slice(-4)}` : address
}

/** What a line of the history is. */
export function rowWords({ kind, other, block }: Pick<WalletRow, 'kind' | 'other' | 'block'>): { title: string, about: string, icon: IconName } {
  const who = other === null ? '' : shortAddress(other)
  switch (kind) {
    case 'sent': return { title: other === null ? msg('Sent') : msg(str`To ${who}`), about: msg('Coins sent'), icon: 'out' }
    case 'received': return { title: other === null ? msg('Received') : msg(str`From ${who}`), about: msg('Coins received'), icon: 'in' }
    case 'mined': return { title: block === null ? msg('A block') : msg(str`Block ${number(block)}`), about: msg('Made on your behalf, with its fees'), icon: 'chip' }
    case 'message': return { title: msg('A message'), about: msg('Written in a thread'), icon: 'threads' }
    case 'profile': return { title: msg('Your profile'), about: msg('Changed'), icon: 'person' }
    case 'publish': return { title: msg('A publication'), about: msg('Published, with what was set aside for keepers'), icon: 'discover' }
    case 'assign': return { title: msg('A publication'), about: msg('Changed by you'), icon: 'discover' }
    case 'keep': return { title: msg('Keeping for others'), about: msg('What you keep was told to the network'), icon: 'library' }
    case 'buy': return { title: other === null ? msg('A key, bought') : msg(str`A key of ${who}`), about: msg('Set aside until the key is here'), icon: 'key' }
    case 'grant': return { title: other === null ? msg('A key, given') : msg(str`A key for ${who}`), about: msg('Given to who paid for it'), icon: 'key' }
    case 'settle': return { title: msg('A purchase, closed'), about: msg('Its coins went to whom they belong'), icon: 'key' }
    case 'earned': return { title: other === null ? msg('Sold') : msg(str`Sold to ${who}`), about: msg('Coins for a key'), icon: 'in' }
    case 'refunded': return { title: msg('Coins back'), about: msg('Nobody gave the key in time'), icon: 'in' }
  }
}

/** What the other side of a line is called. */
export function otherWords(kind: WalletRow['kind']): string {
  return kind === 'sent' || kind === 'grant' ? msg('To') : kind === 'buy' || kind === 'refunded' ? msg('Published by') : msg('From')
}

const incoming: ReadonlySet<WalletRow['kind']> = new Set(['received', 'mined', 'earned', 'refunded'])

/** Coins that came or went, the fee of what went included. */
export function movedCoins({ kind, amount, fee }: Pick<WalletRow, 'kind' | 'amount' | 'fee'>): number {
  return incoming.has(kind) ? amount - (kind === 'refunded' || kind === 'earned' ? fee : 0) : -(amount + fee)
}

/** `+40`, `−40` or `0`. */
export function signed(n: number): string {
  return n === 0 ? '0' : n > 0 ? `+${number(n)}` : `−${number(-n)}`
}

/** Every line of the history for a spreadsheet: RFC 4180. */
export function historyFile(rows: readonly WalletRow[]): string {
  const head = ['time', 'kind', 'coins', 'fee', 'other', 'stage', 'block', 'id']
  const lines = rows.map(({ time, kind, amount, fee, other, stage, block, id }) =>
    [new Date(time * 1000).toISOString(), kind, String(incoming.has(kind) || amount === 0 ? amount : -amount), String(fee), other ?? '', stage, block === null ? '' : String(block), id])
  return [head, ...lines].map(line => line.map(cell => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n') + '\r\n'
}
