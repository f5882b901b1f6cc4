import { crc32 } from 'node:zlib'

/**
 * The part of STUN (RFC 8489) that tells a browser its public address: binding requests in, XOR-MAPPED-ADDRESS out. No
 * long-term credentials, no TURN. Written here because what the registry has is a server with its own sockets and ten
 * dependencies; this is one page and knows no sockets.
 */
const headerBytes = 20
const cookie = 0x2112a442
const type = { request: 0x0001, success: 0x0101, error: 0x0111 } as const
const attribute = { errorCode: 0x0009, unknownAttributes: 0x000a, xorMappedAddress: 0x0020, fingerprint: 0x8028 } as const
const fingerprintMask = 0x5354554e

/**
 * What must be understood (types below 0x8000) and may be ignored by a server that asks for no credentials: USERNAME,
 * MESSAGE-INTEGRITY, REALM, NONCE, MESSAGE-INTEGRITY-SHA256, PASSWORD-ALGORITHM, USERHASH; PRIORITY and USE-CANDIDATE of ICE.
 */
const ignored = new Set([0x0006, 0x0008, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e, 0x0024, 0x0025])

/** A well-formed binding request. `transaction`: 12 bytes. `unknown`: attributes it demands and we do not know. */
export interface BindingRequest {
  readonly transaction: Uint8Array
  readonly fingerprint: boolean
  readonly unknown: readonly number[]
}

/** Reads a datagram: null for all that is not a binding request to the last byte. */
export function decodeBindingRequest(datagram: Uint8Array): BindingRequest | null {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength)
  if (view.byteLength < headerBytes || view.byteLength > 576) return null // RFC 8489 6.1: a request fits the smallest IPv4 MTU
  if (view.getUint16(0) !== type.request || view.getUint32(4) !== cookie) return null
  if (view.getUint16(2) !== view.byteLength - headerBytes || view.byteLength % 4 !== 0) return null
  const unknown: number[] = []
  let fingerprint = false
  for (let at = headerBytes; at < view.byteLength;) {
    const [name, length] = [view.getUint16(at), view.getUint16(at + 2)]
    const next = at + 4 + Math.ceil(length / 4) * 4
    if (next > view.byteLength) return null
    if (name === attribute.fingerprint) {
      if (length !== 4 || next !== view.byteLength || view.getUint32(at + 4) !== fingerprintOf(datagram.subarray(0, at))) return null
      fingerprint = true
    } else if (name < 0x8000 && !ignored.has(name)) unknown.push(name)
    at = next
  }
  return { transaction: datagram.slice(8, headerBytes), fingerprint, unknown }
}

/** The answer for a request from `address`: its 4 or 16 bytes, and port. With demands we do not know: error 420. */
export function encodeBindingAnswer({ transaction, fingerprint, unknown }: BindingRequest, address: Uint8Array, port: number): Uint8Array<ArrayBuffer> {
  const failed = unknown.length > 0
  const attributes = failed
    ? [encodeAttribute(attribute.errorCode, [0, 0, 4, 20]), encodeAttribute(attribute.unknownAttributes, unknown.slice(0, 4).flatMap(split16))]
    : [encodeAttribute(attribute.xorMappedAddress, [0, address.length === 4 ? 1 : 2, ...split16(port ^ (cookie >>> 16)), ...xored(address, transaction)])]
  const length = attributes.reduce((sum, bytes) => sum + bytes.length, fingerprint ? 8 : 0)
  const body = Uint8Array.from([...split16(failed ? type.error : type.success), ...split16(length), ...split32(cookie), ...transaction, ...attributes.flat()])
  return fingerprint ? Uint8Array.from([...body, ...encodeAttribute(attribute.fingerprint, split32(fingerprintOf(body)))]) : body
}

function xored(address: Uint8Array, transaction: Uint8Array): number[] {
  const mask = [...split32(cookie), ...transaction]
  return [...address].map((byte, i) => byte ^ (mask[i] ?? 0))
}

function encodeAttribute(name: number, value: readonly number[]): number[] {
  const padding = Array<number>(-value.length & 3).fill(0)
  return [...split16(name), ...split16(value.length), ...value, ...padding]
}

/** CRC-32 of the message up to here, whose length field already counts the fingerprint (RFC 8489 14.7). */
function fingerprintOf(message: Uint8Array): number {
  return (crc32(message) ^ fingerprintMask) >>> 0
}

function split16(value: number): [number, number] {
  return [value >>> 8 & 0xff, value & 0xff]
}

function split32(value: number): [number, number, number, number] {
  return [value >>> 24 & 0xff, value >>> 16 & 0xff, value >>> 8 & 0xff, value & 0xff]
}
