import { concat, utf8 } from '../base/index.ts'
import { cutToBytes } from './names.ts'

/*
 * Headers of the tar format (POSIX ustar and pax), as the recipe of archives wants them: modes 644, ids 0, time 0, no user names. Written by
 * hand, since they must be bytes of our own choosing for ever, and be made one by one without streams: the tar library made 5.6 MB/s of
 * 1 KiB files. Tests read the result with it and with GNU tar.
 */

export const blockBytes = 512
/** Two empty blocks end a tar. */
export const tarEndBytes = 2 * blockBytes
/** The largest size 11 octal digits hold. */
const maxUstarSize = 0o77777777777

/** `size` rounded up to whole blocks. */
export function paddedSize(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes
}

/**
 * What stands before a file's bytes: one ustar block, and before it a pax header where ustar cannot say it: names outside ASCII, whose
 * encoding it leaves open, names that do not fit, and sizes from 8 GiB.
 */
export function memberHeader({ path, size }: { readonly path: string, readonly size: number }): Uint8Array<ArrayBuffer> {
  const split = splitPath(path)
  const records = [
    ...split === null || !/^[\u0020-\u007e]*$/.test(path) ? [paxRecord('path', path)] : [],
    ...size > maxUstarSize ? [paxRecord('size', String(size))] : [],
  ]
  const header = ustarBlock({ type: '0', size: Math.min(size, maxUstarSize), ...split ?? { prefix: '', name: cutToBytes(path, 100) } })
  if (records.length === 0) return header
  const body = concat(...records)
  const pax = ustarBlock({ type: 'x', size: body.length, prefix: '', name: 'PaxHeader' })
  return concat(pax, body, new Uint8Array(paddedSize(body.length) - body.length), header)
}

/** The path as ustar holds it: 100 bytes of name after, where it is longer, up to 155 of prefix; null where it does not fit. */
function splitPath(path: string): { readonly prefix: string, readonly name: string } | null {
  if (utf8(path).length <= 100) return { prefix: '', name: path }
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)]
    if (utf8(name).length <= 100) return utf8(prefix).length <= 155 ? { prefix, name } : null
  }
  return null
}

function ustarBlock({ type, size, prefix, name }: { readonly type: '0' | 'x', readonly size: number, readonly prefix: string, readonly name: string }): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(blockBytes)
  const put = (at: number, text: string) => { block.set(utf8(text), at) }
  put(0, name)
  put(100, '0000644\u00000000000\u00000000000\u0000')
  put(124, `${size.toString(8).padStart(11, '0')}\u000000000000000\u0000        ${type}`)
  put(257, 'ustar\u000000')
  put(329, '0000000\u00000000000\u0000')
  put(345, prefix)
  put(148, `${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\u0000 `)
  return block
}

/** `length key=value\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): Uint8Array<ArrayBuffer> {
  const rest = utf8(` ${key}=${value}\n`)
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length++
  return concat(utf8(String(length)), rest)
}
