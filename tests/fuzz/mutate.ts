import { concat, utf8 } from '../../src/base/index.ts'
import type { Chance } from './chance.ts'

/** Where lengths, offsets and counts go wrong. */
const integers = [0, 1, 2, 3, 7, 8, 15, 16, 23, 24, 31, 32, 63, 64, 100, 127, 128, 129, 254, 255, 256, 511, 512, 513, 1023, 1024, 4095, 4096, 32_767, 32_768,
  65_534, 65_535, 65_536, 2 ** 20, 2 ** 24 - 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, Number.MAX_VALUE]
const digits = ['0', '-1', '-0', '00', '1e9', '65536', '2147483648', '4294967296', '8589934592', '9007199254740991', '9007199254740992', '99999999999999999999', 'NaN', '0x10']

export interface MutateOptions {
  readonly corpus: readonly Uint8Array[]
  readonly dictionary: readonly (string | Uint8Array)[]
  readonly maxBytes: number
}

type Step = (bytes: Uint8Array, chance: Chance, options: MutateOptions) => Uint8Array

const flip: Step = (bytes, chance) => {
  const copy = bytes.slice()
  const at = chance.below(copy.length)
  if (copy.length > 0) copy[at] = copy[at]! ^ 1 << chance.below(8)
  return copy
}

const set: Step = (bytes, chance) => {
  const copy = bytes.slice()
  if (copy.length > 0) copy[chance.below(copy.length)] = chance.pick([0, 1, 0x20, 0x2f, 0x30, 0x3a, 0x65, 0x7f, 0x80, 0xff, chance.below(256)])
  return copy
}

/** A length lie: an integer of 1, 2, 4 or 8 bytes, either end first. */
const integer: Step = (bytes, chance) => {
  const width = chance.pick([1, 2, 4, 8])
  if (bytes.length < width) return bytes
  const copy = bytes.slice()
  const [at, value, little] = [chance.below(copy.length - width + 1), BigInt.asUintN(64, BigInt(chance.pick(integers))), chance.once(2)]
  for (let i = 0; i < width; i++) copy[at + (little ? i : width - 1 - i)] = Number(value >> BigInt(8 * i) & 255n)
  return copy
}

/** A number in text becomes another one. */
const number: Step = (bytes, chance) => {
  const start = chance.below(bytes.length)
  let from = start
  while (from < bytes.length && !isDigit(bytes[from])) from++
  let to = from
  while (isDigit(bytes[to])) to++
  return replace(bytes, from, to, utf8(chance.pick([...digits, String(chance.pick(integers))])))
}

const cut: Step = (bytes, chance) => bytes.slice(0, chance.below(bytes.length + 1))

const remove: Step = (bytes, chance) => {
  const from = chance.below(bytes.length)
  return replace(bytes, from, from + reach(bytes, chance), new Uint8Array())
}

const repeat: Step = (bytes, chance, { maxBytes }) => {
  const from = chance.below(bytes.length)
  const part = bytes.subarray(from, from + reach(bytes, chance))
  const times = Math.min(chance.pick([1, 2, 8, 300, 20_000]), Math.floor(maxBytes / Math.max(1, part.length)))
  const many = new Uint8Array(part.length * times)
  for (let i = 0; i < times; i++) many.set(part, i * part.length)
  return replace(bytes, from, from, many)
}

const noise: Step = (bytes, chance) => {
  const from = chance.below(bytes.length + 1)
  return replace(bytes, from, from + (chance.once(2) ? reach(bytes, chance) : 0), Uint8Array.from({ length: chance.pick([1, 4, 20, 600]) }, () => chance.next()))
}

const splice: Step = (bytes, chance, { corpus }) => {
  const other = chance.pick(corpus)
  const [from, taken] = [chance.below(bytes.length + 1), chance.below(other.length)]
  return replace(bytes, from, from + (chance.once(2) ? reach(bytes, chance) : 0), other.subarray(taken, taken + reach(other, chance)))
}

const word: Step = (bytes, chance, { dictionary }) => {
  if (dictionary.length === 0) return bytes
  const entry = chance.pick(dictionary)
  const from = chance.below(bytes.length + 1)
  const put = typeof entry === 'string' ? utf8(entry) : entry
  return replace(bytes, from, from + (chance.once(2) ? put.length : 0), put)
}

const swap: Step = (bytes, chance) => {
  const [a, b] = [chance.below(bytes.length + 1), chance.below(bytes.length + 1)].toSorted((one, two) => one - two) as [number, number]
  const c = b + chance.below(bytes.length - b + 1)
  return concat(bytes.subarray(0, a), bytes.subarray(b, c), bytes.subarray(a, b), bytes.subarray(c))
}

const steps: readonly Step[] = [flip, flip, set, set, integer, integer, number, number, cut, remove, repeat, noise, splice, splice, word, word, swap]

/** `bytes` with one to six things done to them, at most `maxBytes` long. */
export function mutate(bytes: Uint8Array, chance: Chance, options: MutateOptions): Uint8Array {
  let result = bytes
  for (let left = chance.pick([1, 1, 1, 2, 2, 3, 6]); left > 0; left--) result = chance.pick(steps)(result, chance, options).subarray(0, options.maxBytes)
  return result
}

function reach(bytes: Uint8Array, chance: Chance): number {
  return chance.pick([1, 2, 4, 16, 512, chance.below(bytes.length + 1)])
}

function replace(bytes: Uint8Array, from: number, to: number, by: Uint8Array): Uint8Array {
  return concat(bytes.subarray(0, from), by, bytes.subarray(Math.min(to, bytes.length)))
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}
