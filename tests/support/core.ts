import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Core } from '../../src/media/ffmpeg/core.ts'

/* The decoder of the app, in Node: for making what a journey begins with, and for looking into what came out of it. */

type CoreOfNode = Core & { readonly FS: { writeFile(path: string, bytes: Uint8Array): void } }
type Create = (options: { readonly instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => object, readonly mainScriptUrlOrBlob: string }) => Promise<CoreOfNode>

const core = '@ffmpeg/core' // which says nothing of its types
const { resolve } = createRequire(import.meta.url)
let program: Promise<WebAssembly.Module> | null = null

/** What the core makes of `input`, which it finds at `/made-of`, with `args`; throws what it said where it fails. */
export async function coreMakes(args: readonly string[], input: Uint8Array | null = null): Promise<Buffer> {
  Object.assign(globalThis, { self: globalThis, location: { href: import.meta.url } }) // it is made for workers, and looks at both
  const module = await (program ??= readFile(resolve(`${core}/wasm`)).then(async bytes => await WebAssembly.compile(bytes)))
  const { default: create } = await import(core) as { readonly default: Create }
  const ffmpeg = await create({
    instantiateWasm(imports, done) {
      void (async () => { done(await WebAssembly.instantiate(module, imports)) })()
      return {}
    },
    mainScriptUrlOrBlob: `core#${btoa(JSON.stringify({ wasmURL: '' }))}`,
  })
  const log: string[] = []
  ffmpeg.setLogger(({ message }) => { log.push(message) })
  if (input !== null) ffmpeg.FS.writeFile('/made-of', input)
  ffmpeg.exec(...args, '/made')
  if (ffmpeg.ret !== 0) throw new Error(log.slice(-8).join('\n'))
  return Buffer.from(ffmpeg.FS.readFile('/made'))
}
