import { sha1 } from '@noble/hashes/legacy.js'
import { accept, concat, fromHex, reject, toHex, utf8, type Cid, type Infohash, type Judged } from '../base/index.ts'
import { decodeBencode, encodeBencode } from './bencode.ts'

/**
 * Where those who know nothing but a content id meet those who have it: an infohash made of the id, of which no torrent exists.
 * There the BEP 10 extension `holdfast_cid` hands over the infohash of the real swarm.
 */
export function rendezvousOf(cid: Cid): Infohash {
  return toHex(sha1(concat(utf8('holdfast/rendezvous/1\0'), fromHex(cid) ?? new Uint8Array())))
}

/** What is handed over: the real swarm, and the length of the file in bytes. */
export interface RendezvousAnswer { readonly infohash: Infohash, readonly length: number }

/** The payload of the one message of `holdfast_cid`: bencoded `{ c: cid, i: infohash, l: length }`, hashes as bytes. */
export function rendezvousAnswer(cid: Cid, { infohash, length }: RendezvousAnswer): Uint8Array<ArrayBuffer> {
  return encodeBencode({ c: fromHex(cid) ?? new Uint8Array(), i: fromHex(infohash) ?? new Uint8Array(), l: length })
}

export function judgeRendezvous(message: Uint8Array, cid: Cid): Judged<RendezvousAnswer> {
  const decoded = message.length <= 256 ? decodeBencode(message) : null
  if (decoded?.ok !== true || !(decoded.value instanceof Map) || decoded.value.size !== 3) return reject('bad-reply', 'not an answer of the rendezvous')
  const [c, i, l] = ['c', 'i', 'l'].map(key => (decoded.value as Map<string, unknown>).get(key))
  if (!(c instanceof Uint8Array) || toHex(c) !== cid) return reject('bad-reply', 'an answer about another content')
  if (!(i instanceof Uint8Array) || i.length !== 20) return reject('bad-reply', 'no infohash')
  if (typeof l !== 'number' || l < 1) return reject('bad-reply', 'no length')
  return accept({ infohash: toHex(i), length: l })
}
