import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { limits, type Alarm } from '../../src/base/index.ts'
import { AuditPass, contentKey, type Duties, type Duty } from '../../src/content/index.ts'
import { checkArchive } from '../../src/media/index.ts'
import { DailyCheck } from '../../src/peer/daily-check.ts'
import type { HeldReport } from '../../src/peer/duty-api.ts'
import { Reconciler } from '../../src/peer/reconciler.ts'
import { Transfers } from '../../src/peer/transfers.ts'
import { openDatabase, openStoredFile, type Bucket, type Database, type Staging } from '../../src/store/index.ts'
import { alice, dutiesAt, network } from '../support/duties.ts'
import { archiveOf } from '../unit/content/archive-help.ts'
import { ScriptedSwarm } from '../unit/peer/scripted-swarm.ts'
import { sameBytes } from './support/archives.ts'
import { canonical, freshBytes, type CanonicalFile } from './support/canonical.ts'
import { RemoteStore, freshRoot, removeRoot } from './support/remote-store.ts'

/* Reconciliation over the real IndexedDB and OPFS, with files that are really checked; the test plays ledger and swarm. */

let root: string
let name: string
let stores: RemoteStore
let database: Database
let staging: Staging
let bucket: Bucket
let swarm: ScriptedSwarm
let time: number
let reports: HeldReport[]
const alarm: Alarm = { now: () => time, sleep: async () => { await Promise.resolve() } }

beforeEach(async () => {
  root = freshRoot()
  name = `test-${root}`
  time = 1_000_000
  stores = new RemoteStore()
  staging = await stores.staging(root)
  bucket = await stores.bucket(`opfs://${root}/content`)
  database = await openDatabase({ name })
})

afterEach(async () => {
  stores.terminate()
  await database.close()
  await deleteDB(name)
  await removeRoot(root)
})

interface Device { readonly transfers: Transfers, readonly loop: Reconciler, readonly daily: DailyCheck }

async function begin(): Promise<Device> {
  swarm = new ScriptedSwarm()
  reports = []
  const transfers = new Transfers({
    database, staging, bucket, clock: alarm, trackers: () => [], sharing: () => true, blocked: () => false, mayCome: () => true, distrust: () => {}, changed: () => {},
    arriving: { follow() {}, drop() {}, members: () => null, readable: () => 0 },
    check: async ({ path, cid, size, kind, placed = false, facts = false, bytes = false }) =>
      await checkArchive(await openStoredFile(path, placed ? `${root}/content` : root), { cid, size, kind }, { facts, bytes }),
  })
  await transfers.open()
  await transfers.attach(swarm)
  const loop = new Reconciler({
    database, transfers, alarm, network: () => network, every: () => limits.reconcileMs, here: () => true, online: () => true, blocked: () => false, changed: () => {},
    report: report => { reports.push(report) },
  })
  await loop.open()
  return { transfers, loop, daily: new DailyCheck({ held: () => transfers.held, verify: async cid => { await transfers.verify(cid, true) }, alarm }) }
}

async function uploadOf(bytes: Uint8Array<ArrayBuffer>): Promise<{ readonly duty: Duty, readonly made: CanonicalFile }> {
  const made = await canonical(bytes)
  const { cid, infohash } = made
  const audit = new AuditPass(bytes.length)
  audit.push(bytes)
  return { made, duty: { cid, owner: alice, kind: 'archive', protected: false, title: 'Maps', files: [{ cid, size: bytes.length, infohash, audit: audit.root() }], keyCommit: null, waits: false } }
}

/** The swarm brings what is missing of it. */
async function arrive({ transfers }: Device, { cid, infohash, info, bytes, pieceLength }: CanonicalFile): Promise<readonly number[]> {
  const { path, bitfield } = swarm.fetches.get(infohash)!
  const file = await staging.open(path, { create: true })
  const fetched: number[] = []
  for (let piece = 0; piece * pieceLength < bytes.length; piece++) {
    if (((bitfield?.[piece >> 3] ?? 0) & 0x80 >> (piece & 7)) !== 0) continue
    await file.write(piece * pieceLength, new Uint8Array(bytes.slice(piece * pieceLength, (piece + 1) * pieceLength)))
    fetched.push(piece)
  }
  await file.close()
  transfers.reports.onInfo(infohash, info)
  transfers.reports.onComplete(infohash)
  await expect.poll(() => transfers.row(cid)?.status).toBe('SEEDING')
  return fetched
}

async function state({ loop }: Device, duties: Duties): Promise<void> {
  loop.setDuties(duties)
  await loop.pass()
}

const open = { pledge: { pledged: 1e9, public: true } }

/** The file as it lies on the disk, for whoever is not Holdfast. */
async function onDisk(key: string): Promise<FileSystemFileHandle> {
  let folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(root)
  const names = `content/${key}`.split('/')
  for (const each of names.slice(0, -1)) folder = await folder.getDirectoryHandle(each)
  return await folder.getFileHandle(names.at(-1)!)
}

test('offered, fetched, checked and reported; corrupted on the disk from outside, it is noticed within a day and fetched again, the damaged piece alone', async () => {
  const device = await begin()
  const { duty, made } = await uploadOf(archiveOf([{ path: 'maps', bytes: freshBytes(900_000) }]))
  await state(device, dutiesAt(100, { ...open, offered: [duty] }))
  expect(await arrive(device, made)).toEqual([0, 1, 2, 3])
  expect((await database.get('content', duty.cid))?.facts).toMatchObject({ audit: duty.files[0]!.audit, dissem: null, sound: true })
  await device.loop.pass()
  expect(reports).toMatchObject([{ verified: [{ cid: duty.cid, owner: alice }], verdicts: [] }])
  await state(device, dutiesAt(110, { ...open, obliged: [duty] }))

  const key = contentKey('z', duty.cid)
  const writable = await (await onDisk(key)).createWritable({ keepExistingData: true })
  await writable.write({ type: 'write', position: 300_000, data: new Uint8Array(10) })
  await writable.close()
  expect(await device.daily.next()).toBe(false)
  time += limits.recheckMs
  expect(await device.daily.next()).toBe(true)
  expect(device.transfers.row(duty.cid)).toMatchObject({ status: 'DOWNLOADING', reasons: [`obliged(${network},${alice})`] })
  await expect(onDisk(key)).rejects.toMatchObject({ name: 'NotFoundError' })
  expect(await arrive(device, made)).toEqual([1])
  expect(await sameBytes(new Uint8Array(await (await (await onDisk(key)).getFile()).arrayBuffer()), made.bytes)).toBe(true)
  expect(await device.daily.next()).toBe(false) // it was just compared
})

test('a file that somebody deleted is fetched again, too', async () => {
  const device = await begin()
  const { duty, made } = await uploadOf(archiveOf([{ path: 'maps', bytes: freshBytes(300_000) }]))
  await state(device, dutiesAt(100, { ...open, obliged: [duty] }))
  await arrive(device, made)
  const top = await (await navigator.storage.getDirectory()).getDirectoryHandle(root)
  await (await top.getDirectoryHandle('content')).removeEntry('archives', { recursive: true })
  time += limits.recheckMs
  await device.daily.next()
  expect(device.transfers.row(duty.cid)?.status).toBe('DOWNLOADING')
  expect(await arrive(device, made)).toEqual([0, 1])
})

test('who is offline when it is offered finds it in the state; who is left out meanwhile cleans up, over new starts', async () => {
  const { duty, made } = await uploadOf(archiveOf([{ path: 'maps', bytes: freshBytes(300_000) }]))
  const first = await begin()
  await state(first, dutiesAt(100, open))
  const second = await begin() // it missed the event
  await state(second, dutiesAt(200, { ...open, offered: [duty] }))
  await arrive(second, made)
  await state(second, dutiesAt(210, { ...open, obliged: [duty] }))
  await state(second, dutiesAt(300, open))
  await database.close()
  database = await openDatabase({ name })
  const third = await begin()
  expect(third.transfers.row(duty.cid)).toMatchObject({ status: 'SEEDING', absent: { [`obliged(${network},${alice})`]: 300 } })
  await state(third, dutiesAt(299, open)) // older than what was acted on
  await state(third, dutiesAt(336, { ...open, waiting: [duty] }))
  expect(third.transfers.item(duty.cid)?.state).toBe('here')
  await state(third, dutiesAt(337, open))
  expect(third.transfers.item(duty.cid)).toBeNull()
  expect(third.transfers.trash.list()).toMatchObject([{ cid: duty.cid }])
  time += limits.trashMs
  await third.transfers.trash.expire()
  await expect(onDisk(contentKey('z', duty.cid))).rejects.toMatchObject({ name: 'NotFoundError' })
  expect(await database.getAll('content')).toEqual([])
})

test('a record whose audit root or picture is false is found out', async () => {
  const device = await begin()
  const { duty, made } = await uploadOf(archiveOf([{ path: 'maps', bytes: freshBytes(10_000) }]))
  await state(device, dutiesAt(100, { ...open, offered: [{ ...duty, files: [{ ...duty.files[0]!, audit: 'f'.repeat(64) }] }] }))
  await arrive(device, made)
  await device.loop.pass()
  expect(reports.flatMap(({ verdicts }) => verdicts)).toEqual([{ cid: duty.cid, owner: alice, verdict: 'wrong-audit' }])

  const bytes = freshBytes(5000)
  const picture = await canonical(bytes, each => each.replace('.tgz', '.png'))
  const audit = new AuditPass(bytes.length)
  audit.push(bytes)
  const upload: Duty = { ...duty, cid: picture.cid, kind: 'image', files: [{ cid: picture.cid, size: bytes.length, infohash: picture.infohash, audit: audit.root() }] }
  await state(device, dutiesAt(101, { ...open, offered: [upload] }))
  const file = await staging.open(swarm.fetches.get(picture.infohash)!.path, { create: true })
  await file.write(0, bytes)
  await file.close()
  device.transfers.reports.onInfo(picture.infohash, picture.info)
  device.transfers.reports.onComplete(picture.infohash)
  await expect.poll(() => device.transfers.row(picture.cid)?.problem?.code).toBe('bad-image')
  await device.loop.pass()
  expect(reports.flatMap(({ verdicts }) => verdicts).at(-1)).toEqual({ cid: picture.cid, owner: alice, verdict: 'bad-file' })
})
