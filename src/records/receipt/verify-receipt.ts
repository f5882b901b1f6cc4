import { decode, decodeCbor, encode, fromHex, isMap, sha256, toHex, utf8, type Cid } from '../../base/index.ts'
import { ledgerShape, verifyProof } from '../../hamt/index.ts'
import { keys, stateRoot, type StateKey } from '../../state/index.ts'
import { decodeDirectoryBlock, encodeDirectoryBlockHeader } from '../directory-block.ts'
import { chainIdOf, decodeEntry } from '../entry.ts'
import { decodeEntryBlock, encodeEntryBlockHeader, keyMR } from '../entry-block.ts'
import { reading } from '../faults.ts'
import { entryHash } from '../hashes.ts'
import { proveBranch } from './factom-receipt.ts'
import { fails, holds, open, trusted, type RecordFinding } from './finding.ts'
import { receiptKey, type HoldfastReceipt, type ReceiptPosition, type ReceiptProof } from './holdfast-receipt.ts'
import { utcText } from './utc.ts'

/**
 * What a receipt claims and whether it holds, with nothing but the receipt and the roots somebody trusts: state roots, or KeyMRs of Directory Blocks. Trust reaches from
 * a root to what it names, so that a later block's root stands for all before it.
 */
export function verifyReceipt(receipt: HoldfastReceipt, roots: ReadonlySet<string>): readonly RecordFinding[] {
  const hash = entryHash(receipt.entry)
  const proof = receipt.proof === null ? null : proofFindings(receipt, receipt.proof, hash)
  const chain = receipt.proof === null ? null : chainFindings(receipt, receipt.proof)
  const blocks = blockFindings(receipt, hash, proof, roots)
  const stateRoots = proof !== null && chain !== null && [...proof.findings, ...chain.findings].every(({ holds: each }) => each === true) ? chain.roots : []
  return [
    holds('format', 'A receipt of Holdfast, version 1.'), ...entryFindings(receipt, hash),
    ...proof?.findings ?? [open('state-proof', 'The receipt has no proof under a state root.')], ...chain?.findings ?? [],
    ...blocks.findings, ...trustFindings(stateRoots, blocks.keyMR, roots),
  ]
}

/** Whether somebody trusts what the claims end in. Where one of the two is trusted, the other is left open. */
function trustFindings(stateRoots: readonly Cid[], directory: string | null, roots: ReadonlySet<string>): readonly RecordFinding[] {
  const findings = [
    ...stateRoots.length > 0 ? [trusted(stateRoots, 'state root', roots)] : [],
    ...directory !== null && (stateRoots.length === 0 || roots.has(directory)) ? [trusted([directory], 'Directory Block', roots)] : [],
  ]
  if (findings.length === 0) return [fails('trust', 'What is claimed does not hold, so that no root stands for it.')]
  return findings.some(({ holds: each }) => each === true) ? findings.map(each => each.holds === false ? open(each.claim, each.says) : each) : findings
}

function entryFindings({ entry, chain, index }: HoldfastReceipt, hash: string): readonly RecordFinding[] {
  const judged = decodeEntry(entry)
  if (!judged.ok) return [fails('entry-hash', `The bytes are no entry: ${judged.reason}.`)]
  const { chainId, extIds } = judged.value
  return [
    holds('entry-hash', `The Entry Hash of the ${entry.length} bytes is ${hash}.`),
    chainId !== chain ? fails('chain-id', `The entry belongs to chain ${chainId}, not ${chain}.`)
      : index === 0 && chainIdOf(extIds) !== chain ? fails('chain-id', `It is said to begin chain ${chain}, and its ExtIDs name another.`)
      : holds('chain-id', index === 0 ? `It begins chain ${chain}, which its ExtIDs name.` : `It belongs to chain ${chain}.`),
  ]
}

interface Proved { readonly findings: readonly RecordFinding[], readonly entryBlock: string | null, readonly directoryBlock: string | null }

/** What the state says: that the entry stands there, and the KeyMRs of the chain's last Entry Block and of the last Directory Block where those are proved as well. */
function proofFindings({ chain, index }: HoldfastReceipt, { state, keys: names, nodes }: ReceiptProof, hash: string): Proved {
  const failed = (says: string): Proved => ({ findings: [fails('state-proof', says)], entryBlock: null, directoryBlock: null })
  const rest = names.slice(1)
  if (names[0] !== receiptKey(chain, index)) return failed(`The proof is not of entry ${index} of chain ${chain}.`)
  if (rest.some((name, i) => name !== keys.chain(chain).name && name !== keys.directory.name || rest.indexOf(name) !== i)) return failed('The proof is of keys that say nothing of the entry.')
  const judged = verifyProof(fromHex(state)!, ledgerShape, names.map(name => utf8(name)), nodes)
  if (!judged.ok) return failed(`The proof does not hold under state ${state}: ${judged.reason}.`)
  const valueOf = <T>(key: StateKey<T>): T | null => {
    const bytes = judged.value[names.indexOf(key.name)] ?? null
    const value = bytes === null ? null : decode(key.codec, bytes)
    return value?.ok === true ? value.value : null
  }
  const found = valueOf(keys.chainEntry(chain, index))
  if (found !== hash) return failed(`Under state ${state}, entry ${index} of chain ${chain} is ${found ?? 'not there'}, not ${hash}.`)
  const says = `Under state ${state}, entry ${index} of chain ${chain} is ${hash}.`
  return { findings: [holds('state-proof', says)], entryBlock: valueOf(keys.chain(chain))?.keyMR ?? null, directoryBlock: valueOf(keys.directory)?.keyMR ?? null }
}

/** From the state of the proof to the root of its block, and on to the last one that is given. */
function chainFindings({ network, headers }: HoldfastReceipt, proof: ReceiptPosition): { readonly findings: readonly RecordFinding[], readonly roots: readonly Cid[] } {
  const roots: Cid[] = []
  let last: HeaderFacts | null = null
  for (const { header, state } of [proof, ...headers]) {
    const facts = headerFacts(header)
    if (facts === null) return { findings: [fails('block', `What stands ${roots.length} blocks after the proof is no header.`)], roots }
    if (facts.network !== network) return { findings: [fails('block', `Block ${facts.number} is of network ${facts.network}, not ${network}.`)], roots }
    if (last !== null && facts.previousRoot !== roots.at(-1)) return { findings: [fails('block', `Block ${facts.number} does not go on from root ${roots.at(-1)!}.`)], roots }
    roots.push(toHex(sha256(encode(stateRoot, { block: toHex(sha256(header)), state }))))
    last = facts
  }
  const first = headerFacts(proof.header)!
  const when = utcText(first.time)
  const on = headers.length === 0 ? '' : `; headers lead on from it to block ${last!.number}`
  return { findings: [holds('block', `That is the state after block ${first.number} of network ${network}, of ${when} UTC, root ${roots[0]!}${on}.`)], roots }
}

interface HeaderFacts { readonly network: string, readonly number: number, readonly time: number, readonly previousRoot: Cid | null }

/** The few words of a header that matter here; a root that is trusted stands for the rest. */
function headerFacts(bytes: Uint8Array): HeaderFacts | null {
  const judged = decodeCbor(bytes)
  if (!judged.ok || !isMap(judged.value)) return null
  const { network, number, time, previousRoot } = judged.value
  if (!(network instanceof Uint8Array) || !isWhole(number) || !isWhole(time)) return null
  return { network: toHex(network), number, time, previousRoot: linkOf(previousRoot) }
}

function isWhole(value: unknown): value is number { return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32 }

/** The digest of a link as the decoder makes it. */
function linkOf(value: unknown): Cid | null {
  const digest = (value as { readonly multihash?: { readonly digest?: unknown } } | null)?.multihash?.digest
  return digest instanceof Uint8Array ? toHex(digest) : null
}

/** Factom's blocks beside the proof; `keyMR`: of the Directory Block, where all of it holds. They stand for the network only where a state or a root that is trusted names one of them. */
function blockFindings({ chain, blocks }: HoldfastReceipt, hash: string, proved: Proved | null, roots: ReadonlySet<string>): { readonly findings: readonly RecordFinding[], readonly keyMR: string | null } {
  if (blocks === null) return { findings: [open('entry-block', 'The receipt has no Entry Block and Directory Block.')], keyMR: null }
  const own = decodeEntryBlock(blocks.entryBlock)
  if (!own.ok) return { findings: [fails('entry-block', `No Entry Block: ${own.reason}.`)], keyMR: null }
  const { header, items } = own.value
  const entryKey = keyMR(encodeEntryBlockHeader(header), header.bodyMR)
  if (header.chainId !== chain || !items.includes(hash)) return { findings: [fails('entry-block', `Entry Block ${entryKey} does not have the entry.`)], keyMR: null }
  if (proved !== null && proved.entryBlock !== null && proved.entryBlock !== entryKey) {
    return { findings: [fails('entry-block', `In the state, the last Entry Block of the chain is ${proved.entryBlock}, not ${entryKey}.`)], keyMR: null }
  }
  const directory = directoryKeyMR({ chain, hash, entryKey, blocks })
  if (!directory.ok) return { findings: [open('entry-block', `Entry Block ${entryKey} has the entry.`), fails('directory-block', directory.reason)], keyMR: null }
  if (proved !== null && proved.directoryBlock !== null && proved.directoryBlock !== directory.keyMR) {
    return { findings: [fails('directory-block', `In the state, the last Directory Block is ${proved.directoryBlock}, not ${directory.keyMR}.`)], keyMR: null }
  }
  const isDirectoryKnown = proved?.directoryBlock === directory.keyMR || roots.has(directory.keyMR)
  const isEntryKnown = isDirectoryKnown || proved?.entryBlock === entryKey
  const inside = `Entry Block ${header.sequence} of the chain, ${entryKey}, has the entry`
  const all = `Directory Block ${directory.height}, ${directory.keyMR}, names that Entry Block, and the branch leads there`
  return {
    findings: [
      isEntryKnown ? holds('entry-block', `${inside}.`) : open('entry-block', `${inside}; whether the network has that block, nothing here shows.`),
      isDirectoryKnown ? holds('directory-block', `${all}.`) : open('directory-block', `${all}; whether the network has that block, nothing here shows.`),
    ],
    keyMR: directory.keyMR,
  }
}

interface Branching { readonly chain: string, readonly hash: string, readonly entryKey: string, readonly blocks: NonNullable<HoldfastReceipt['blocks']> }

function directoryKeyMR({ chain, hash, entryKey, blocks }: Branching): { readonly ok: true, readonly keyMR: string, readonly height: number } | { readonly ok: false, readonly reason: string } {
  const all = decodeDirectoryBlock(blocks.directoryBlock)
  if (!all.ok) return { ok: false, reason: `No Directory Block: ${all.reason}.` }
  const key = keyMR(encodeDirectoryBlockHeader(all.value.header), all.value.header.bodyMR)
  if (!all.value.entries.some(each => each.chainId === chain && each.keyMR === entryKey)) return { ok: false, reason: `Directory Block ${key} does not name Entry Block ${entryKey}.` }
  const branch = reading(() => proveBranch({ entryHash: hash, entryBlock: entryKey, directoryBlock: key, branch: blocks.branch }))
  if (!branch.ok) return { ok: false, reason: `The branch from the entry to Directory Block ${key} does not hold: ${branch.reason}.` }
  return { ok: true, keyMR: key, height: all.value.header.height }
}
