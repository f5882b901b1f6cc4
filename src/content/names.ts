import { limits, utf8 } from '../base/index.ts'

/*
 * Names come from peers. What is taken out: C0 and C1 controls; bidirectional marks, embeddings, overrides and isolates, which can show
 * `exe.gpj` as `jpg.exe`; and what has no width, which makes two names look like one. Soft hyphens count to these.
 */
// oxlint-disable-next-line no-control-regex -- they are what is taken out
const breaks = /[\t-\r\u0085\u2028\u2029]+/g
// oxlint-disable-next-line no-control-regex, no-misleading-character-class -- the same
const invisible = /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/** `text` fit to be shown on one line: no controls, nothing bidirectional or without width, lone surrogates replaced. */
export function cleanName(text: string): string {
  return text.toWellFormed().replace(breaks, ' ').replace(invisible, '').trim()
}

/** The same of a text of several lines: line ends are `\n`, no more than one empty line follows another, and none is at either end. */
export function cleanText(text: string): string {
  const lines = text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/).map(line => line.toWellFormed().replace(/\t/g, ' ').replace(invisible, '').trimEnd())
  return lines.join('\n').replace(/\n{3,}/g, '\n\n').replace(/^\n+|\n+$/g, '')
}

/** Names that Windows keeps for devices, with any extension. */
const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?=\.|$)/i

/** What most file systems take, and what an archive may hold; a browser that has to add ` (1)` shortens by itself. */
const fileNameBytes = limits.archiveNameBytes
const extensionBytes = 20

/** `name`, a single one and no path, fit to be a file's on every system; the extension is kept. Never empty. */
export function safeFileName(name: string): string {
  const plain = cleanName(name).normalize('NFC').replace(/[/\\:*?"<>|]/g, '_').replace(/[. ]+$/, '').replace(devices, '_$&')
  if (plain === '') return 'file'
  const [extension = ''] = /(?<!^)\.[^.]*$/.exec(plain) ?? []
  if (utf8(extension).length > extensionBytes) return cutToBytes(plain, fileNameBytes).replace(/[. ]+$/, '')
  return cutToBytes(plain.slice(0, plain.length - extension.length), fileNameBytes - utf8(extension).length) + extension
}

/** The longest beginning of well-formed `text` that has at most `max` bytes of UTF-8, whole code points only. */
export function cutToBytes(text: string, max: number): string {
  let [bytes, units] = [0, 0]
  for (const char of text) {
    bytes += utf8(char).length
    if (bytes > max) break
    units += char.length
  }
  return text.slice(0, units)
}
