import { describe, expect, test } from 'vitest'
import { decode, decodeCbor, encode, encodeCbor, isMap, limits, type Codec } from '../../../src/base/index.ts'
import { assignment, keyCommitment, publication, uploadBytes, type Publication } from '../../../src/content/index.ts'
import { crowd, must } from '../../support/ledger.ts'
import { boxOfSomebody, fileOf, noChange, plainRecord, songRecord } from '../../support/uploads.ts'

const people = crowd('person', 40)
const addresses = people.map(({ address }) => address)
const envelope = { enc: new Uint8Array(32), ct: new Uint8Array(48) }
const holders = people.map(who => ({ address: who.address, box: boxOfSomebody(who), ...envelope }))
const song = songRecord('song', { owner: null })
const many = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

/** Whether these bytes are of a shape, once a member of theirs is another. */
function takes<T>(codec: Codec<T>, value: T, members: Readonly<Record<string, unknown>>): boolean {
  const plain = must(decodeCbor(encode(codec, value)))
  if (!isMap(plain)) throw new Error('not a map')
  return decode(codec, encodeCbor(Object.fromEntries(Object.entries({ ...plain, ...members }).filter(([, member]) => member !== undefined)))).ok
}

/** The same of a value as it is written. */
function writes<T>(codec: Codec<T>, value: T): boolean {
  try { return decode(codec, encode(codec, value)).ok } catch (error) {
    expect(error).toMatchObject({ code: 'bad-input' })
    return false
  }
}

describe('a record', () => {
  test.each<[string, Partial<Publication>, Partial<Publication>]>([
    ['a file of a byte', { file: fileOf('a', 1) }, { file: fileOf('a', 0) }],
    ['a file of 64 GiB', { file: fileOf('a', 2 ** 36) }, { file: fileOf('a', 2 ** 36 + 1) }],
    ['an image of a byte', { images: [fileOf('a', 1)] }, { images: [fileOf('a', 0)] }],
    ['an image of 64 MiB', { images: [fileOf('a', 2 ** 26)] }, { images: [fileOf('a', 2 ** 26 + 1)] }],
    ['8 images', { images: many(8, fileOf('a')) }, { images: many(9, fileOf('a')) }],
    ['an audit of 32 bytes', { file: fileOf('a') }, { file: { ...fileOf('a'), audit: 'ab' } }],
    ['a title', { title: 'a' }, { title: '' }],
    ['a title of 128 bytes', { title: 'ü'.repeat(64) }, { title: `${'ü'.repeat(64)}a` }],
    ['a title that is normalized', { title: 'ü' }, { title: 'u\u0308' }],
    ['no words about it, or 512 bytes', { about: 'a'.repeat(512) }, { about: 'a'.repeat(513) }],
    ['words on one line', { about: 'a b' }, { about: 'a\nb' }],
    ['8 tags', { tags: many(8, 'a') }, { tags: many(9, 'a') }],
    ['tags of a byte', { tags: ['a'] }, { tags: [''] }],
    ['tags of 32 bytes', { tags: ['a'.repeat(32)] }, { tags: ['a'.repeat(33)] }],
    ['a maker of 64 bytes', { maker: 'a'.repeat(64) }, { maker: 'a'.repeat(65) }],
    ['a list of 32', { policy: { list: addresses.slice(0, 32) } }, { policy: { list: addresses.slice(0, 33) } }],
    ['a price of 1', { policy: { pay: { price: 1, share: 0 } } }, { policy: { pay: { price: 0, share: 0 } } }],
    ['a price of 40 bits', { policy: { pay: { price: 2 ** 40 - 1, share: 0 } } }, { policy: { pay: { price: 2 ** 40, share: 0 } } }],
    ['a share of half', { policy: { pay: { price: 1, share: 500 } } }, { policy: { pay: { price: 1, share: 501 } } }],
    ['8 holders', { holders: holders.slice(0, 8) }, { holders: holders.slice(0, 9) }],
    ['16 keepers', { keepers: addresses.slice(0, 16) }, { keepers: addresses.slice(0, 17) }],
    ['a period', { until: 1 }, { until: 0 }],
    ['52 periods', { until: 52 }, { until: 53 }],
    ['a rent for a period', { rent: { each: 0, periods: 1, wanted: 1 } }, { rent: { each: 0, periods: 0, wanted: 1 } }],
    ['a rent for 52', { rent: { each: 2 ** 40 - 1, periods: 52, wanted: 1 } }, { rent: { each: 0, periods: 53, wanted: 1 } }],
    ['a place', { rent: { each: 0, periods: 1, wanted: 1 } }, { rent: { each: 0, periods: 1, wanted: 0 } }],
    ['8 places', { rent: { each: 0, periods: 1, wanted: 8 } }, { rent: { each: 0, periods: 1, wanted: 9 } }],
  ])('has %s', (_, good, bad) => {
    expect(writes(publication, { ...song, ...good })).toBe(true)
    expect(writes(publication, { ...song, ...bad })).toBe(false)
  })

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['a kind', { kind: 2 }, { kind: 3 }], ['a kind that is a number', { kind: 0 }, { kind: 'audio' }], ['a word whether it is protected', { protected: false }, { protected: 0 }],
    ['a policy', { policy: { owner: null } }, { policy: { owner: true } }], ['a policy there is', { policy: { open: null } }, { policy: { free: null } }], ['one policy', { policy: { open: null } }, { policy: { open: null, owner: null } }],
    ['a policy at all', { policy: { list: [] } }, { policy: null }], ['a key of 32 bytes', { policy: { public: new Uint8Array(32) } }, { policy: { public: new Uint8Array(31) } }],
    ['a commitment of 32 bytes', { keyCommit: new Uint8Array(32) }, { keyCommit: new Uint8Array(33) }], ['a title that is text', { title: 'a' }, { title: new Uint8Array(1) }],
    ['an envelope of its length', { holders: [{ address: new Uint8Array(20), box: new Uint8Array(32), ...envelope }] }, { holders: [{ address: new Uint8Array(20), box: new Uint8Array(32), enc: envelope.enc, ct: new Uint8Array(47) }] }],
    ['every member', {}, { maker: undefined }], ['no other member', {}, { author: 'me' }],
  ])('has %s in bytes', (_, good, bad) => {
    expect(takes(publication, song, good)).toBe(true)
    expect(takes(publication, song, bad)).toBe(false)
  })

  test('has 6 KiB at most, and a transaction has room for it', () => {
    const largest = plainRecord('a', {
      kind: 'audio', protected: true, file: fileOf('a', 2 ** 36), images: many(8, fileOf('a', 2 ** 26)), title: 'a'.repeat(128), about: 'a'.repeat(512), tags: many(8, 'a'.repeat(32)), plain: 'ab'.repeat(32), maker: 'a'.repeat(64),
      policy: { list: addresses.slice(0, 32) }, keyCommit: 'ab'.repeat(32), holders: holders.slice(0, 8), keepers: addresses.slice(0, 16), rent: { each: 2 ** 40 - 1, periods: 52, wanted: 8 }, until: 52,
    })
    expect(encode(publication, largest).length).toBe(4556)
    expect(limits.transactionBytes).toBeGreaterThan(6 * 1024 + 1024 + 512)
  })
})

describe('a change', () => {
  const change = noChange(fileOf('a').cid)
  test.each<[string, Partial<typeof change>, Partial<typeof change>]>([
    ['32 who may', { allow: addresses.slice(0, 32) }, { allow: addresses.slice(0, 33) }], ['32 who may no more', { deny: addresses.slice(0, 32) }, { deny: addresses.slice(0, 33) }],
    ['8 holders', { holders: holders.slice(0, 8) }, { holders: holders.slice(0, 9) }], ['16 keepers', { keepers: addresses.slice(0, 16) }, { keepers: addresses.slice(0, 17) }],
    ['a term', { until: 52 }, { until: 53 }], ['a term of a period', { until: 1 }, { until: 0 }], ['something in its place', { replacedBy: 'ab'.repeat(32) }, { replacedBy: 'ab' }],
  ])('has %s', (_, good, bad) => {
    expect(writes(assignment, { ...change, ...good })).toBe(true)
    expect(writes(assignment, { ...change, ...bad })).toBe(false)
  })
})

test('what somebody keeps are the file and its images', () => {
  expect(uploadBytes(plainRecord('a', { file: fileOf('a', 7), images: [fileOf('b', 2), fileOf('c', 3)] }))).toBe(12)
})

test('a commitment is that of one file and one key', () => {
  const key = new Uint8Array(32)
  expect(keyCommitment('ab'.repeat(32), key)).toMatch(/^[0-9a-f]{64}$/)
  expect(new Set([keyCommitment('ab'.repeat(32), key), keyCommitment('ac'.repeat(32), key), keyCommitment('ab'.repeat(32), key.with(31, 1))]).size).toBe(3)
})

