import type { Connection } from '@libp2p/interface'
import { byteStream } from '@libp2p/utils'
import { equalBytes, type Random } from '../base/index.ts'

/** Whether bytes come back over this very connection (`services.ping` would choose one itself). */
export async function pingConnection(connection: Connection, random: Random, timeoutMs: number): Promise<boolean> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const stream = await connection.newStream('/ipfs/ping/1.0.0', { signal, runOnLimitedConnection: true })
    const bytes = byteStream(stream)
    const sent = random.bytes(32)
    await bytes.write(sent, { signal })
    const back = await bytes.read({ bytes: 32, signal })
    stream.abort(new Error('done')) // a close would wait for the other side
    return equalBytes(back.subarray(), sent)
  } catch { return false }
}
