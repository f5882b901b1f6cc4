import { HoldfastError, accept, limits, reject, type Judged } from '../base/index.ts'
import type { NetNode } from './node-api.ts'

/**
 * What peers ask each other about the ledger. A request is the byte string of a question, a reply that of its answer; what they say is for who keeps the ledger,
 * in another thread: here they are bytes.
 */
export function stateProtocol(network: string): string {
  return `/holdfast/state/1/${network}`
}

/** Answers questions about the ledger; resolves with how to stop. `from`: the peer id of who asks. */
export async function serveState(
  node: Pick<NetNode, 'handle'>,
  network: string,
  answer: (question: Uint8Array, from: string) => Promise<Judged<Uint8Array>>,
): Promise<() => Promise<void>> {
  return await node.handle(stateProtocol(network), async (request, { peerId }) =>
    isBytes(request, limits.requestBytes) ? await answer(request, peerId) : reject('bad-input', 'not the bytes of a question'))
}

/** The bytes of an answer, or why there are none; never rejects. */
export async function askState(node: Pick<NetNode, 'request'>, id: string, network: string, question: Uint8Array, signal: AbortSignal): Promise<Judged<Uint8Array>> {
  try {
    const reply = await node.request(id, stateProtocol(network), question, { signal })
    return isBytes(reply, limits.frameBytes) ? accept(reply) : reject('bad-reply', 'not the bytes of an answer')
  } catch (error) {
    const { code, message } = HoldfastError.from(error)
    return reject(code, message)
  }
}

function isBytes(value: unknown, most: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length > 0 && value.length <= most
}
