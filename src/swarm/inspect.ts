import { HoldfastError, type Cid, type Infohash } from '../base/index.ts'
import { judgeFoundInfo, type Kind, type Torrent } from '../content/index.ts'
import { Meeting } from './meeting.ts'
import type { SwarmHost } from './membership.ts'

/** Learns the torrent of an infohash from its swarm, and leaves; see `Swarm.inspect`. */
export async function inspect(host: SwarmHost, cid: Cid, infohash: Infohash, signal: AbortSignal): Promise<Torrent & { readonly kind: Kind }> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
  const aborted = (): void => { reject(new HoldfastError('aborted', 'given up')) }
  if (signal.aborted) aborted()
  signal.addEventListener('abort', aborted)
  const meeting = new Meeting(host, infohash, true, { onWire() {}, onInfo: resolve, onError: reject })
  try {
    const judged = judgeFoundInfo(await promise, cid, infohash)
    if (!judged.ok) throw new HoldfastError(judged.code, judged.reason, { infohash })
    return judged.value
  } finally {
    signal.removeEventListener('abort', aborted)
    meeting.leave()
  }
}
