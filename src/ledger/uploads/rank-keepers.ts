import { addressBytes, concat, sha256, utf8, type Address } from '../../base/index.ts'

/** A keeper as whoever has something to be kept sees it. */
export interface Candidate {
  readonly address: Address
  /** Bytes pledged and not taken on. */
  readonly room: number
  /** Periods closed, and those of the last 64 that were proved. */
  readonly periods: number
  readonly proved: number
  /** Random pieces asked of it, and those it gave, as far as this device asked. */
  readonly asked: number
  readonly answered: number
  /** Relays its devices are met through; empty where that is not known. */
  readonly relays: readonly string[]
}

/** Half a year of weeks: who has proved that long is as good as anybody. */
const longService = 26

/**
 * Keepers in the order in which an account asks them: by weighted rendezvous over the account's hash, so that different accounts ask different ones, the same one the same again
 * and again, and each keeper as often as its weight is of all. Long service and answered pieces weigh more, little room less. Of those who follow each other as many as can
 * be are met through different relays: one relay that is gone takes few of them along.
 */
export function rankKeepers<T extends Candidate>(owner: Address, candidates: readonly T[], bytes: number): readonly T[] {
  const scored = candidates.map(candidate => ({ candidate, score: scoreOf(owner, candidate, bytes) }))
  return spread(scored.toSorted((a, b) => b.score - a.score || (a.candidate.address < b.candidate.address ? -1 : 1)).map(({ candidate }) => candidate))
}

/** A weight's share of all wins: -weight / ln(u), u uniform in (0, 1). */
function scoreOf(owner: Address, candidate: Candidate, bytes: number): number {
  const hash = sha256(concat(utf8('holdfast/keeper-rank/1'), addressBytes(owner) ?? new Uint8Array(), addressBytes(candidate.address) ?? new Uint8Array()))
  return weightOf(candidate, bytes) / minusLog(new DataView(hash.buffer, hash.byteOffset).getUint32(0))
}

/** -ln((n + 1/2) / 2^32), by additions and multiplications alone, which are the same in every engine. */
function minusLog(n: number): number {
  let [mantissa, halvings] = [n + 0.5, 0]
  while (mantissa >= 2) { mantissa /= 2; halvings++ }
  while (mantissa < 1) { mantissa *= 2; halvings-- }
  const t = (mantissa - 1) / (mantissa + 1)
  let [sum, power] = [0, t]
  for (let k = 1; k < 40; k += 2) { sum += power / k; power *= t * t }
  return (32 - halvings) * Math.LN2 - 2 * sum
}

/** From 1 for somebody new to 4 for long service without a miss; as low as nothing for who gives none of the pieces it is asked for, or has room for this upload and little more. */
function weightOf({ room, periods, proved, asked, answered }: Candidate, bytes: number): number {
  const remembered = Math.min(64, periods)
  const service = 1 + 3 * Math.min(1, proved / longService) * (remembered === 0 ? 0 : proved / remembered)
  const given = (answered + 1) / (asked + 1)
  return service * given * Math.min(1, room / (4 * Math.max(1, bytes)))
}

/** The same, with each next one from a relay of which none is among those before, as long as there is one: round by round. */
function spread<T extends Candidate>(ranked: readonly T[]): readonly T[] {
  const left = [...ranked]
  const order: T[] = []
  while (left.length > 0) {
    const used = new Set<string>()
    for (let i = 0; i < left.length;) {
      const { relays } = left[i]!
      if (relays.some(relay => used.has(relay))) { i++; continue }
      for (const relay of relays) used.add(relay)
      order.push(...left.splice(i, 1))
    }
  }
  return order
}
