import { createHash } from 'node:crypto'
import { beforeEach, expect, test, vi } from 'vitest'
import { HoldfastError, limits, toHex } from '../../../src/base/index.ts'
import { contentKey, makeTorrent, pieceLength, type Member } from '../../../src/content/index.ts'
import type { SealedLink } from '../../../src/peer/network-api.ts'
import { Transfers } from '../../../src/peer/transfers.ts'
import { memBucket, memDatabase, memStaging, type Bucket, type Database, type Staging } from '../../../src/store/index.ts'
import type { TorrentStatus } from '../../../src/swarm/index.ts'
import { ScriptedSwarm } from './scripted-swarm.ts'

const bytes = new TextEncoder().encode('what was shared')
const cid = createHash('sha256').update(bytes).digest('hex')
const torrent = makeTorrent({ cid, kind: 'z', size: bytes.length, pieces: createHash('sha1').update(bytes).digest() })
const link: SealedLink = { cid, infohash: torrent.infohash, size: bytes.length, kind: 'z', name: 'Shared', relays: [], sealed: null }
const agreed = { give: true, relays: [] }
const members: readonly Member[] = [{ path: 'a.txt', size: 3, offset: 512 }]

let [database, staging, bucket, swarm]: [Database, Staging, Bucket, ScriptedSwarm] = [memDatabase(), memStaging(), memBucket(), new ScriptedSwarm()]
let verdicts: (readonly Member[] | HoldfastError | null)[] = []
const [blocked, changed] = [new Set<string>(), new Set<string>()]
let time = 0
let [sharing, mayCome] = [true, true]

beforeEach(() => {
  [database, staging, bucket, swarm] = [memDatabase(), memStaging(), memBucket(), new ScriptedSwarm()]
  verdicts = []
  blocked.clear()
  time = 1
  sharing = mayCome = true
  changed.clear()
})

async function begin(): Promise<Transfers> {
  const transfers = new Transfers({
    database, staging, bucket,
    clock: { now: () => time },
    trackers: () => ['wss://holdfast.example/announce'],
    async check() {
      const verdict = verdicts.length > 0 ? verdicts.shift() ?? null : members
      if (verdict instanceof HoldfastError) throw verdict
      return { members: verdict }
    },
    sharing: () => sharing,
    mayCome: () => mayCome,
    blocked: each => blocked.has(each),
    distrust: () => {},
    arriving: { follow() {}, drop() {}, members: () => null, readable: () => 0 },
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
  transfers.reports.onComplete(link.infohash)
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

const packed = { cid, kind: 'z', size: bytes.length, title: 'Shared', torrent, members, sealed: null, options: { protect: false, findable: false } } as const

test('a shared archive is placed, given and listed under its link', async () => {
  const transfers = await begin()
  await transfers.place('job', { ...packed, staging: await staged('tmp/jobs/job/archive.tgz') })
  expect(await bucket.readAll(contentKey('z', cid))).toEqual(bytes)
  expect(swarm.seeds.get(link.infohash)).toMatchObject({ key: contentKey('z', cid), size: bytes.length })
  expect(transfers.item(cid)).toMatchObject({ state: 'here', job: 'job', origin: 'shared', giving: true, title: 'Shared' })
  expect(transfers.room()).toEqual({ used: bytes.length, reserved: 0, trash: 0 })
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
  await transfers.get({ ...link, infohash: 'f'.repeat(40) }, agreed)
  transfers.reports.onProblem('f'.repeat(40), new HoldfastError('wrong-info'))
  await settled(transfers, 'failed')
  await transfers.get(link, agreed)
  expect([...swarm.fetches.keys()]).toEqual([link.infohash])
  transfers.reports.onInfo('f'.repeat(40), torrent.info) // too late: nobody listens to it any more
  expect(transfers.item(cid)).toMatchObject({ infohash: link.infohash, state: 'waiting' })
})

test('what was fetched is compared, placed, and given where the person agreed', async () => {
  const transfers = await begin()
  await transfers.get(link, agreed)
  expect(transfers.item(cid)).toMatchObject({ state: 'waiting', received: 0 })
  expect(transfers.room()).toEqual({ used: 0, reserved: bytes.length, trash: 0 })
  transfers.reports.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await settled(transfers, 'here')
  expect(await bucket.readAll(contentKey('z', cid))).toEqual(bytes)
  expect(transfers.members(cid)).toEqual(members)
  expect(swarm.seeds.has(link.infohash)).toBe(true)
  expect(await database.get('progress', cid)).toBeNull()
})

test('without consent nothing is given, before and after', async () => {
  const transfers = await begin()
  await transfers.get(link, { ...agreed, give: false })
  expect(swarm.fetches.get(link.infohash)?.give).toBe(false)
  transfers.reports.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await settled(transfers, 'here')
  await expect.poll(() => swarm.fetches.size).toBe(0)
  expect(swarm.seeds.size).toBe(0)
  await transfers.give(cid, true)
  expect(swarm.seeds.size).toBe(1)
})

test('a new start goes on with what is written down', async () => {
  const before = await begin()
  await before.get(link, agreed)
  before.reports.onInfo(link.infohash, torrent.info)
  before.reports.onPieces(link.infohash, Uint8Array.of(0x80), 5)
  await expect.poll(async () => (await database.get('progress', cid))?.received).toBe(5)
  await expect.poll(async () => (await database.get('content', cid))?.status).toBe('DOWNLOADING')
  swarm = new ScriptedSwarm()
  const after = await begin()
  expect(swarm.fetches.get(link.infohash)).toMatchObject({ info: torrent.info, bitfield: Uint8Array.of(0x80), give: true })
  expect(after.item(cid)).toMatchObject({ received: 5, state: 'waiting' })
})

test('paused it rests, also over a new start, and resumed it goes on', async () => {
  const before = await begin()
  await before.get(link, agreed)
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
  await transfers.get(link, agreed)
  transfers.reports.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await expect.poll(() => swarm.fetched).toBe(2)
  expect(swarm.fetches.get(link.infohash)?.bitfield).toBeNull()
  await arrive(transfers)
  await settled(transfers, 'failed')
  expect(transfers.item(cid)?.problem?.code).toBe('wrong-bytes')
  expect(await staging.exists(`tmp/downloads/${cid}`)).toBe(false)
  expect(await bucket.exists(contentKey('z', cid))).toBe(false)
})

test('a full disk stops it with what came kept; resumed it goes on from there', async () => {
  const transfers = await begin()
  await transfers.get(link, agreed)
  transfers.reports.onInfo(link.infohash, torrent.info)
  transfers.reports.onPieces(link.infohash, Uint8Array.of(0x80), 5)
  transfers.reports.onProblem(link.infohash, new HoldfastError('storage-full'))
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

async function shared(): Promise<Transfers> {
  const transfers = await begin()
  await transfers.place('job', { ...packed, staging: await staged('tmp/jobs/job/archive.tgz') })
  return transfers
}

test('removed it is no item and not given, and can be brought back', async () => {
  const transfers = await shared()
  await transfers.remove(cid)
  expect(transfers.item(cid)).toBeNull()
  expect(swarm.seeds.size).toBe(0)
  expect(transfers.trash.list()).toMatchObject([{ cid, title: 'Shared', trashedAt: 1, endsAt: 1 + limits.trashMs }])
  expect(transfers.room()).toEqual({ used: 0, reserved: 0, trash: bytes.length })
  const after = await begin()
  await after.restore(cid)
  expect(after.item(cid)?.state).toBe('here')
  expect(swarm.seeds.size).toBe(1)
  await after.remove(cid)
  await after.get(link, agreed)
  expect(after.item(cid)).toMatchObject({ state: 'here', giving: true })
  expect(swarm.fetches.size).toBe(0)
})

test('discarded, or after its time, nothing of it is left', async () => {
  for (const end of ['discard', 'expire'] as const) {
    const transfers = await shared()
    await transfers.remove(cid)
    time = limits.trashMs
    await transfers.trash.expire()
    expect(transfers.trash.list()).toHaveLength(1)
    time = limits.trashMs + 1
    await (end === 'expire' ? transfers.trash.expire() : transfers.trash.discard(null))
    expect(transfers.trash.list()).toEqual([])
    expect(await bucket.exists(contentKey('z', cid))).toBe(false)
    expect(await database.getAll('content')).toEqual([])
    time = 1
  }
})

test('a download that is cancelled leaves nothing, not even in the trash', async () => {
  const transfers = await begin()
  await transfers.get(link, agreed)
  await transfers.remove(cid)
  expect(transfers.trash.list()).toEqual([])
  expect(await database.getAll('content')).toEqual([])
})

test('the trash goes before a download stops for want of room', async () => {
  const transfers = await shared()
  await transfers.remove(cid)
  const other = { ...link, cid: 'b'.repeat(64), infohash: 'b'.repeat(40) }
  await transfers.get(other, agreed)
  transfers.reports.onProblem(other.infohash, new HoldfastError('storage-full'))
  await expect.poll(() => transfers.trash.list()).toEqual([])
  await expect.poll(() => swarm.fetched).toBe(2)
  expect(transfers.item(other.cid)?.state).toBe('waiting')
  transfers.reports.onProblem(other.infohash, new HoldfastError('storage-full'))
  await expect.poll(() => transfers.item(other.cid)?.state).toBe('failed')
})

async function fetched(): Promise<Transfers> {
  const transfers = await begin()
  await transfers.get(link, agreed)
  transfers.reports.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await settled(transfers, 'here')
  return transfers
}

test('a stored file is verified on demand; a damaged one is fetched again', async () => {
  const transfers = await fetched()
  await transfers.verify(cid)
  expect(transfers.item(cid)).toMatchObject({ state: 'here', problem: null })
  verdicts = [new HoldfastError('wrong-bytes')]
  await transfers.verify(cid)
  expect(transfers.item(cid)?.state).toBe('waiting')
  expect(await bucket.exists(contentKey('z', cid))).toBe(false)
  // Its right pieces are kept: here all, as the check alone was scripted to say that it is damaged.
  expect(swarm.fetches.get(link.infohash)).toMatchObject({ info: torrent.info, bitfield: Uint8Array.of(0x80) })
  await arrive(transfers)
  await settled(transfers, 'here')
  verdicts = [new HoldfastError('timeout')]
  await expect(transfers.verify(cid)).rejects.toMatchObject({ code: 'timeout' })
  expect(transfers.item(cid)?.state).toBe('here')
})

test('an archive that unpacks to too much is kept, and listed when the person says so', async () => {
  const transfers = await begin()
  verdicts = [null, members]
  await transfers.get(link, agreed)
  transfers.reports.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await settled(transfers, 'here')
  expect(transfers.item(cid)?.bomb).toBe(true)
  await transfers.unpackAnyway(cid)
  expect(transfers.item(cid)?.bomb).toBe(false)
  expect(transfers.members(cid)).toEqual(members)
})

test('a key that does not open it: what came is kept, and the right link goes on', async () => {
  const transfers = await begin()
  const sealed = (byte: number) => ({ iv: Uint8Array.of(byte), ct: Uint8Array.of(byte) })
  verdicts = [new HoldfastError('wrong-key')]
  await transfers.get({ ...link, kind: 'p', sealed: sealed(1) }, agreed)
  transfers.reports.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await settled(transfers, 'failed')
  expect(await staging.exists(`tmp/downloads/${cid}`)).toBe(true)
  await transfers.get({ ...link, kind: 'p', sealed: sealed(2) }, agreed)
  await arrive(transfers)
  await settled(transfers, 'here')
  expect(transfers.row(cid)?.sealed).toEqual(sealed(2))
  expect(await bucket.exists(contentKey('p', cid))).toBe(true)
})

test('another key for what is here: instead of one that opened nothing, or of none', async () => {
  const transfers = await begin()
  const sealed = (byte: number) => ({ iv: Uint8Array.of(byte), ct: Uint8Array.of(byte) })
  expect(await transfers.rekey(cid, sealed(1))).toBe(false)
  verdicts = [null, members]
  await transfers.get({ ...link, kind: 'p' }, agreed)
  transfers.reports.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await settled(transfers, 'here')
  expect(transfers.item(cid)?.bomb).toBe(false)
  expect(await transfers.rekey(cid, sealed(2))).toBe(true)
  expect([transfers.row(cid)?.sealed, transfers.members(cid)]).toEqual([sealed(2), members])
  expect(await transfers.rekey(cid, sealed(3))).toBe(true)
  expect(transfers.row(cid)?.sealed).toEqual(sealed(2))
})

test('blocked content is not taken, and what is held of it goes for good', async () => {
  const transfers = await shared()
  blocked.add(cid)
  await transfers.eraseContent(cid)
  expect(transfers.trash.list()).toEqual([])
  expect(await bucket.exists(contentKey('z', cid))).toBe(false)
  await expect(transfers.get(link, agreed)).rejects.toMatchObject({ code: 'blocked' })
})

test('others hear of what is stored and given, and may find it where it is offered openly', async () => {
  const transfers = await begin()
  expect(transfers.given.byCid(cid)).toBeNull()
  await transfers.place('job', { ...packed, staging: await staged('tmp/jobs/job/archive.tgz') })
  expect(transfers.given.byInfohash(link.infohash)).toEqual({ cid, infohash: link.infohash, info: torrent.info, findable: false })
  expect(swarm.offers).toEqual([])
  await transfers.setFindable(cid, true)
  expect([transfers.item(cid)?.findable, transfers.given.byCid(cid)?.findable, swarm.offers]).toEqual([true, true, [{ cid, infohash: link.infohash, length: bytes.length }]])
  await transfers.give(cid, false)
  expect([transfers.given.byCid(cid), transfers.given.byInfohash(link.infohash), swarm.offers]).toEqual([null, null, []])
  await transfers.give(cid, true)
  expect(swarm.offers).toHaveLength(1)
  sharing = false
  transfers.offer()
  expect([transfers.given.byCid(cid), swarm.offers]).toEqual([null, []])
  sharing = true
  await transfers.setFindable(cid, false)
  expect([transfers.given.byCid(cid)?.findable, swarm.offers]).toEqual([false, []])
  await transfers.setFindable(cid, true)
  await transfers.remove(cid)
  expect([transfers.given.byCid(cid), swarm.offers]).toEqual([null, []])
  await transfers.restore(cid)
  expect(swarm.offers).toHaveLength(1)
  blocked.add(cid)
  expect(transfers.given.byCid(cid)).toBeNull()
})

test('what was given is counted across sessions', async () => {
  const transfers = await begin()
  await transfers.place('job', { ...packed, staging: await staged('tmp/jobs/job/archive.tgz') })
  const status: TorrentStatus = { infohash: link.infohash, phase: 'seeding', received: bytes.length, rateIn: 0, rateOut: 0, given: 100, sectioned: 0, relayed: false, keepers: 0, sources: 0, receivers: [], tracker: 'ok' }
  time = 20_000
  transfers.reports.onChange([status])
  transfers.reports.onChange([{ ...status, given: 150 }])
  expect(transfers.item(cid)?.given).toBe(150)
  time = 40_000
  transfers.reports.onChange([{ ...status, given: 151 }])
  await expect.poll(async () => (await database.get('content', cid))?.given).toBe(151)
  transfers.reports.onChange([{ ...status, given: 10 }]) // the swarm began again
  expect(transfers.item(cid)?.given).toBe(151)
})

test('what the test shares is canonical', () => {
  expect(pieceLength(bytes.length)).toBe(262_144)
  expect(toHex(createHash('sha1').update(torrent.info).digest())).toBe(torrent.infohash)
})

test('what the disk damaged: a fetched file is fetched again, one of our own is told first', async () => {
  const transfers = await begin()
  await transfers.get(link, agreed)
  transfers.reports.onInfo(link.infohash, torrent.info)
  await arrive(transfers)
  await settled(transfers, 'here')
  await bucket.writeAll(contentKey('z', cid), bytes.map(byte => byte ^ 1))
  transfers.reports.onProblem(link.infohash, new HoldfastError('storage-damaged'))
  await settled(transfers, 'waiting')
  expect(await bucket.exists(contentKey('z', cid))).toBe(false)
  expect(swarm.fetches.get(link.infohash)?.bitfield).toEqual(Uint8Array.of(0))
  await arrive(transfers)
  await settled(transfers, 'here')
  expect(await bucket.readAll(contentKey('z', cid))).toEqual(bytes)

  await transfers.place('job', { ...packed, staging: await staged('tmp/jobs/job/archive.tgz') })
  transfers.reports.onProblem(link.infohash, new HoldfastError('storage-damaged')) // and what is read now is right after all
  await settled(transfers, 'failed')
  expect(transfers.item(cid)).toMatchObject({ problem: { code: 'storage-damaged' }, received: bytes.length })
  await transfers.resume(cid)
  expect(swarm.fetches.get(link.infohash)?.bitfield).toEqual(Uint8Array.of(128))
})

test('a store that is away says nothing about the file: it stays, and is given again when the store is back', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  try {
    const transfers = await begin()
    await transfers.place('job', { ...packed, staging: await staged('tmp/jobs/job/archive.tgz') })
    transfers.reports.onProblem(link.infohash, new HoldfastError('store-unreachable'))
    await vi.waitFor(() => { expect(transfers.item(cid)).toMatchObject({ state: 'here', problem: { code: 'store-unreachable' } }) })
    expect(swarm.fetches.size).toBe(0)
    swarm.seeds.clear() // it stopped with the problem
    await vi.advanceTimersByTimeAsync(limits.storeAgainMs)
    await vi.waitFor(() => { expect(transfers.item(cid)).toMatchObject({ state: 'here', problem: null }) })
    expect(swarm.seeds.has(link.infohash)).toBe(true)
  } finally { vi.useRealTimers() }
})
