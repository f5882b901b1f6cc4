import { HoldfastError, concat, fromHex, sha256, toHex } from '../../base/index.ts'
import { decodeDirectoryBlock, encodeDirectoryBlockHeader } from '../directory-block.ts'
import { decodeEntryBlock, encodeEntryBlockHeader } from '../entry-block.ts'
import { Unreadable, reading, type Reading } from '../faults.ts'
import { entryHash } from '../hashes.ts'
import { merkleBranch, merkleParent } from '../merkle.ts'
import { Members } from './members.ts'

/** A step up the branch, hashes in hex. Factom's short form has only what is beside the way. */
export interface BranchNode { readonly left: string | null, readonly right: string | null, readonly top: string | null }

/** Factom's receipt: how an entry's hash leads to the KeyMR of its Entry Block, and that one to the KeyMR of its Directory Block. */
export interface FactomReceipt {
  readonly entryHash: string
  /** The bytes of the entry, where the receipt has them. */
  readonly raw: Uint8Array | null
  readonly entryBlock: string
  readonly directoryBlock: string
  readonly branch: readonly BranchNode[]
}

/** What a branch that holds says. `chainId`: of the chain its Directory Block names. */
export interface ProvedEntry { readonly entryHash: string, readonly chainId: string, readonly entryBlock: string, readonly directoryBlock: string }

/** Longest branch: two trees of 2^32 leaves and their headers, and a chain's name. */
export const mostSteps = 67

/** A receipt as the API gives it, proved; with the entry's bytes it begins at those. */
export function judgeFactomReceipt(value: unknown): Reading<ProvedEntry> {
  return reading(() => {
    const receipt = readFactomReceipt(value)
    if (receipt.raw !== null && entryHash(receipt.raw) !== receipt.entryHash) throw new Unreadable('receipt-entry', 'the Entry Hash is not that of the bytes')
    const proved = proveBranch(receipt)
    if (receipt.raw !== null && toHex(receipt.raw.subarray(1, 33)) !== proved.chainId) throw new Unreadable('receipt-directory-block', `its Directory Block names chain ${proved.chainId}, which the entry does not belong to`)
    return proved
  })
}

/** The parts of a receipt, not proved. */
export function readFactomReceipt(value: unknown): FactomReceipt {
  const outer = Members.of(value)
  const receipt = outer?.part('result')?.part('receipt') ?? outer?.part('receipt') ?? outer
  const entry = receipt?.part('entry') ?? null
  const nodes = receipt?.list('merklebranch') ?? null
  const [hash, entryBlock, directoryBlock] = [entry?.hash('entryhash', 'key') ?? null, receipt?.hash('entryblockkeymr') ?? null, receipt?.hash('directoryblockkeymr') ?? null]
  if (entry === null || nodes === null || hash === null || entryBlock === null || directoryBlock === null) throw new Unreadable('receipt-format', 'entry, merklebranch, entryblockkeymr or directoryblockkeymr is missing')
  if (nodes.length > mostSteps) throw new Unreadable('receipt-format', `${nodes.length} steps, of ${mostSteps} at most`)
  const raw = entry.bytes('raw')
  if (entry.has('raw') && raw === null) throw new Unreadable('receipt-format', 'the bytes of the entry are no hex')
  return { entryHash: hash, raw, entryBlock, directoryBlock, branch: nodes.map(readNode) }
}

export function readNode(value: unknown): BranchNode {
  const node = Members.of(value)
  const at = (name: string): string | null => {
    if (node?.has(name) !== true) return null
    const hash = node.hash(name)
    if (hash === null) throw new Unreadable('receipt-format', `${name} of a step is no hash`)
    return hash
  }
  return { left: at('left'), right: at('right'), top: at('top') }
}

/**
 * Walks up the branch from the entry's hash. Each step must take up the one before it; on the way stand the Entry Block's KeyMR, as a body beside its header; then that
 * KeyMR as what its Directory Block has behind a ChainID; at the end the Directory Block's KeyMR, made like the first. Nodes and leaves of the tree look alike: that the
 * ChainID is the entry's own tells that the Entry Block is one, and that somebody trusts the Directory Block's KeyMR that it is one.
 */
export function proveBranch({ entryHash: hash, entryBlock, directoryBlock, branch }: Omit<FactomReceipt, 'raw'>): ProvedEntry {
  const ways: { readonly left: string, readonly right: string, readonly from: string, readonly top: string }[] = []
  let at = hash
  for (const [i, node] of branch.entries()) {
    const [left, right] = [node.left ?? at, node.right ?? at]
    if (node.left === null && node.right === null) throw new Unreadable('receipt-step', `step ${i} says nothing`)
    if (left !== at && right !== at) throw new Unreadable('receipt-step', `step ${i} does not take up ${at}`)
    const top = toHex(merkleParent(fromHex(left)!, fromHex(right)!))
    if (node.top !== null && node.top !== top) throw new Unreadable('receipt-step', `step ${i} makes ${top}, not ${node.top}`)
    ways.push({ left, right, from: at, top })
    at = top
  }
  const own = ways.findIndex(({ top }) => top === entryBlock)
  if (own < 0 || ways[own]!.right !== ways[own]!.from) throw new Unreadable('receipt-entry-block', 'no step makes the KeyMR of the Entry Block of a header and a body')
  const [named, last] = [ways[own + 1], ways.at(-1)!]
  if (named?.right !== entryBlock) throw new Unreadable('receipt-directory-block', 'no ChainID stands before the KeyMR of the Entry Block')
  if (ways.length < own + 3 || last.top !== directoryBlock || last.right !== last.from) throw new Unreadable('receipt-directory-block', 'it does not end in the KeyMR of the Directory Block')
  return { entryHash: hash, chainId: named.left, entryBlock, directoryBlock }
}

/** The branch for an entry of these blocks, whole. Throws `bad-input` for blocks that are none, or do not have it. */
export function branchOf(hash: string, entryBlock: Uint8Array, directoryBlock: Uint8Array): readonly BranchNode[] {
  const [own, all] = [decodeEntryBlock(entryBlock), decodeDirectoryBlock(directoryBlock)]
  if (!own.ok || !all.ok) throw new HoldfastError('bad-input', 'no Entry Block, or no Directory Block')
  const { header, items } = own.value
  const [item, chain] = [items.indexOf(hash), all.value.entries.findIndex(({ chainId }) => chainId === header.chainId)]
  if (item < 0 || chain < 0) throw new HoldfastError('bad-input', 'the block does not have the entry, or is not named by the Directory Block')
  const leaves = (hashes: readonly string[]): readonly Uint8Array[] => hashes.map(each => fromHex(each)!)
  const topped = (head: Uint8Array, body: string) => {
    const [left, right] = [sha256(head), fromHex(body)!]
    return { left, right, top: sha256(concat(left, right)) }
  }
  return [
    ...merkleBranch(leaves(items), item), topped(encodeEntryBlockHeader(header), header.bodyMR),
    ...merkleBranch(leaves(all.value.entries.flatMap(({ chainId, keyMR }) => [chainId, keyMR])), 2 * chain + 1), topped(encodeDirectoryBlockHeader(all.value.header), all.value.header.bodyMR),
  ].map(({ left, right, top }) => ({ left: toHex(left), right: toHex(right), top: toHex(top) }))
}
