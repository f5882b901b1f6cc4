import type { BlockTimes } from '../support/trie-block.ts'
import type { HashTimes, TrieAnswer, TrieRequest } from './trie.worker.ts'

/* Hashing of nodes, and blocks of changes to a trie, in a worker as the app does them. */

let worker: Worker | null = null

async function ask(request: TrieRequest): Promise<TrieAnswer> {
  worker ??= new Worker(new URL('./trie.worker.ts', import.meta.url), { type: 'module' })
  const asked = worker
  return await new Promise((done, reject) => {
    asked.onerror = event => { reject(new Error(event.message)) }
    asked.onmessage = ({ data }: MessageEvent<TrieAnswer>) => {
      if ('problem' in data) reject(new Error(data.problem))
      else done(data)
    }
    asked.postMessage(request)
  })
}

const page = {
  /** One turn of every hasher with messages of so many bytes. */
  async hash(bytes: number): Promise<HashTimes> {
    const answer = await ask({ hash: bytes })
    if (!('hashed' in answer)) throw new Error('another answer')
    return answer.hashed
  },
  /** Makes a trie of so many keys, and warms up on blocks of so many changes. */
  async make(keys: number, changes: number, blocks: number): Promise<void> { await ask({ make: keys, changes, blocks }) },
  /** One block of so many changes. */
  async block(changes: number): Promise<BlockTimes> {
    const answer = await ask({ block: changes })
    if (!('times' in answer)) throw new Error('another answer')
    return answer.times
  },
}

export type TriePage = typeof page
declare global { var triePage: TriePage }
globalThis.triePage = page
