import { newCore } from '../../../src/media/ffmpeg/core.ts'
import { runFfmpeg } from '../../../src/media/ffmpeg/run.ts'

/* The bare core, files in its memory, for making what tests are about and looking into what came out. */

async function make(args: readonly string[], input: Uint8Array | null): Promise<Uint8Array> {
  const core = await newCore()
  const log: string[] = []
  core.setLogger(({ message }) => { log.push(message) })
  const { FS } = core as unknown as { FS: { writeFile(path: string, bytes: Uint8Array): void, readFile(path: string): Uint8Array } }
  if (input !== null) FS.writeFile('/made-of', input)
  core.exec(...args, '/made')
  if (core.ret !== 0) throw new Error(log.slice(-8).join('\n'))
  return FS.readFile('/made')
}

/** As the app runs it: what it fails with. */
async function runAsWeDo(args: readonly string[], input: Uint8Array<ArrayBuffer> | null): Promise<never> {
  await runFfmpeg({ file: new Blob([input ?? new Uint8Array(0)]), args }).catch((error: unknown) => { throw new Error((error as { code?: string }).code) })
  throw new Error('it ran')
}

addEventListener('message', ({ data: { args, input, run = false } }: MessageEvent<{ args: readonly string[], input: Uint8Array<ArrayBuffer> | null, run?: boolean }>) => {
  (run ? runAsWeDo(args, input) : make(args, input)).then(bytes => { postMessage({ bytes }) }, (error: unknown) => { postMessage({ problem: String(error) }) })
})
