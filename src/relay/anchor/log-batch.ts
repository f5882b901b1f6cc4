import { crc32 } from 'node:zlib'
import type { TableName } from '../../store/index.ts'

/*
 * A batch in a log file: 24 bytes that say how long its list and its values are, the list of what it does as JSON, the values one after the other.
 * All numbers of the 24 bytes are u32, the lowest byte first: magic, bytes of the list, bytes of the values, how far the file lay on the disk for sure
 * when the batch was written, CRC-32 of the list, CRC-32 of the 20 bytes before; that one begins with a number of the file that nobody else knows, so no value
 * that somebody sent passes for a head. A value's own CRC-32 stands in the list, so the log is opened without a look at the values.
 */

export type Key = string | number

/** What a batch does: one value put or dropped, all of a table (below a bound) dropped, or all log files below a number done with. */
export type Act =
  | readonly ['put', TableName, Key, length: number, crc: number]
  | readonly ['drop', TableName, Key]
  | readonly ['clear', TableName, below: number | null]
  | readonly ['from', number]

export interface Batch { readonly acts: readonly Act[], readonly values: readonly Uint8Array[] }

/** What was read of one. `values`: where they begin in the file; `synced`: what of the file lay on the disk for sure when it was written. */
export interface ReadBatch { readonly acts: readonly Act[], readonly at: number, readonly values: number, readonly end: number, readonly synced: number }

/** Says of a put value how long it is and what it must be. */
export function putting(table: TableName, key: Key, value: Uint8Array): Act {
  return ['put', table, key, value.length, crc32(value)]
}

/** Bytes that an act takes in the list of its batch. */
export function actBytes(act: Act): number {
  return Buffer.byteLength(JSON.stringify(act)) + 1
}

export const headBytes = 24
const magic = 0x31_42_46_48 // HFB1

/** The batch as one piece, and where in it the values begin. */
export function encodeBatch({ acts, values }: Batch, synced: number, seed: number): { readonly bytes: Buffer, readonly values: number } {
  const list = Buffer.from(JSON.stringify(acts))
  const head = Buffer.alloc(headBytes)
  const numbers = [magic, list.length, values.reduce((sum, { length }) => sum + length, 0), synced, crc32(list)]
  for (const [i, number] of numbers.entries()) head.writeUInt32LE(number, 4 * i)
  head.writeUInt32LE(crc32(head.subarray(0, 20), seed), 20)
  return { bytes: Buffer.concat([head, list, ...values]), values: headBytes + list.length }
}

export interface Head { readonly list: number, readonly values: number, readonly synced: number, readonly crc: number }

/** The 24 bytes, or null where they are no head of a batch. */
export function readHead(bytes: Buffer, seed: number): Head | null {
  if (bytes.length < headBytes || bytes.readUInt32LE(0) !== magic || bytes.readUInt32LE(20) !== crc32(bytes.subarray(0, 20), seed)) return null
  return { list: bytes.readUInt32LE(4), values: bytes.readUInt32LE(8), synced: bytes.readUInt32LE(12), crc: bytes.readUInt32LE(16) }
}

/** The list of a batch, or null where it is damaged. What its checksum is right of was written here. */
export function readActs(bytes: Buffer, { crc }: Head): readonly Act[] | null {
  return crc32(bytes) === crc ? JSON.parse(bytes.toString()) as readonly Act[] : null
}

/** Where the next head of a batch lies that says more than `synced` bytes of the file were safe before it; null for nowhere. */
export function headAfter(bytes: Buffer, synced: number, seed: number): number | null {
  const mark = Buffer.alloc(4)
  mark.writeUInt32LE(magic)
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
    const head = readHead(bytes.subarray(at, at + headBytes), seed)
    if (head !== null && head.synced > synced) return at
  }
  return null
}
