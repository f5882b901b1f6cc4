import type { Encoder, FlacRequest, FlacResult } from './flac.worker.ts'

/* A recording into FLAC as the app does it, and as the package of ffmpeg shows it to its users, each in a worker of its own. */

const page = {
  /** The chosen file. Takes as long as decoding does, and nothing that is done once for many. */
  async encode(encoder: Encoder): Promise<FlacResult> {
    const file = document.querySelector('input')?.files?.[0]
    if (file === undefined) throw new Error('no recording was chosen')
    const worker = new Worker(new URL('./flac.worker.ts', import.meta.url), { type: 'module' })
    try {
      return await new Promise((done, reject) => {
        worker.onerror = event => { reject(new Error(event.message)) }
        worker.onmessage = ({ data }: MessageEvent<FlacResult | { problem: string }>) => {
          if ('problem' in data) reject(new Error(data.problem))
          else done(data)
        }
        worker.postMessage({ encoder, file } satisfies FlacRequest)
      })
    } finally {
      worker.terminate()
    }
  },
}

export type FlacPage = typeof page
declare global { var flacPage: FlacPage }
globalThis.flacPage = page
