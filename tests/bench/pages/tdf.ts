import type { Protector, ProtectRequest } from './tdf.worker.ts'

/* Protecting as the app does it, the cipher alone over the same segments, and OpenTDF's client, each in a worker of its own. */

const page = {
  /** How long `protector` takes for `bytes` bytes, in ms. */
  async protect(protector: Protector, bytes: number): Promise<number> {
    const worker = new Worker(new URL('./tdf.worker.ts', import.meta.url), { type: 'module' })
    try {
      return await new Promise((done, reject) => {
        worker.onerror = event => { reject(new Error(event.message)) }
        worker.onmessage = ({ data }: MessageEvent<{ ms: number } | { problem: string }>) => {
          if ('problem' in data) reject(new Error(data.problem))
          else done(data.ms)
        }
        worker.postMessage({ protector, bytes } satisfies ProtectRequest)
      })
    } finally {
      worker.terminate()
    }
  },
}

export type TdfPage = typeof page
declare global { var tdfPage: TdfPage }
globalThis.tdfPage = page
