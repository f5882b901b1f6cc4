import { addressBytes, concat, sha256, type Address } from '../../../src/base/index.ts'

export interface Candidate { readonly address: Address, readonly room: number, readonly periods: number, readonly proved: number }

/** Weighted rendezvous. */
export function rankKeepers<T extends Candidate>(owner: Address, candidates: readonly T[], bytes: number): readonly T[] {
  const scored = candidates.map(candidate => {
    const hash = sha256(concat(addressBytes(owner) ?? new Uint8Array(), addressBytes(candidate.address) ?? new Uint8Array()))
    const u = (new DataView(hash.buffer).getUint32(0) + 0.5) / 2 ** 32
    return { candidate, score: -(1 + candidate.proved) * Math.min(1, candidate.room / bytes) / Math.log(u) }
  })
  return scored.sort((a, b) => b.score - a.score).map(({ candidate }) => candidate)
}
