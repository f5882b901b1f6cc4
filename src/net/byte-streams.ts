import type { Connection, Libp2p } from '@libp2p/interface'
import { HoldfastError, limits } from '../base/index.ts'
import { PeerByteStream, type ByteStream } from './byte-stream.ts'
import { isUnsupported } from './requests.ts'

/** Opens a stream of bytes over this very connection. */
export async function openStream(connection: Connection, protocol: string, signal: AbortSignal): Promise<ByteStream> {
  try {
    const stream = await connection.newStream(protocol, { signal, runOnLimitedConnection: true, maxOutboundStreams: limits.peerStreams })
    return new PeerByteStream(stream, connection.remotePeer.toString(), connection.limits !== undefined)
  } catch (error) {
    throw new HoldfastError(isUnsupported(error) ? 'unsupported' : 'peer-unreachable', 'no stream to the peer', {}, { cause: error })
  }
}

/** Hands the streams that peers open to `handler`, those over a relay too. Resolves when they can, with how to stop. */
export async function acceptStreams(node: Pick<Libp2p, 'handle' | 'unhandle'>, protocol: string, handler: (stream: ByteStream) => void): Promise<() => Promise<void>> {
  const streams = limits.peerStreams
  await node.handle(protocol, (stream, connection) => {
    handler(new PeerByteStream(stream, connection.remotePeer.toString(), connection.limits !== undefined))
  }, { runOnLimitedConnection: true, maxInboundStreams: streams, maxOutboundStreams: streams })
  return async () => { await node.unhandle(protocol) }
}
