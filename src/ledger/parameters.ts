import { addressField, encode, list, sha256, struct, textString, u40, u64, u8, uint, type Address, type Encoded } from '../base/index.ts'

/** A share of a network's beginning. */
const allocation = struct({ address: addressField, balance: u40, power: u64 })
export type Allocation = Encoded<typeof allocation>

const seconds = (most: number) => uint(most, 1)
const blocks = (most: number) => uint(most, 1)

/**
 * Everything a network's verdicts depend on. Two networks that differ in any of it have different ids; names of relays and trackers are not here.
 * `docs/PROTOCOL.md` argues each value.
 */
export const parameters = struct({
  name: textString(32),
  /** Time of the genesis block, seconds since 1970. */
  time: uint(0xffff_ffff),
  allocations: list(allocation, 10_000),

  /** Seconds between blocks, on average: A. At least 5, since the base target moves by percents of it. */
  blockTime: uint(86_400, 5),
  /** Blocks of an epoch: E. Power is looked up one to two of them back. */
  epoch: blocks(100_000),
  /** Blocks whose miners are the active set: W. */
  activeWindow: blocks(100_000),
  /** Mutable range in blocks: forks deeper than this are never taken by themselves, witnesses no older. */
  range: blocks(100_000),
  /** Forks up to this many blocks deep are judged by difficulty. */
  short: blocks(1_000),
  /** Seconds after its parent from when any block is due. */
  rescue: seconds(864_000),
  /** Seconds a block's time may lie ahead before it has to wait. */
  drift: seconds(3_600),

  minimumFee: uint(2 ** 40 - 1, 1),
  /** Power of accounts without any: 0, or 1 where all trust each other. */
  minimumPower: uint(1),
  /** New coins a block. */
  reward: u40,
  /** Leading zero bits of a stamp. */
  stampBits: uint(64),
  stampedPerBlock: u8,
  /** First distinct senders of a block that gain power. */
  powerSenders: u8,
  /** Factoshi, which are coins, for an entry credit. */
  creditRate: uint(2 ** 40 - 1, 1),
  /** Blocks between two settlings of a keeper. */
  keeperPeriod: blocks(100_000),
  keeperBond: u40,
  keeperBondPerGiB: u40,
  /** Operations that may be used, and `recordsOp` where blocks may carry records; 0 is part of every block. */
  ops: list(uint(23, 1), 23),
})

export type Parameters = Encoded<typeof parameters>

/** What a genesis header holds as its generation: SHA-256 of all that decides validity. */
export function parametersDigest(value: Parameters): Uint8Array<ArrayBuffer> {
  return sha256(encode(parameters, value))
}

/** Coins there are at the start. */
export function genesisCoins({ allocations }: Parameters): number {
  return allocations.reduce((sum, { balance }) => sum + balance, 0)
}

export function genesisPower({ allocations }: Parameters): bigint {
  return allocations.reduce((sum, { power }) => sum + power, 0n)
}

export type { Address }
