import { toHex } from '../../../src/base/index.ts'
import type { Packed, Source } from '../../../src/media/index.ts'
import { canonical } from './canonical.ts'

export const text = (words: string) => new TextEncoder().encode(words)

export function source(path: string, bytes: Uint8Array<ArrayBuffer>): Source {
  return { path, file: new File([bytes], path.slice(path.lastIndexOf('/') + 1)) }
}

export async function bytesOf(body: ReadableStream<Uint8Array<ArrayBuffer>> | Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(body).arrayBuffer())
}

/** What must be true of an archive, found out without the code that made it. */
export async function oracle(archive: Blob, extension = ''): Promise<Pick<Packed, 'cid' | 'size'> & { readonly infohash: string, readonly info: Uint8Array }> {
  const { cid, infohash, info } = await canonical(await bytesOf(archive), name => name + extension)
  return { cid, size: archive.size, infohash, info }
}

export async function sameBytes(a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map(async bytes => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))))
  return a.length === b.length && first === second
}
