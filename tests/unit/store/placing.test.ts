import { describe, expect, test } from 'vitest'
import { decideMend, deleting, memBucket, memDatabase, memStaging, mendPlacing, placeContent, putting, settleVerified, type ContentRow, type Stores } from '../../../src/store/index.ts'
import { contentRow, jobRow } from '../../contract/database.ts'

const content = Uint8Array.of(1, 2, 3)
const staged = contentRow('c', { size: 3, path: 'archives/c.tgz', staging: 'tmp/jobs/j/archive.tgz', status: 'DOWNLOADING' })

const freshStores = (): Stores => ({ database: memDatabase(), staging: memStaging(), bucket: memBucket() })

async function stage(stores: Stores, bytes: Uint8Array = content): Promise<void> {
  const file = await stores.staging.open(staged.staging ?? '', { create: true })
  await file.write(0, bytes)
  await file.close()
}

/**
 * The stores as seen by somebody who is killed before his step number `last`: from then on nothing happens any more. Steps are
 * the calls that change something, also on the files and writers that were handed out.
 */
function mortal(stores: Stores, last: number): { stores: Stores, steps: () => number } {
  let steps = 0
  const changing = new Set(['put', 'write', 'delete', 'set', 'remove', 'newWriter', 'close', 'open'])
  const wrap = <T extends object>(target: T): T => new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => {
        if (steps >= last) throw new Error('killed')
        if (changing.has(String(name))) steps++
        const result: unknown = value.apply(object, args)
        return result instanceof Promise ? result.then((each: unknown) => typeof each === 'object' && each !== null && 'close' in each ? wrap(each) : each) : result
      }
    },
  })
  const { database, staging, bucket } = stores
  const mortalStaging = wrap(staging)
  // The real method runs on the wrapped stores, so that every step of it counts.
  const adopting: Stores['staging'] = new Proxy(mortalStaging, {
    get: (object, name) => name === 'adopt' ? async (...args: Parameters<typeof staging.adopt>) => { await staging.adopt.apply(mortalStaging, args) } : Reflect.get(object, name) as unknown,
  })
  return { stores: { database: wrap(database), staging: adopting, bucket: wrap(bucket) }, steps: () => steps }
}

describe('placing', () => {
  test('moves the file, and the row says so', async () => {
    const stores = freshStores()
    await stage(stores)
    await stores.database.write([putting('content', staged), putting('jobs', jobRow('j')), putting('jobs', jobRow('other')), putting('progress', { cid: 'c', bitfield: Uint8Array.of(1), received: 3 })])
    const row = await placeContent(stores, staged)
    expect(row).toEqual({ ...staged, status: 'SEEDING', staging: null })
    expect(await stores.database.getAll('content')).toEqual([row])
    expect([await stores.database.getAll('jobs'), await stores.database.getAll('progress')]).toEqual([[jobRow('other')], []])
    expect(await stores.bucket.readAll(row.path)).toEqual(content)
    expect(await stores.staging.exists(staged.staging ?? '')).toBe(false)
  })

  test('nothing staged is a mistake, and writes nothing', async () => {
    const stores = freshStores()
    await expect(placeContent(stores, { ...staged, staging: null })).rejects.toMatchObject({ code: 'bad-input' })
    expect(await stores.database.getAll('content')).toEqual([])
  })

  test('a full bucket leaves the row PLACING and the file staged', async () => {
    const stores = freshStores()
    await stage(stores)
    const full: Stores = { ...stores, bucket: { ...memBucket(), exists: async () => false, newWriter: async () => { throw new DOMException('full', 'QuotaExceededError') } } }
    await expect(placeContent(full, staged)).rejects.toThrow('full')
    expect((await stores.database.get('content', 'c'))?.status).toBe('PLACING')
    const [mended] = await mendPlacing(full)
    expect([mended?.mend, mended?.problem?.code, mended?.row.status]).toEqual(['adopt', 'storage-full', 'PLACING'])
    expect((await mendPlacing(stores)).map(({ mend, row }) => [mend, row.status])).toEqual([['adopt', 'SEEDING']])
  })
})

describe('a kill at any step', () => {
  async function killedAt(step: number): Promise<{ stores: Stores, survived: boolean }> {
    const stores = freshStores()
    await stage(stores)
    await stores.database.write([putting('content', staged), putting('jobs', jobRow('j'))])
    const victim = mortal(stores, step)
    const survived = await placeContent(victim.stores, staged).then(() => true, () => false)
    return { stores: await afterRestart(stores), survived }
  }

  /** A kill closes whatever was open. */
  async function afterRestart({ database, staging, bucket }: Stores): Promise<Stores> {
    const fresh = memStaging()
    const path = staged.staging ?? ''
    if (await staging.exists(path)) await stage({ database, staging: fresh, bucket })
    return { database, staging: fresh, bucket }
  }

  test('is mended to a row that is true, with every byte kept', async () => {
    const mends: string[] = []
    let steps = 0
    for (; ; steps++) {
      const { stores, survived } = await killedAt(steps)
      const mended = await mendPlacing(stores)
      for (const each of mended) {
        mends.push(each.mend)
        if (each.mend === 'verify') await settleVerified(stores, each.row, true)
      }
      const row = await stores.database.get('content', 'c')
      if (row?.status === 'SEEDING') {
        expect(await stores.bucket.readAll(row.path)).toEqual(content)
        expect(row.staging).toBeNull()
        expect(await stores.database.getAll('jobs')).toEqual([])
        expect(await stores.staging.exists(staged.staging ?? '')).toBe(false)
      } else {
        expect(row).toEqual(staged) // killed before the first step: all is as before
        expect(await stores.staging.exists(staged.staging ?? '')).toBe(true)
      }
      expect(await mendPlacing(stores)).toEqual([])
      if (survived) break
    }
    expect(steps).toBeGreaterThanOrEqual(8) // put, open, writer, write, close, close, remove, write
    expect(new Set(mends)).toEqual(new Set(['adopt', 'verify']))
  })
})

describe('what is found at start', () => {
  test.each([
    { stored: 3, staged: null, origin: 'shared', mend: 'verify' },
    { stored: 3, staged: 3, origin: 'got', mend: 'verify' },
    { stored: null, staged: 3, origin: 'shared', mend: 'adopt' },
    { stored: 2, staged: 3, origin: 'got', mend: 'adopt' },
    { stored: null, staged: null, origin: 'got', mend: 'fetch' },
    { stored: null, staged: null, origin: 'shared', mend: 'lost' },
    { stored: 2, staged: 2, origin: 'got', mend: 'fetch' },
    { stored: 2, staged: null, origin: 'shared', mend: 'lost' },
  ] as const)('stored $stored, staged $staged, $origin: $mend', ({ stored, staged: size, origin, mend }) => {
    expect(decideMend({ size: 3, origin }, stored, size)).toBe(mend)
  })

  async function mendRow(more: Partial<ContentRow>, prepare: (stores: Stores) => Promise<void> = async () => undefined) {
    const stores = freshStores()
    await stores.database.write([putting('content', { ...staged, status: 'PLACING', ...more }), putting('progress', { cid: 'c', bitfield: Uint8Array.of(1), received: 3 })])
    await prepare(stores)
    const [mended] = await mendPlacing(stores)
    if (mended === undefined) throw new Error('nothing was mended')
    return { stores, mended }
  }

  test('nothing left of what was got: fetched again from the start', async () => {
    const { stores, mended } = await mendRow({ origin: 'got' })
    expect([mended.mend, mended.row.status, mended.row.staging]).toEqual(['fetch', 'DOWNLOADING', staged.staging])
    expect(await stores.database.get('content', 'c')).toEqual(mended.row)
    expect(await stores.database.getAll('progress')).toEqual([])
  })

  test('without its torrent it waits for that first', async () => {
    expect((await mendRow({ origin: 'got', info: null })).mended.row.status).toBe('PENDING')
  })

  test('nothing left of what was shared: failed, and it says why', async () => {
    const { mended } = await mendRow({ origin: 'shared' })
    expect([mended.mend, mended.row.status, mended.row.problem?.code]).toEqual(['lost', 'FAILED', 'storage-lost'])
  })

  test('half a copy and no staged file: the half is deleted', async () => {
    const { stores, mended } = await mendRow({ origin: 'got' }, async ({ bucket }) => { await bucket.writeAll(staged.path, content.subarray(1)) })
    expect(mended.mend).toBe('fetch')
    expect(await stores.bucket.exists(staged.path)).toBe(false)
  })

  test('found good, it is seeded', async () => {
    const { stores, mended } = await mendRow({}, async each => { await each.bucket.writeAll(staged.path, content) })
    expect([mended.mend, mended.row.status]).toEqual(['verify', 'PLACING'])
    expect((await settleVerified(stores, mended.row, true)).row).toMatchObject({ status: 'SEEDING', staging: null })
  })

  test('found bad, the staged file takes its place', async () => {
    const { stores, mended } = await mendRow({}, async each => {
      await each.bucket.writeAll(staged.path, Uint8Array.of(9, 9, 9))
      await stage(each)
    })
    const settled = await settleVerified(stores, mended.row, false)
    expect([settled.mend, settled.row.status]).toEqual(['adopt', 'SEEDING'])
    expect(await stores.bucket.readAll(staged.path)).toEqual(content)
  })

  test('found bad, with nothing else, it is fetched again', async () => {
    const { stores, mended } = await mendRow({ origin: 'got' }, async each => { await each.bucket.writeAll(staged.path, Uint8Array.of(9, 9, 9)) })
    expect((await settleVerified(stores, mended.row, false)).mend).toBe('fetch')
    expect(await stores.bucket.exists(staged.path)).toBe(false)
  })

  test('a damaged file is not taken for whole once its rest has come', async () => {
    const stores = freshStores()
    await stores.database.put('content', staged)
    await stage(stores)
    await stores.bucket.writeAll(staged.path, Uint8Array.of(9, 9, 9))
    expect(await mendPlacing(stores)).toEqual([])
    await placeContent(stores, staged)
    expect(await stores.bucket.readAll(staged.path)).toEqual(content)
  })

  test('rows that are not PLACING are left alone', async () => {
    const stores = freshStores()
    await stores.database.put('content', staged)
    expect(await mendPlacing(stores)).toEqual([])
    await stores.database.write([deleting('content', 'c')])
  })
})
