import { HoldfastError, accept, fromHex, limits, reject, type Judged } from '../../base/index.ts'
import { encodeEntry } from '../entry.ts'
import { judgeFactomReceipt, readFactomReceipt } from './factom-receipt.ts'
import { reading } from '../faults.ts'
import { compared, comparedMember, fails, holds, ofPart, open, trusted, type Claim, type RecordFinding } from './finding.ts'
import { readReceipt, receiptFormat } from './holdfast-receipt.ts'
import { linkFindings } from './export-links.ts'
import { Members } from './members.ts'
import { beginsChain, entryOf, rawItem, type RawItem } from './raw-item.ts'
import { say, type Saying } from './sayings.ts'
import { verifyReceipt } from './verify-receipt.ts'

/** What an export was found to hold. `entries`: those that hold, as they are on the wire. */
export interface ImportedExport { readonly findings: readonly RecordFinding[], readonly entries: readonly Uint8Array[] }

/**
 * Checks a receipt of Holdfast, a receipt of Factom, or JSON as Factom's programs export it, offline: every hash is computed anew, and each that differs is named.
 * `roots`: state roots or KeyMRs of Directory Blocks that somebody trusts, 64 hexadecimal digits each.
 */
export function judgeExport(text: string, roots: readonly string[]): Judged<readonly RecordFinding[]> {
  const imported = importExport(text, roots)
  return imported.ok ? accept(imported.value.findings) : imported
}

export function importExport(text: string, roots: readonly string[] = []): Judged<ImportedExport> {
  if (text.length > limits.exportChars) return reject('too-large', `a text of more than ${limits.exportChars} characters`)
  let value: unknown
  try { value = JSON.parse(text) as unknown } catch { return reject('bad-input', 'not JSON') }
  const trustedRoots = new Set(roots.map(root => root.toLowerCase()))
  const parts = partsOf(value)
  if (parts.length === 0) return reject('bad-input', 'nothing in it that Holdfast or Factom exports')
  if (parts.length > limits.exportItems) return reject('too-many', `${parts.length} parts, of ${limits.exportItems} at most`)
  const findings: RecordFinding[] = []
  const items: RawItem[] = []
  for (const [i, part] of parts.entries()) {
    const { findings: found, item } = partFindings(part, trustedRoots)
    findings.push(...parts.length === 1 ? found : found.map(each => ofPart(each, i + 1)))
    if (item !== null) items.push(item)
  }
  findings.push(...linkFindings(items))
  return accept({ findings, entries: items.flatMap(item => item.kind === 'entry' ? [item.bytes] : []) })
}

interface Part { readonly kind: 'receipt' | 'factom-receipt' | 'entry' | 'raw', readonly value: Members, readonly raw: unknown, readonly bytes: Uint8Array | null, readonly what: string }

/** What is in a value, lists and answers of the API opened. Depth is bounded: what lies deeper is no export. */
function partsOf(value: unknown, depth = 0): readonly Part[] {
  if (depth > 6) return []
  if (Array.isArray(value)) return value.flatMap(each => partsOf(each, depth + 1))
  const members = Members.of(value)
  if (members === null) return []
  const part = (kind: Part['kind'], bytes: Uint8Array | null = null, what = ''): readonly Part[] => [{ kind, value: members, raw: value, bytes, what }]
  if (members.text('format')?.startsWith(receiptFormat.slice(0, -1)) === true) return part('receipt')
  if (members.has('merklebranch')) return part('factom-receipt')
  if ((members.has('extids') || members.has('extIds')) && members.has('content')) return part('entry')
  for (const name of ['rawdata', 'raw', 'data', 'message', 'entry', 'transaction', 'commit', 'reveal', 'marshal'] as const) {
    if (members.text(name) !== null) {
      const others = name === 'commit' ? ['reveal'] : name === 'message' ? ['entry'] : []
      return [name, ...others].flatMap(each => members.text(each) === null ? [] : part('raw', members.bytes(each), each))
    }
  }
  return containers.flatMap(name => members.has(name) ? partsOf(members.raw(name), depth + 1) : [])
}

/** Members that hold what is looked for, in the answers of factomd, walletd and the libraries. */
const containers = ['result', 'params', 'receipt', 'commit', 'reveal', 'entries', 'firstEntry', 'chain', 'chains', 'blocks', 'entryBlocks', 'directoryBlocks', 'receipts', 'transactions']

function partFindings(part: Part, roots: ReadonlySet<string>): { readonly findings: readonly RecordFinding[], readonly item: RawItem | null } {
  switch (part.kind) {
    case 'receipt': {
      const receipt = readReceipt(part.raw)
      return { findings: receipt.ok ? verifyReceipt(receipt.value, roots) : [fails('format', say('no-receipt', receipt.reason))], item: null }
    }
    case 'factom-receipt': return { findings: factomReceiptFindings(part.raw, roots), item: null }
    case 'entry': return entryPart(part.value)
    case 'raw': return rawPart(part, roots)
  }
}

function factomReceiptFindings(raw: unknown, roots: ReadonlySet<string>): readonly RecordFinding[] {
  const read = reading(() => readFactomReceipt(raw))
  if (!read.ok) return [fails('format', say('no-factom-receipt', read.reason))]
  const proved = judgeFactomReceipt(raw)
  const format = holds('format', say('factom-receipt'))
  if (!proved.ok) return [format, fails(claimOf[proved.code] ?? 'directory-block', say('factom-receipt-false', proved.reason))]
  const { entryHash, chainId, entryBlock, directoryBlock } = proved.value
  const entry = read.value.raw === null ? null : rawItem(read.value.raw)
  return [
    format,
    entry === null ? open('entry-hash', say('entry-away', entryHash))
      : typeof entry === 'object' && entry.kind === 'entry' ? holds('entry-hash', say('entry-hash-alone', entryHash)) : fails('entry-hash', say('bytes-no-entry')),
    entry !== null && typeof entry === 'object' && entry.kind === 'entry' ? compared('chain-id', chainId, entry.entry.chainId, say('entry-chain', entry.entry.chainId), say('entry-chain-not', entry.entry.chainId, chainId)) : open('chain-id', say('directory-names', chainId)),
    holds('entry-block', say('leads-to', entryBlock)), holds('directory-block', say('named-by', directoryBlock)), trusted([directoryBlock], 'directory', roots),
  ]
}

const claimOf: Readonly<Partial<Record<string, Claim>>> = { 'receipt-entry': 'entry-hash', 'receipt-step': 'entry-block', 'receipt-entry-block': 'entry-block' }

/** An entry in JSON; `id` beside a first one is that of its chain. */
function entryPart(value: Members): { readonly findings: readonly RecordFinding[], readonly item: RawItem | null } {
  const refused = (saying: Saying) => ({ findings: [fails('format', saying)], item: null })
  const extIds = (value.list('extids') ?? value.list('extIds') ?? []).map(each => typeof each === 'string' ? fromHex(each) : null)
  const [chainId, content] = [value.hash('chainid', 'chainId'), value.bytes('content')]
  if (chainId === null || content === null || !extIds.every(each => each !== null)) return refused(say('entry-no-hex'))
  let bytes: Uint8Array
  try { bytes = encodeEntry({ chainId, extIds, content }, { emptyExtIds: true }) } catch (error) {
    if (error instanceof HoldfastError) return refused(say('no-entry', error.message))
    throw error
  }
  const item = entryOf({ chainId, extIds, content }, bytes)
  return { findings: [...itemFindings(item), ...saidFindings(item, value)], item }
}

function rawPart({ bytes, value, what }: Part, roots: ReadonlySet<string>): { readonly findings: readonly RecordFinding[], readonly item: RawItem | null } {
  if (bytes === null) return { findings: [fails('format', say('no-hex', what))], item: null }
  const item = rawItem(bytes)
  if (typeof item === 'string') return { findings: [fails('format', say('bytes-are', what, item))], item: null }
  const around = ['dblock', 'ablock', 'fblock', 'ecblock', 'eblock'].flatMap(name => value.part(name) ?? [])
  const said = [value, ...around, ...around.flatMap(each => each.part('header') ?? [])].flatMap(each => saidFindings(item, each))
  const trust = item.kind === 'directory block' && roots.size > 0 ? [trusted([item.names.keymr], 'directory', roots)] : []
  return { findings: [...itemFindings(item), ...said, ...trust], item }
}

function itemFindings(item: RawItem): readonly RecordFinding[] {
  switch (item.kind) {
    case 'entry': return [
      holds('format', say('entry', item.bytes.length)), open('entry-hash', say('its-hash', item.names.entryhash)),
      beginsChain(item.entry) ? holds('chain-id', say('may-begin', item.entry.chainId)) : open('chain-id', say('goes-on', item.entry.chainId)),
      ...item.entry.extIds.some(extId => extId.length === 0) ? [open('format', say('empty-extids'))] : [],
    ]
    case 'commit': return [holds('signature', item.says)]
    case 'factoid transaction': return [holds('signature', item.says)]
    case 'entry block': return [holds('entry-block', say('entry-block', item.block.header.sequence, item.block.header.chainId, item.names.keymr))]
    case 'directory block': return [holds('directory-block', say('directory-block', item.block.header.height, item.names.keymr))]
    case 'admin block': return [holds('hash', say('admin-block', Object.values(item.names).join(', ')))]
    case 'entry credit block': return [holds('hash', say('credit-block', Object.values(item.names).join(', ')))]
    case 'factoid block': return [holds('hash', say('factoid-block', Object.values(item.names).join(', ')))]
  }
}

/** Each hash that is said beside an item, held against the one it has. */
function saidFindings({ names }: RawItem, value: Members): readonly RecordFinding[] {
  return Object.entries(names).flatMap(([name, found]) => {
    const said = value.textOf(name, ...spellings[name] ?? [])
    return said === null ? [] : [comparedMember(name === 'entryhash' ? 'entry-hash' : name === 'chainid' ? 'chain-id' : 'hash', name, said.toLowerCase(), found)]
  })
}

const spellings: Readonly<Record<string, readonly string[]>> = {
  entryhash: ['entryHash', 'hash'], chainid: ['chainId'], keymr: ['keyMR'], fullhash: ['fullHash'], txid: ['txId', 'txID'], bodymr: ['bodyMR'], ledgerkeymr: ['ledgerKeyMR'],
}
