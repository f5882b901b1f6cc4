import { sha512 } from '@noble/hashes/sha2.js'
import { concat, toHex } from '../base/index.ts'
import { bodyOf, expectBody, expectChain, readExpansion } from './block-frame.ts'
import { systemChains } from './directory-block.ts'
import { Unreadable, reading, type Reading } from './faults.ts'
import { FieldReader, FieldWriter, hexBytes } from './fields.ts'
import { fullHash } from './hashes.ts'
import { varintLength } from './varint.ts'

export interface AdminBlockHeader { readonly prevBackReferenceHash: string, readonly height: number, readonly expansion: string, readonly messages: number, readonly bodySize: number }

/** What the servers of Factom's network agreed on, by its kind; `bytes` is all of it, in hex. */
export interface AdminMessage { readonly id: number, readonly bytes: string }
export interface AdminBlock { readonly header: AdminBlockHeader, readonly messages: readonly AdminMessage[] }

/** Bytes behind the id, of the kinds that have as many always: minute, signature of the block before, Matryoshka hashes (2), number of servers, servers come and gone (3), their keys (2). */
const lengths = [1, 128, 64, 64, 1, 36, 36, 36, 69, 54]
/** A server that failed: time, two servers, three numbers, and who signed it: as many signatures with their keys. */
const faultId = 10
const faultHead = 79
const signatureBytes = 96

/** The block of these bytes: sizes and counts are those of the header. */
export function decodeAdminBlock(bytes: Uint8Array): Reading<AdminBlock> {
  return reading(() => {
    const input = new FieldReader(bytes, 'block-truncated')
    expectChain(input, systemChains.admin)
    const header = { prevBackReferenceHash: input.hash(), height: input.uint(4), expansion: readExpansion(input), messages: input.uint(4), bodySize: input.uint(4) }
    expectBody(input, header.bodySize)
    const messages: AdminMessage[] = []
    while (input.left > 0) messages.push(readMessage(input))
    if (messages.length !== header.messages) throw new Unreadable('block-count', `${messages.length} messages, not ${header.messages}`)
    return { header, messages }
  })
}

function readMessage(input: FieldReader): AdminMessage {
  const { at } = input
  const id = input.uint(1)
  if (id < lengths.length) input.take(lengths[id]!)
  else if (id === faultId) {
    input.take(faultHead)
    const signatures = input.uint(4)
    input.take(signatureBytes * signatures)
  } else readExpansion(input) // all later kinds say how long they are
  return { id, bytes: toHex(input.bytes.subarray(at, input.at)) }
}

/** Throws `bad-input` where count or size are not those of the header. */
export function encodeAdminBlock({ header: { prevBackReferenceHash, height, expansion, messages: count, bodySize }, messages }: AdminBlock): Uint8Array<ArrayBuffer> {
  const area = hexBytes(expansion, expansion.length / 2, 'expansion')
  const out = new FieldWriter(76 + varintLength(BigInt(area.length)) + area.length)
  out.hash(systemChains.admin, 'ChainID').hash(prevBackReferenceHash, 'previous back reference').uint(height, 4, 'height')
  out.varint(BigInt(area.length)).put(area).uint(count, 4, 'messages').uint(bodySize, 4, 'body')
  return concat(out.bytes, bodyOf(messages.map(({ bytes }) => hexBytes(bytes, bytes.length / 2, 'message')), { count, size: bodySize }))
}

/** What a Directory Block names it by, and what the next Admin Block does. */
export function adminBlockNames(bytes: Uint8Array): { readonly lookupHash: string, readonly backReferenceHash: string } {
  return { lookupHash: fullHash(bytes), backReferenceHash: toHex(sha512(bytes).subarray(0, 32)) }
}
