import { accept, concat, equalBytes, fromHex, reject, toHex, utf8, type Infohash, type Judged } from '../base/index.ts'

/** A wire begins with so many bytes each way (BEP 3). */
export const handshakeBytes = 68

const protocol = concat(Uint8Array.of(19), utf8('BitTorrent protocol'))

/** `peerId`: 40 hexadecimal digits. `fast`: it knows the fast extension (BEP 6). */
export interface Handshake { readonly infohash: Infohash, readonly peerId: string, readonly fast: boolean }

/** The very bytes WebTorrent begins a wire with: extensions (BEP 10), fast (BEP 6). */
export function encodeHandshake(infohash: Infohash, peerId: string): Uint8Array<ArrayBuffer> {
  return concat(protocol, Uint8Array.of(0, 0, 0, 0, 0, 0x10, 0, 0x04), fromHex(infohash) ?? new Uint8Array(), fromHex(peerId) ?? new Uint8Array())
}

export function judgeHandshake(bytes: Uint8Array): Judged<Handshake> {
  if (bytes.length < handshakeBytes || !equalBytes(bytes.subarray(0, 20), protocol)) return reject('bad-frame', 'not the beginning of a wire')
  return accept({ infohash: toHex(bytes.subarray(28, 48)), peerId: toHex(bytes.subarray(48, 68)), fast: ((bytes[27] ?? 0) & 0x04) !== 0 })
}
