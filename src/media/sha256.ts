import { createSHA256 } from 'hash-wasm'
import { HoldfastError, toHex } from '../base/index.ts'

/** A running SHA-256 over blocks that are lent to it. */
export interface BlockHash {
  /** Takes a block away, whole buffer and all; resolves with it, to be used again, once it is hashed. Blocks are hashed in order. */
  update(block: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>
  /** 64 hexadecimal digits. */
  digest(): Promise<string>
}

/** SHA-256 on this thread. */
export async function hashHere(): Promise<BlockHash> {
  const sha256 = await createSHA256()
  return {
    async update(block) {
      sha256.update(block)
      return block
    },
    async digest() { return toHex(sha256.digest('binary')) },
  }
}

/** SHA-256 in `worker`, which runs `serveHash` and is ours: beside what this thread does with the next block. */
export async function hashInWorker(worker: Worker): Promise<BlockHash> {
  const waiting: PromiseWithResolvers<unknown>[] = []
  worker.onmessage = ({ data }: MessageEvent<unknown>) => { waiting.shift()?.resolve(data) }
  worker.onerror = event => { for (const each of waiting.splice(0)) each.reject(new HoldfastError('internal', event.message)) }
  const ask = async <T>(message: unknown, transfer: Transferable[]): Promise<T> => {
    const reply = Promise.withResolvers<unknown>()
    waiting.push(reply)
    worker.postMessage(message, transfer)
    return await reply.promise as T
  }
  return {
    update: async block => await ask(block, [block.buffer]),
    digest: async () => await ask(null, []),
  }
}

/** The other end of `hashInWorker`: one hash, asked in order. */
export function serveHash(scope: { onmessage: ((event: MessageEvent<Uint8Array<ArrayBuffer> | null>) => void) | null, postMessage(message: unknown, transfer: Transferable[]): void }): void {
  const ready = hashHere()
  let tail = Promise.resolve()
  scope.onmessage = ({ data }) => {
    tail = tail.then(async () => {
      const hash = await ready
      if (data === null) scope.postMessage(await hash.digest(), [])
      else {
        const block = await hash.update(data)
        scope.postMessage(block, [block.buffer])
      }
    })
  }
}
