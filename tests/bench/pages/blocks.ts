import type { BlocksRequest } from './blocks.worker.ts'

/* Blocks of a ledger, executed and kept in a worker, and a week of headers, votes and proofs verified there. */

const page = {
  /** What the worker measures, a list of figures for each run. */
  async run(request: BlocksRequest): Promise<readonly (readonly number[])[]> {
    const worker = new Worker(new URL('./blocks.worker.ts', import.meta.url), { type: 'module' })
    try {
      return await new Promise((done, reject) => {
        worker.onerror = event => { reject(new Error(event.message)) }
        worker.onmessage = ({ data }: MessageEvent<{ figures: readonly (readonly number[])[] } | { problem: string }>) => {
          if ('problem' in data) reject(new Error(data.problem))
          else done(data.figures)
        }
        worker.postMessage(request)
      })
    } finally {
      worker.terminate()
    }
  },
}

export type BlocksPage = typeof page
declare global { var blocksPage: BlocksPage }
globalThis.blocksPage = page
