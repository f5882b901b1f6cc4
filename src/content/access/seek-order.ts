import type { Address, Random } from '../../base/index.ts'

/** A device, and whose it is. */
export interface Candidate { readonly id: string, readonly address: Address }

/** Devices of holders in random order, so that none bears all of it, then those of others that were named (`hints`), the owner's last. Nobody else is asked. */
export function inOrder(there: readonly Candidate[], { holders, hints, owner }: { readonly holders: ReadonlySet<Address>, readonly hints: ReadonlySet<Address>, readonly owner: Address }, random: Random): readonly Candidate[] {
  const of = (wants: (address: Address) => boolean): readonly Candidate[] => shuffled(there.filter(({ address }) => wants(address)), random)
  return [
    ...of(address => address !== owner && holders.has(address)),
    ...of(address => address !== owner && hints.has(address) && !holders.has(address)),
    ...of(address => address === owner),
  ]
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const all = [...items]
  const dice = new DataView(random.bytes(4 * Math.max(1, all.length)).buffer)
  for (let i = all.length - 1; i > 0; i--) {
    const j = dice.getUint32(4 * i) % (i + 1)
    const [a, b] = [all[i]!, all[j]!]
    all[i] = b
    all[j] = a
  }
  return all
}
