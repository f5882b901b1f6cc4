import { gunzipSync } from 'node:zlib'
import { utf8 } from '../../../src/base/index.ts'
import { TarLister } from '../../../src/content/index.ts'
import { archiveOf, noisy } from '../../unit/content/archive-help.ts'
import { pieces } from '../chance.ts'
import type { Target } from '../types.ts'

const blockBytes = 512

/** Archives of our own; the last has headers of every form. */
export function archives(): readonly Uint8Array<ArrayBuffer>[] {
  const long = `${'folder/'.repeat(16)}${'é'.repeat(120)}`
  return [
    archiveOf([{ path: 'a', bytes: noisy(3) }]),
    archiveOf([{ path: 'a/b/one', bytes: noisy(600) }, { path: 'a/b/two', bytes: new Uint8Array(0) }, { path: 'ü', bytes: new Uint8Array(5000) }]),
    archiveOf([{ path: long, bytes: noisy(10) }, { path: `${'long '.repeat(40)}/x`, bytes: noisy(10) }, { path: 'x'.repeat(101), bytes: utf8('text '.repeat(500)) }]),
  ]
}

export const tarWords = ['ustar\u000000', 'ustar  \0', '../', '/', 'C:\\', '\\', '\0', 'PaxHeader', '11 path=ab\n', '9 size=9\n', '22 size=9007199254740991\n', '6 a=b\n', '99999 a', 'A', 'a', '0', '1', '2', '5', 'x', 'g', 'L', '77777777777', '\u0301', '\u0316', new Uint8Array(blockBytes), new Uint8Array(2 * blockBytes)]

/** Gives each block that looks like a header the checksum it should have. */
export function mendTar(tar: Uint8Array): Uint8Array {
  const mended = tar.slice()
  for (let at = 0; at + blockBytes <= mended.length; at += blockBytes) {
    const block = mended.subarray(at, at + blockBytes)
    if (String.fromCharCode(...block.subarray(257, 262)) !== 'ustar') continue
    block.fill(0x20, 148, 156)
    block.set(utf8(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `), 148)
  }
  return mended
}

/** The lister, given everything at once and in pieces: it must say the same. */
export const tar: Target = {
  name: 'tar',
  corpus: () => archives().map(archive => new Uint8Array(gunzipSync(archive))),
  dictionary: tarWords,
  maxBytes: 256 * 1024,
  vary: (base, chance, mutate) => chance.once(5) ? mutate(base) : mendTar(mutate(base)),
  run(bytes) {
    const [whole, cut] = [new TarLister(), new TarLister()]
    whole.push(bytes)
    for (const piece of pieces(bytes)) cut.push(piece)
    const judged = whole.end()
    if (JSON.stringify(judged) !== JSON.stringify(cut.end())) throw new Error('in pieces it is another archive')
    if (!judged.ok) return judged.code
    for (const { path, offset, size } of judged.value) if (offset + size > bytes.length || path.startsWith('/') || /(^|\/)\.\.?(\/|$)/.test(path)) throw new Error('a member that is not in it')
    return 'accepted'
  },
}
