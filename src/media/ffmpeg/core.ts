import coreURL from '@ffmpeg/core?url'
import wasmURL from '@ffmpeg/core/wasm?url'
import { HoldfastError } from '../../base/index.ts'

/** An open file of the core, as its file system has it. */
export interface CoreStream { readonly node: CoreNode, readonly position: number }

export interface StreamOps {
  open?(stream: CoreStream): void
  close?(stream: CoreStream): void
  llseek?(stream: CoreStream, offset: number, whence: number): number
  read?(stream: CoreStream, heap: Int8Array, offset: number, length: number, position: number): number
  write?(stream: CoreStream, heap: Int8Array, offset: number, length: number, position: number): number
}

export interface CoreNode { readonly id: number, mode: number, node_ops: object, stream_ops: StreamOps }

/** Emscripten's file system, as far as we use it. */
export interface CoreFiles {
  readonly filesystems: { readonly WORKERFS: { /** Made when something is mounted. */ readonly reader: { readAsArrayBuffer(blob: Blob): ArrayBuffer } } }
  /** What a failed operation throws; 29 is EIO, which ffmpeg passes on. */
  readonly ErrnoError: new (errno: number) => Error
  mkdir(path: string): void
  mount(type: object, options: { readonly blobs: readonly { readonly name: string, readonly data: Blob }[] }, at: string): void
  lookupPath(path: string): { readonly node: CoreNode }
  createFile(parent: string, name: string, properties: object, canRead: boolean, canWrite: boolean): CoreNode
  readFile(path: string): Uint8Array<ArrayBuffer>
}

/** One instance of ffmpeg. Its two programs run to their end before they return; what they return is in `ret`. */
export interface Core {
  readonly FS: CoreFiles
  readonly ret: number
  exec(...args: readonly string[]): void
  ffprobe(...args: readonly string[]): void
  setLogger(log: (line: { readonly message: string }) => void): void
  setProgress(tell: (progress: { readonly progress: number }) => void): void
}

type Imports = WebAssembly.Imports
type CreateCore = (options: {
  readonly instantiateWasm: (imports: Imports, done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void) => object
  readonly mainScriptUrlOrBlob: string
}) => Promise<Core>

/** Where both files of the core lie. The base of the app is relative, so they are asked for as seen from here. */
export const coreFiles = { script: new URL(coreURL, self.location.href).href, wasm: new URL(wasmURL, self.location.href).href }

/** The core itself: the first digits of the SHA-256 of its WebAssembly, 0.12.10. Another core makes other bytes of the same recording. */
export const coreId = 'ffmpeg.wasm-9f57947a5e75'

let compiled: Promise<WebAssembly.Module> | null = null

/**
 * A fresh instance, for one run: options leak from one to the next, and one that failed may fail ever after (both measured). The program is compiled
 * once in this worker (750 ms) and an instance takes 40.
 */
export async function newCore(): Promise<Core> {
  compiled ??= WebAssembly.compileStreaming(fetch(coreFiles.wasm))
  compiled.catch(() => { compiled = null })
  try {
    const [module, { default: create }] = await Promise.all([compiled, import(/* @vite-ignore */ coreFiles.script) as Promise<{ readonly default: CreateCore }>])
    const failed = Promise.withResolvers<never>() // it hears of no failure, and would wait for ever
    const ready = create({
      instantiateWasm(imports, done) {
        void instantiate(module, imports, done).catch(failed.reject)
        return {}
      },
      mainScriptUrlOrBlob: `${coreFiles.script}#${btoa(JSON.stringify({ wasmURL: coreFiles.wasm }))}`, // where it looks for its files
    })
    return await Promise.race([ready, failed.promise])
  } catch (error) {
    throw new HoldfastError('media-crashed', 'the decoder could not be loaded', {}, { cause: error })
  }
}

async function instantiate(module: WebAssembly.Module, imports: Imports, done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void): Promise<void> {
  done(await WebAssembly.instantiate(module, imports), module)
}
