import { createCRC32, createSHA256, type IHasher } from 'hash-wasm'
import { HoldfastError } from '../base/index.ts'
import type { RunningCrc32 } from '../content/index.ts'

/** A running SHA-256 over blocks that are lent to it. */
export interface BlockHash {
  /** Takes a block away, whole buffer and all; resolves with it, to be filled again, once it is hashed. Blocks count in the order they come. */
  update(block: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>
  /** 64 hexadecimal digits, of all blocks so far. */
  digest(): Promise<string>
}

/** SHA-256 on this thread. By hash-wasm, since WebCrypto hashes in one piece only, and JavaScript is 3 to 4 times slower. */
export async function hashHere(): Promise<BlockHash> {
  const sha256 = await createSHA256()
  return {
    async update(block) {
      sha256.update(block)
      return block
    },
    async digest() { return sha256.digest() },
  }
}

/** CRC-32 on this thread, in 0.6 ms for a MiB where JavaScript takes 1.5. */
export async function crcHere(): Promise<RunningCrc32> {
  return crcOf(await createCRC32())
}

export function crcOf(crc: IHasher): RunningCrc32 {
  return {
    update(bytes) { crc.update(bytes) },
    digest: () => Number.parseInt(crc.digest(), 16),
  }
}

/** SHA-256 in `worker`, which runs `serveHash` for us alone, beside what this thread does with the next block. */
export function hashInWorker(worker: Worker): BlockHash {
  const waiting: { readonly resolve: (answer: unknown) => void, readonly reject: (problem: HoldfastError) => void }[] = []
  let failed: HoldfastError | null = null // it may have been never loaded, before anything was asked
  worker.onmessage = ({ data }: MessageEvent<unknown>) => { waiting.shift()?.resolve(data) }
  worker.onerror = ({ message }) => {
    failed = new HoldfastError('internal', `the hashing worker failed: ${message}`)
    for (const { reject } of waiting.splice(0)) reject(failed)
  }
  const ask = async (question: Uint8Array<ArrayBuffer> | null): Promise<unknown> => {
    if (failed !== null) throw failed
    return await new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      worker.postMessage(question, question === null ? [] : [question.buffer])
    })
  }
  return {
    update: async block => await ask(block) as Uint8Array<ArrayBuffer>,
    digest: async () => await ask(null) as string,
  }
}

/** What a worker scope has for `serveHash`. */
interface HashScope {
  onmessage: ((event: MessageEvent<Uint8Array<ArrayBuffer> | null>) => void) | null
  postMessage(message: unknown, transfer: Transferable[]): void
}

/** The other end of `hashInWorker`: a block is hashed and goes back, null asks for the digest. */
export function serveHash(scope: HashScope): void {
  let hash = hashHere()
  scope.onmessage = ({ data: block }) => {
    hash = hash.then(async each => {
      if (block === null) scope.postMessage(await each.digest(), [])
      else {
        await each.update(block)
        scope.postMessage(block, [block.buffer])
      }
      return each
    })
  }
}
