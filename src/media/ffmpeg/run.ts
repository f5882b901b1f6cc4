import { HoldfastError, limits } from '../../base/index.ts'
import type { StagingFile } from '../../store/index.ts'
import { newCore, type Core } from './core.ts'
import { mountInput, mountOutput, outputPath, type Faults } from './files.ts'

export interface RunRequest {
  readonly file: Blob
  /** Arguments before and after the input, the output among the latter (`outputPath`). */
  readonly args: readonly string[]
  /** Where it goes; none for what only says something. */
  readonly out?: StagingFile
  /** 0 to 1, never back; told at most every `limits.mediaTellMs`, and as long as bytes are read or written, so that whoever waits knows it lives. */
  readonly onProgress?: (done: number) => void
}

export interface Run {
  readonly ok: boolean
  /** What was said last, `limits.mediaLogLines` of it. */
  readonly log: readonly string[]
}

/** Runs ffmpeg once. Throws what the files failed with, and `media-crashed`; what else went wrong is in the log. */
export async function runFfmpeg({ file, args, out, onProgress = () => {} }: RunRequest): Promise<Run> {
  const core = await newCore()
  const log: string[] = [], faults: Faults = { fault: null }
  const beat = steadily(onProgress)
  hear(core, log)
  core.setProgress(({ progress }) => { beat(progress) })
  mountInput(core, file, faults, () => { beat(0) })
  await out?.resize(0)
  if (out?.handle !== undefined) mountOutput(core, out.handle, faults, () => { beat(0) })
  call(() => { core.exec(...args) }, core, log, faults)
  if (core.ret < 0) throw new HoldfastError('media-crashed', 'the decoder did not end', { said: lastWords(log) })
  const ok = core.ret === 0
  if (ok && out !== undefined && out.handle === undefined) await keep(core, out)
  await out?.flush()
  return { ok, log }
}

/** What ffprobe says of a file, as JSON; null where it cannot read it. Its `ret` says nothing, whatever happened (measured): what it wrote does. */
export async function runFfprobe(file: Blob, args: readonly string[]): Promise<{ readonly json: unknown, readonly log: readonly string[] }> {
  const core = await newCore()
  const log: string[] = [], faults: Faults = { fault: null }
  hear(core, log)
  mountInput(core, file, faults, () => {})
  call(() => { core.ffprobe(...args, '-print_format', 'json', '-o', outputPath) }, core, log, faults)
  try { return { json: JSON.parse(new TextDecoder().decode(core.FS.readFile(outputPath))), log } } catch { return { json: null, log } }
}

function hear(core: Core, log: string[]): void {
  core.setLogger(({ message }) => {
    log.push(message)
    if (log.length > limits.mediaLogLines) log.shift()
  })
}

/** It returns once all is done. A trap of the program is thrown out of it, and makes it worthless (measured). */
function call(program: () => void, core: Core, log: readonly string[], faults: Faults): void {
  let thrown: unknown = null
  try { program() } catch (error) { thrown = error }
  if (faults.fault !== null) throw faults.fault
  if (thrown !== null) throw new HoldfastError('media-crashed', 'the decoder failed', { said: lastWords(log) }, { cause: thrown })
}

/** Where the store has no handles: out of the memory of the core, in pieces. */
async function keep({ FS }: Core, out: StagingFile): Promise<void> {
  const bytes = FS.readFile(outputPath)
  for (let at = 0; at < bytes.length; at += limits.storeChunkBytes) await out.write(at, bytes.subarray(at, at + limits.storeChunkBytes))
}

/** Tells how far something is, 0 to 1, never back and at most every `limits.mediaTellMs`. */
export function steadily(tell: (done: number) => void): (done: number) => void {
  let [most, toldAt] = [0, -Infinity]
  return done => {
    if (done > most) most = Math.min(1, done)
    const now = performance.now()
    if (now - toldAt < limits.mediaTellMs) return
    toldAt = now
    tell(most)
  }
}

/** The last line that says something; a run ends with "Aborted()" and "Conversion failed!" whatever happened. */
export function lastWords(log: readonly string[]): string {
  return (log.findLast(line => !/^\s*$|^Aborted|^Conversion failed!|^(?:size|frame)=/.test(line)) ?? '').slice(0, 200)
}
