import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { formatLink, parseLink, type Link } from '../../../src/content/index.ts'

const link: Link = { cid: 'ab'.repeat(32), infohash: 'cd'.repeat(20), size: 123_456, kind: 'z', key: null, relays: [], name: 'Summer & sea (ü).zip' }
const text = `#/get/${link.cid}?i=${link.infohash}&s=123456&t=z&n=Summer%20%26%20sea%20%28%C3%BC%29.zip`

/** `words` with the checksum they should have. */
const sealed = (words: string) => `${words}&c=${createHash('sha256').update(words).digest('hex').slice(0, 8)}`
const keyed = text.replace('?', `?k=${'A'.repeat(43)}&`)
const withKey = (digits: string) => sealed(text.replace('?', `?k=${digits}&`))
const without = (field: string) => sealed(text.replace(new RegExp(`([?&])${field}=[^&]*&?`), '$1'))

test('a link as it is written', () => {
  expect(formatLink(link)).toBe(sealed(text))
  expect(formatLink({ ...link, name: '' })).toBe(sealed(text.replace(/&n=.*/, '')))
})

test.each([
  sealed(text), `https://holdfast.example/${sealed(text)}`, `http://127.0.0.1:8080/deep/path/?x=1${sealed(text)}`, `  ${sealed(text)}\n`,
  `web+holdfast:${sealed(text).slice(2)}`, `web+holdfast://${sealed(text).slice(2)}`, `web+holdfast:${sealed(text).slice(1)}`, `web+holdfast:${sealed(text)}`,
  sealed(`${text}&o=T123&future=1&flag`),
])('read: %s', words => {
  expect(parseLink(words)).toEqual({ ok: true, value: link })
})

test.each<[string, string, string]>([
  ['a search', 'link-invalid', 'cats'], ['nothing', 'link-invalid', ''], ['another page', 'link-invalid', 'https://holdfast.example/#/library'], ['a magnet link', 'link-invalid', `magnet:?xt=urn:btih:${link.infohash}`],
  ['a content id too short', 'link-invalid', link.cid.slice(1)], ['a CIDv1 that is longer than its digest', 'link-invalid', `bafkrei${'a2'.repeat(26)}b`], ['one with bits left over', 'link-invalid', `bafkrei${'a'.repeat(51)}b`],
  ['a key too short', 'link-invalid', withKey('A'.repeat(42))], ['a key too long', 'link-invalid', withKey('A'.repeat(44))], ['no key', 'link-invalid', withKey('')], ['a key with bits left over', 'link-invalid', withKey(`${'A'.repeat(42)}B`)],
  ['a key in plain base64', 'link-invalid', withKey(`${'A'.repeat(41)}+A`)], ['a padded key', 'link-invalid', withKey(`${'A'.repeat(42)}=`)], ['two keys', 'link-invalid', sealed(`${keyed}&k=${'A'.repeat(43)}`)],
  ['a picture with a key', 'link-invalid', sealed(keyed.replace('t=z', 't=i'))],
  ...['', 'a b', '-a', 'a-', '.a', 'a..b', 'a.', 'a%2Fb', 'http%3A%2F%2Fa', 'user%40a', 'a%3A0', 'a%3A65536', 'a%3A', 'a%3A080', '1.2.3', '1.2.3.256', '1.2.3.4.5', '::1', '%5B%5D', '%5Bx%5D', `${'a'.repeat(64)}.b`, '%FF', 'ü'].map(relay => [`a relay ${relay}`, 'link-invalid', sealed(`${text}&r=${relay}`)] as [string, string, string]),
  ['a relay twice', 'link-invalid', sealed(`${text}&r=a.example&r=A.example`)], ['three relays', 'link-invalid', sealed(`${text}&r=a&r=b&r=c`)],
  ['an unknown kind', 'link-unknown-kind', sealed(text.replace('t=z', 't=q'))],
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

test('a key makes an archive a protected one, and stands first', () => {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i * 7 + 200)
  const locked: Link = { ...link, kind: 'p', key }
  const digits = Buffer.from(key).toString('base64url')
  expect(formatLink(locked)).toBe(withKey(digits))
  expect(parseLink(withKey(digits))).toEqual({ ok: true, value: locked })
  const audio: Link = { ...link, kind: 'a', key }
  expect(parseLink(formatLink(audio))).toEqual({ ok: true, value: audio })
  for (const wrong of [{ ...locked, key: null }, { ...link, key }, { ...link, kind: 'i', key }] as const) expect(() => formatLink(wrong)).toThrow(expect.objectContaining({ code: 'bad-input' }))
})

test('relays are hosts, with a port or without', () => {
  for (const relays of [['relay.example'], ['a', 'b:65535'], ['127.0.0.1:8080', '[::1]:8080'], ['xn--bcher-kva.example', '[2001:db8::1]']]) {
    const written = formatLink({ ...link, relays })
    expect(written).toContain(`&t=z&r=${encodeURIComponent(relays[0]!)}`)
    expect(parseLink(written)).toEqual({ ok: true, value: { ...link, relays } })
  }
  expect(parseLink(sealed(`${text}&r=Relay.Example`))).toMatchObject({ value: { relays: ['relay.example'] } })
  for (const relays of [['a', 'b', 'c'], ['A'], ['a/b'], ['a'.repeat(60).concat('.').repeat(4), 'b'.repeat(60).concat('.').repeat(4)].map(name => name.slice(0, -1))]) expect(() => formatLink({ ...link, relays })).toThrow(expect.objectContaining({ code: 'bad-input' }))
})

test('a content id alone, in every way it is written', () => {
  const cid = createHash('sha256').update('').digest('hex')
  const version1 = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku' // as `ipfs add --cid-version 1 --raw-leaves` names an empty file
  for (const words of [cid, cid.toUpperCase(), ` ${version1}\n`, `#/get/${cid}`, `https://holdfast.example/#/get/${cid}`, `web+holdfast:get/${cid}`, `#/get/${version1}`]) {
    expect(parseLink(words)).toEqual({ ok: true, value: { cid, infohash: null } })
  }
})

test('512 characters are read', () => {
  expect(parseLink(sealed(`${text}&x=`.padEnd(501, 'y')))).toEqual({ ok: true, value: link })
})

test('names are cleaned and cut at 80 bytes, also in a link by somebody who did not', () => {
  const read = (words: string) => { const judged = parseLink(words); return judged.ok ? 'name' in judged.value && judged.value.name : judged.reason }
  expect(read(formatLink({ ...link, name: `${'é'.repeat(39)}😀` }))).toBe('é'.repeat(39))
  expect(read(formatLink({ ...link, name: 'safe\u202efdp.exe' }))).toBe('safefdp.exe')
  expect(read(sealed(text.replace(/n=.*/, `n=safe${encodeURIComponent('\u202e')}fdp.exe`)))).toBe('safefdp.exe')
})

test('the longest link fits 512 characters', () => {
  const longest = { ...link, size: Number.MAX_SAFE_INTEGER, name: '語'.repeat(30) }
  expect(formatLink(longest).length).toBeLessThanOrEqual(512)
  const kept: Link = { ...longest, kind: 'p', key: new Uint8Array(32), relays: ['a-relay-with-a-long-name.example.org:12345', 'another-relay.with.a.long.name.example.net'] }
  const written = formatLink(kept)
  expect(written.length).toBeGreaterThan(500)
  expect(written.length).toBeLessThanOrEqual(512)
  expect(parseLink(written)).toEqual({ ok: true, value: { ...kept, name: '語'.repeat(24) } })
})
