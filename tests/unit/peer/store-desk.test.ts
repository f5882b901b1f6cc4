import { beforeEach, describe, expect, test, vi } from 'vitest'
import '../../../src/relay/node20.ts'
import { HoldfastError, type Cid } from '../../../src/base/index.ts'
import { contentKey } from '../../../src/content/index.ts'
import type { StoreState } from '../../../src/peer/store-api.ts'
import { StoreDesk } from '../../../src/peer/store-desk.ts'
import { collect } from '../../contract/support/collect.ts'
import { memBucket, memDatabase, memStaging, placeContent, type Bucket, type ContentRow, type Credentials, type Database, type Staging } from '../../../src/store/index.ts'

const cid = (i: number): Cid => String(i).padStart(64, '0')
const bytesOf = (i: number): Uint8Array<ArrayBuffer> => new Uint8Array(1000 + i).fill(i)

function row(i: number, change: Partial<ContentRow> = {}): ContentRow {
  return {
    cid: cid(i), kind: 'z', infohash: String(i).padStart(40, '0'), size: 1000 + i, title: String(i), origin: 'got', status: 'SEEDING', path: contentKey('z', cid(i)), staging: null, info: null, members: null,
    paused: false, giving: true, given: 0, addedAt: i, problem: null, reasons: [], sealed: null, findable: false, trashedAt: null, relays: [], ...change,
  }
}

/** A bucket whose next calls go wrong as a test says. */
class Moody implements Pick<Bucket, 'attributes' | 'newWriter' | 'delete'> {
  readonly real = memBucket()
  readonly written: string[] = []
  /** Before each write; may throw or wait. */
  beforeWrite: (key: string) => Promise<void> = async () => {}
  away: HoldfastError | null = null
  readonly bucket: Bucket

  constructor() {
    const { real } = this
    this.bucket = {
      exists: async key => { this.check(); return await real.exists(key) }, attributes: async key => await this.attributes(key), newRangeReader: async (...all) => { this.check(); return await real.newRangeReader(...all) },
      readAll: async key => { this.check(); return await real.readAll(key) }, newWriter: async (...all) => await this.newWriter(...all), writeAll: async (...all) => { this.check(); await real.writeAll(...all) },
      copy: async (...all) => { await real.copy(...all) }, delete: async key => { await this.delete(key) }, list: options => real.list(options), close: async () => {},
    }
  }

  async attributes(key: string) { this.check(); return await this.real.attributes(key) }
  async delete(key: string) { this.check(); await this.real.delete(key) }
  async newWriter(...[key, options]: Parameters<Bucket['newWriter']>) {
    this.check()
    await this.beforeWrite(key)
    this.written.push(key)
    return await this.real.newWriter(key, options)
  }

  async keys(): Promise<string[]> {
    return (await collect(this.real.list())).map(({ key }) => key)
  }

  private check(): void { if (this.away !== null) throw this.away }
}

let database: Database
let staging: Staging
let own: Bucket
let cloud: Moody
let states: StoreState[]
const url = 's3://music?region=eu-west-1'
const sealed = { iv: new Uint8Array(12), ct: new Uint8Array(3) }
const opened: (Credentials | undefined)[] = []

async function open(): Promise<StoreDesk> {
  const desk = await StoreDesk.open({
    database, stores: { bucket: own, staging, driver: 'opfs' },
    open: async (asked, credentials) => {
      expect(asked).toBe(url)
      opened.push(credentials)
      return cloud.bucket
    },
    openSecret: async () => '{"keyId":"a","secret":"b"}', changed: state => { states.push(state) },
  })
  desk.begin()
  return desk
}

async function hold(...numbers: number[]): Promise<void> {
  for (const i of numbers) {
    await own.writeAll(contentKey('z', cid(i)), bytesOf(i))
    await database.put('content', row(i))
  }
}

async function settled(desk: StoreDesk): Promise<void> {
  await vi.waitFor(async () => {
    const { at: _, ...rest } = await database.setting('store') ?? { at: null, left: [] }
    expect([desk.state.moving, rest]).toEqual([null, { left: [] }])
  }, 4000)
}
const ownKeys = async (): Promise<string[]> => (await collect(own.list())).map(({ key }) => key)

beforeEach(() => {
  database = memDatabase()
  staging = memStaging()
  own = memBucket()
  cloud = new Moody()
  states = []
  opened.length = 0
})

describe('the place where files are kept', () => {
  test('moves: everything is copied, then used there, then deleted here', async () => {
    await hold(1, 2, 3)
    await database.put('content', row(4, { status: 'PENDING' }))
    const desk = await open()
    expect(desk.state).toEqual({ url: 'opfs://holdfast/content', driver: 'opfs', moving: null, problem: null })
    await desk.chooseStore(url, sealed)
    await settled(desk)
    expect(desk.state).toEqual({ url, driver: 's3', moving: null, problem: null })
    expect(await desk.bucket.readAll(contentKey('z', cid(2)))).toEqual(bytesOf(2))
    expect([await cloud.keys(), await ownKeys()]).toEqual([[1, 2, 3].map(i => contentKey('z', cid(i))), []])
    expect(states.some(({ moving }) => moving?.done === 3006 && moving.total === 3006)).toBe(true)
    expect(opened.every(each => JSON.stringify(each) === '{"keyId":"a","secret":"b"}')).toBe(true)
    expect(JSON.stringify(await database.getAll('settings'))).not.toContain('secret')
    const next = await open()
    expect([next.isOwn, await next.bucket.exists(contentKey('z', cid(3)))]).toEqual([false, true])
    await next.chooseStore(null, null)
    await settled(next)
    expect([next.isOwn, (await ownKeys()).length, (await cloud.keys()).length]).toEqual([true, 3, 0])
  })

  test('killed in the middle it goes on where it was', async () => {
    await hold(1, 2, 3)
    const desk = await open()
    const stuck = Promise.withResolvers<void>()
    cloud.beforeWrite = async key => { if (key === contentKey('z', cid(2))) await stuck.promise }
    await desk.chooseStore(url, sealed)
    await vi.waitFor(async () => { expect(await cloud.real.exists(contentKey('z', cid(1)))).toBe(true) })
    expect(await desk.bucket.readAll(contentKey('z', cid(1)))).toEqual(bytesOf(1))
    expect(desk.isOwn).toBe(true)
    cloud.beforeWrite = async () => {}
    const next = await open() // the first one never comes back
    await settled(next)
    expect(cloud.written.filter(key => key === contentKey('z', cid(1)))).toHaveLength(1)
    expect([(await cloud.keys()).length, (await ownKeys()).length, next.state.url]).toEqual([3, 0, url])
  })

  test('what is placed meanwhile comes with it, and what is deleted is deleted in both', async () => {
    await hold(1, 2)
    const desk = await open()
    const reached = Promise.withResolvers<void>()
    const free = Promise.withResolvers<void>()
    cloud.beforeWrite = async key => {
      if (key !== contentKey('z', cid(2))) return
      reached.resolve()
      await free.promise
    }
    await desk.chooseStore(url, sealed)
    await reached.promise
    const file = await staging.open('tmp/downloads/x', { create: true })
    await file.write(0, bytesOf(3))
    await file.close()
    await placeContent({ database, staging, bucket: desk.bucket }, row(3, { status: 'DOWNLOADING', staging: 'tmp/downloads/x' }))
    await database.delete('content', cid(1))
    await desk.bucket.delete(contentKey('z', cid(1)))
    free.resolve()
    await settled(desk)
    expect([await cloud.keys(), await ownKeys()]).toEqual([[2, 3].map(i => contentKey('z', cid(i))), []])
  })

  test('stopped, nothing is left of it there', async () => {
    await hold(1, 2)
    const desk = await open()
    const reached = Promise.withResolvers<void>()
    cloud.beforeWrite = async key => {
      if (key !== contentKey('z', cid(2))) return
      reached.resolve()
      await new Promise(done => { setTimeout(done, 20) })
    }
    await desk.chooseStore(url, sealed)
    await reached.promise
    await desk.stopMoving()
    await settled(desk)
    expect([desk.isOwn, await cloud.keys(), (await ownKeys()).length]).toEqual([true, [], 2])
  })

  test('a store that cannot be used is not chosen', async () => {
    await hold(1)
    const desk = await open()
    cloud.away = new HoldfastError('store-cors', 'closed')
    await expect(desk.chooseStore(url, sealed)).rejects.toMatchObject({ code: 'store-cors' })
    expect([desk.isOwn, await database.setting('store')]).toEqual([true, null])
    cloud.away = null
    cloud.beforeWrite = async () => { await new Promise(done => { setTimeout(done, 50) }) }
    await desk.chooseStore(url, sealed)
    await desk.chooseStore(url, sealed) // said twice, as after a change of leaders
    await expect(desk.chooseStore(null, null)).rejects.toMatchObject({ code: 'storage-busy' })
    await settled(desk)
  })

  test('a store that goes away is told of, and the move goes on when it is back', async () => {
    await hold(1, 2)
    const desk = await open()
    cloud.beforeWrite = async key => { if (key === contentKey('z', cid(2))) throw cloud.away = new HoldfastError('store-unreachable', 'away') }
    await desk.chooseStore(url, sealed)
    await vi.waitFor(() => { expect(desk.state.problem?.code).toBe('store-unreachable') })
    expect([desk.isOwn, desk.state.moving?.done]).toEqual([true, 1001])
    cloud.beforeWrite = async () => {}
    cloud.away = null
    await desk.retryStore()
    await settled(desk)
    expect([desk.state.url, (await cloud.keys()).length]).toEqual([url, 2])
  })

  test('a store that is away at the start is an absent one until it is tried again', async () => {
    await hold(1)
    await (async () => { const desk = await open(); await desk.chooseStore(url, sealed); await settled(desk) })()
    let refused = true
    const desk = await StoreDesk.open({
      database, stores: { bucket: own, staging, driver: 'opfs' }, openSecret: async () => '{"keyId":"a","secret":"b"}', changed: () => {},
      open: async () => {
        if (refused) throw new HoldfastError('storage-permission', 'a click')
        return cloud.bucket
      },
    })
    desk.begin()
    expect(desk.state).toMatchObject({ url, problem: { code: 'storage-permission' } })
    await expect(desk.bucket.readAll(contentKey('z', cid(1)))).rejects.toMatchObject({ code: 'storage-permission' })
    refused = false
    await desk.retryStore()
    expect(desk.state.problem).toBeNull()
    expect(await desk.bucket.readAll(contentKey('z', cid(1)))).toEqual(bytesOf(1))
  })

  /** Holds up what is written down of the store once, from now on. */
  function heldUp(): { readonly reached: Promise<void>, readonly free: () => void } {
    const [reached, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const { set } = database
    database.set = async (name, value) => {
      database.set = set
      reached.resolve()
      await free.promise
      await set.call(database, name, value)
    }
    return { reached: reached.promise, free: () => { free.resolve() } }
  }

  test('stopped when all is there and it is being written down, it is where it was moved to', async () => {
    await hold(1, 2)
    const desk = await open()
    const written = Promise.withResolvers<void>()
    cloud.beforeWrite = async key => { if (key === contentKey('z', cid(2))) await written.promise }
    await desk.chooseStore(url, sealed)
    const { reached, free } = heldUp()
    written.resolve()
    await reached
    const stopped = desk.stopMoving()
    free()
    await stopped
    await settled(desk)
    expect([desk.state.url, await desk.bucket.exists(contentKey('z', cid(1))), (await database.setting('store'))?.at?.url]).toEqual([url, true, url])
    expect([(await cloud.keys()).length, await ownKeys()]).toEqual([2, []])
  })

  test('tried again while the move comes to its end, it is where it was moved to', async () => {
    await hold(1)
    await (async () => { const desk = await open(); await desk.chooseStore(url, sealed); await settled(desk) })()
    const slow = Promise.withResolvers<Bucket>()
    let waits = false
    const desk = await StoreDesk.open({
      database, stores: { bucket: own, staging, driver: 'opfs' }, openSecret: async () => '{"keyId":"a","secret":"b"}', changed: () => {},
      open: async () => waits ? await slow.promise : cloud.bucket,
    })
    desk.begin()
    waits = true
    const retried = desk.retryStore()
    await desk.chooseStore(null, null)
    await vi.waitFor(() => { expect(desk.isOwn).toBe(true) })
    slow.resolve(cloud.bucket)
    await retried
    await desk.bucket.writeAll(contentKey('z', cid(2)), bytesOf(2))
    expect(await ownKeys()).toContain(contentKey('z', cid(2)))
  })

  test('of two that are chosen at once the one that answers first is taken, and the other refused', async () => {
    await hold(1)
    const [slow, quick] = [Promise.withResolvers<Bucket>(), new Moody()]
    const desk = await StoreDesk.open({
      database, stores: { bucket: own, staging, driver: 'opfs' }, openSecret: async () => '{}', changed: () => {},
      open: async asked => asked === url ? await slow.promise : quick.bucket,
    })
    desk.begin()
    const first = desk.chooseStore(url, sealed)
    await desk.chooseStore('file://picked-1/Holdfast', null)
    await settled(desk)
    slow.resolve(cloud.bucket)
    await first.catch(() => {})
    await settled(desk)
    expect([desk.state.url, (await cloud.keys()).length, (await quick.keys()).length, await ownKeys()]).toEqual([url, 1, 0, []])
  })
})
