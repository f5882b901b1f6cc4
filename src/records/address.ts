import { base58btc } from 'multiformats/bases/base58'
import { HoldfastError, concat, equalBytes, toHex } from '../base/index.ts'
import { Unreadable, reading, type Reading } from './faults.ts'
import { sha256d } from './hashes.ts'

/** FA: a Factoid address, the hash of an RCD. EC: an Entry Credit key. Fs, Es: the secret seeds of such. */
export type FactomAddressKind = 'FA' | 'EC' | 'Fs' | 'Es'

/** `payload`: 32 bytes. */
export interface FactomAddress { readonly kind: FactomAddressKind, readonly payload: Uint8Array<ArrayBuffer> }

const prefixes: Readonly<Record<FactomAddressKind, readonly [number, number]>> = { FA: [0x5f, 0xb1], EC: [0x59, 0x2a], Fs: [0x64, 0x78], Es: [0x5d, 0xb6] }
const chars = 52
const letters = /^[1-9A-HJ-NP-Za-km-z]*$/

/** Text of 52 characters that begins as its kind is called. */
export function formatAddress(kind: FactomAddressKind, payload: Uint8Array): string {
  if (payload.length !== 32) throw new HoldfastError('bad-input', 'an address has 32 bytes')
  const prefixed = concat(Uint8Array.from(prefixes[kind]), payload)
  return base58btc.baseEncode(concat(prefixed, checksum(prefixed)))
}

export function parseAddress(text: string): Reading<FactomAddress> {
  return reading(() => {
    if (text.length !== chars) throw new Unreadable('address-length', `${text.length} characters, not ${chars}`)
    if (!letters.test(text)) throw new Unreadable('base58-char', 'a character that Base58 has not')
    const bytes = base58btc.baseDecode(text)
    if (bytes.length !== 38) throw new Unreadable('address-length', `${bytes.length} bytes, not 38`)
    const kind = (Object.keys(prefixes) as FactomAddressKind[]).find(each => prefixes[each].every((byte, i) => byte === bytes[i]))
    if (kind === undefined) throw new Unreadable('address-prefix', `${toHex(bytes.subarray(0, 2))} stands for no kind of address`)
    if (!equalBytes(checksum(bytes.subarray(0, 34)), bytes.subarray(34))) throw new Unreadable('address-checksum', 'the checksum is wrong: a typing error')
    return { kind, payload: bytes.slice(2, 34) }
  })
}

function checksum(bytes: Uint8Array): Uint8Array { return sha256d(bytes).subarray(0, 4) }
