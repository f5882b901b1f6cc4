import { expect, test } from 'vitest'
import { contentExtension, contentKey, contentName, kindOfName } from '../../../src/content/index.ts'

const cid = `0123${'ab'.repeat(30)}`

test.each([['a', `audio/01/23/${cid}.flac.tdf`], ['i', `images/01/23/${cid}.png`], ['z', `archives/01/23/${cid}.tgz`], ['p', `archives/01/23/${cid}.tgz.tdf`]] as const)('%s lies at %s', (kind, key) => {
  expect(contentKey(kind, cid)).toBe(key)
  expect(key.endsWith(`/${contentName(kind, cid)}`)).toBe(true)
  expect(contentName(kind, cid)).toBe(cid + contentExtension(kind))
  expect(kindOfName(contentName(kind, cid), cid)).toBe(kind)
})

test('a name of another content, or of no kind, tells nothing', () => {
  for (const name of ['', cid, `${cid}.TGZ`, `${cid}.tdf`, `${'0'.repeat(64)}.tgz`, `x${cid}.tgz`]) expect(kindOfName(name, cid)).toBeNull()
})
