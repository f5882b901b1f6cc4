import type { MediaService } from '../../../src/media/index.ts'
import { offer, wrapService } from '../../../src/peer/rpc.ts'
import type { Stage, StageRequest } from './stages.worker.ts'

/*
 * The pipeline of sharing as the app runs it, the real worker on the real disk, and beside it each of its stages alone, on
 * the same files in the same page.
 */

const scratch = 'tmp/jobs'

function chosen(): File[] {
  return [...document.querySelector('input')?.files ?? []]
}

const page = {
  /** Packs the chosen files: how long it took and how many bytes came out. */
  async pack(): Promise<{ ms: number, size: number }> {
    const worker = new Worker(new URL('../../../workers/media.ts', import.meta.url), { type: 'module', name: 'media' })
    const id = crypto.randomUUID()
    try {
      const media = wrapService<MediaService>(worker)
      const begin = performance.now()
      const { size } = await media.pack({ id, files: chosen().map(file => ({ file, path: file.name })), path: `${scratch}/${id}/archive.tgz` }, offer(() => {}))
      return { ms: performance.now() - begin, size }
    } finally {
      worker.terminate()
    }
  },

  /** Takes what `pack` left off the disk. */
  async clear(): Promise<void> {
    const root = await navigator.storage.getDirectory()
    for await (const name of root.keys()) await root.removeEntry(name, { recursive: true })
  },

  /** One stage alone over `bytes` bytes, in ms. */
  async stage(stage: Stage, bytes: number): Promise<number> {
    const worker = new Worker(new URL('./stages.worker.ts', import.meta.url), { type: 'module' })
    try {
      return await new Promise((done, reject) => {
        worker.onerror = event => { reject(new Error(event.message)) }
        worker.onmessage = ({ data }: MessageEvent<{ ms: number } | { problem: string }>) => {
          if ('problem' in data) reject(new Error(data.problem))
          else done(data.ms)
        }
        worker.postMessage({ stage, bytes, files: chosen() } satisfies StageRequest)
      })
    } finally {
      worker.terminate()
    }
  },
}

export type IngestPage = typeof page
declare global { var ingestPage: IngestPage }
globalThis.ingestPage = page
