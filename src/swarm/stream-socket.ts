import { HoldfastError, concat, limits } from '../base/index.ts'
import type { ByteStream } from '../net/index.ts'
import { encodeHandshake, handshakeBytes, judgeHandshake, type Handshake } from './handshake.ts'
import { WireSocket } from './wire-socket.ts'

/** A wire over a stream between two peers. `early`: what came of it already; `greeted`: our own handshake is sent. */
export class StreamSocket extends WireSocket {
  constructor(id: string, readonly stream: ByteStream, early: readonly Uint8Array[], greeted: boolean) {
    super(id, stream.limited, greeted ? handshakeBytes : 0)
    this.carry({
      get buffered() { return stream.buffered },
      send: bytes => stream.write(bytes),
      close() { stream.abort() },
    })
    for (const bytes of early) this.receive(bytes)
    stream.listen({ data: bytes => { this.receive(bytes) }, drain: () => { this.drained() }, end: () => { this.destroy() } })
  }
}

/** A stream whose first 68 bytes are here, and what they say. */
export interface Greeting { readonly handshake: Handshake, socket(): StreamSocket }

/**
 * Reads the other side's handshake, after sending ours where it is given. Rejects, with the stream ended, when it is none, does
 * not come within `limits.wireGreetMs`, or the stream ends.
 */
export async function greet(stream: ByteStream, ours: Pick<Handshake, 'infohash' | 'peerId'> | null): Promise<Greeting> {
  const early: Uint8Array[] = []
  let came = 0
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const deadline = setTimeout(() => { reject(new HoldfastError('timeout', 'no handshake came')) }, limits.wireGreetMs)
  stream.listen({
    data(bytes) {
      early.push(bytes)
      came += bytes.length
      if (came >= handshakeBytes) resolve()
      if (came > limits.wireEarlyBytes) stream.abort()
    },
    drain() {},
    end() { reject(new HoldfastError('stream-closed', 'it ended before its handshake')) },
  })
  if (ours !== null) stream.write(encodeHandshake(ours.infohash, ours.peerId))
  try {
    await promise
    const judged = judgeHandshake(concat(...early))
    if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
    const { peerId } = judged.value
    return { handshake: judged.value, socket: () => new StreamSocket(peerId, stream, early, ours !== null) }
  } catch (error) {
    stream.abort()
    throw error
  } finally { clearTimeout(deadline) }
}
