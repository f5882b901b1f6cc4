import { concat, utf8 } from '../../base/index.ts'

/*
 * The zip of a TDF (APPNOTE 6.3): exactly two entries, both stored, `0.payload` first. The payload's size and CRC-32 follow it in a descriptor
 * (bit 3), so that one pass is enough. What other readers demand: no comments, the directory within the last 1,000 bytes, and in a zip64
 * its extra field first in each entry of the directory. No clock: every date is 1980-01-01.
 */

export const payloadName = '0.payload'
export const manifestName = '0.manifest.json'

/** What stands in 32 bits where the zip64 fields have the value. */
export const saturated = 0xffff_ffff

export const signatures = { local: 0x04034b50, descriptor: 0x08074b50, entry: 0x02014b50, end64: 0x06064b50, locator: 0x07064b50, end: 0x06054b50 } as const

/** Bytes without names and extra fields. */
export const headerBytes = { local: 30, entry: 46, end64: 56, locator: 20, end: 22 } as const

const firstDate = 0x21
const plainFile = 0o100644 * 2 ** 16
const madeOnUnix = 3 << 8
const streamed = 1 << 3
const zip64Extra = 1

export interface Entry {
  readonly name: string
  readonly crc: number
  readonly size: number
  /** Of its local header. */
  readonly at: number
}

/** The header before an entry; `size` and `crc` are null where a descriptor follows. */
export function localHeader(name: string, known: Pick<Entry, 'size' | 'crc'> | null, zip64: boolean): Uint8Array<ArrayBuffer> {
  const encoded = utf8(name)
  const wide = zip64 && known === null
  const extra = wide ? zip64Field([0, 0]) : new Uint8Array(0)
  const header = new DataView(new ArrayBuffer(headerBytes.local))
  header.setUint32(0, signatures.local, true)
  header.setUint16(4, versionOf(zip64), true)
  header.setUint16(6, known === null ? streamed : 0, true)
  header.setUint16(12, firstDate, true)
  header.setUint32(14, known?.crc ?? 0, true)
  header.setUint32(18, wide ? saturated : known?.size ?? 0, true)
  header.setUint32(22, wide ? saturated : known?.size ?? 0, true)
  header.setUint16(26, encoded.length, true)
  header.setUint16(28, extra.length, true)
  return concat(bytesOf(header), encoded, extra)
}

/** What follows an entry whose size was not known before. */
export function descriptor({ crc, size }: Pick<Entry, 'size' | 'crc'>, zip64: boolean): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(zip64 ? 24 : 16))
  view.setUint32(0, signatures.descriptor, true)
  view.setUint32(4, crc, true)
  if (zip64) {
    view.setBigUint64(8, BigInt(size), true)
    view.setBigUint64(16, BigInt(size), true)
  } else {
    view.setUint32(8, size, true)
    view.setUint32(12, size, true)
  }
  return bytesOf(view)
}

/** The directory at `at`, and the end of the file. `payload` had a descriptor. */
export function directory(payload: Entry, manifest: Entry, at: number, zip64: boolean): Uint8Array<ArrayBuffer> {
  const entries = concat(directoryEntry(payload, streamed, zip64), directoryEntry(manifest, 0, zip64))
  const end = new DataView(new ArrayBuffer(headerBytes.end))
  end.setUint32(0, signatures.end, true)
  end.setUint16(8, 2, true)
  end.setUint16(10, 2, true)
  end.setUint32(12, zip64 ? saturated : entries.length, true)
  end.setUint32(16, zip64 ? saturated : at, true)
  return concat(entries, zip64 ? end64(entries.length, at) : new Uint8Array(0), bytesOf(end))
}

/** Bytes of a whole file with these two entries. */
export function containerBytes(payload: number, manifest: number, zip64: boolean): number {
  const entry = (name: string, size: number): Entry => ({ name, crc: 0, size, at: 0 })
  const [first, second] = [entry(payloadName, zip64 ? payload : 0), entry(manifestName, 0)]
  const around = [localHeader(payloadName, null, zip64), descriptor(first, zip64), localHeader(manifestName, second, zip64), directory(first, second, 0, zip64)]
  return payload + manifest + around.reduce((sum, { length }) => sum + length, 0)
}

function directoryEntry({ name, crc, size, at }: Entry, flags: number, zip64: boolean): Uint8Array<ArrayBuffer> {
  const encoded = utf8(name)
  const extra = zip64 ? zip64Field([size, size, at]) : new Uint8Array(0)
  const view = new DataView(new ArrayBuffer(headerBytes.entry))
  view.setUint32(0, signatures.entry, true)
  view.setUint16(4, madeOnUnix | versionOf(zip64), true)
  view.setUint16(6, versionOf(zip64), true)
  view.setUint16(8, flags, true)
  view.setUint16(14, firstDate, true)
  view.setUint32(16, crc, true)
  view.setUint32(20, zip64 ? saturated : size, true)
  view.setUint32(24, zip64 ? saturated : size, true)
  view.setUint16(28, encoded.length, true)
  view.setUint16(30, extra.length, true)
  view.setUint32(38, plainFile, true)
  view.setUint32(42, zip64 ? saturated : at, true)
  return concat(bytesOf(view), encoded, extra)
}

function end64(length: number, at: number): Uint8Array<ArrayBuffer> {
  const end = new DataView(new ArrayBuffer(headerBytes.end64))
  end.setUint32(0, signatures.end64, true)
  end.setBigUint64(4, BigInt(headerBytes.end64 - 12), true)
  end.setUint16(12, madeOnUnix | versionOf(true), true)
  end.setUint16(14, versionOf(true), true)
  end.setBigUint64(24, 2n, true)
  end.setBigUint64(32, 2n, true)
  end.setBigUint64(40, BigInt(length), true)
  end.setBigUint64(48, BigInt(at), true)
  const locator = new DataView(new ArrayBuffer(headerBytes.locator))
  locator.setUint32(0, signatures.locator, true)
  locator.setBigUint64(8, BigInt(at + length), true)
  locator.setUint32(16, 1, true)
  return concat(bytesOf(end), bytesOf(locator))
}

function zip64Field(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 + 8 * values.length))
  view.setUint16(0, zip64Extra, true)
  view.setUint16(2, 8 * values.length, true)
  for (const [i, value] of values.entries()) view.setBigUint64(4 + 8 * i, BigInt(value), true)
  return bytesOf(view)
}

function versionOf(zip64: boolean): number {
  return zip64 ? 45 : 20
}

function bytesOf(view: DataView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view.buffer)
}
