import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromHex } from '../../src/base/index.ts'
import { openTdf, type ReadAt, type TdfKeys } from '../../src/content/index.ts'
import { keysOf } from '../support/tdf.ts'
import type { Shape } from './types.ts'

interface Vector { readonly file: string, readonly dek: string, readonly plainBytes: number, readonly plainSha256: string }

/** A folder with `keys.json`, `{ files: [{ file, dek, plainBytes, plainSha256 }] }`, beside the protected files. */
export const tdf: Shape = {
  name: 'TDF',

  async claim({ path, names }) {
    if (!names.includes('keys.json')) return []
    const vectors = await vectorsOf(path)
    return vectors === null ? [] : ['keys.json', ...names.filter(name => vectors.some(({ file }) => file === name))]
  },

  async check({ path }) {
    return await Promise.all((await vectorsOf(path) ?? []).map(async vector => {
      const why = await misses(join(path, vector.file), vector).catch((error: unknown) => String(error))
      return { file: vector.file, verdict: why === '' ? 'passed' as const : 'missed' as const, count: 1, why }
    }))
  },
}

/** Reads a file with its key, and must not read it with another; what is wrong, or nothing. */
async function misses(path: string, { dek, plainBytes, plainSha256 }: Vector): Promise<string> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const read: ReadAt = async (at, length) => {
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, at)
      if (bytesRead !== length) throw new RangeError('read beyond the file')
      return buffer
    }
    const opened = await openTdf(read, size)
    if (!opened.ok) return `${opened.code}: ${opened.reason}`
    const key = fromHex(dek)
    if (key === null) return 'its key is not hex'
    const unlock = async (keys: TdfKeys) => await opened.value.unlock(keys)
    const other = await unlock(await keysOf(key.map(byte => byte ^ 1)))
    if (other.ok || other.code !== 'wrong-key') return 'opened by another key'
    const unlocked = await unlock(await keysOf(key))
    if (!unlocked.ok) return `${unlocked.code}: ${unlocked.reason}`
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of unlocked.value.range(0, unlocked.value.size)) {
      hash.update(chunk)
      bytes += chunk.length
    }
    if (bytes !== plainBytes) return `${bytes} bytes of plaintext, not ${plainBytes}`
    return hash.digest('hex') === plainSha256.toLowerCase() ? '' : 'another plaintext'
  } finally { await file.close() }
}

/** Null where it is a `keys.json` of something else. */
async function vectorsOf(folder: string): Promise<readonly Vector[] | null> {
  const text = await readFile(join(folder, 'keys.json'), 'utf8')
  const parsed = parse(text)
  const files = typeof parsed === 'object' && parsed !== null && 'files' in parsed ? parsed.files : null
  return Array.isArray(files) && files.every(isVector) ? files : null
}

function parse(text: string): unknown {
  try { return JSON.parse(text) as unknown } catch { return null }
}

function isVector(value: unknown): value is Vector {
  const { file, dek, plainBytes, plainSha256 } = (value ?? {}) as Partial<Record<keyof Vector, unknown>>
  return typeof file === 'string' && typeof dek === 'string' && typeof plainBytes === 'number' && typeof plainSha256 === 'string'
}
