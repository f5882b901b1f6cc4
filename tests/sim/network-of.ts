import { addressOfKey, sha256, utf8, type Secp256k1 } from '../../src/base/index.ts'
import { localNetwork, type Allocation, type Parameters } from '../../src/ledger/index.ts'
import type { Key } from './people/peer.ts'
import { networks, type Group, type Scenario } from './scenario.ts'

/** When simulations begin, seconds since 1970. */
export const beginning = 1_800_000_000

export function keyOf(name: string, { publicKey }: Secp256k1): Key {
  const secret = sha256(utf8(`simulated ${name}`))
  const key = publicKey(secret)
  return { secret, publicKey: key, address: addressOfKey(key) }
}

/** Somebody of a group, before anything is there. */
export interface Member { readonly group: Group, readonly key: Key | null, readonly power: bigint }

export function membersOf({ groups }: Scenario, signatures: Secp256k1): readonly Member[] {
  return groups.flatMap(group => Array.from({ length: group.count }, (_, i) => ({
    group, key: group.isAnchor === true ? null : keyOf(`${group.name} ${i}`, signatures), power: BigInt(Math.round(group.zipf === true ? group.power / (i + 1) : group.power)),
  })))
}

/** The keys that mine in secret. */
export function hiddenKeys({ privateBranch }: Scenario, signatures: Secp256k1): readonly Key[] {
  return Array.from({ length: privateBranch?.keys ?? 0 }, (_, i) => keyOf(`hidden ${i}`, signatures))
}

export const coins = 100_000_000

export function parametersOf(scenario: Scenario, members: readonly Member[], hidden: readonly Key[]): Parameters {
  const each = BigInt(Math.round((scenario.privateBranch?.power ?? 0) / Math.max(1, hidden.length)))
  const allocations: Allocation[] = [
    ...members.flatMap(({ key, power }) => key === null ? [] : [{ address: key.address, balance: Math.min(coins, Math.floor(2 ** 39 / members.length)), power }]),
    ...hidden.map(({ address }) => ({ address, balance: 0, power: each })),
  ]
  return { ...localNetwork(beginning), ...networks[scenario.network], name: 'simulated', minimumFee: 1_000, stampBits: 6, allocations }
}
