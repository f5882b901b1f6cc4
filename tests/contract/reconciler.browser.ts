import { afterEach, beforeEach, expect, test } from 'vitest'
import { limits } from '../../src/base/index.ts'
import { AuditPass, contentKey, type Duties, type Duty } from '../../src/content/index.ts'
import { alice, dutiesAt, network } from '../support/duties.ts'
import { archiveOf } from '../unit/content/archive-help.ts'
import { sameBytes } from './support/archives.ts'
import { canonical, freshBytes, type CanonicalFile } from './support/canonical.ts'
import { KeptFiles, recordedFile, type FileKeeper } from './support/kept-files.ts'

/* Reconciliation over the real IndexedDB and OPFS, with files that are really checked; the test plays ledger and swarm. */

let files: KeptFiles
beforeEach(async () => { files = await KeptFiles.open() })
afterEach(async () => { await files.end() })

async function begin(): Promise<FileKeeper> { return await files.begin(network) }

async function uploadOf(bytes: Uint8Array<ArrayBuffer>): Promise<{ readonly duty: Duty, readonly made: CanonicalFile }> {
  const { made, file } = await recordedFile(bytes)
  return { made, duty: { cid: file.cid, owner: alice, kind: 'archive', protected: false, title: 'Maps', files: [file], keyCommit: null, waits: false } }
}

async function state({ loop }: FileKeeper, duties: Duties): Promise<void> {
  loop.setDuties(duties)
  await loop.pass()
}

const open = { pledge: { pledged: 1e9, public: true } }

test('offered, fetched, checked and reported; corrupted on the disk from outside, it is noticed within a day and fetched again, the damaged piece alone', async () => {
  const device = await begin()
  const { duty, made } = await uploadOf(archiveOf([{ path: 'maps', bytes: freshBytes(900_000) }]))
  await state(device, dutiesAt(100, { ...open, offered: [duty] }))
  expect(await files.arrive(device, made)).toEqual([0, 1, 2, 3])
  expect((await files.database.get('content', duty.cid))?.facts).toMatchObject({ audit: duty.files[0]!.audit, dissem: null, sound: true })
  await device.loop.pass()
  expect(device.reports).toMatchObject([{ verified: [{ cid: duty.cid, owner: alice }], verdicts: [] }])
  await state(device, dutiesAt(110, { ...open, obliged: [duty] }))

  const key = contentKey('z', duty.cid)
  const writable = await (await files.onDisk(key)).createWritable({ keepExistingData: true })
  await writable.write({ type: 'write', position: 300_000, data: new Uint8Array(10) })
  await writable.close()
  expect(await device.daily.next()).toBe(false)
  files.time += limits.recheckMs
  expect(await device.daily.next()).toBe(true)
  expect(device.transfers.row(duty.cid)).toMatchObject({ status: 'DOWNLOADING', reasons: [`obliged(${network},${alice})`] })
  await expect(files.onDisk(key)).rejects.toMatchObject({ name: 'NotFoundError' })
  expect(await files.arrive(device, made)).toEqual([1])
  expect(await sameBytes(new Uint8Array(await (await (await files.onDisk(key)).getFile()).arrayBuffer()), made.bytes)).toBe(true)
  expect(await device.daily.next()).toBe(false) // it was just compared
})

test('a file that somebody deleted is fetched again, too', async () => {
  const device = await begin()
  const { duty, made } = await uploadOf(archiveOf([{ path: 'maps', bytes: freshBytes(300_000) }]))
  await state(device, dutiesAt(100, { ...open, obliged: [duty] }))
  await files.arrive(device, made)
  await files.clear()
  files.time += limits.recheckMs
  await device.daily.next()
  expect(device.transfers.row(duty.cid)?.status).toBe('DOWNLOADING')
  expect(await files.arrive(device, made)).toEqual([0, 1])
})

test('who is offline when it is offered finds it in the state; who is left out meanwhile cleans up, over new starts', async () => {
  const { duty, made } = await uploadOf(archiveOf([{ path: 'maps', bytes: freshBytes(300_000) }]))
  const first = await begin()
  await state(first, dutiesAt(100, open))
  const second = await begin() // it missed the event
  await state(second, dutiesAt(200, { ...open, offered: [duty] }))
  await files.arrive(second, made)
  await state(second, dutiesAt(210, { ...open, obliged: [duty] }))
  await state(second, dutiesAt(300, open))
  await files.reopen()
  const third = await begin()
  expect(third.transfers.row(duty.cid)).toMatchObject({ status: 'SEEDING', absent: { [`obliged(${network},${alice})`]: 300 } })
  await state(third, dutiesAt(299, open)) // older than what was acted on
  await state(third, dutiesAt(336, { ...open, waiting: [duty] }))
  expect(third.transfers.item(duty.cid)?.state).toBe('here')
  await state(third, dutiesAt(337, open))
  expect(third.transfers.item(duty.cid)).toBeNull()
  expect(third.transfers.trash.list()).toMatchObject([{ cid: duty.cid }])
  files.time += limits.trashMs
  await third.transfers.trash.expire()
  await expect(files.onDisk(contentKey('z', duty.cid))).rejects.toMatchObject({ name: 'NotFoundError' })
  expect(await files.database.getAll('content')).toEqual([])
})

test('a record whose audit root or picture is false is found out', async () => {
  const device = await begin()
  const { duty, made } = await uploadOf(archiveOf([{ path: 'maps', bytes: freshBytes(10_000) }]))
  await state(device, dutiesAt(100, { ...open, offered: [{ ...duty, files: [{ ...duty.files[0]!, audit: 'f'.repeat(64) }] }] }))
  await files.arrive(device, made)
  await device.loop.pass()
  expect(device.reports.flatMap(({ verdicts }) => verdicts)).toEqual([{ cid: duty.cid, owner: alice, verdict: 'wrong-audit' }])

  const bytes = freshBytes(5000)
  const picture = await canonical(bytes, each => each.replace('.tgz', '.png'))
  const audit = new AuditPass(bytes.length)
  audit.push(bytes)
  const upload: Duty = { ...duty, cid: picture.cid, kind: 'image', files: [{ cid: picture.cid, size: bytes.length, infohash: picture.infohash, audit: audit.root() }] }
  await state(device, dutiesAt(101, { ...open, offered: [upload] }))
  const file = await files.staging.open(device.swarm.fetches.get(picture.infohash)!.path, { create: true })
  await file.write(0, bytes)
  await file.close()
  device.transfers.reports.onInfo(picture.infohash, picture.info)
  device.transfers.reports.onComplete(picture.infohash)
  await expect.poll(() => device.transfers.row(picture.cid)?.problem?.code).toBe('bad-image')
  await device.loop.pass()
  expect(device.reports.flatMap(({ verdicts }) => verdicts).at(-1)).toEqual({ cid: picture.cid, owner: alice, verdict: 'bad-file' })
})
