import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { HoldfastError, limits, type Alarm } from '../../../src/base/index.ts'
import { contentKey, dutyReason, fileKind, makeTorrent, type Duties, type Duty, type FileFacts, type Kind, type PublishedFile, type Torrent } from '../../../src/content/index.ts'
import type { HeldReport } from '../../../src/peer/duty-api.ts'
import { Reconciler } from '../../../src/peer/reconciler.ts'
import { Transfers } from '../../../src/peer/transfers.ts'
import { memBucket, memDatabase, memStaging, type Bucket, type Database, type Staging } from '../../../src/store/index.ts'
import { alice, bob, dutiesAt, network } from '../../support/duties.ts'
import { ScriptedSwarm } from './scripted-swarm.ts'

/* The loop over real rows, a database and a bucket in memory; tests play the ledger, the swarm, the media worker and time. */

interface Made { readonly file: PublishedFile, readonly torrent: Torrent, readonly bytes: Uint8Array<ArrayBuffer> }

function made(name: string, kind: Kind): Made {
  const bytes = new TextEncoder().encode(`bytes of ${name}`)
  const cid = createHash('sha256').update(bytes).digest('hex')
  const torrent = makeTorrent({ cid, kind, size: bytes.length, pieces: createHash('sha1').update(bytes).digest() })
  return { bytes, torrent, file: { cid, size: bytes.length, infohash: torrent.infohash, audit: createHash('sha256').update(name).digest('hex') } }
}

const files = new Map<string, Made>()
function dutyOf(name: string, change: Partial<Duty> & { readonly images?: readonly string[] } = {}): Duty {
  const { images = [], ...rest } = change
  const shape = { kind: 'audio', protected: true, ...rest } as const
  const all = [name, ...images].map((each, i) => made(each, fileKind(shape, i)))
  for (const each of all) files.set(each.file.cid, each)
  return { cid: all[0]!.file.cid, owner: alice, title: name, keyCommit: null, waits: false, files: all.map(({ file }) => file), ...shape }
}

let [database, staging, bucket, swarm]: [Database, Staging, Bucket, ScriptedSwarm] = [memDatabase(), memStaging(), memBucket(), new ScriptedSwarm()]
let time = 0
let reports: HeldReport[] = []
const blocked = new Set<string>()
let [here, online] = [true, true]
/** What the media worker finds, where it is not what the record says. */
const found = new Map<string, FileFacts | HoldfastError>()
let checks = 0

const alarm: Alarm = { now: () => time, sleep: async () => { await Promise.resolve() } }

beforeEach(() => {
  [database, staging, bucket, swarm] = [memDatabase(), memStaging(), memBucket(), new ScriptedSwarm()]
  time = 1_000_000
  reports = []
  blocked.clear()
  found.clear()
  checks = 0
  here = online = true
})

interface Device { readonly transfers: Transfers, readonly loop: Reconciler }

async function begin(): Promise<Device> {
  const transfers = new Transfers({
    database, staging, bucket, clock: alarm, trackers: () => [], sharing: () => true, mayCome: () => true, blocked: cid => blocked.has(cid), distrust: () => {}, changed: () => {},
    arriving: { follow() {}, drop() {}, members: () => null, readable: () => 0 },
    async check({ cid, kind, facts = false, path, placed = false }) {
      checks++
      if (placed && !await bucket.exists(path)) throw new HoldfastError('not-found')
      const said = found.get(cid) ?? { audit: files.get(cid)?.file.audit ?? '', dissem: kind === 'a' || kind === 'p' ? [alice] : null, sound: true }
      if (said instanceof HoldfastError) throw said
      return facts ? { members: null, facts: said } : { members: null }
    },
  })
  await transfers.open()
  await transfers.attach(swarm)
  const loop = new Reconciler({
    database, transfers, alarm, network: () => network, every: () => limits.reconcileMs, here: () => here, online: () => online, changed: () => {},
    blocked: upload => blocked.has(upload.cid) || blocked.has(upload.owner), report: report => { reports.push(report) },
  })
  await loop.open()
  return { transfers, loop }
}

/** The swarm brings all of a file. */
async function arrive({ transfers }: Device, { cid, infohash }: PublishedFile): Promise<void> {
  const path = swarm.fetches.get(infohash)?.path ?? ''
  const { bytes, torrent } = files.get(cid)!
  const file = await staging.open(path, { create: true })
  await file.write(0, bytes)
  await file.close()
  transfers.reports.onInfo(infohash, torrent.info)
  transfers.reports.onComplete(infohash)
  await expect.poll(() => ['SEEDING', 'FAILED', undefined].includes(transfers.row(cid)?.status)).toBe(true)
}

async function state({ loop }: Device, duties: Duties | null): Promise<void> {
  loop.setDuties(duties)
  await loop.pass()
}

const last = (): HeldReport | undefined => reports.at(-1)
const reasons = ({ transfers }: Device, cid: string) => transfers.row(cid)?.reasons
const why = (which: 'offered' | 'obliged', duty: Duty, cid = duty.cid) => dutyReason(which, network, duty, cid)

test('offered, it is fetched, verified and told; accepted, it is kept and given; left out, it goes to the trash after an epoch', async () => {
  const song = dutyOf('song', { images: ['cover'] })
  const device = await begin()
  await state(device, dutiesAt(100, { offered: [song] }))
  expect([...swarm.fetches.keys()]).toEqual(song.files.map(({ infohash }) => infohash))
  expect(device.transfers.item(song.cid)).toMatchObject({ state: 'waiting', title: 'song', kind: 'a', giving: true, reasons: [{ reason: 'offered', owner: alice, upload: song.cid }] })
  expect(device.loop.figures()).toMatchObject({ offered: { files: 0 }, reserved: song.files[0]!.size + song.files[1]!.size, pledged: 1e9, most: 1e9 })
  await arrive(device, song.files[0]!)
  await device.loop.pass()
  expect(reports).toEqual([]) // its picture is missing
  await arrive(device, song.files[1]!)
  await device.loop.pass()
  expect(last()).toMatchObject({ verified: [{ cid: song.cid, owner: alice }], verdicts: [] })
  await state(device, dutiesAt(110, { obliged: [song] }))
  expect(song.files.map(({ cid }) => reasons(device, cid))).toEqual(song.files.map(({ cid }) => [why('obliged', song, cid)]))
  expect(swarm.seeds.size).toBe(2)
  expect(device.loop.figures()).toMatchObject({ obliged: { files: 2, bytes: song.files[0]!.size + song.files[1]!.size }, offered: { files: 0 }, reserved: 0 })
  await expect(device.transfers.remove(song.cid)).rejects.toMatchObject({ code: 'promised' })
  await state(device, dutiesAt(120))
  expect(last()?.leaving).toEqual([{ cid: song.cid, owner: alice }])
  await state(device, dutiesAt(155))
  expect(device.transfers.item(song.cid)?.state).toBe('here')
  await state(device, dutiesAt(156))
  expect(device.transfers.trash.list().map(({ cid }) => cid).toSorted()).toEqual(song.files.map(({ cid }) => cid).toSorted())
  expect(swarm.seeds.size).toBe(0)
  // Promised again within the week, no byte is fetched.
  const fetched = swarm.fetched
  await state(device, dutiesAt(200, { obliged: [song] }))
  expect(device.transfers.item(song.cid)?.state).toBe('here')
  expect(swarm.fetched).toBe(fetched)
})

test('a mark of absence outlives the program; what the person restores stays', async () => {
  const song = dutyOf('song')
  const before = await begin()
  await state(before, dutiesAt(100, { obliged: [song] }))
  await arrive(before, song.files[0]!)
  await state(before, dutiesAt(110))
  const after = await begin()
  await state(after, dutiesAt(109)) // older than what was acted on
  expect(after.transfers.item(song.cid)?.state).toBe('here')
  await state(after, dutiesAt(146))
  expect(after.transfers.item(song.cid)).toBeNull()
  await after.transfers.restore(song.cid)
  await state(after, dutiesAt(1000))
  expect([after.transfers.item(song.cid)?.state, reasons(after, song.cid)]).toEqual(['here', ['pinned']])
})

test('by events alone: fetched and verified before the state at the safety root has it, and kept until it could have', async () => {
  const song = dutyOf('song')
  const device = await begin()
  await state(device, dutiesAt(100))
  device.loop.hint([{ cid: song.cid, owner: alice, event: 'upload.complete', offered: song }])
  await device.loop.pass()
  await arrive(device, song.files[0]!)
  await device.loop.pass()
  expect(last()?.verified).toEqual([{ cid: song.cid, owner: alice }])
  for (const safe of [150, 200, 350, 352]) await state(device, dutiesAt(safe))
  expect(device.transfers.item(song.cid)?.state).toBe('here')
  await state(device, dutiesAt(353)) // nobody put it into the state: absent from here
  await state(device, dutiesAt(389))
  expect(device.transfers.item(song.cid)).toBeNull()
  device.loop.hint([{ cid: song.cid, owner: alice, event: 'replication_set.updated', offered: song }])
  device.loop.hint([{ cid: song.cid, owner: alice, event: 'replication_set.updated', offered: null }])
  await device.loop.pass()
  expect(device.transfers.item(song.cid)).toBeNull()
})

test('a file that is here already is read once for what the record says, and kept for both', async () => {
  const song = dutyOf('song', { kind: 'archive', protected: false })
  const { torrent, bytes } = files.get(song.cid)!
  const device = await begin()
  const path = 'tmp/jobs/one/archive.tgz'
  const file = await staging.open(path, { create: true })
  await file.write(0, bytes)
  await file.close()
  await device.transfers.place('one', { cid: song.cid, kind: 'z', size: bytes.length, title: 'mine', torrent, members: [], staging: path, sealed: null, options: { protect: false, findable: false } })
  const open = { pledge: { pledged: 1e9, public: true } }
  await state(device, dutiesAt(100, { ...open, offered: [song] }))
  await device.loop.pass()
  expect(checks).toBe(1)
  expect(last()?.verified).toEqual([{ cid: song.cid, owner: alice }])
  expect(reasons(device, song.cid)).toEqual(['own', 'shared', why('offered', song)])
  await state(device, dutiesAt(101, open))
  await state(device, dutiesAt(200, open))
  expect(reasons(device, song.cid)).toEqual(['own', 'shared'])
  expect(device.loop.figures()).toMatchObject({ own: { files: 1 } })
})

test.each([
  ['wrong-audit', { audit: 'f'.repeat(64), dissem: [alice], sound: true }],
  ['not-owner', { audit: null, dissem: [bob], sound: true }],
  ['bad-file', { audit: null, dissem: [alice], sound: false }],
  ['bad-file', new HoldfastError('tdf-damaged')],
] as const)('a file that is not what its record says: %s, told once, let go, and not fetched again by itself', async (verdict, facts) => {
  const song = dutyOf('song')
  const device = await begin()
  found.set(song.cid, facts instanceof HoldfastError ? facts : { ...facts, audit: facts.audit ?? song.files[0]!.audit })
  await state(device, dutiesAt(100, { offered: [song] }))
  await arrive(device, song.files[0]!)
  await device.loop.pass()
  expect(last()?.verdicts).toEqual([{ cid: song.cid, owner: alice, verdict }])
  await device.loop.pass()
  expect(device.transfers.item(song.cid)).toBeNull()
  const fetched = swarm.fetched
  for (let i = 0; i < 3; i++) await device.loop.pass()
  expect([swarm.fetched, reports.length]).toEqual([fetched, 1])
  // Another ledger worker is told of it; the person may try once more.
  device.loop.setDuties(null)
  await state(device, dutiesAt(101, { offered: [song] }))
  expect(last()?.verdicts).toHaveLength(1)
  found.clear()
  device.loop.forgive(song)
  expect(last()?.forgiven).toEqual([{ cid: song.cid, owner: alice }])
  await device.loop.pass()
  if (device.transfers.row(song.cid)?.status === 'PENDING') await arrive(device, song.files[0]!)
  await expect.poll(() => device.transfers.row(song.cid)?.status).toBe('SEEDING')
})

test('bytes that are complete and not the content: once more, then the verdict', async () => {
  const song = dutyOf('song')
  const device = await begin()
  found.set(song.cid, new HoldfastError('wrong-bytes'))
  await state(device, dutiesAt(100, { offered: [song] }))
  const first = swarm.fetched
  const { infohash } = song.files[0]!
  device.transfers.reports.onInfo(infohash, files.get(song.cid)!.torrent.info)
  device.transfers.reports.onComplete(infohash)
  await expect.poll(() => swarm.fetched).toBe(first + 1)
  await device.loop.pass()
  expect(reports).toEqual([])
  device.transfers.reports.onComplete(infohash)
  await expect.poll(() => device.transfers.row(song.cid)?.status).toBe('FAILED')
  await device.loop.pass()
  expect(last()?.verdicts).toEqual([{ cid: song.cid, owner: alice, verdict: 'wrong-bytes' }])
  await device.loop.pass()
  expect(device.transfers.row(song.cid)).toBeUndefined()
})

test('what failed is tried again later and later; what the disk lost at once', async () => {
  const [song, other] = [dutyOf('song'), dutyOf('other')]
  const device = await begin()
  const duties = dutiesAt(100, { obliged: [song, other] })
  await state(device, duties)
  const fail = async (duty: Duty, code: 'timeout' | 'storage-lost') => {
    device.transfers.reports.onProblem(duty.files[0]!.infohash, new HoldfastError(code))
    await expect.poll(() => device.transfers.row(duty.cid)?.status).toBe('FAILED')
  }
  const tried = async () => { await device.loop.pass(); return device.transfers.row(song.cid)?.status !== 'FAILED' }
  await fail(song, 'timeout')
  for (const pause of [limits.refetchMs, 2 * limits.refetchMs, 4 * limits.refetchMs]) {
    expect(await tried()).toBe(false)
    time += pause - 1
    expect(await tried()).toBe(false)
    time += 1
    expect(await tried()).toBe(true)
    await fail(song, 'timeout')
  }
  await fail(other, 'storage-lost')
  await device.loop.pass()
  expect(device.transfers.row(other.cid)?.status).toBe('PENDING')
})

test('corrupted on the disk, a promised file is deleted and fetched again', async () => {
  const song = dutyOf('song')
  const device = await begin()
  await state(device, dutiesAt(100, { obliged: [song] }))
  await arrive(device, song.files[0]!)
  const key = contentKey('a', song.cid)
  await bucket.delete(key)
  const writer = await bucket.newWriter(key)
  await writer.write(new Uint8Array(song.files[0]!.size))
  await writer.close()
  found.set(song.cid, new HoldfastError('wrong-bytes'))
  await device.transfers.verify(song.cid, true)
  expect(await bucket.exists(key)).toBe(false)
  expect(device.transfers.row(song.cid)).toMatchObject({ status: 'DOWNLOADING', reasons: [why('obliged', song)] })
  found.clear()
  await arrive(device, song.files[0]!)
  expect(await bucket.readAll(key)).toEqual(files.get(song.cid)!.bytes)
})

test('a pass that would take away much asks: let go, or pinned', async () => {
  const many = Array.from({ length: limits.removedFiles + 1 }, (_, i) => dutyOf(`many ${i}`))
  for (const take of [true, false]) {
    [database, staging, bucket, swarm] = [memDatabase(), memStaging(), memBucket(), new ScriptedSwarm()]
    const device = await begin()
    await state(device, dutiesAt(100, { obliged: many }))
    for (const { files: [file] } of many) await arrive(device, file!)
    await state(device, dutiesAt(110))
    expect(device.loop.figures().removal).toBeNull()
    await state(device, dutiesAt(146))
    const bytes = many.reduce((sum, { files: [file] }) => sum + file!.size, 0)
    expect(device.loop.figures().removal).toEqual({ files: many.length, bytes })
    expect(many.every(({ cid }) => device.transfers.item(cid)?.state === 'here')).toBe(true)
    await device.loop.decide(take)
    await device.loop.pass()
    expect(device.loop.figures()).toMatchObject({ removal: null, obliged: { files: 0 }, fetched: { files: take ? 0 : many.length } })
    expect(device.transfers.trash.list()).toHaveLength(take ? many.length : 0)
    await device.loop.pass()
    expect(device.loop.figures().removal).toBeNull()
  }
})

test('what the person takes off before it was promised is told, and not fetched again', async () => {
  const song = dutyOf('song')
  const device = await begin()
  await state(device, dutiesAt(100, { offered: [song] }))
  device.loop.decline(song.cid)
  await device.transfers.remove(song.cid)
  expect(last()?.declined).toEqual([{ cid: song.cid, owner: alice }])
  await device.loop.pass()
  expect(device.transfers.row(song.cid)).toBeUndefined()
})

test('blocked, by content or by owner: not fetched, and what was promised is given back', async () => {
  const [song, theirs] = [dutyOf('song'), dutyOf('theirs', { owner: bob })]
  const device = await begin()
  blocked.add(song.cid).add(bob)
  await state(device, dutiesAt(100, { obliged: [song], offered: [theirs] }))
  expect(swarm.fetches.size).toBe(0)
  expect(last()?.refused).toEqual([{ cid: song.cid, owner: alice }])
})

test('a device that does not keep for its account takes nothing, and lets go of what it had as if it were left out', async () => {
  const song = dutyOf('song')
  const device = await begin()
  await state(device, dutiesAt(100, { obliged: [song] }))
  await arrive(device, song.files[0]!)
  here = false
  await state(device, dutiesAt(110, { obliged: [song], offered: [dutyOf('other')] }))
  expect([device.transfers.item(song.cid)?.state, swarm.fetches.size]).toEqual(['here', 0])
  await state(device, dutiesAt(146, { obliged: [song] }))
  expect(device.transfers.item(song.cid)).toBeNull()
  expect(device.loop.figures().here).toBe(false)
})

test('nobody who has a promised file was seen for a day in which anybody could have been: it is lost', async () => {
  const song = dutyOf('song')
  const device = await begin()
  await state(device, dutiesAt(100, { obliged: [song] }))
  const passes = async (count: number) => { for (let i = 0; i < count; i++) { time += limits.reconcileMs; await device.loop.pass() } }
  const day = limits.lostMs / limits.reconcileMs
  online = false
  await passes(day)
  online = true
  time += 10 * limits.lostMs // it slept
  await passes(day - 3)
  expect(reports.flatMap(({ lost }) => lost)).toEqual([])
  await passes(2)
  expect(last()?.lost).toEqual([{ cid: song.cid, owner: alice }])
})

test('the person wants what is kept for others: it stays when they do not', async () => {
  const song = dutyOf('song')
  const device = await begin()
  await state(device, dutiesAt(100, { obliged: [song] }))
  await arrive(device, song.files[0]!)
  const { infohash, size } = song.files[0]!
  await device.transfers.get({ cid: song.cid, infohash, size, kind: 'a', name: 'song', sealed: null, relays: [] }, { give: false, relays: [] })
  expect(reasons(device, song.cid)).toEqual([why('obliged', song), 'wanted'])
  await state(device, dutiesAt(110))
  await state(device, dutiesAt(200))
  expect([device.transfers.item(song.cid)?.state, reasons(device, song.cid)]).toEqual(['here', ['wanted']])
})

test('what the person fetched is compared with its record, too, and stays', async () => {
  const song = dutyOf('song')
  const device = await begin()
  found.set(song.cid, { audit: song.files[0]!.audit, dissem: [bob], sound: true })
  const { infohash, size } = song.files[0]!
  await device.transfers.get({ cid: song.cid, infohash, size, kind: 'a', name: 'song', sealed: null, relays: [] }, { give: false, relays: [] })
  device.loop.compare(song)
  await device.loop.pass()
  await arrive(device, song.files[0]!)
  for (let i = 0; i < 3; i++) await device.loop.pass()
  expect(reports.flatMap(({ verdicts }) => verdicts)).toEqual([{ cid: song.cid, owner: alice, verdict: 'not-owner' }])
  expect(reports.flatMap(({ verified }) => verified)).toEqual([])
  expect([device.transfers.item(song.cid)?.state, reasons(device, song.cid)]).toEqual(['here', ['wanted']])
})

test('what is given for a ledger\'s sake alone is given no longer when that ends', async () => {
  const [song, other] = [dutyOf('song'), dutyOf('other')]
  const device = await begin()
  const link = ({ cid, files: [file] }: Duty) => ({ cid, infohash: file!.infohash, size: file!.size, kind: 'a' as const, name: 'song', sealed: null, relays: [] })
  await device.transfers.get(link(song), { give: false, relays: [] }) // the person declined
  await arrive(device, song.files[0]!)
  await state(device, dutiesAt(100, { obliged: [song, other] }))
  await arrive(device, other.files[0]!)
  await device.transfers.get(link(other), { give: true, relays: [] })
  expect([song, other].map(({ cid }) => device.transfers.item(cid)?.giving)).toEqual([true, true])
  await state(device, dutiesAt(110))
  await state(device, dutiesAt(200))
  expect([song, other].map(({ cid }) => [device.transfers.item(cid)?.giving, reasons(device, cid)])).toEqual([[false, ['wanted']], [true, ['wanted']]])
  expect([...swarm.seeds.keys()]).toEqual([other.files[0]!.infohash])
})

test('the loop passes from time to time, and soon after something happened', async () => {
  const song = dutyOf('song')
  const { transfers } = await begin()
  const waits: { readonly ms: number, readonly wake: () => void }[] = []
  const slow: Alarm = {
    now: () => time,
    async sleep(ms, signal) {
      await new Promise<void>(wake => {
        waits.push({ ms, wake })
        signal?.addEventListener('abort', () => { wake() })
        if (signal?.aborted === true) wake()
      })
    },
  }
  let passes = 0
  const loop = new Reconciler({
    database, transfers, alarm: slow, network: () => network, every: () => 60_000, here: () => true, online: () => true, blocked: () => false, report: () => {}, changed: () => { passes++ },
  })
  const end = new AbortController()
  const running = loop.run(end.signal)
  await expect.poll(() => [passes, waits.length]).toEqual([1, 1])
  waits[0]!.wake()
  await expect.poll(() => [passes, waits.length]).toEqual([2, 2])
  loop.setDuties(dutiesAt(100, { offered: [song] }))
  loop.ask()
  await expect.poll(() => waits.map(({ ms }) => ms)).toEqual([60_000, 60_000, 250])
  waits[2]!.wake()
  await expect.poll(() => [passes, swarm.fetches.size]).toEqual([3, 1])
  end.abort()
  await running
  expect(passes).toBe(3)
})
