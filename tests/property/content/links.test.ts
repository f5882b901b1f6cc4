import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatLink, parseLink, type Link } from '../../../src/content/index.ts'

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length })
const links: fc.Arbitrary<Link> = fc.record({
  cid: hex(64), infohash: hex(40), size: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), kind: fc.constantFrom('a', 'i', 'z', 'p'), name: fc.string({ unit: 'binary' }),
  bytes: fc.uint8Array({ minLength: 32, maxLength: 32 }), audioKey: fc.boolean(), relays: fc.uniqueArray(fc.domain().filter(host => host.length < 40), { maxLength: 2 }),
}).map(({ bytes, audioKey, ...link }) => ({ ...link, relays: link.relays.map(relay => relay.toLowerCase()), key: link.kind === 'p' || (link.kind === 'a' && audioKey) ? new Uint8Array(bytes) : null }))

test('a link says the same to whoever reads it, and says it in one way', () => {
  fc.assert(fc.property(links, link => {
    const text = formatLink(link)
    const judged = parseLink(`https://holdfast.example/${text}`)
    expect(judged).toMatchObject({ ok: true, value: { cid: link.cid, infohash: link.infohash, size: link.size, kind: link.kind, key: link.key, relays: link.relays } })
    expect(judged.ok && judged.value.infohash !== null && formatLink(judged.value)).toBe(text)
    expect(text.length).toBeLessThanOrEqual(512)
  }))
})

test('whatever is cut off its end, it is refused, and as cut while the beginning is there', () => {
  fc.assert(fc.property(links, link => {
    const text = formatLink(link)
    for (let length = 0; length < text.length; length++) {
      // Cut right after its content id, that is what is left of it.
      const wanted = length === 70 ? { ok: true, value: { cid: link.cid, infohash: null } } : { ok: false, code: length < 6 ? 'link-invalid' : 'link-cut' }
      expect(parseLink(text.slice(0, length))).toMatchObject(wanted)
    }
  }), { numRuns: 20 })
})

// A checksum of 32 bits lets one change in 2^32 pass; these are a few ten thousand.
test('a character changed, lost or added anywhere is refused', () => {
  fc.assert(fc.property(links, fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }), (link, char) => {
    const text = formatLink(link)
    for (let at = 0; at < text.length; at++) {
      const [before, after] = [text.slice(0, at), text.slice(at + 1)]
      const changes = [before + after, `${before}${char}${text.slice(at)}`.trim(), before + char + after]
      // Before `#` there may be anything, and spaces around the whole.
      for (const changed of changes) if (!changed.endsWith(text)) expect(parseLink(changed).ok).toBe(false)
    }
  }), { numRuns: 30 })
})

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string().map(text => `#/get/${text}`), fc.string().map(text => `web+holdfast:get/${text}&c=`)), text => {
    expect(parseLink(text).ok).toBe(false)
  }))
})
