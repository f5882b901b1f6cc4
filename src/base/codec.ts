import { compareBytes, fromHex, toHex, utf8 } from './bytes.ts'
import { CborFault, CborReader, byteOrderMark } from './cbor-reader.ts'
import { CborWriter, major } from './cbor-writer.ts'
import { isCid, type Cid } from './cid.ts'
import { HoldfastError, accept, reject, type Judged } from './errors.ts'

/**
 * One shape of strict DAG-CBOR, both ways: the same bytes `@ipld/dag-cbor` writes, and no other bytes read. Several times as fast, since nothing is
 * looked up or sorted, and what does not fit the shape is refused where it stands.
 */
export interface Codec<T> {
  /** Throws `bad-input` for a value outside the shape. */
  write(out: CborWriter, value: T): void
  /** Throws a `CborFault` for bytes outside the shape. */
  read(input: CborReader): T
}

export type Encoded<C> = C extends Codec<infer T> ? T : never

const writer = new CborWriter()

/** The bytes of `value`. Throws `bad-input` where it does not fit. */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array<ArrayBuffer> {
  const start = writer.length // an encode within an encode works behind what is there
  try {
    codec.write(writer, value)
    return writer.take(start)
  } finally { writer.drop(start) }
}

/** The value of `bytes`, or why they are none: any byte string is judged. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): Judged<T> {
  const reader = new CborReader(bytes)
  try {
    const value = codec.read(reader)
    return reader.left === 0 ? accept(value) : reject('bad-frame', `${reader.left} bytes too many`)
  } catch (error) {
    if (!(error instanceof CborFault)) throw error
    return reject('bad-frame', `${error.message} at byte ${reader.at}`)
  }
}

/** Whole numbers from `least` to `most`, which is at most 2^53 - 1. */
export function uint(most: number, least = 0): Codec<number> {
  const fits = (value: number): boolean => Number.isInteger(value) && value >= least && value <= most
  return {
    write(out, value) {
      if (!fits(value)) throw new HoldfastError('bad-input', `not a whole number from ${least} to ${most}`)
      out.head(major.uint, value)
    },
    read(input) {
      const value = input.head(major.uint)
      if (!fits(value)) throw new CborFault(`not a number from ${least} to ${most}`)
      return value
    },
  }
}

export const u8: Codec<number> = uint(0xff)
export const u32: Codec<number> = uint(0xffff_ffff)
/** Amounts of coins: 5 bytes. */
export const u40: Codec<number> = uint(2 ** 40 - 1)

export const u64: Codec<bigint> = {
  write(out, value) {
    if (value < 0n || value >= 1n << 64n) throw new HoldfastError('bad-input', 'not an unsigned number of 64 bits')
    out.bigUint(value)
  },
  read: input => input.bigUint(),
}

/** Null alone: of a choice that says all by its name. */
export const nothing: Codec<null> = {
  write(out) { out.null() },
  read(input) {
    if (!input.null()) throw new CborFault('not null')
    return null
  },
}

export const bool: Codec<boolean> = { write: (out, value) => { out.bool(value) }, read: input => input.bool() }

/** Byte strings of exactly `length`, or of `least` to `most` bytes. */
export function byteString(length: number, most = length): Codec<Uint8Array<ArrayBuffer>> {
  return {
    write(out, value) {
      if (value.length < length || value.length > most) throw new HoldfastError('bad-input', `not ${length === most ? length : `${length} to ${most}`} bytes`)
      out.bytes(value)
    },
    read(input) {
      const value = input.bytes(most)
      if (value.length < length) throw new CborFault('too short')
      return value
    },
  }
}

/** Byte strings of exactly `length`; in code lower-case hex, which compares and serves as a key. */
export function hexString(length: number): Codec<string> {
  return {
    write(out, value) {
      const parsed = /[A-F]/.test(value) ? null : fromHex(value)
      if (parsed?.length !== length) throw new HoldfastError('bad-input', `not ${length} bytes in hex`)
      out.bytes(parsed)
    },
    read(input) {
      const value = input.bytes(length)
      if (value.length < length) throw new CborFault('too short')
      return toHex(value)
    },
  }
}

/** Text of at most `most` bytes of UTF-8, without a byte order mark at its head. */
export function textString(most: number): Codec<string> {
  return {
    write(out, value) {
      if (!isText(value, most)) throw new HoldfastError('bad-input', `not text of at most ${most} bytes`)
      out.text(value)
    },
    read: input => input.text(most),
  }
}

/** Whether `textString(most)` takes it. */
export function isText(value: string, most: number): boolean {
  return utf8(value).length <= most && value.isWellFormed() && !value.startsWith(byteOrderMark)
}

/** A DAG-CBOR link to a DAG-CBOR node; in code the node's SHA-256 in hex. */
export const cidLink: Codec<Cid> = {
  write(out, value) {
    const digest = isCid(value) ? fromHex(value) : null
    if (digest === null) throw new HoldfastError('bad-input', 'not a content id')
    out.link(digest)
  },
  read: input => toHex(input.link()),
}

export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    write(out, value) {
      if (value === null) out.null()
      else codec.write(out, value)
    },
    read: input => input.null() ? null : codec.read(input),
  }
}

export function list<T>(codec: Codec<T>, most: number, least = 0): Codec<readonly T[]> {
  return {
    write(out, values) {
      if (values.length > most || values.length < least) throw new HoldfastError('bad-input', values.length > most ? `more than ${most}` : `fewer than ${least}`)
      out.head(major.list, values.length)
      for (const value of values) codec.write(out, value)
    },
    read(input) {
      const count = input.count(major.list, most)
      if (count < least) throw new CborFault('too short')
      const values: T[] = []
      for (let i = 0; i < count; i++) values.push(codec.read(input)) // grows as it reads: a count alone takes no memory
      return values
    },
  }
}

/** Lists of fixed length whose places have shapes of their own. */
export function tuple<const C extends readonly Codec<unknown>[]>(...codecs: C): Codec<{ readonly [I in keyof C]: Encoded<C[I]> }> {
  return {
    write(out, values) {
      out.head(major.list, codecs.length)
      for (const [i, codec] of codecs.entries()) codec.write(out, values[i])
    },
    read(input) {
      if (input.count(major.list, codecs.length) !== codecs.length) throw new CborFault('too short')
      return codecs.map(codec => codec.read(input)) as { [I in keyof C]: Encoded<C[I]> }
    },
  }
}

type Fields = Readonly<Record<string, Codec<unknown>>>

/** Maps with exactly these keys, in the order of DAG-CBOR: shorter ones first, then by bytes. */
export function struct<F extends Fields>(fields: F): Codec<{ readonly [K in keyof F]: Encoded<F[K]> }> {
  const members = Object.entries(fields).map(([name, codec]) => ({ name, codec, key: keyBytes(name) })).sort((a, b) => compareBytes(a.key, b.key))
  return {
    write(out, value) {
      out.head(major.map, members.length)
      for (const { name, codec, key } of members) {
        out.raw(key)
        codec.write(out, value[name])
      }
    },
    read(input) {
      if (input.count(major.map, members.length) !== members.length) throw new CborFault('keys are missing')
      const value: Record<string, unknown> = {}
      for (const { name, codec, key } of members) {
        if (!input.follows(key)) throw new CborFault(`no "${name}" where it belongs`)
        value[name] = codec.read(input)
      }
      return value as { readonly [K in keyof F]: Encoded<F[K]> }
    },
  }
}

/** The same, and more keys of which each may be left out. */
export function structWith<F extends Fields, M extends Fields>(fields: F, more: M): Codec<{ readonly [K in keyof F]: Encoded<F[K]> } & { readonly [K in keyof M]?: Encoded<M[K]> | undefined }> {
  const member = (must: boolean) => ([name, codec]: readonly [string, Codec<unknown>]) => ({ name, codec, must, key: keyBytes(name) })
  const members = [...Object.entries(fields).map(member(true)), ...Object.entries(more).map(member(false))].sort((a, b) => compareBytes(a.key, b.key))
  return {
    write(out, value) {
      const known = value as Readonly<Record<string, unknown>>
      const there = members.filter(({ name, must }) => must || known[name] !== undefined)
      out.head(major.map, there.length)
      for (const { name, codec, key } of there) {
        out.raw(key)
        codec.write(out, known[name])
      }
    },
    read(input) {
      const count = input.count(major.map, members.length)
      const value: Record<string, unknown> = {}
      for (const { name, codec, key, must } of members) {
        if (input.follows(key)) value[name] = codec.read(input)
        else if (must) throw new CborFault(`no "${name}" where it belongs`)
      }
      if (Object.keys(value).length !== count) throw new CborFault('a key nobody knows')
      return value as { readonly [K in keyof F]: Encoded<F[K]> } & { readonly [K in keyof M]?: Encoded<M[K]> }
    },
  }
}

/** A map with one of these keys, whose name says which shape its value has. */
export function oneOf<F extends Fields>(fields: F): Codec<OneOf<F>> {
  const members = Object.entries(fields).map(([name, codec]) => ({ name, codec, key: keyBytes(name) }))
  return {
    write(out, value) {
      const member = members.find(({ name }) => Object.hasOwn(value, name))
      if (member === undefined) throw new HoldfastError('bad-input', 'none of the shapes there are')
      out.head(major.map, 1)
      out.raw(member.key)
      member.codec.write(out, (value as Record<string, unknown>)[member.name])
    },
    read(input) {
      if (input.count(major.map, 1) !== 1) throw new CborFault('no key')
      const member = members.find(({ key }) => input.follows(key))
      if (member === undefined) throw new CborFault('a key nobody knows')
      return { [member.name]: member.codec.read(input) } as OneOf<F>
    },
  }
}

export type OneOf<F extends Fields> = { readonly [K in keyof F]: { readonly [N in K]: Encoded<F[K]> } }[keyof F]

/** A key as it is written: its head makes shorter ones come first in byte order. */
function keyBytes(name: string): Uint8Array {
  const bytesOfName = utf8(name)
  const out = new CborWriter()
  out.head(major.text, bytesOfName.length)
  out.raw(bytesOfName)
  return out.take(0)
}
