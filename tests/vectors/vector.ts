import { fromHex } from '../../src/base/index.ts'
import { isObject } from './json-files.ts'

/** One vector of a JSON file while it is checked. What is not as it should be is thrown. */
export class Vector {
  readonly raw: Readonly<Record<string, unknown>>

  constructor(raw: unknown) {
    if (!isObject(raw)) throw new Error('not an object')
    this.raw = raw
  }

  has(name: string): boolean { return this.raw[name] !== undefined && this.raw[name] !== null }

  /** A text, or a number or boolean as text. */
  text(name: string): string {
    const value = this.raw[name]
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
    throw new Error(`no "${name}"`)
  }

  bytes(name: string): Uint8Array { return bytesOf(this.text(name), name) }

  textList(name: string): readonly string[] {
    return this.#list(name).map(value => {
      if (typeof value !== 'string') throw new Error(`"${name}" holds something else than text`)
      return value
    })
  }

  byteList(name: string): readonly Uint8Array[] { return this.textList(name).map(text => bytesOf(text, name)) }

  part(name: string): Vector { return new Vector(this.raw[name]) }

  list(name: string): readonly Vector[] { return this.#list(name).map(raw => new Vector(raw)) }

  #list(name: string): readonly unknown[] {
    const value = this.raw[name]
    if (!Array.isArray(value)) throw new Error(`no list "${name}"`)
    return value
  }

  same(what: string, found: string | number, expected: string | number): void {
    if (found !== expected) throw new Error(`${what}: ${found}, not ${expected}`)
  }

  /** Compares with a member where the vector has it. */
  maybe(name: string, found: string | number | bigint | boolean): void {
    if (this.has(name)) this.same(name, String(found), this.text(name))
  }

  read<T>(judged: { readonly ok: true, readonly value: T } | { readonly ok: false, readonly code: string, readonly reason: string }): T {
    if (judged.ok) return judged.value
    throw new Error(`refused as ${judged.code}: ${judged.reason}`)
  }

  /** That it is refused, and for this reason. A reason that is not among those `known` here cannot be told, so that any will do; `alike` has others that mean the same. */
  refused(judged: { readonly ok: true } | { readonly ok: false, readonly code: string }, expected: string, known: readonly string[] = [expected], alike: Readonly<Record<string, string>> = {}): void {
    if (judged.ok) throw new Error(`taken, not refused as ${expected}`)
    if (known.includes(expected) && judged.code !== alike[expected]) this.same('refused as', judged.code, expected)
  }
}

/** Empty where the vector is hit, else what is wrong with it, by its name. */
export function missOf(place: string, raw: unknown, check: (vector: Vector) => void): string {
  const name = isObject(raw) ? [raw['id'], raw['note']].find(each => typeof each === 'string') : undefined
  try {
    check(new Vector(raw))
    return ''
  } catch (error) { return `${place}${name === undefined ? '' : ` (${name})`}: ${error instanceof Error ? error.message : String(error)}` }
}

function bytesOf(text: string, name: string): Uint8Array {
  const bytes = fromHex(text)
  if (bytes === null) throw new Error(`"${name}" is no hex`)
  return bytes
}
