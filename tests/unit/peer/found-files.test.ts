import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { HoldfastError } from '../../../src/base/index.ts'
import { contentKey, judgeInfo, type Member } from '../../../src/content/index.ts'
import { foundFiles } from '../../../src/peer/found-files.ts'
import { memBucket, type ContentRow } from '../../../src/store/index.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const [one, two, three, four] = [1, 2, 3, 4].map(seed => Uint8Array.from({ length: 300_000 + seed }, (_, i) => (i * seed) % 251)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
const key = (bytes: Uint8Array): string => contentKey('z', sha256(bytes))

test('archives without a row get one, what is not what its key says goes, and all else is left alone', async () => {
  const bucket = memBucket()
  for (const bytes of [one, two]) await bucket.writeAll(key(bytes), bytes)
  await bucket.writeAll(key(three), four)
  await bucket.writeAll(`archives/00/00/${sha256(four)}.tgz`, four)
  await bucket.writeAll('archives/notes.txt', four)
  const lists: Record<string, readonly Member[]> = { [sha256(one)]: [{ path: 'trip/a\u202E.txt', size: 3, offset: 512 }], [sha256(two)]: [{ path: 'b/x', size: 1, offset: 512 }, { path: 'b/y', size: 1, offset: 1536 }] }
  const rows: ContentRow[] = []
  for await (const row of foundFiles({
    bucket, clock: { now: () => 77 }, known: () => false,
    async check({ cid, size, placed }) {
      expect([size > 300_000, placed]).toEqual([true, true])
      const members = lists[cid]
      if (members === undefined) throw new HoldfastError('wrong-bytes')
      return { members }
    },
  })) rows.push(row)
  expect(rows.map(({ cid }) => cid).toSorted()).toEqual([sha256(one), sha256(two)].toSorted())
  for (const { cid, info, infohash, size, title, status, giving, path } of rows) {
    expect(judgeInfo(info ?? new Uint8Array(0), { cid, kind: 'z', infohash, size }).ok).toBe(true)
    expect([status, giving, path]).toEqual(['SEEDING', false, contentKey('z', cid)])
    expect(title).toBe(cid === sha256(one) ? 'a.txt' : 'b')
  }
  expect(await bucket.exists(key(three))).toBe(false)
  expect(await bucket.exists('archives/notes.txt')).toBe(true)
})

test('what is known, or could not be checked, is left as it is', async () => {
  const bucket = memBucket()
  for (const bytes of [one, two]) await bucket.writeAll(key(bytes), bytes)
  for await (const row of foundFiles({ bucket, clock: { now: () => 0 }, known: cid => cid === sha256(one), check: async () => { throw new HoldfastError('storage-busy') } })) throw new Error(`found ${row.cid}`)
  expect([await bucket.exists(key(one)), await bucket.exists(key(two))]).toEqual([true, true])
})
