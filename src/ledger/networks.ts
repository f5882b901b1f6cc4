import { accept, decode, encode, isAddress, isMap, reject, type Judged } from '../base/index.ts'
import { isOpCode, recordsOp } from './ops/index.ts'
import { genesisCoins, genesisPower, parameters, type Allocation, type Parameters } from './parameters.ts'

const day = 86_400
const week = 7 * day

// Stamps: one thread of a desktop makes 0.8 million tries a second (0.6 where the stamp lies across two blocks of SHA-256), so 2^22 take 5 s and 2^20 take 1.3 s.

/** What both networks of ours share. */
const common = { range: 2_016, short: 12, drift: 15, stampedPerBlock: 8, powerSenders: 8, ops: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, recordsOp] } as const

/** Who begins the main network, and when. */
export interface Founding { readonly time: number, readonly founders: readonly Allocation[] }

/** A founding of the main network is in many hands, with power a newcomer cannot buy in an hour. */
export const mainFounding = { hands: 20, power: 100_000n, coins: 2 ** 40 - 1 } as const

/**
 * The main network: a block in five minutes, no new coins. `bad-input` for a founding in too few hands, with too little power, or with a hand that holds a
 * fifth of the power; `network-file` for one that no network could have.
 */
export function mainNetwork({ time, founders }: Founding): Judged<Parameters> {
  const network: Parameters = {
    ...common, name: 'main', time, allocations: founders,
    blockTime: 300, epoch: 288, activeWindow: 2_016, rescue: 1_800,
    minimumFee: 1_000, creditRate: 1_000, minimumPower: 0, reward: 0, stampBits: 22,
    keeperPeriod: week / 300, keeperBond: 100_000_000, keeperBondPerGiB: 1_000_000,
  }
  const power = genesisPower(network)
  const hands = new Set(founders.filter(founder => founder.power > 0n).map(({ address }) => address))
  if (hands.size < mainFounding.hands) return reject('bad-input', `a main network begins in at least ${mainFounding.hands} hands`)
  if (power < mainFounding.power) return reject('bad-input', `a main network begins with a power of at least ${mainFounding.power}`)
  if (founders.some(founder => founder.power * 5n >= power)) return reject('bad-input', 'one hand holds a fifth of the power')
  return judgeParameters(network)
}

/** A network among people who trust each other, from the first start of a relay: a lone tab can mine at once. */
export function localNetwork(time: number): Parameters {
  return {
    ...common, name: 'local', time, allocations: [],
    blockTime: 10, epoch: 36, activeWindow: 252, rescue: 60,
    minimumFee: 1, creditRate: 1, minimumPower: 1, reward: 1_000, stampBits: 20,
    keeperPeriod: 2_016, keeperBond: 0, keeperBondPerGiB: 0,
  }
}

/** A network file's `ledger`: JSON with powers as decimal strings, each other member a number, text or list. */
export function parametersToJson(network: Parameters): Record<string, unknown> {
  return { ...network, allocations: network.allocations.map(({ power, ...rest }) => ({ ...rest, power: String(power) })) }
}

/**
 * The parameters of a network file, judged: every member there and in its range, nobody named twice, no more coins than amounts can say; members nobody
 * knows are left out. `unsupported` where the network has operations we have no code for: its blocks would be refused here and nowhere else.
 */
export function parametersFromJson(value: unknown): Judged<Parameters> {
  if (!isMap(value)) return reject('network-file', 'parameters are not an object')
  const { name, ops: codes, allocations } = value
  if (typeof name !== 'string' || !Array.isArray(codes) || !Array.isArray(allocations)) return reject('network-file', 'no name, or operations or allocations that are no list')
  const read = allocations.map(readAllocation)
  if (!read.every(allocation => allocation !== null)) return reject('network-file', 'an allocation is not { address, balance, power }')
  return judgeParameters({ ...value as unknown as Parameters, allocations: read })
}

function readAllocation(value: unknown): Allocation | null {
  if (!isMap(value)) return null
  const { address, balance, power } = value
  if (!isAddress(address) || typeof balance !== 'number' || typeof power !== 'string' || !/^(0|[1-9]\d{0,19})$/.test(power)) return null
  return { address, balance, power: BigInt(power) }
}

function judgeParameters(network: Parameters): Judged<Parameters> {
  let bytes: Uint8Array
  try { bytes = encode(parameters, network) } catch (error) { return reject('network-file', (error as Error).message) }
  const judged = decode(parameters, bytes) // without members nobody knows
  if (!judged.ok) return reject('network-file', judged.reason)
  if (new Set(network.allocations.map(({ address }) => address)).size < network.allocations.length) return reject('network-file', 'an address has two allocations')
  if (genesisCoins(network) > mainFounding.coins) return reject('network-file', 'more coins than amounts can say')
  // The genesis target, 2^59 / (block time * power), is at least 2^20.
  if (genesisPower(network) * BigInt(network.blockTime) > 1n << 39n) return reject('network-file', 'more power than targets can say')
  // Who is active is counted by whole epochs.
  if (network.activeWindow % network.epoch !== 0) return reject('network-file', 'the active window is no multiple of the epoch')
  if (new Set(network.ops).size < network.ops.length) return reject('network-file', 'an operation is named twice')
  const unknown = network.ops.find(op => !isOpCode(op) && op !== recordsOp)
  if (unknown !== undefined) return reject('unsupported', `the network has an operation ${unknown}`)
  return accept(judged.value)
}
