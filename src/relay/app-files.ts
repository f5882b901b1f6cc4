import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { HoldfastError } from '../base/index.ts'
import { immutable } from './headers.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

interface Body { readonly bytes: Buffer, readonly etag: string }

export interface AppFile {
  readonly type: string
  readonly cache: string
  readonly plain: Body
  /** The same compressed with Brotli when the app was built. */
  readonly brotli: Body | null
}

/** By URL path. */
export type AppFiles = ReadonlyMap<string, AppFile>

/**
 * The built app as it is now, in memory: a request can name nothing outside it, an app that is built anew under a running
 * relay never comes out mixed, and slow readers share one copy. `not-found` where there is no app.
 */
export async function readAppFiles(root: string): Promise<AppFiles> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []) // no folder: no app, said below
  const names = entries.filter(entry => entry.isFile()).map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
  if (!names.includes('index.html')) throw new HoldfastError('not-found', `No built app in ${root}. Build it first`)
  const bodies = new Map(await Promise.all(names.map(async name => [name, body(await readFile(join(root, name)))] as const)))
  return new Map([...bodies].filter(([name]) => !name.endsWith('.br')).map(([name, plain]) => [`/${name}`, {
    type: types[extname(name)] ?? 'application/octet-stream',
    cache: name.startsWith('assets/') ? immutable : 'no-cache',
    plain,
    brotli: bodies.get(`${name}.br`) ?? null,
  }]))
}

function body(bytes: Buffer): Body {
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` }
}
