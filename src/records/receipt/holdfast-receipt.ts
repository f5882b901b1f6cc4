import { HoldfastError, accept, isMap, limits, reject, toHex, type Cid, type Judged } from '../../base/index.ts'
import { decodeEntry } from '../entry.ts'
import { Unreadable } from '../faults.ts'
import { entryHash } from '../hashes.ts'
import { branchOf, mostSteps, readNode, type BranchNode } from './factom-receipt.ts'
import { Members } from './members.ts'

export const receiptFormat = 'holdfast-receipt/1'

/** A block and the root of the state after it; together they are a state root. */
export interface ReceiptPosition { readonly header: Uint8Array, readonly state: Cid }

/** What Factom's blocks say of the entry. */
export interface ReceiptBlocks { readonly entryBlock: Uint8Array, readonly directoryBlock: Uint8Array }

/** What a state says of it: `nodes` prove the values of `keys`, in order, under `state`. */
export interface ReceiptProof extends ReceiptPosition { readonly keys: readonly string[], readonly nodes: readonly Uint8Array[] }

/** A self-contained receipt: an entry of a network, where it stands in its chain, and what shows that. */
export interface HoldfastReceipt {
  /** 8 bytes in hex. */
  readonly network: string
  readonly entry: Uint8Array
  readonly chain: string
  /** Its place in the chain, from 0. */
  readonly index: number
  readonly blocks: ReceiptBlocks & { readonly branch: readonly BranchNode[] } | null
  readonly proof: ReceiptProof | null
  /** Blocks after the one of the proof, each the next, up to one whose root somebody may trust. */
  readonly headers: readonly ReceiptPosition[]
}

/** What a receipt is made of. `proof` must prove `proofKeys` of it. */
export interface ReceiptParts {
  readonly network: string
  readonly entry: Uint8Array
  readonly index: number
  readonly blocks: ReceiptBlocks | null
  readonly proof: ReceiptProof | null
  readonly headers: readonly ReceiptPosition[]
}

/** Key of an entry of a chain in the state; the first that a receipt proves. */
export function receiptKey(chain: string, index: number): string { return `chain/${chain}/${index}` }

/** The receipt as JSON text, in Factom's words where those are its parts. Throws `bad-input` for parts that make none. */
export function writeReceipt({ network, entry, index, blocks, proof, headers }: ReceiptParts): string {
  const judged = decodeEntry(entry)
  if (!judged.ok) throw new HoldfastError('bad-input', `no entry: ${judged.reason}`, { fault: judged.code })
  const chain = judged.value.chainId
  if (blocks === null && proof === null) throw new HoldfastError('bad-input', 'neither blocks nor a proof: it would show nothing')
  if (proof !== null && proof.keys[0] !== receiptKey(chain, index)) throw new HoldfastError('bad-input', 'the proof is not of this entry')
  const position = ({ header, state }: ReceiptPosition) => ({ header: toHex(header), state })
  return JSON.stringify({
    format: receiptFormat, network, entry: toHex(entry), entryHash: entryHash(entry), chain, index,
    entryBlock: blocks === null ? null : toHex(blocks.entryBlock),
    directoryBlock: blocks === null ? null : toHex(blocks.directoryBlock),
    branch: blocks === null ? null : branchOf(entryHash(entry), blocks.entryBlock, blocks.directoryBlock),
    proof: proof === null ? null : { ...position(proof), keys: proof.keys, nodes: proof.nodes.map(toHex) },
    headers: headers.map(position),
  }, null, 2)
}

/** The parts of a receipt; nothing of what it claims is looked at yet. */
export function readReceipt(value: unknown): Judged<HoldfastReceipt> {
  const members = isMap(value) ? new Members(value) : null
  if (members?.text('format') !== receiptFormat) return reject('bad-input', `not of the format ${receiptFormat}`)
  const unknown = Object.keys(value as object).find(name => !known.has(name))
  if (unknown !== undefined) return reject('bad-input', `"${unknown}" is no part of a receipt`)
  try {
    return accept({
      network: needed(hexOf(members, 'network', 8), 'network'), entry: needed(members.bytes('entry'), 'entry'), chain: needed(members.hash('chain'), 'chain'), index: needed(members.number('index'), 'index'),
      blocks: blocksOf(members), proof: members.has('proof') ? proofOf(needed(members.part('proof'), 'proof')) : null, headers: listOf(members, 'headers', limits.receiptHeaders).map(positionOf),
    })
  } catch (error) {
    if (error instanceof Unreadable) return reject('bad-input', error.message)
    throw error
  }
}

const known = new Set(['format', 'network', 'entry', 'entryHash', 'chain', 'index', 'entryBlock', 'directoryBlock', 'branch', 'proof', 'headers'])

function blocksOf(members: Members): HoldfastReceipt['blocks'] {
  if (!members.has('entryBlock') && !members.has('directoryBlock') && !members.has('branch')) return null
  return {
    entryBlock: needed(members.bytes('entryBlock'), 'entryBlock'), directoryBlock: needed(members.bytes('directoryBlock'), 'directoryBlock'),
    branch: listOf(members, 'branch', mostSteps).map(readNode),
  }
}

function proofOf(members: Members): ReceiptProof {
  const keys = listOf(members, 'keys', 3).map(key => needed(typeof key === 'string' ? key : null, 'a key'))
  const nodes = listOf(members, 'nodes', limits.proofNodes).map(node => needed(bytesOf(node), 'a node'))
  return { ...positionOf(members), keys, nodes }
}

function positionOf(value: unknown): ReceiptPosition {
  const members = value instanceof Members ? value : needed(Members.of(value), 'a header')
  return { header: needed(members.bytes('header'), 'header'), state: needed(members.hash('state'), 'state') }
}

function listOf(members: Members, name: string, most: number): readonly unknown[] {
  const list = needed(members.list(name), name)
  if (list.length > most) throw new Unreadable('receipt-format', `${name}: ${list.length}, of ${most} at most`)
  return list
}

function hexOf(members: Members, name: string, length: number): string | null {
  const bytes = members.bytes(name)
  return bytes?.length === length ? toHex(bytes) : null
}

function bytesOf(value: unknown): Uint8Array | null { return new Members({ value }).bytes('value') }

function needed<T>(value: T | null, name: string): T {
  if (value === null) throw new Unreadable('receipt-format', `${name} is missing, or not what it should be`)
  return value
}
