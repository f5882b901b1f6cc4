import { concat } from '../base/index.ts'
import { Unreadable, unsayable } from './faults.ts'
import type { FieldReader } from './fields.ts'

/** The ChainID that begins a block of the system. */
export function expectChain(input: FieldReader, chainId: string): void {
  const said = input.hash()
  if (said !== chainId) throw new Unreadable('block-chain', `a block of chain ${said}`)
}

/** What later versions may put into a header: a length and as many bytes. In hex. */
export function readExpansion(input: FieldReader): string {
  const length = input.varint()
  return input.hex(length > BigInt(input.left) ? input.left + 1 : Number(length)) // more than there is: refused as too short
}

/** The rest, which must be as long as the header says. */
export function expectBody(input: FieldReader, size: number | bigint): void {
  if (BigInt(size) === BigInt(input.left)) return
  throw new Unreadable(BigInt(size) > BigInt(input.left) ? 'block-truncated' : 'block-trailing-bytes', `a body of ${input.left} bytes, not of ${size}`)
}

/** For an encoder: the parts of a body, which must be as many and as long as the header says. */
export function bodyOf(parts: readonly Uint8Array[], said: { readonly count: number | bigint, readonly size: number | bigint }, counted = parts.length): Uint8Array<ArrayBuffer> {
  const body = concat(...parts)
  if (BigInt(said.count) !== BigInt(counted)) throw unsayable('block-count', `${counted} in the body, not ${said.count}`)
  if (BigInt(said.size) !== BigInt(body.length)) throw unsayable('block-body', `a body of ${body.length} bytes, not of ${said.size}`)
  return body
}
