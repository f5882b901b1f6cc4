import { sha256 } from '@noble/hashes/sha2.js'
import { createSHA256 } from 'hash-wasm'
import { sha256Flat } from '../../../src/base/index.ts'
import { LibraryTrie, OurTrie, type OurTurn, type Turn } from '../support/trie-turns.ts'

export type TrieRequest = { readonly hash: number } | { readonly make: 'ours' | 'library', readonly seed: number, readonly keys: number } | { readonly blocks: number, readonly changes: number }
export type TrieAnswer = { readonly hashed: HashTimes } | { readonly made: true } | { readonly turn: Turn | OurTurn } | { readonly problem: string }

/** MB/s of each. */
export interface HashTimes { readonly ours: number, readonly noble: number, readonly webCrypto: number, readonly hashWasm: number }

/** As many messages as a block has nodes. */
const messages = 500
const sliceMs = 150

let trie: OurTrie | LibraryTrie | null = null

async function answer(request: TrieRequest): Promise<TrieAnswer> {
  if ('hash' in request) return { hashed: await hash(request.hash) }
  if ('make' in request) {
    trie = await (request.make === 'ours' ? OurTrie : LibraryTrie).make(request.seed, request.keys)
    return { made: true }
  }
  if (trie === null) throw new Error('no trie was made')
  return { turn: await trie.turn(request.blocks, request.changes) }
}

async function hash(bytes: number): Promise<HashTimes> {
  const nodes = Array.from({ length: messages }, () => crypto.getRandomValues(new Uint8Array(bytes)))
  const hasher = await createSHA256()
  return {
    ours: await rate(bytes, () => { sha256Flat(nodes) }),
    noble: await rate(bytes, () => { for (const node of nodes) sha256(node) }),
    webCrypto: await rate(bytes, async () => { for (const node of nodes) await crypto.subtle.digest('SHA-256', node) }),
    hashWasm: await rate(bytes, () => { for (const node of nodes) hasher.init().update(node).digest('binary') }),
  }
}

async function rate(bytes: number, round: () => Promise<void> | void): Promise<number> {
  const begin = performance.now()
  let [now, rounds] = [begin, 0]
  for (; now - begin < sliceMs; now = performance.now(), rounds++) await round()
  return rounds * messages * bytes / 1000 / (now - begin)
}

addEventListener('message', ({ data }: MessageEvent<TrieRequest>) => {
  answer(data).then(message => { postMessage(message) }, (error: unknown) => { postMessage({ problem: String(error) } satisfies TrieAnswer) })
})
