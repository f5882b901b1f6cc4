import { code, constant, get, i32, loopWhile, memoryAt, op, raw, set, tee, v128, vectorOp, wasmModule, type Code, type ValueType, type WasmFunction } from './wasm-writer.ts'

/**
 * SHA-256 (FIPS 180-4) in WebAssembly, made when it is first wanted: once for one message in i32, once for four beside each other in the four i32
 * of a v128. Both are the same rounds over other operations.
 *
 * Memory: the round constants; the hashes under way; four lanes, each with room for one padded message.
 */
const constantsAt = 0
const hashAt = 256
const lanesAt = 512
export const laneBytes: number = 16 * 1024
/** Not a power of two, so that the same words of all lanes do not compete for one place in the cache. */
const laneStride = laneBytes + 320

export function laneAt(lane: number): number { return lanesAt + lane * laneStride }

export interface Sha256Wasm {
  /** The memory, as bytes and as words. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly words: Int32Array<ArrayBuffer>
  /** Where in `words` the hashes are: each word of the four lanes beside each other; of the first lane alone, one after the other. */
  readonly hash: number
  /** Takes so many blocks (at least one) of 64 bytes of each lane into the four hashes, from the byte `from` of the lane on. */
  four(from: number, blocks: number): void
  /** The same of the first lane alone. */
  one(from: number, blocks: number): void
}

/** Throws where this WebAssembly has no vectors, or none may be made. */
export function makeSha256(): Sha256Wasm {
  const module = new WebAssembly.Module(wasmModule(Math.ceil(laneAt(4) / 65_536), [hasher('four', quadruple), hasher('one', single)]))
  const { memory, four, one } = new WebAssembly.Instance(module).exports as unknown as { memory: { buffer: ArrayBuffer } } & Pick<Sha256Wasm, 'four' | 'one'>
  const words = new Int32Array(memory.buffer)
  words.set(roundConstants, constantsAt >> 2)
  return { bytes: new Uint8Array(memory.buffer), words, hash: hashAt >> 2, four, one }
}

/** What the rounds are made of, for one message or four. */
interface Words {
  readonly type: ValueType
  roundConstant(round: number): Code
  add(a: Code, b: Code): Code
  xor(a: Code, b: Code): Code
  and(a: Code, b: Code): Code
  shiftRight(a: Code, bits: number): Code
  rotateRight(local: number, bits: number): Code
  /** A word of the hash, from memory and back. */
  load(word: number): Code
  store(word: number, value: Code): Code
  /** Sets sixteen locals to the words of the block at the address in a local; eight others are free. */
  block(at: number, schedule: number, free: number): Code
}

const single: Words = {
  type: i32,
  roundConstant: round => constant(roundConstants[round] ?? 0),
  add: (a, b) => op(0x6a, [a, b]),
  xor: (a, b) => op(0x73, [a, b]),
  and: (a, b) => op(0x71, [a, b]),
  shiftRight: (a, bits) => op(0x76, [a, constant(bits)]),
  rotateRight: (local, bits) => op(0x78, [get(local), constant(bits)]),
  load: word => op(0x28, [constant(0)], memoryAt(hashAt + 4 * word, 2)),
  store: (word, value) => op(0x36, [constant(0), value], memoryAt(hashAt + 4 * word, 2)),
  block: (at, schedule, free) => code(...range(16).map(i => {
    const rotated = (bits: number, mask: number) => op(0x71, [op(0x77, [get(free), constant(bits)]), constant(mask)])
    return code(set(free, op(0x28, [get(at)], memoryAt(laneAt(0) + 4 * i, 2))), set(schedule + i, op(0x72, [rotated(8, 0x00ff00ff), rotated(24, 0xff00ff00)])))
  })),
}

const quadruple: Words = {
  type: v128,
  roundConstant: round => vectorOp(0x09, [constant(0)], memoryAt(constantsAt + 4 * round, 2)), // v128.load32_splat
  add: (a, b) => vectorOp(0xae, [a, b]),
  xor: (a, b) => vectorOp(0x51, [a, b]),
  and: (a, b) => vectorOp(0x4e, [a, b]),
  shiftRight: (a, bits) => vectorOp(0xad, [a, constant(bits)]),
  rotateRight: (local, bits) => vectorOp(0x50, [vectorOp(0xad, [get(local), constant(bits)]), vectorOp(0xab, [get(local), constant(32 - bits)])]), // shr_u | shl
  load: word => vectorOp(0x00, [constant(0)], memoryAt(hashAt + 16 * word, 4)),
  store: (word, value) => vectorOp(0x0b, [constant(0), value], memoryAt(hashAt + 16 * word, 4)),
  block: (at, schedule, free) => code(...range(4).map(quarter => code(
    ...range(4).map(lane => code(
      set(free + lane, vectorOp(0x00, [get(at)], memoryAt(laneAt(lane) + 16 * quarter, 4))),
      set(free + lane, shuffle(free + lane, free + lane, [0, 1, 2, 3], [3, 2, 1, 0])), // of one vector, not two: that is one instruction
    )),
    transposed(free, free + 4, schedule + 4 * quarter),
  ))),
}

/** Words of two vectors: 0 to 3 of the first, 4 to 7 of the second; the bytes of each in this order. */
function shuffle(a: number, b: number, words: readonly number[], bytes: readonly number[] = [0, 1, 2, 3]): Code {
  return vectorOp(0x0d, [get(a), get(b)], raw(...words.flatMap(word => bytes.map(byte => 4 * word + byte))))
}

/** Four words of each of four lanes become four vectors with one word of all lanes. */
function transposed(lanes: number, half: number, to: number): Code {
  return code(
    set(half, shuffle(lanes, lanes + 1, [0, 4, 1, 5])), set(half + 1, shuffle(lanes + 2, lanes + 3, [0, 4, 1, 5])),
    set(half + 2, shuffle(lanes, lanes + 1, [2, 6, 3, 7])), set(half + 3, shuffle(lanes + 2, lanes + 3, [2, 6, 3, 7])),
    set(to, shuffle(half, half + 1, [0, 1, 4, 5])), set(to + 1, shuffle(half, half + 1, [2, 3, 6, 7])),
    set(to + 2, shuffle(half + 2, half + 3, [0, 1, 4, 5])), set(to + 3, shuffle(half + 2, half + 3, [2, 3, 6, 7])),
  )
}

/** Where the locals of a function are; the first two are its parameters, where the block is and how many are left. */
const locals = { block: 0, left: 1, hash: 2, working: 10, schedule: 18, spare: 34, count: 36 } as const

function hasher(name: string, words: Words): WasmFunction {
  const { block, left, hash, schedule, working } = locals
  return {
    name, parameters: 2, locals: Array.from({ length: locals.count - 2 }, () => words.type),
    body: code(
      ...range(8).map(i => set(hash + i, words.load(i))),
      loopWhile(tee(left, op(0x6a, [get(left), constant(-1)])), code(words.block(block, schedule, working), compress(words), set(block, op(0x6a, [get(block), constant(64)])))),
      ...range(8).map(i => words.store(i, get(hash + i))),
    ),
  }
}

/** Takes the sixteen words that lie in the schedule into the hash. */
function compress(words: Words): Code {
  const { hash, working, schedule, spare } = locals
  const { add, xor, and, rotateRight, shiftRight } = words
  const sum = (...terms: readonly Code[]) => terms.reduce(add)
  const steps: Code[] = []
  for (let i = 0; i < 8; i++) steps.push(set(working + i, get(hash + i)))
  const [both, last] = [spare, spare + 1]
  steps.push(set(last, xor(get(working + 1), get(working + 2))))
  for (let round = 0; round < 64; round++) {
    const word = (of: number) => schedule + (of & 15)
    const variable = (of: number) => working + (of - round & 7)
    const [a, b, d, e, f, g, h] = [variable(0), variable(1), variable(3), variable(4), variable(5), variable(6), variable(7)]
    if (round >= 16) {
      const [near, far] = [word(round + 1), word(round + 14)]
      const small0 = xor(xor(rotateRight(near, 7), rotateRight(near, 18)), shiftRight(get(near), 3))
      const small1 = xor(xor(rotateRight(far, 17), rotateRight(far, 19)), shiftRight(get(far), 10))
      steps.push(set(word(round), sum(get(word(round)), get(word(round + 9)), small0, small1)))
    }
    const large1 = xor(xor(rotateRight(e, 6), rotateRight(e, 11)), rotateRight(e, 25))
    const choice = xor(get(g), and(get(e), xor(get(f), get(g))))
    steps.push(set(h, sum(get(h), add(get(word(round)), words.roundConstant(round)), choice, large1)), set(d, add(get(d), get(h))))
    const large0 = xor(xor(rotateRight(a, 2), rotateRight(a, 13)), rotateRight(a, 22))
    // The majority of a, b and c is b where b is c, else a; a ^ b of this round is b ^ c of the next.
    const majority = xor(get(b), and(tee(both, xor(get(a), get(b))), get(last)))
    steps.push(set(h, sum(get(h), majority, large0)), set(last, get(both)))
  }
  for (let i = 0; i < 8; i++) steps.push(set(hash + i, add(get(hash + i), get(working + i))))
  return code(...steps)
}

function range(count: number): readonly number[] { return Array.from({ length: count }, (_, i) => i) }

/** The first 32 bits of the fractions of the square roots of the first 8 primes. */
export const initialHash: readonly number[] = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]

/** The same of the cube roots of the first 64. */
const roundConstants = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]
