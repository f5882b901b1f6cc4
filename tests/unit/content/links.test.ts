import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { formatLink, parseLink, type Link } from '../../../src/content/index.ts'

const link: Link = { cid: 'ab'.repeat(32), infohash: 'cd'.repeat(20), size: 123_456, kind: 'z', name: 'Summer & sea (ü).zip' }
const text = `#/get/${link.cid}?i=${link.infohash}&s=123456&t=z&n=Summer%20%26%20sea%20%28%C3%BC%29.zip`

/** `words` with the checksum they should have. */
const sealed = (words: string) => `${words}&c=${createHash('sha256').update(words).digest('hex').slice(0, 8)}`
const without = (field: string) => sealed(text.replace(new RegExp(`([?&])${field}=[^&]*&?`), '$1'))

test('a link as it is written', () => {
  expect(formatLink(link)).toBe(sealed(text))
  expect(formatLink({ ...link, name: '' })).toBe(sealed(text.replace(/&n=.*/, '')))
})

test.each([
  sealed(text), `https://holdfast.example/${sealed(text)}`, `http://127.0.0.1:8080/deep/path/?x=1${sealed(text)}`, `  ${sealed(text)}\n`,
  `web+holdfast:${sealed(text).slice(2)}`, `web+holdfast://${sealed(text).slice(2)}`, `web+holdfast:${sealed(text).slice(1)}`, `web+holdfast:${sealed(text)}`,
  sealed(`${text}&o=T123&r=relay.example&future=1&flag`),
])('read: %s', words => {
  expect(parseLink(words)).toEqual({ ok: true, value: link })
})

test.each<[string, string, string]>([
  ['a search', 'link-invalid', 'cats'], ['nothing', 'link-invalid', ''], ['another page', 'link-invalid', 'https://holdfast.example/#/library'], ['a magnet link', 'link-invalid', `magnet:?xt=urn:btih:${link.infohash}`],
  ['a content id', 'link-unknown-kind', link.cid], ['its other form', 'link-unknown-kind', `bafkrei${'a2'.repeat(26)}`],
  ['a protected file', 'link-unknown-kind', sealed(`${text}&k=${'A'.repeat(43)}`)], ['an unknown kind', 'link-unknown-kind', sealed(text.replace('t=z', 't=q'))],
  ['no kind', 'link-unknown-kind', without('t')],
  ['no infohash', 'link-invalid', without('i')], ['no size', 'link-invalid', without('s')],
  ['a size of 0', 'link-invalid', sealed(text.replace('s=123456', 's=0'))], ['a size with a leading zero', 'link-invalid', sealed(text.replace('s=1', 's=01'))], ['a size beyond counting', 'link-invalid', sealed(text.replace('s=123456', 's=9007199254740992'))],
  ['a short infohash', 'link-invalid', sealed(text.replace('i=cd', 'i='))], ['capitals', 'link-invalid', sealed(text.replace('i=cd', 'i=CD'))],
  ['a short content id', 'link-invalid', sealed(text.replace('ab', ''))],
  ['a parameter twice', 'link-invalid', sealed(`${text}&s=123456`)], ['an unknown one twice', 'link-invalid', sealed(`${text}&x&x=1`)], ['two checksums', 'link-invalid', sealed(sealed(text))],
  ['something after the checksum', 'link-invalid', `${sealed(text)}&x=1`], ['a full stop after it', 'link-invalid', `${sealed(text)}.`],
  ['a name that is not UTF-8', 'link-invalid', sealed(text.replace('%C3%BC', '%FF'))], ['a name too long', 'link-invalid', sealed(`${text}${'x'.repeat(80)}`)],
  ['513 characters', 'link-invalid', sealed(`${text}&x=`.padEnd(502, 'y'))],
  ['a link without its end', 'link-cut', text], ['a link cut in its checksum', 'link-cut', sealed(text).slice(0, -3)], ['a link cut in its content id', 'link-cut', 'https://holdfast.example/#/get/abab'],
])('refused: %s (%s)', (_, code, words) => {
  expect(parseLink(words)).toMatchObject({ ok: false, code })
})

test('512 characters are read', () => {
  expect(parseLink(sealed(`${text}&x=`.padEnd(501, 'y')))).toEqual({ ok: true, value: link })
})

test('names are cleaned and cut at 80 bytes, also in a link by somebody who did not', () => {
  const read = (words: string) => { const judged = parseLink(words); return judged.ok ? judged.value.name : judged.reason }
  expect(read(formatLink({ ...link, name: `${'é'.repeat(39)}😀` }))).toBe('é'.repeat(39))
  expect(read(formatLink({ ...link, name: 'safe\u202efdp.exe' }))).toBe('safefdp.exe')
  expect(read(sealed(text.replace(/n=.*/, `n=safe${encodeURIComponent('\u202e')}fdp.exe`)))).toBe('safefdp.exe')
})

test('the longest link fits 512 characters', () => {
  expect(formatLink({ ...link, size: Number.MAX_SAFE_INTEGER, name: '語'.repeat(30) }).length).toBeLessThanOrEqual(512)
})
