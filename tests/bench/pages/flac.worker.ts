import { FFmpeg } from '@ffmpeg/ffmpeg'
import { toHex } from '../../../src/base/index.ts'
import { coreFiles, newCore } from '../../../src/media/ffmpeg/core.ts'
import { sha256Of, transcode } from '../../../src/media/transcode.ts'
import { openStoredFile, openStores } from '../../../src/store/index.ts'

export type Encoder = 'ours' | 'package'
export interface FlacRequest { readonly encoder: Encoder, readonly file: File }
/** `cid`: SHA-256 of the FLAC. */
export interface FlacResult { readonly ms: number, readonly cid: string }

const path = 'tmp/bench/recording.flac'

async function ours(file: File): Promise<FlacResult> {
  await newCore() // compiled once for all jobs of a worker, as the package is loaded once
  const { staging } = await openStores()
  const out = await staging.open(path, { create: true })
  const begin = performance.now()
  await transcode(file, out)
  await out.close()
  const ms = performance.now() - begin
  const cid = await sha256Of(await openStoredFile(path, 'holdfast'), path)
  await staging.remove(path)
  return { ms, cid }
}

/** As its documentation has it: the file in, ffmpeg, the file out. */
async function asUsers(file: File): Promise<FlacResult> {
  const ffmpeg = new FFmpeg()
  await ffmpeg.load({ coreURL: coreFiles.script, wasmURL: coreFiles.wasm })
  const begin = performance.now()
  await ffmpeg.writeFile('in.wav', new Uint8Array(await file.arrayBuffer()))
  const code = await ffmpeg.exec(['-i', 'in.wav', '-map', '0:a:0', '-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', '-c:a', 'flac', '-compression_level', '5', '-f', 'flac', 'out.flac'])
  const flac = await ffmpeg.readFile('out.flac') as Uint8Array<ArrayBuffer>
  const ms = performance.now() - begin
  ffmpeg.terminate()
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}`)
  return { ms, cid: toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', flac))) }
}

addEventListener('message', ({ data: { encoder, file } }: MessageEvent<FlacRequest>) => {
  void (encoder === 'ours' ? ours(file) : asUsers(file)).then(result => { postMessage(result) }, (error: unknown) => { postMessage({ problem: String(error) }) })
})
