import { HoldfastError, accept, limits, reject, type Judged } from '../base/index.ts'
import type { NetNode } from './node-api.ts'

/**
 * How peers ask each other for keys of protected files. A request is the byte string of a question, a reply that of its answer; what they say is for who keeps
 * the ledger, in another thread: here they are bytes, few of them.
 */
export function keysProtocol(network: string): string {
  return `/holdfast/keys/1/${network}`
}

/** Answers questions for keys; resolves with how to stop. `from`: the peer id of who asks, which its connection proves. */
export async function serveKeys(
  node: Pick<NetNode, 'handle'>,
  network: string,
  answer: (question: Uint8Array, from: string) => Promise<Judged<Uint8Array>>,
): Promise<() => Promise<void>> {
  return await node.handle(keysProtocol(network), async (request, { peerId }) =>
    isShort(request) ? await answer(request, peerId) : reject('bad-input', 'not the bytes of a question'))
}

/** The bytes of an answer, or why there are none; never rejects. */
export async function askKeys(node: Pick<NetNode, 'request'>, id: string, network: string, question: Uint8Array, signal: AbortSignal): Promise<Judged<Uint8Array>> {
  try {
    const reply = await node.request(id, keysProtocol(network), question, { signal })
    return isShort(reply) ? accept(reply) : reject('bad-reply', 'not the bytes of an answer')
  } catch (error) {
    const { code, message } = HoldfastError.from(error)
    return reject(code, message)
  }
}

function isShort(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length > 0 && value.length <= limits.keyFrameBytes
}
