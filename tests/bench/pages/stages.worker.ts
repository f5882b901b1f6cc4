import { Deflate } from 'fflate'
import { createCRC32, createSHA256 } from 'hash-wasm'
import type { SyncHandle } from '../../../src/store/sync-handle.ts'

/*
 * The stages of sharing, each alone in a worker, as fast as its part goes: what the whole pipeline could be at best if the
 * slowest of them were all that counted.
 */

export type Stage = 'read' | 'deflate' | 'stored' | 'crc32' | 'sha256' | 'sha1' | 'write'

export interface StageRequest { readonly stage: Stage, readonly files: readonly File[], readonly bytes: number }

const chunkBytes = 1024 * 1024
const pieceBytes = 256 * 1024
const windowBytes = 64 * 1024 * 1024

/** The beginning of the files, in memory: what stages other than `read` work on, over and over until `bytes` are through. */
async function inMemory(files: readonly File[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Blob(files.map(file => file)).slice(0, windowBytes).arrayBuffer())
}

/** `bytes` of the window in chunks of `size`. */
function* chunks(window: Uint8Array<ArrayBuffer>, bytes: number, size: number): Generator<Uint8Array<ArrayBuffer>> {
  for (let done = 0; done < bytes;) {
    const from = done % window.length
    const chunk = window.subarray(from, Math.min(from + size, window.length, from + bytes - done))
    yield chunk
    done += chunk.length
  }
}

/** Stored blocks of deflate (RFC 1951, 3.2.4): five bytes of header, then at most 65,535 as they are. */
function storeBlocks(chunk: Uint8Array, out: Uint8Array): void {
  for (let from = 0, at = 0; from < chunk.length;) {
    const block = chunk.subarray(from, from + 0xffff)
    out.set([0, block.length & 0xff, block.length >> 8, ~block.length & 0xff, ~block.length >> 8 & 0xff], at)
    out.set(block, at + 5)
    from += block.length
    at += block.length + 5
  }
}

async function prepare({ stage, files, bytes }: StageRequest): Promise<() => Promise<void>> {
  if (stage === 'read') {
    return async () => {
      for (const file of files) {
        for (let at = 0; at < file.size; at += chunkBytes * 4) await file.slice(at, at + chunkBytes * 4).arrayBuffer()
      }
    }
  }
  const window = await inMemory(files)
  if (stage === 'deflate') {
    return async () => {
      const deflate = new Deflate({ level: 6 }, () => {})
      for (const chunk of chunks(window, bytes, chunkBytes)) deflate.push(chunk)
      deflate.push(new Uint8Array(0), true)
    }
  }
  if (stage === 'stored') {
    const out = new Uint8Array(chunkBytes * 2)
    return async () => {
      for (const chunk of chunks(window, bytes, chunkBytes)) storeBlocks(chunk, out)
    }
  }
  if (stage === 'crc32' || stage === 'sha256') {
    const hash = await (stage === 'crc32' ? createCRC32() : createSHA256())
    return async () => {
      hash.init()
      for (const chunk of chunks(window, bytes, chunkBytes)) hash.update(chunk)
      hash.digest()
    }
  }
  if (stage === 'sha1') return async () => { for (const piece of chunks(window, bytes, pieceBytes)) await crypto.subtle.digest('SHA-1', piece) }
  const root = await navigator.storage.getDirectory()
  const file = await root.getFileHandle('stage', { create: true }) as FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle> }
  const handle = await file.createSyncAccessHandle()
  return async () => {
    let at = 0
    for (const chunk of chunks(window, bytes, chunkBytes)) at += handle.write(chunk, { at })
    handle.flush()
    handle.close()
    await root.removeEntry('stage')
    if (at !== bytes) throw new RangeError('the disk is full')
  }
}

async function answer(request: StageRequest): Promise<void> {
  try {
    const run = await prepare(request)
    const begin = performance.now()
    await run()
    postMessage({ ms: performance.now() - begin })
  } catch (error) {
    postMessage({ problem: String(error) })
  }
}

addEventListener('message', ({ data }: MessageEvent<StageRequest>) => { void answer(data) })
