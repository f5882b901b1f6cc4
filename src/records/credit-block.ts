import { concat, sha256, toHex } from '../base/index.ts'
import { bodyOf, expectBody, expectChain, readExpansion } from './block-frame.ts'
import { chainCommitBytes, encodeChainCommit, encodeEntryCommit, entryCommitBytes, readChainCommit, readEntryCommit, type ChainCommit, type EntryCommit } from './commit.ts'
import { systemChains } from './directory-block.ts'
import { Unreadable, reading, type Reading } from './faults.ts'
import { FieldReader, FieldWriter, hexBytes } from './fields.ts'
import { varintLength } from './varint.ts'

/** What an Entry Credit Block says happened, in order. A minute stands behind what happened in it. */
export type CreditObject =
  | { readonly kind: 'server', readonly index: number }
  | { readonly kind: 'minute', readonly minute: number }
  | { readonly kind: 'chain-commit', readonly commit: ChainCommit }
  | { readonly kind: 'entry-commit', readonly commit: EntryCommit }
  | IncreaseObject

/** Entry credits bought. `transaction`: the full hash of the one that paid, in block 1 at least. */
export interface IncreaseObject { readonly kind: 'increase', readonly publicKey: string, readonly transaction: string, readonly output: bigint, readonly credits: bigint }

export interface CreditBlockHeader {
  readonly bodyHash: string
  readonly prevHeaderHash: string
  readonly prevFullHash: string
  readonly height: number
  readonly expansion: string
  readonly objects: bigint
  readonly bodySize: bigint
}

export interface CreditBlock { readonly header: CreditBlockHeader, readonly objects: readonly CreditObject[] }

/** First bytes of an object. */
const ids = { server: 0, minute: 1, 'chain-commit': 2, 'entry-commit': 3, increase: 4 } as const

/** The block of these bytes: sizes, counts and the body's hash are those of the header. Signatures of commits are not checked. */
export function decodeCreditBlock(bytes: Uint8Array): Reading<CreditBlock> {
  return reading(() => {
    const input = new FieldReader(bytes, 'block-truncated')
    expectChain(input, systemChains.entryCredit)
    const header = {
      bodyHash: input.hash(), prevHeaderHash: input.hash(), prevFullHash: input.hash(), height: input.uint(4), expansion: readExpansion(input), objects: input.u64(), bodySize: input.u64(),
    }
    expectBody(input, header.bodySize)
    const bodyHash = toHex(sha256(bytes.subarray(input.at)))
    const objects: CreditObject[] = []
    while (input.left > 0) objects.push(readObject(input))
    if (BigInt(objects.length) !== header.objects) throw new Unreadable('block-count', `${objects.length} objects, not ${header.objects}`)
    if (bodyHash !== header.bodyHash) throw new Unreadable('block-body', 'the body is not the one of the header')
    return { header, objects }
  })
}

function readObject(input: FieldReader): CreditObject {
  const id = input.uint(1)
  switch (id) {
    case ids.server: return { kind: 'server', index: input.uint(1) }
    case ids.minute: {
      const minute = input.uint(1)
      if (minute < 1 || minute > 10) throw new Unreadable('block-marker', `minute ${minute}`)
      return { kind: 'minute', minute }
    }
    case ids['chain-commit']: return { kind: 'chain-commit', commit: readChainCommit(input.take(chainCommitBytes)) }
    case ids['entry-commit']: return { kind: 'entry-commit', commit: readEntryCommit(input.take(entryCommitBytes)) }
    case ids.increase: return { kind: 'increase', publicKey: input.hash(), transaction: input.hash(), output: input.varint(), credits: input.varint() }
    default: throw new Unreadable('block-object', `an object with id ${id}`)
  }
}

/** Throws `bad-input` where count or size are not those of the header. */
export function encodeCreditBlock({ header, objects }: CreditBlock): Uint8Array<ArrayBuffer> {
  return concat(encodeCreditBlockHeader(header), bodyOf(objects.map(encodeObject), { count: header.objects, size: header.bodySize }))
}

/** Its hash is the name of the block. */
export function encodeCreditBlockHeader({ bodyHash, prevHeaderHash, prevFullHash, height, expansion, objects, bodySize }: CreditBlockHeader): Uint8Array<ArrayBuffer> {
  const area = hexBytes(expansion, expansion.length / 2, 'expansion')
  const out = new FieldWriter(148 + varintLength(BigInt(area.length)) + area.length)
  out.hash(systemChains.entryCredit, 'ChainID').hash(bodyHash, 'body').hash(prevHeaderHash, 'previous header').hash(prevFullHash, 'previous Full Hash').uint(height, 4, 'height')
  return out.varint(BigInt(area.length)).put(area).u64(objects, 'objects').u64(bodySize, 'body').bytes
}

function encodeObject(object: CreditObject): Uint8Array {
  const id = Uint8Array.of(ids[object.kind])
  switch (object.kind) {
    case 'server': return concat(id, new FieldWriter(1).uint(object.index, 1, 'server').bytes)
    case 'minute': return concat(id, new FieldWriter(1).uint(object.minute, 1, 'minute').bytes)
    case 'chain-commit': return concat(id, encodeChainCommit(object.commit))
    case 'entry-commit': return concat(id, encodeEntryCommit(object.commit))
    case 'increase': {
      const { publicKey, transaction, output, credits } = object
      const out = new FieldWriter(64 + varintLength(output) + varintLength(credits))
      return concat(id, out.hash(publicKey, 'public key').hash(transaction, 'transaction').varint(output).varint(credits).bytes)
    }
  }
}
