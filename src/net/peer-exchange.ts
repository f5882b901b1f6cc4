import { accept, isMap, limits, reject, type Judged } from '../base/index.ts'
import { judgePeerRecord, type PeerRecord } from './peer-record.ts'
import type { Handler } from './serve.ts'

/**
 * How peers learn of each other: by asking. `{ have }`, the number of records the asker already got from this peer, is answered
 * with `{ records }`: the peer's own first, then others it knows, going on from there. Nothing is sent to anybody who did not ask.
 */
export function peersProtocol(network: string): string {
  return `/holdfast/peers/1/${network}`
}

/** What a peer can tell. */
export interface PeerSource {
  /** Its own record, null where it has none: a relay is no one to exchange files with. */
  own(): PeerRecord | null
  /** Records of others, the likeliest to be reached first. */
  known(): readonly PeerRecord[]
}

export function servePeers(source: PeerSource): Handler {
  return (request, { peerId }) => {
    const have = isMap(request) && Object.keys(request).length === 1 ? request['have'] : null
    if (!Number.isSafeInteger(have) || (have as number) < 0) return reject('bad-input', 'not a question for peers')
    const own = source.own()
    const others = source.known().filter(record => record.peerId !== peerId && record.peerId !== own?.peerId)
    const from = others.length > 0 ? (have as number) % others.length : 0
    const records = [...own === null ? [] : [own], ...others.slice(from), ...others.slice(0, from)].slice(0, limits.peerRecords)
    return accept({ records })
  }
}

/** The records of a reply that are what they say; those that are not are left out, a reply that is none is refused. */
export async function judgePeers(reply: unknown, networkId?: Uint8Array): Promise<Judged<readonly PeerRecord[]>> {
  const records = isMap(reply) && Object.keys(reply).length === 1 ? reply['records'] : null
  if (!Array.isArray(records) || records.length > limits.peerRecords) return reject('bad-reply', 'not a list of peer records')
  const judged = await Promise.all(records.map(async record => await judgePeerRecord(record, networkId)))
  return accept(judged.flatMap(each => each.ok ? [each.value] : []))
}
