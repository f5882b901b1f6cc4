import type { OurTurn, Turn } from '../support/trie-turns.ts'
import type { HashTimes, TrieAnswer, TrieRequest } from './trie.worker.ts'

/* Hashing of nodes, and blocks of changes to a trie, ours and the library's each in a worker of its own: neither collects the other's garbage. */

const workers = new Map<string, Worker>()

async function ask(name: string, request: TrieRequest): Promise<TrieAnswer> {
  const worker = workers.get(name) ?? new Worker(new URL('./trie.worker.ts', import.meta.url), { type: 'module' })
  workers.set(name, worker)
  return await new Promise((done, reject) => {
    worker.onerror = event => { reject(new Error(event.message)) }
    worker.onmessage = ({ data }: MessageEvent<TrieAnswer>) => {
      if ('problem' in data) reject(new Error(data.problem))
      else done(data)
    }
    worker.postMessage(request)
  })
}

async function turnOf<T extends Turn>(who: 'ours' | 'library', blocks: number, changes: number): Promise<T> {
  const answer = await ask(who, { blocks, changes })
  if (!('turn' in answer)) throw new Error('another answer')
  return answer.turn as T
}

const page = {
  /** One turn of every hasher with messages of so many bytes. */
  async hash(bytes: number): Promise<HashTimes> {
    const answer = await ask('hash', { hash: bytes })
    if (!('hashed' in answer)) throw new Error('another answer')
    return answer.hashed
  },
  /** Makes the trie of so many keys that a seed says, twice. */
  async make(seed: number, keys: number): Promise<void> {
    for (const who of ['ours', 'library'] as const) await ask(who, { make: who, seed, keys })
  },
  /** So many blocks of so many changes in ours, then as many in the library. */
  async turn(blocks: number, changes: number): Promise<{ readonly ours: OurTurn, readonly library: Turn }> {
    return { ours: await turnOf<OurTurn>('ours', blocks, changes), library: await turnOf('library', blocks, changes) }
  },
}

export type TriePage = typeof page
declare global { var triePage: TriePage }
globalThis.triePage = page
