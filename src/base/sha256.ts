import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { initialHash, laneAt, laneBytes, makeSha256, type Sha256Wasm } from './sha256-wasm.ts'

/** Longest message that fits a lane with its padding: a byte 0x80 and its length in 8 bytes. */
const longest = laneBytes - 9
/** So many single messages are hashed before WebAssembly is made for them, which takes as long as they do: a page hashes a few, a worker millions. */
let patience = 5000

/** Undefined until it is first wanted; null where it cannot be made. */
let made: Sha256Wasm | null | undefined

function wasm(): Sha256Wasm | null {
  if (made === undefined) {
    try { made = makeSha256() } catch { made = null }
  }
  return made
}

/** SHA-256 of something small; files are hashed as they stream. */
export function sha256(message: Uint8Array): Uint8Array<ArrayBuffer> {
  if (made === undefined && --patience < 0) wasm()
  if (made === undefined || made === null || message.length > longest) return new Uint8Array(nobleSha256(message))
  const { bytes, words, hash } = made
  const blocks = pad(bytes, words, laneAt(0), message, message.length)
  for (let i = 0; i < 8; i++) words[hash + i] = initialHash[i]!
  made.one(0, blocks)
  const digest = new Uint8Array(32)
  for (let i = 0; i < 8; i++) putWord(digest, 4 * i, words[hash + i]!)
  return digest
}

/**
 * The SHA-256 of each message, 32 bytes after 32 bytes; `lengths` says how much of each counts, where it is not all. Four at a time: for
 * messages up to 16 KiB, such as nodes and keys, several times as fast as one by one.
 */
export function sha256Flat(messages: readonly Uint8Array[], lengths: readonly number[] | null = null): Uint8Array<ArrayBuffer> {
  const digests = new Uint8Array(32 * messages.length)
  const hasher = wasm()
  const lengthOf = (i: number): number => lengths === null ? messages[i]!.length : lengths[i]!
  const order = byBlocks(hasher === null ? 0 : messages.length, lengthOf)
  if (hasher !== null) hashFours(hasher, messages, lengthOf, order, digests)
  if (order.length < messages.length) {
    for (const [i, message] of messages.entries()) if (hasher === null || lengthOf(i) > longest) digests.set(nobleSha256(message.subarray(0, lengthOf(i))), 32 * i)
  }
  return digests
}

/** The SHA-256 of each message. */
export function sha256Many(messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const digests = sha256Flat(messages)
  return messages.map((_, i) => digests.slice(32 * i, 32 * i + 32))
}

/** The messages that fit a lane, those with most blocks first, so that four beside each other take about as long. */
function byBlocks(count: number, lengthOf: (i: number) => number): Uint32Array {
  const ends = new Uint32Array(blocksOf(longest) + 2)
  for (let i = 0; i < count; i++) {
    const length = lengthOf(i)
    if (length <= longest) ends[blocksOf(length)]!++
  }
  let end = 0
  for (let blocks = ends.length - 1; blocks >= 0; blocks--) end = ends[blocks]! += end
  const order = new Uint32Array(end)
  for (let i = count - 1; i >= 0; i--) {
    const length = lengthOf(i)
    if (length <= longest) order[--ends[blocksOf(length)]!] = i
  }
  return order
}

function hashFours(hasher: Sha256Wasm, messages: readonly Uint8Array[], lengthOf: (i: number) => number, order: Uint32Array, digests: Uint8Array): void {
  const { bytes, words, hash } = hasher
  const blocks = [0, 0, 0, 0]
  for (let first = 0; first < order.length; first += 4) {
    const lanes = Math.min(4, order.length - first)
    for (let lane = 0; lane < lanes; lane++) {
      const i = order[first + lane]!
      blocks[lane] = pad(bytes, words, laneAt(lane), messages[i]!, lengthOf(i))
    }
    const width = lanes === 1 ? 1 : 4
    for (let word = 0; word < 8 * width; word++) words[hash + word] = initialHash[width === 1 ? word : word >> 2]!
    // The last has fewest blocks: once it is done, those that have more go on.
    for (let lane = lanes - 1, done = 0; lane >= 0; lane--) {
      const more = blocks[lane]! - done
      if (more > 0) {
        if (width === 1) hasher.one(64 * done, more)
        else hasher.four(64 * done, more)
      }
      done += more
      const to = 32 * order[first + lane]!
      for (let i = 0; i < 8; i++) putWord(digests, to + 4 * i, words[hash + width * i + lane]!)
    }
  }
}

function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
}

function blocksOf(length: number): number { return length + 9 + 63 >>> 6 }

/** Puts a message where a lane begins, with its padding, and says how many blocks it has. */
function pad(bytes: Uint8Array, words: Int32Array, at: number, message: Uint8Array, length: number): number {
  if (length < 64) for (let i = 0; i < length; i++) bytes[at + i] = message[i]!
  else bytes.set(message.length > longest ? message.subarray(0, length) : message, at)
  const blocks = blocksOf(length)
  const end = at + 64 * blocks
  let zero = at + length
  bytes[zero++] = 0x80
  while ((zero & 3) !== 0) bytes[zero++] = 0
  for (let word = zero >> 2; word < end - 4 >> 2; word++) words[word] = 0
  const bits = 8 * length
  bytes[end - 4] = 0
  bytes[end - 3] = bits >>> 16
  bytes[end - 2] = bits >>> 8
  bytes[end - 1] = bits
  return blocks
}
