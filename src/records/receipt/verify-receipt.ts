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
import { say, type Saying } from './sayings.ts'
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
    holds('format', say('receipt')), ...entryFindings(receipt, hash),
    ...proof?.findings ?? [open('state-proof', say('no-proof'))], ...chain?.findings ?? [],
    ...blocks.findings, ...trustFindings(stateRoots, blocks.keyMR, roots),
  ]
}

/** Whether somebody trusts what the claims end in. Where one of the two is trusted, the other is left open. */
function trustFindings(stateRoots: readonly Cid[], directory: string | null, roots: ReadonlySet<string>): readonly RecordFinding[] {
  const findings = [
    ...stateRoots.length > 0 ? [trusted(stateRoots, 'state-root', roots)] : [],
    ...directory !== null && (stateRoots.length === 0 || roots.has(directory)) ? [trusted([directory], 'directory', roots)] : [],
  ]
  if (findings.length === 0) return [fails('trust', say('nothing-holds'))]
  return findings.some(({ holds: each }) => each === true) ? findings.map(each => each.holds === false ? { ...each, holds: null } : each) : findings
}

function entryFindings({ entry, chain, index }: HoldfastReceipt, hash: string): readonly RecordFinding[] {
  const judged = decodeEntry(entry)
  if (!judged.ok) return [fails('entry-hash', say('no-entry-bytes', judged.reason))]
  const { chainId, extIds } = judged.value
  return [
    holds('entry-hash', say('entry-hash', entry.length, hash)),
    chainId !== chain ? fails('chain-id', say('other-chain', chainId, chain))
      : index === 0 && chainIdOf(extIds) !== chain ? fails('chain-id', say('begins-other', chain))
      : holds('chain-id', index === 0 ? say('begins', chain) : say('belongs', chain)),
  ]
}

interface Proved { readonly findings: readonly RecordFinding[], readonly entryBlock: string | null, readonly directoryBlock: string | null }

/** What the state says: that the entry stands there, and the KeyMRs of the chain's last Entry Block and of the last Directory Block where those are proved as well. */
function proofFindings({ chain, index }: HoldfastReceipt, { state, keys: names, nodes }: ReceiptProof, hash: string): Proved {
  const failed = (saying: Saying): Proved => ({ findings: [fails('state-proof', saying)], entryBlock: null, directoryBlock: null })
  const rest = names.slice(1)
  if (names[0] !== receiptKey(chain, index)) return failed(say('proof-of-other', index, chain))
  if (rest.some((name, i) => name !== keys.chain(chain).name && name !== keys.directory.name || rest.indexOf(name) !== i)) return failed(say('proof-of-strange'))
  const judged = verifyProof(fromHex(state)!, ledgerShape, names.map(name => utf8(name)), nodes)
  if (!judged.ok) return failed(say('proof-false', state, judged.reason))
  const valueOf = <T>(key: StateKey<T>): T | null => {
    const bytes = judged.value[names.indexOf(key.name)] ?? null
    const value = bytes === null ? null : decode(key.codec, bytes)
    return value?.ok === true ? value.value : null
  }
  const found = valueOf(keys.chainEntry(chain, index))
  if (found === null) return failed(say('proof-no-entry', state, index, chain, hash))
  if (found !== hash) return failed(say('proof-other-entry', state, index, chain, found, hash))
  return { findings: [holds('state-proof', say('proved', state, index, chain, hash))], entryBlock: valueOf(keys.chain(chain))?.keyMR ?? null, directoryBlock: valueOf(keys.directory)?.keyMR ?? null }
}

/** From the state of the proof to the root of its block, and on to the last one that is given. */
function chainFindings({ network, headers }: HoldfastReceipt, proof: ReceiptPosition): { readonly findings: readonly RecordFinding[], readonly roots: readonly Cid[] } {
  const roots: Cid[] = []
  let last: HeaderFacts | null = null
  for (const { header, state } of [proof, ...headers]) {
    const facts = headerFacts(header)
    if (facts === null) return { findings: [fails('block', say('no-header', roots.length))], roots }
    if (facts.network !== network) return { findings: [fails('block', say('header-network', facts.number, facts.network, network))], roots }
    if (last !== null && facts.previousRoot !== roots.at(-1)) return { findings: [fails('block', say('header-parent', facts.number, roots.at(-1)!))], roots }
    roots.push(toHex(sha256(encode(stateRoot, { block: toHex(sha256(header)), state }))))
    last = facts
  }
  const first = headerFacts(proof.header)!
  const when = utcText(first.time)
  const saying = headers.length === 0 ? say('block', first.number, network, when, roots[0]!) : say('block-on', first.number, network, when, roots[0]!, last!.number)
  return { findings: [holds('block', saying)], roots }
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
  if (blocks === null) return { findings: [open('entry-block', say('no-blocks'))], keyMR: null }
  const own = decodeEntryBlock(blocks.entryBlock)
  if (!own.ok) return { findings: [fails('entry-block', say('no-entry-block', own.reason))], keyMR: null }
  const { header, items } = own.value
  const entryKey = keyMR(encodeEntryBlockHeader(header), header.bodyMR)
  if (header.chainId !== chain || !items.includes(hash)) return { findings: [fails('entry-block', say('entry-block-without', entryKey))], keyMR: null }
  if (proved !== null && proved.entryBlock !== null && proved.entryBlock !== entryKey) {
    return { findings: [fails('entry-block', say('state-entry-block', proved.entryBlock, entryKey))], keyMR: null }
  }
  const directory = directoryKeyMR({ chain, hash, entryKey, blocks })
  if (!directory.ok) return { findings: [open('entry-block', say('entry-block-has', entryKey)), fails('directory-block', directory.saying)], keyMR: null }
  if (proved !== null && proved.directoryBlock !== null && proved.directoryBlock !== directory.keyMR) {
    return { findings: [fails('directory-block', say('state-directory-block', proved.directoryBlock, directory.keyMR))], keyMR: null }
  }
  const isDirectoryKnown = proved?.directoryBlock === directory.keyMR || roots.has(directory.keyMR)
  const isEntryKnown = isDirectoryKnown || proved?.entryBlock === entryKey
  return {
    findings: [
      isEntryKnown ? holds('entry-block', say('entry-block-in', header.sequence, entryKey)) : open('entry-block', say('entry-block-loose', header.sequence, entryKey)),
      isDirectoryKnown ? holds('directory-block', say('directory-block-in', directory.height, directory.keyMR)) : open('directory-block', say('directory-block-loose', directory.height, directory.keyMR)),
    ],
    keyMR: directory.keyMR,
  }
}

interface Branching { readonly chain: string, readonly hash: string, readonly entryKey: string, readonly blocks: NonNullable<HoldfastReceipt['blocks']> }

function directoryKeyMR({ chain, hash, entryKey, blocks }: Branching): { readonly ok: true, readonly keyMR: string, readonly height: number } | { readonly ok: false, readonly saying: Saying } {
  const all = decodeDirectoryBlock(blocks.directoryBlock)
  if (!all.ok) return { ok: false, saying: say('no-directory-block', all.reason) }
  const key = keyMR(encodeDirectoryBlockHeader(all.value.header), all.value.header.bodyMR)
  if (!all.value.entries.some(each => each.chainId === chain && each.keyMR === entryKey)) return { ok: false, saying: say('directory-block-without', key, entryKey) }
  const branch = reading(() => proveBranch({ entryHash: hash, entryBlock: entryKey, directoryBlock: key, branch: blocks.branch }))
  if (!branch.ok) return { ok: false, saying: say('branch-false', key, branch.reason) }
  return { ok: true, keyMR: key, height: all.value.header.height }
}
