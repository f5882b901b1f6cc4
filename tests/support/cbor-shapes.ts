import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import * as fc from 'fast-check'
import { bool, byteString, cidLink, equalBytes, fromHex, isMap, list, nullable, struct, textString, tuple, u64, uint, utf8, type Codec } from '../../src/base/index.ts'

/** A shape of DAG-CBOR, described: from it come the codec, values that fit, and a slow judgement of anything `@ipld/dag-cbor` decodes. */
export type CborShape =
  | { readonly kind: 'uint', readonly least: number, readonly most: number }
  | { readonly kind: 'u64' | 'bool' | 'link' }
  | { readonly kind: 'bytes', readonly least: number, readonly most: number }
  | { readonly kind: 'text', readonly most: number }
  | { readonly kind: 'nullable', readonly of: CborShape }
  | { readonly kind: 'list', readonly of: CborShape, readonly most: number }
  | { readonly kind: 'tuple', readonly of: readonly CborShape[] }
  | { readonly kind: 'struct', readonly of: Readonly<Record<string, CborShape>> }

const whole = (most: number) => fc.oneof(fc.constantFrom(0, 1, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40 - 1, Number.MAX_SAFE_INTEGER).filter(value => value <= most), fc.maxSafeNat().map(value => value % (most + 1)))
const keys = fc.oneof(fc.constantFrom('a', 'b', 'aa', 'ab', 'ba', 'network', 'é', 'constructor', 'length', '0', '10', 'z'.repeat(24), 'y'.repeat(25)), fc.string({ minLength: 1, maxLength: 30 }).filter(key => key !== '__proto__'))

export const cborShape: fc.Arbitrary<CborShape> = fc.letrec<{ shape: CborShape }>(tie => ({
  shape: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.tuple(whole(Number.MAX_SAFE_INTEGER), whole(Number.MAX_SAFE_INTEGER)).map(([a, b]) => ({ kind: 'uint' as const, least: Math.min(a, b), most: Math.max(a, b) })),
    fc.constantFrom('u64' as const, 'bool' as const, 'link' as const).map(kind => ({ kind })),
    fc.tuple(fc.nat(70), fc.nat(300)).map(([least, more]) => ({ kind: 'bytes' as const, least, most: least + more })),
    fc.nat(70).map(most => ({ kind: 'text' as const, most })),
    tie('shape').map(of => of.kind === 'nullable' ? of : { kind: 'nullable' as const, of }),
    fc.tuple(tie('shape'), fc.nat(30)).map(([of, most]) => ({ kind: 'list' as const, of, most })),
    fc.array(tie('shape'), { maxLength: 4 }).map(of => ({ kind: 'tuple' as const, of })),
    fc.dictionary(keys, tie('shape'), { maxKeys: 5, noNullPrototype: true }).map(of => ({ kind: 'struct' as const, of })),
  ),
})).shape

export function codecOf(shape: CborShape): Codec<unknown> {
  switch (shape.kind) {
    case 'uint': return uint(shape.most, shape.least)
    case 'u64': return u64
    case 'bool': return bool
    case 'link': return cidLink
    case 'bytes': return byteString(shape.least, shape.most)
    case 'text': return textString(shape.most)
    case 'nullable': return nullable(codecOf(shape.of))
    case 'list': return list(codecOf(shape.of), shape.most)
    case 'tuple': return tuple(...shape.of.map(codecOf))
    case 'struct': return struct(Object.fromEntries(Object.entries(shape.of).map(([key, of]) => [key, codecOf(of)])))
  }
}

/** Values of a shape, as the codecs take and give them. */
export function valueOf(shape: CborShape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'uint': return whole(shape.most - shape.least).map(value => shape.least + value)
    case 'u64': return fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), whole(Number.MAX_SAFE_INTEGER).map(BigInt), fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, 2n ** 64n - 1n))
    case 'bool': return fc.boolean()
    case 'link': return fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: 64, maxLength: 64 })
    case 'bytes': return fc.uint8Array({ minLength: shape.least, maxLength: shape.most })
    case 'text': return fc.string({ unit: fc.oneof(fc.constantFrom('\uFEFF', '\0', '€', '𝄞'), fc.string({ minLength: 1, maxLength: 1 })), maxLength: shape.most }).map(text => fitting(text, shape.most))
    case 'nullable': return fc.option(valueOf(shape.of))
    case 'list': return fc.array(valueOf(shape.of), { maxLength: shape.most })
    case 'tuple': return fc.tuple(...shape.of.map(valueOf))
    case 'struct': return fc.record(Object.fromEntries(Object.entries(shape.of).map(([key, of]) => [key, valueOf(of)])), { noNullPrototype: true })
  }
}

/** A value of a shape as `@ipld/dag-cbor` takes it: links are CIDs. */
export function plainOf(shape: CborShape, value: unknown): unknown {
  switch (shape.kind) {
    case 'link': return CID.createV1(0x71, create(0x12, fromHex(value as string)!))
    case 'nullable': return value === null ? null : plainOf(shape.of, value)
    case 'list': return (value as unknown[]).map(item => plainOf(shape.of, item))
    case 'tuple': return shape.of.map((of, i) => plainOf(of, (value as unknown[])[i]))
    case 'struct': return Object.fromEntries(Object.entries(shape.of).map(([key, of]) => [key, plainOf(of, (value as Record<string, unknown>)[key])]))
    case 'uint': case 'u64': case 'bool': case 'bytes': case 'text': return value
  }
}

/** Whether something `@ipld/dag-cbor` decoded has the shape. */
export function fits(shape: CborShape, value: unknown): boolean {
  switch (shape.kind) {
    case 'uint': return typeof value === 'number' && Number.isInteger(value) && value >= shape.least && value <= shape.most
    case 'u64': return typeof value === 'number' ? Number.isInteger(value) && value >= 0 : typeof value === 'bigint' && value >= 0n && value < 2n ** 64n
    case 'bool': return typeof value === 'boolean'
    case 'link': {
      const cid = CID.asCID(value)
      return cid !== null && cid.version === 1 && cid.code === 0x71 && cid.multihash.code === 0x12 && cid.multihash.digest.length === 32 && equalBytes(cid.bytes.subarray(0, 4), Uint8Array.of(1, 0x71, 0x12, 0x20))
    }
    case 'bytes': return value instanceof Uint8Array && value.length >= shape.least && value.length <= shape.most
    case 'text': return typeof value === 'string' && utf8(value).length <= shape.most
    case 'nullable': return value === null || fits(shape.of, value)
    case 'list': return Array.isArray(value) && value.length <= shape.most && value.every(item => fits(shape.of, item))
    case 'tuple': return Array.isArray(value) && value.length === shape.of.length && shape.of.every((of, i) => fits(of, value[i]))
    case 'struct': {
      const entries = Object.entries(shape.of)
      return isMap(value) && Object.keys(value).length === entries.length && entries.every(([key, of]) => Object.hasOwn(value, key) && fits(of, value[key]))
    }
  }
}

function fitting(text: string, most: number): string {
  const written = text.toWellFormed().replace(/^\uFEFF+/, '')
  return utf8(written).length <= most ? written : fitting(written.slice(0, -1), most)
}
