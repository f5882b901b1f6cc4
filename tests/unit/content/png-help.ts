import { crc32 } from 'node:zlib'
import { concat, utf8 } from '../../../src/base/index.ts'

export const pngSignature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

export function chunk(kind: string, data: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const [length, sum] = [new DataView(new ArrayBuffer(4)), new DataView(new ArrayBuffer(4))]
  length.setUint32(0, data.length)
  const body = concat(utf8(kind), data)
  sum.setUint32(0, crc32(body))
  return concat(new Uint8Array(length.buffer), body, new Uint8Array(sum.buffer))
}

export interface Said { width?: number, height?: number, depth?: number, colour?: number, compression?: number, filter?: number, interlace?: number }

export function ihdr({ width = 1, height = 1, depth = 8, colour = 2, compression = 0, filter = 0, interlace = 0 }: Said = {}): Uint8Array<ArrayBuffer> {
  const data = new DataView(new ArrayBuffer(13))
  data.setUint32(0, width)
  data.setUint32(4, height)
  ;[depth, colour, compression, filter, interlace].forEach((byte, i) => { data.setUint8(8 + i, byte) })
  return chunk('IHDR', new Uint8Array(data.buffer))
}

export function png(said: Said, ...chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat(pngSignature, ihdr(said), ...chunks)
}
