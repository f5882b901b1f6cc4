import { hashHere, hashInWorker, type BlockHash } from './block-hash.ts'

/** A thread of its own for the slowest stage; none where a worker may start no workers. `end` ends it. */
export async function openHash(): Promise<{ readonly hash: BlockHash, readonly end: () => void }> {
  try {
    const worker = new Worker(new URL('../../workers/sha256.ts', import.meta.url), { type: 'module', name: 'sha256' })
    return { hash: hashInWorker(worker), end: () => { worker.terminate() } }
  } catch {
    return { hash: await hashHere(), end: () => {} }
  }
}
