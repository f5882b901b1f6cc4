import { FFFSType, FFmpeg } from '@ffmpeg/ffmpeg'
import { HoldfastError, limits } from '../../base/index.ts'
import { coreFiles } from './core.ts'
import { inputPath, outputPath } from './files.ts'
import { lastWords, type Run } from './run.ts'

/**
 * Runs ffmpeg as its package has it: in a worker of its own, with the output in memory until it is fetched. Its input is mounted all the same. It loads and compiles the core
 * each time; so this is for what ends in something small, and `runFfmpeg` for all else.
 */
export async function runInMemory({ file, args, onProgress = () => {} }: { readonly file: Blob, readonly args: readonly string[], readonly onProgress?: (done: number) => void }): Promise<Run & { readonly bytes: Uint8Array }> {
  const ffmpeg = new FFmpeg()
  const log: string[] = []
  let most = 0
  ffmpeg.on('log', ({ message }) => {
    log.push(message)
    if (log.length > limits.mediaLogLines) log.shift()
  })
  ffmpeg.on('progress', ({ progress }) => { onProgress(most = Math.max(most, Math.min(1, progress))) })
  try {
    await ffmpeg.load({ coreURL: coreFiles.script, wasmURL: coreFiles.wasm })
    const [folder = '', name = ''] = inputPath.slice(1).split('/')
    await ffmpeg.createDir(`/${folder}`)
    await ffmpeg.mount(FFFSType.WORKERFS, { blobs: [{ name, data: file }] }, `/${folder}`)
    const code = await ffmpeg.exec([...args])
    if (code < 0) throw new HoldfastError('media-crashed', 'the decoder failed', { said: lastWords(log) })
    const bytes = code === 0 ? await ffmpeg.readFile(outputPath) : new Uint8Array(0)
    return { ok: code === 0, log, bytes: bytes as Uint8Array }
  } catch (error) {
    // The package throws the text of an error, or the error of a load that failed.
    throw error instanceof HoldfastError ? error : new HoldfastError('media-crashed', 'the decoder failed', { said: lastWords(log) }, { cause: error })
  } finally {
    ffmpeg.terminate()
  }
}
