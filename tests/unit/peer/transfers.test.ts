import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { HoldfastError, toHex } from '../../../src/base/index.ts'
import { contentKey, makeTorrent, pieceLength, type Link, type Member } from '../../../src/content/index.ts'
import { Transfers } from '../../../src/peer/transfers.ts'
import { memBucket, memDatabase, memStaging, type Bucket, type Database, type Staging } from '../../../src/store/index.ts'
import type { FetchedFile, SeededFile, Swarm, TorrentStatus } from '../../../src/swarm/index.ts'

const bytes = new TextEncoder().encode('what was shared')
const cid = createHash('sha256').update(bytes).digest('hex')
const torrent = makeTorrent({ cid, kind: 'z', size: bytes.length, pieces: createHash('sha1').update(bytes).digest() })
const link: Link = { cid, infohash: torrent.infohash, size: bytes.length, kind: 'z', name: 'Shared' }
const members: readonly Member[] = [{ path: 'a.txt', size: 3, offset: 512 }]

/** Notes what it is told; a test plays the network. */
class ScriptedSwarm implements Swarm {
  readonly seeds = new Map<string, SeededFile>()
  readonly fetches = new Map<string, FetchedFile>()
  fetched = 0
  seed(file: SeededFile): void { this.fetches.delete(file.infohash); this.seeds.set(file.infohash, file) }
  fetch(file: FetchedFile): void { this.fetched++; this.fetches.set(file.infohash, file) }
  setGive(infohash: string, give: boolean): void {
    const file = this.fetches.get(infohash)
    if (file !== undefined) this.fetches.set(infohash, { ...file, give })
  }
  setGiving(): void {}
  setTrackers(): void {}
  async drop(infohash: string): Promise<void> { this.seeds.delete(infohash); this.fetches.delete(infohash) }
  async stop(): Promise<void> {}
}

let [database, staging, bucket, swarm]: [Database, Staging, Bucket, ScriptedSwarm] = [memDatabase(), memStaging(), memBucket(), new ScriptedSwarm()]
let verdicts: (readonly Member[] | HoldfastError)[] = []
let time = 0
const changed = new Set<string>()

beforeEach(() => {
  [database, staging, bucket, swarm] = [memDatabase(), memStaging(), memBucket(), new ScriptedSwarm()]
  verdicts = []
  time = 1
  changed.clear()
})

async function begin(): Promise<Transfers> {
  const transfers = new Transfers({
    database, staging, bucket,
    clock: { now: () => time },
    base: 'https://holdfast.example/',
    trackers: () => ['wss://holdfast.example/announce'],
    async check() {
      const verdict = verdicts.shift() ?? members
      if (verdict instanceof HoldfastError) throw verdict
      return verdict
    },
    changed: each => { changed.add(each) },
  })
  await transfers.open()
  await transfers.attach(swarm)
  return transfers
}

/** The network brings all bytes. */
async function arrive(transfers: Transfers): Promise<void> {
  const { path } = swarm.fetches.get(link.infohash) ?? { path: '' }
  const file = await staging.open(path, { create: true })
  await file.write(0, bytes)
  await file.close()
  transfers.onComplete(link.infohash)
}

async function settled(transfers: Transfers, state: string): Promise<void> {
  await expect.poll(() => transfers.item(cid)?.state).toBe(state)
}

async function staged(path: string): Promise<string> {
  const file = await staging.open(path, { create: true })
  await file.write(0, bytes)
  await file.close()
  return path
}

const packed = { cid, size: bytes.length, title: 'Shared', torrent, members }

test('a shared archive is placed, given and listed under its link', async () => {
  const transfers = await begin()
  await transfers.place('job', { ...packed, staging: await staged('tmp/jobs/job/archive.tgz') })
  expect(await bucket.readAll(contentKey('z', cid))).toEqual(bytes)
  expect(swarm.seeds.get(link.infohash)).toMatchObject({ key: contentKey('z', cid), size: bytes.length })
  expect(transfers.item(cid)).toMatchObject({ state: 'here', job: 'job', origin: 'shared', giving: true, title: 'Shared' })
  expect(transfers.item(cid)?.link).toMatch(new RegExp(`^https://holdfast.example/#/get/${cid}\\?`))
  expect(transfers.room()).toEqual({ used: bytes.length, reserved: 0 })
})

test('shared twice it is kept once, and given again', async () => {
  const transfers = await begin()
  await transfers.place('one', { ...packed, staging: await staged('tmp/jobs/one/archive.tgz') })
  await transfers.give(cid, false)
  expect(swarm.seeds.size).toBe(0)
  await transfers.place('two', { ...packed, staging: await staged('tmp/jobs/two/archive.tgz') })
  expect(await staging.exists('tmp/jobs/two/archive.tgz')).toBe(false)
  expect(transfers.item(cid)).toMatchObject({ job: 'two', giving: true })
  expect(swarm.seeds.size).toBe(1)
})

test('a share that cannot be placed leaves nothing behind', async () => {
  const transfers = await begin()
  await expect(transfers.place('job', { ...packed, staging: 'tmp/jobs/job/archive.tgz' })).rejects.toMatchObject({ code: 'not-found' })
  expect(transfers.all()).toEqual([])
  expect(await database.getAll('content')).toEqual([])
})

test('a link with another infohash for what failed is tried instead', async () => {
  const transfers = await begin()
  await transfers.get({ ...link, infohash: 'f'.repeat(40) }, true)
  transfers.onProblem('f'.repeat(40), new HoldfastError('wrong-info'))
  await settled(transfers, 'failed')
  await transfers.get(link, true)
  expect([...swarm.fetches.keys()]).toEqual([link.infohash])
  transfers.onInfo('f'.repeat(40), torrent.info) // too late: nobody listens to it any more
  expect(transfers.item(cid)).toMatchObject({ infohash: link.infohash, state: 'waiting' })
})

test('what was fetched is compared, placed, and given where the person agreed', async () => {
  const transfers = await begin()
  await transfers.get(link, true)
  expect(transfers.item(cid)).toMatchObject({ state: 'waiting', received: 0 })
  expect(transfers.room()).toEqual({ used: 0, reserved: bytes.length })
  transfers.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await settled(transfers, 'here')
  expect(await bucket.readAll(contentKey('z', cid))).toEqual(bytes)
  expect(transfers.members(cid)).toEqual(members)
  expect(swarm.seeds.has(link.infohash)).toBe(true)
  expect(await database.get('progress', cid)).toBeNull()
})

test('without consent nothing is given, before and after', async () => {
  const transfers = await begin()
  await transfers.get(link, false)
  expect(swarm.fetches.get(link.infohash)?.give).toBe(false)
  transfers.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await settled(transfers, 'here')
  await expect.poll(() => swarm.fetches.size).toBe(0)
  expect(swarm.seeds.size).toBe(0)
  await transfers.give(cid, true)
  expect(swarm.seeds.size).toBe(1)
})

test('a new start goes on with what is written down', async () => {
  const before = await begin()
  await before.get(link, true)
  before.onInfo(link.infohash, torrent.info)
  before.onPieces(link.infohash, Uint8Array.of(0x80), 5)
  await expect.poll(async () => (await database.get('progress', cid))?.received).toBe(5)
  await expect.poll(async () => (await database.get('content', cid))?.status).toBe('DOWNLOADING')
  swarm = new ScriptedSwarm()
  const after = await begin()
  expect(swarm.fetches.get(link.infohash)).toMatchObject({ info: torrent.info, bitfield: Uint8Array.of(0x80), give: true })
  expect(after.item(cid)).toMatchObject({ received: 5, state: 'waiting' })
})

test('paused it rests, also over a new start, and resumed it goes on', async () => {
  const before = await begin()
  await before.get(link, true)
  await before.pause(cid)
  expect(swarm.fetches.size).toBe(0)
  const after = await begin()
  expect(after.item(cid)?.state).toBe('paused')
  expect(swarm.fetches.size).toBe(0)
  await after.resume(cid)
  expect(swarm.fetches.size).toBe(1)
})

test('wrong bytes are fetched once more, then never again by themselves', async () => {
  const transfers = await begin()
  verdicts = [new HoldfastError('wrong-bytes'), new HoldfastError('wrong-bytes')]
  await transfers.get(link, true)
  transfers.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await expect.poll(() => swarm.fetched).toBe(2)
  expect(swarm.fetches.get(link.infohash)?.bitfield).toBeNull()
  await arrive(transfers)
  await settled(transfers, 'failed')
  expect(transfers.item(cid)?.problem?.code).toBe('wrong-bytes')
  expect(await staging.exists(`tmp/downloads/${cid}`)).toBe(false)
  expect(await bucket.exists(contentKey('z', cid))).toBe(false)
})

test('an archive that unpacks to too much is kept until somebody says what to do with it', async () => {
  const transfers = await begin()
  verdicts = [new HoldfastError('archive-bomb')]
  await transfers.get(link, true)
  transfers.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await settled(transfers, 'failed')
  expect(transfers.item(cid)?.problem?.code).toBe('archive-bomb')
  expect(await staging.exists(`tmp/downloads/${cid}`)).toBe(true)
})

test('a full disk stops it with what came kept; resumed it goes on from there', async () => {
  const transfers = await begin()
  await transfers.get(link, true)
  transfers.onInfo(link.infohash, torrent.info)
  transfers.onPieces(link.infohash, Uint8Array.of(0x80), 5)
  transfers.onProblem(link.infohash, new HoldfastError('storage-full'))
  await settled(transfers, 'failed')
  expect(transfers.item(cid)).toMatchObject({ received: 5, problem: { code: 'storage-full' } })
  await transfers.resume(cid)
  expect(swarm.fetches.get(link.infohash)).toMatchObject({ bitfield: Uint8Array.of(0x80) })
  expect(transfers.item(cid)).toMatchObject({ state: 'waiting', problem: null })
})

test('what the browser lost of our own is fetched from those who kept it', async () => {
  const before = await begin()
  await before.place('job', { ...packed, staging: await staged('tmp/jobs/job/archive.tgz') })
  const row = await database.get('content', cid)
  if (row === null) throw new Error('no row')
  await bucket.delete(row.path)
  await database.put('content', { ...row, status: 'FAILED', problem: new HoldfastError('storage-lost').toObject() })
  swarm = new ScriptedSwarm()
  const after = await begin()
  expect(after.item(cid)).toMatchObject({ state: 'failed', problem: { code: 'storage-lost' } })
  await after.resume(cid)
  expect(swarm.fetches.get(link.infohash)).toMatchObject({ info: torrent.info, path: `tmp/downloads/${cid}` })
  await arrive(after)
  await settled(after, 'here')
  expect(await bucket.readAll(row.path)).toEqual(bytes)
})

test('removed, nothing of it is left', async () => {
  const transfers = await begin()
  await transfers.place('job', { ...packed, staging: await staged('tmp/jobs/job/archive.tgz') })
  await transfers.remove(cid)
  expect(transfers.item(cid)).toBeNull()
  expect(await bucket.exists(contentKey('z', cid))).toBe(false)
  expect(await database.getAll('content')).toEqual([])
  expect(swarm.seeds.size).toBe(0)
})

test('what was given is counted across sessions', async () => {
  const transfers = await begin()
  await transfers.place('job', { ...packed, staging: await staged('tmp/jobs/job/archive.tgz') })
  const status: TorrentStatus = { infohash: link.infohash, phase: 'seeding', received: bytes.length, rateIn: 0, rateOut: 0, given: 100, keepers: 0, sources: 0, receivers: [], tracker: 'ok' }
  time = 20_000
  transfers.onChange([status])
  transfers.onChange([{ ...status, given: 150 }])
  expect(transfers.item(cid)?.given).toBe(150)
  time = 40_000
  transfers.onChange([{ ...status, given: 151 }])
  await expect.poll(async () => (await database.get('content', cid))?.given).toBe(151)
  transfers.onChange([{ ...status, given: 10 }]) // the swarm began again
  expect(transfers.item(cid)?.given).toBe(151)
})

test('what the test shares is canonical', () => {
  expect(pieceLength(bytes.length)).toBe(262_144)
  expect(toHex(createHash('sha1').update(torrent.info).digest())).toBe(torrent.infohash)
})
