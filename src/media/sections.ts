import { createSHA256 } from 'hash-wasm'
import { concat, type Cid } from '../base/index.ts'
import { SectionPass } from '../content/index.ts'
import type { StoredFile } from '../store/index.ts'
import { readAhead } from './read-ahead.ts'

/** What a message says of a file it names, beside its content id; and the SHA-256 of each section, one after the other. */
export interface Sections { readonly root: Cid, readonly size: number, readonly digests: Uint8Array<ArrayBuffer> }

/** Reads a stored file once and makes the root of its sections; of them it holds 32 bytes each. */
export async function hashSections(file: StoredFile, path: string): Promise<Sections> {
  const sha256 = await createSHA256()
  const pass = new SectionPass(file.size, {
    update(bytes) { sha256.update(bytes) },
    digest() {
      const digest = sha256.digest('binary')
      sha256.init()
      return digest
    },
  })
  for await (const chunk of readAhead([{ path, file }])) pass.push(chunk)
  return { root: await pass.root(), size: file.size, digests: concat(...pass.digests) }
}
