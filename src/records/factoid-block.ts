import { concat, sha256, toHex } from '../base/index.ts'
import { bodyOf, expectBody, expectChain, readExpansion } from './block-frame.ts'
import { systemChains } from './directory-block.ts'
import { keyMR } from './entry-block.ts'
import { factoidTxid, readTransaction } from './factoid.ts'
import { Unreadable, reading, unsayable, type Reading } from './faults.ts'
import { FieldReader, FieldWriter, hexBytes } from './fields.ts'
import { merkleParent, merkleRoot } from './merkle.ts'
import { varintLength } from './varint.ts'

export interface FactoidBlockHeader {
  readonly bodyMR: string
  readonly prevKeyMR: string
  readonly prevLedgerKeyMR: string
  /** Factoshi for an entry credit. */
  readonly rate: bigint
  readonly height: number
  readonly expansion: string
  readonly transactions: number
  readonly bodySize: number
}

/** `minutes`: the transactions of each of the ten minutes, as their bytes; the first of all is the coinbase. */
export interface FactoidBlock { readonly header: FactoidBlockHeader, readonly minutes: readonly (readonly Uint8Array[])[] }

const minutes = 10
/** Ends a minute; a transaction begins with its version, 2. */
const marker = Uint8Array.of(0)

/** The block of these bytes: sizes, counts and the body's root are those of the header. Signatures are not checked, here as in Factom's own reader of blocks. */
export function decodeFactoidBlock(bytes: Uint8Array): Reading<FactoidBlock> {
  return reading(() => {
    const input = new FieldReader(bytes, 'block-truncated')
    expectChain(input, systemChains.factoid)
    const header = {
      bodyMR: input.hash(), prevKeyMR: input.hash(), prevLedgerKeyMR: input.hash(), rate: input.u64(), height: input.uint(4), expansion: readExpansion(input),
      transactions: input.uint(4), bodySize: input.uint(4),
    }
    expectBody(input, header.bodySize)
    const block = { header, minutes: readMinutes(input) }
    const count = block.minutes.reduce((sum, { length }) => sum + length, 0)
    if (count !== header.transactions) throw new Unreadable('block-count', `${count} transactions, not ${header.transactions}`)
    if (factoidBodyRoot(block) !== header.bodyMR) throw new Unreadable('block-body', 'the body is not the one of the header')
    return block
  })
}

function readMinutes(input: FieldReader): Uint8Array[][] {
  const found: Uint8Array[][] = []
  let open: Uint8Array[] = []
  while (input.left > 0) {
    const { at } = input
    if (input.bytes[at] === marker[0]) {
      input.take(1)
      found.push(open)
      open = []
    } else {
      readTransaction(input)
      open.push(input.bytes.subarray(at, input.at))
    }
  }
  if (found.length !== minutes || open.length > 0) throw new Unreadable('block-marker', `${found.length} minutes, ${open.length} transactions after the last`)
  return found
}

/** Throws `bad-input` where there are not ten minutes, or count and size are not those of the header. */
export function encodeFactoidBlock({ header, minutes: all }: FactoidBlock): Uint8Array<ArrayBuffer> {
  if (all.length !== minutes) throw unsayable('block-marker', `${all.length} minutes, not ${minutes}`)
  const body = bodyOf(all.flatMap(each => [...each, marker]), { count: header.transactions, size: header.bodySize }, all.flat().length)
  return concat(encodeFactoidBlockHeader(header), body)
}

export function encodeFactoidBlockHeader({ bodyMR, prevKeyMR, prevLedgerKeyMR, rate, height, expansion, transactions, bodySize }: FactoidBlockHeader): Uint8Array<ArrayBuffer> {
  const area = hexBytes(expansion, expansion.length / 2, 'expansion')
  const out = new FieldWriter(148 + varintLength(BigInt(area.length)) + area.length)
  out.hash(systemChains.factoid, 'ChainID').hash(bodyMR, 'body').hash(prevKeyMR, 'previous KeyMR').hash(prevLedgerKeyMR, 'previous Ledger KeyMR').u64(rate, 'rate').uint(height, 4, 'height')
  return out.varint(BigInt(area.length)).put(area).uint(transactions, 4, 'transactions').uint(bodySize, 4, 'body').bytes
}

function factoidBodyRoot(block: FactoidBlock): string { return rootOf(block, sha256) }

/** Root over what is signed of each transaction. */
export function factoidLedgerRoot(block: FactoidBlock): string {
  return rootOf(block, bytes => hexBytes(factoidTxid(bytes, readTransaction(new FieldReader(bytes, 'block-truncated'))), 32, 'TXID'))
}

function rootOf({ minutes: all }: FactoidBlock, leafOf: (transaction: Uint8Array) => Uint8Array): string {
  return toHex(merkleRoot(all.flatMap(each => [...each.map(leafOf), sha256(marker)])))
}

/** What names the block, and what names its ledger: there the header comes second, so that one is never taken for the other. */
export function factoidBlockNames(block: FactoidBlock): { readonly keyMR: string, readonly ledgerKeyMR: string } {
  const header = encodeFactoidBlockHeader(block.header)
  return { keyMR: keyMR(header, block.header.bodyMR), ledgerKeyMR: toHex(merkleParent(hexBytes(factoidLedgerRoot(block), 32, 'ledger'), sha256(header))) }
}
