import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { limits, type Alarm } from '../../../src/base/index.ts'
import { fileKind, makeTorrent, type Duties, type Duty, type Kind, type PublishedFile, type Torrent } from '../../../src/content/index.ts'
import type { HeldReport } from '../../../src/peer/duty-api.ts'
import { Reconciler, type ReconcilerParts } from '../../../src/peer/reconciler.ts'
import { Transfers } from '../../../src/peer/transfers.ts'
import { memBucket, memDatabase, memStaging } from '../../../src/store/index.ts'
import { alice, dutiesAt, network } from '../../support/duties.ts'
import { ScriptedSwarm } from './scripted-swarm.ts'

/* The loop where a device hands over to another, where giving is stopped, and where files are kept unasked; tests play the ledger, the swarm and the media worker. */

interface Made { readonly file: PublishedFile, readonly torrent: Torrent, readonly bytes: Uint8Array<ArrayBuffer> }
const files = new Map<string, Made>()

function dutyOf(name: string): Duty {
  const kind: Kind = fileKind({ kind: 'audio', protected: true }, 0)
  const bytes = new TextEncoder().encode(`bytes of ${name}`)
  const cid = createHash('sha256').update(bytes).digest('hex')
  const torrent = makeTorrent({ cid, kind, size: bytes.length, pieces: createHash('sha1').update(bytes).digest() })
  const file = { cid, size: bytes.length, infohash: torrent.infohash, audit: createHash('sha256').update(name).digest('hex') }
  files.set(cid, { file, torrent, bytes })
  return { cid, owner: alice, title: name, keyCommit: null, waits: false, files: [file], kind: 'audio', protected: true }
}

interface Device { readonly transfers: Transfers, readonly loop: Reconciler, readonly swarm: ScriptedSwarm, readonly staging: ReturnType<typeof memStaging>, readonly reports: HeldReport[], here: boolean }

async function begin(more: Partial<ReconcilerParts> = {}): Promise<Device> {
  const [database, staging, swarm, reports]: [ReturnType<typeof memDatabase>, ReturnType<typeof memStaging>, ScriptedSwarm, HeldReport[]] = [memDatabase(), memStaging(), new ScriptedSwarm(), []]
  const alarm: Alarm = { now: () => 1_000_000, sleep: async () => { await Promise.resolve() } }
  const transfers = new Transfers({
    database, staging, bucket: memBucket(), clock: alarm, trackers: () => [], sharing: () => true, mayCome: () => true, blocked: () => false, distrust: () => {}, changed: () => {},
    arriving: { follow() {}, drop() {}, members: () => null, readable: () => 0 },
    check: async ({ cid, facts = false }) => await Promise.resolve({ members: null, ...facts ? { facts: { audit: files.get(cid)?.file.audit ?? '', dissem: [alice], sound: true } } : {} }),
  })
  await transfers.open()
  await transfers.attach(swarm)
  const loop = new Reconciler({
    database, transfers, alarm, network: () => network, every: () => limits.reconcileMs, here: () => device.here, online: () => true, changed: () => {}, blocked: () => false, report: report => { reports.push(report) }, ...more,
  })
  await loop.open()
  const device: Device = { transfers, loop, swarm, staging, reports, here: true }
  return device
}

/** The swarm brings all of a file. */
async function arrive({ transfers, swarm, staging }: Device, { cid, infohash }: PublishedFile): Promise<void> {
  const { bytes, torrent } = files.get(cid)!
  const file = await staging.open(swarm.fetches.get(infohash)?.path ?? '', { create: true })
  await file.write(0, bytes)
  await file.close()
  transfers.reports.onInfo(infohash, torrent.info)
  transfers.reports.onComplete(infohash)
  await expect.poll(() => transfers.row(cid)?.status).toBe('SEEDING')
}

async function state({ loop }: Device, duties: Duties): Promise<void> {
  loop.setDuties(duties)
  await loop.pass()
}

test('a device that is to stop takes on nothing, and goes on until another one of the account has all that was promised', async () => {
  const [one, two] = [dutyOf('one'), dutyOf('two')]
  const elsewhere = new Set<string>()
  let [leaving, left] = [false, 0]
  const device: Device = await begin({ handOver: { leaving: () => leaving, elsewhere: async asked => await Promise.resolve(new Set(asked.filter(each => elsewhere.has(each)))), left: async () => { left++; leaving = device.here = false; await Promise.resolve() } } })
  await state(device, dutiesAt(100, { obliged: [one, two] }))
  for (const { files: [file] } of [one, two]) await arrive(device, file!)
  expect(device.loop.figures().leaving).toBeNull()
  leaving = true
  await state(device, dutiesAt(110, { obliged: [one, two], offered: [dutyOf('other')] }))
  elsewhere.add(one.files[0]!.infohash)
  await device.loop.pass()
  expect(device.loop.figures()).toMatchObject({ here: true, leaving: { files: 1, bytes: two.files[0]!.size }, obliged: { files: 2 } })
  expect([left, device.swarm.fetches.size]).toEqual([0, 0])
  elsewhere.add(two.files[0]!.infohash)
  await device.loop.pass()
  expect([left, device.loop.figures().here]).toEqual([1, false])
  await state(device, dutiesAt(111, { obliged: [one, two] }))
  await state(device, dutiesAt(150, { obliged: [one, two] }))
  expect(device.loop.figures().removal?.files).toBe(2) // as whatever takes away so much
  await device.loop.decide(true)
  await device.loop.pass()
  expect(device.transfers.item(one.cid)).toBeNull()
})

test('what is kept unasked comes in the space the person gives, and goes where that is less; what was promised may stay', async () => {
  const [one, two, old] = [dutyOf('one'), dutyOf('two!'), dutyOf('old')]
  const bytes = (...duties: readonly Duty[]) => duties.reduce((sum, { files: [file] }) => sum + file!.size, 0)
  const rules = { space: bytes(one, old), whose: 'protected' as const, charging: false, follows: [] }
  const device = await begin({ samaritan: () => rules })
  await state(device, dutiesAt(100, { obliged: [old], samaritan: null }))
  await arrive(device, old.files[0]!)
  expect(device.reports.flatMap(({ samaritan, unasked }) => samaritan === undefined ? [] : [[samaritan, unasked]])).toEqual([[rules, []]])
  await state(device, dutiesAt(200, { samaritan: [one, two] }))
  await state(device, dutiesAt(240, { samaritan: [one, two] }))
  expect(device.transfers.row(old.cid)).toMatchObject({ reasons: ['samaritan'], unasked: true, status: 'SEEDING' })
  await arrive(device, one.files[0]!)
  await device.loop.pass()
  expect(device.transfers.row(one.cid)).toMatchObject({ reasons: ['samaritan'], unasked: true, giving: true })
  expect(device.transfers.row(two.cid)).toBeUndefined() // no room
  expect(device.loop.figures().samaritan).toEqual({ files: 2, bytes: bytes(one, old) })
  rules.space = bytes(one)
  await device.loop.pass()
  expect([one, old].map(({ cid }) => device.transfers.row(cid)?.status)).toEqual(['SEEDING', 'TRASHED']) // nobody would choose that one
  device.loop.decline(one.cid)
  expect(device.reports.at(-1)?.declined).toEqual([one])
})

test('where giving is stopped nothing is fetched for a promise, until it goes on', async () => {
  const song = dutyOf('song')
  let paused = true
  const device = await begin({ paused: () => paused })
  await state(device, dutiesAt(100, { obliged: [song] }))
  expect([device.swarm.fetches.size, device.loop.figures().paused]).toEqual([0, true])
  paused = false
  await device.loop.pass()
  expect([device.swarm.fetches.size, device.loop.figures().paused]).toEqual([1, false])
})

test('what nobody would choose goes for what is chosen, as far as it has to; taken back while it lies in the trash, it needs no fetching', async () => {
  const [one, two, three, rare] = [dutyOf('aaa'), dutyOf('bbb'), dutyOf('ccc'), dutyOf('ddd')]
  const size = one.files[0]!.size
  const rules = { space: 3 * size, whose: 'protected' as const, charging: false, follows: [] }
  const device = await begin({ samaritan: () => rules })
  const status = (...duties: readonly Duty[]) => duties.map(({ cid }) => device.transfers.row(cid)?.status)
  const told = () => device.reports.findLast(({ unasked }) => unasked !== undefined)?.unasked
  await state(device, dutiesAt(100, { samaritan: [one, two, three] }))
  await device.loop.pass()
  for (const { files: [file] } of [one, two, three]) await arrive(device, file!)
  expect(told()).toEqual([one, two, three].map(({ cid }) => cid).toSorted())
  await state(device, dutiesAt(101, { samaritan: [two] }))
  expect(status(one, two, three)).toEqual(['SEEDING', 'SEEDING', 'SEEDING']) // there is room
  await state(device, dutiesAt(102, { samaritan: [rare, two, three] }))
  expect(status(one, two, three, rare)).toEqual(['TRASHED', 'SEEDING', 'SEEDING', 'PENDING'])
  expect(told()).toEqual([two, three, rare].map(({ cid }) => cid).toSorted())
  await arrive(device, rare.files[0]!)
  const fetches = device.swarm.fetches.size
  await state(device, dutiesAt(103, { samaritan: [rare, one, three] }))
  expect(status(one, two, three, rare)).toEqual(['SEEDING', 'TRASHED', 'SEEDING', 'SEEDING'])
  expect(device.swarm.fetches.size).toBe(fetches)
  expect(device.transfers.row(one.cid)).toMatchObject({ reasons: ['samaritan'], giving: true })
  rules.space = 2 * size
  await device.loop.pass()
  expect(status(one, three, rare).filter(each => each === 'SEEDING').length).toBe(2)
})

test('nothing goes for what would not fit after all', async () => {
  const [small, large] = [dutyOf('small'), dutyOf('much, much larger than there is room')]
  const rules = { space: small.files[0]!.size + 1, whose: 'protected' as const, charging: false, follows: [] }
  const device = await begin({ samaritan: () => rules })
  await state(device, dutiesAt(100, { samaritan: [small] }))
  await arrive(device, small.files[0]!)
  await state(device, dutiesAt(101, { samaritan: [large] }))
  expect([small, large].map(({ cid }) => device.transfers.row(cid)?.status)).toEqual(['SEEDING', undefined])
})
