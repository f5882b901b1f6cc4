import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fromHex, limits, type Cid } from '../../src/base/index.ts'
import { contentKey } from '../../src/content/index.ts'
import { ancestor, networkOf } from '../../src/ledger/index.ts'
import { ledgerName, openLedgerStore, type LedgerStore } from '../../src/store/index.ts'
import { UploadDevice, openRecord, uploadNetwork } from '../support/upload-device.ts'
import { archiveOf } from '../unit/content/archive-help.ts'
import { sameBytes } from './support/archives.ts'
import { freshBytes, type CanonicalFile } from './support/canonical.ts'
import { KeptFiles, recordedFile, type FileKeeper } from './support/kept-files.ts'

/* A keeper's files over the real IndexedDB and OPFS, told what to keep by a real ledger that lies in IndexedDB, whose branches come and go. */

const epoch = 4
const parameters = await uploadNetwork({ ann: 1_000, kim: 1_000 }, { epoch, activeWindow: 40, range: 60 })
const network = await networkOf(parameters)

let files: KeptFiles
let store: LedgerStore<object>
/** She publishes, and makes the blocks of one branch; he, who hears nothing of it, those of another. */
let [ann, lee]: UploadDevice[] = []
let kim: UploadDevice
let keeper: FileKeeper
let made: CanonicalFile

beforeEach(async () => {
  files = await KeptFiles.open()
  ;[ann, lee] = [await UploadDevice.of('ann', parameters), await UploadDevice.of('lee', parameters)]
  await openKim()
  keeper = await files.begin(network, report => { kim.uploads.held(report) })
})

afterEach(async () => {
  for (const device of [ann!, lee!, kim]) await device.stop()
  await store.close()
  await deleteDB(ledgerName(fromHex(network)!))
  await files.end()
})

async function openKim(): Promise<void> {
  store = await openLedgerStore<object>(fromHex(network)!, { range: { states: 3_000, bodies: 3_000 } })
  kim = await UploadDevice.of('kim', parameters, { store })
}

/** The two workers of her device tell each other what is new, until nothing is. */
async function tell(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await kim.settle()
    keeper.loop.hint(kim.events.splice(0))
    keeper.loop.setDuties(kim.duties.at(-1) ?? null)
    await keeper.loop.pass()
  }
  await kim.settle()
}

async function restart(): Promise<void> {
  await files.reopen()
  keeper = await files.begin(network, report => { kim.uploads.held(report) })
  await tell()
}

/** Blocks of somebody after that one, or all, come to her. */
async function give({ device }: UploadDevice, after = 0): Promise<void> {
  const { ledger, ledger: { chain, head } } = device
  for (let number = after + 1; number <= head.header.number; number++) {
    const { root, header: { time } } = ancestor(chain, head, number)!
    await kim.device.take((await device.store.find(ledger.parts(root).block))!, (await device.store.body(root))!, time)
  }
  await tell()
}

async function safeAt(number: number): Promise<void> {
  const { ledger } = kim.device
  ledger.setSafe(ancestor(ledger.chain, ledger.head, number)!.root)
  kim.uploads.moved()
  await tell()
}

const height = ({ device }: UploadDevice): number => device.ledger.head.header.number
const name = (): { readonly cid: Cid, readonly owner: string } => ({ cid: made.cid, owner: ann!.address })
const row = () => keeper.transfers.row(made.cid)
const why = (which: 'offered' | 'obliged'): string => `${which}(${network},${ann!.address})`
const isOnDisk = async (): Promise<boolean> => await sameBytes(new Uint8Array(await (await (await files.onDisk(contentKey('z', made.cid))).getFile()).arrayBuffer()), made.bytes)

/** A block that all have; the publication and her accept, of which he knows nothing, in the blocks after it. The number of that block. */
async function publishedAndAccepted(): Promise<number> {
  await kim.uploads.desk.openKeeping('open', { pledged: 10 ** 9, price: 0, public: true })
  await ann!.block([kim, lee!])
  await ann!.blocks(2, [kim, lee!])
  const base = height(kim)
  await safeAt(base)
  const recorded = await recordedFile(archiveOf([{ path: 'maps', bytes: freshBytes(300_000) }]))
  made = recorded.made
  await ann!.uploads.desk.publish('maps', openRecord('maps', { file: recorded.file, keepers: [kim.address], rent: { each: 0, periods: 20, wanted: 1 }, until: 20 }), null)
  await ann!.settle()
  await ann!.block([kim])
  await tell()
  await files.arrive(keeper, made)
  await tell()
  await ann!.block([kim])
  await tell()
  expect(await kim.uploads.find(name())).toMatchObject({ kept: [kim.address] })
  expect(kim.last.keeping.open?.count).toBe(1)
  return base
}

test('accepted on a branch that gives way before it is safe: the file stays while the other one is not, over restarts; when the first is back nothing was fetched again', async () => {
  const base = await publishedAndAccepted()
  await ann!.block([kim])
  expect(row()).toMatchObject({ status: 'SEEDING', reasons: [why('offered')] })
  const { addedAt, facts } = row()!

  await lee!.blocks(epoch + 1)
  await give(lee!, base)
  expect(kim.device.ledger.head.root).toBe(lee!.device.ledger.head.root)
  expect(kim.device.ledger.safe.header.number).toBe(base)
  expect(await kim.uploads.find(name())).toBeNull()
  expect(kim.last.keeping.open).toMatchObject({ count: 0 })
  expect(row()).toMatchObject({ status: 'SEEDING' })
  await lee!.blocks(3)
  await give(lee!, base)
  await restart()
  files.time += limits.trashMs
  await keeper.transfers.trash.expire()
  expect(row()).toMatchObject({ status: 'SEEDING', reasons: [why('offered')] })
  expect(await isOnDisk()).toBe(true)

  await ann!.blocks(height(lee!) - height(ann!) + 2)
  await give(ann!, base)
  expect(kim.device.ledger.head.root).toBe(ann!.device.ledger.head.root)
  await safeAt(height(ann!))
  expect(row()).toMatchObject({ status: 'SEEDING', reasons: [why('obliged')], absent: {}, addedAt, facts })
  expect(keeper.swarm.fetched).toBe(0)
})

test('accepted, safe, and left by the word of a person: the file stays until the other branch is as safe as that was, and an epoch longer; then it lies in the trash', async () => {
  const base = await publishedAndAccepted()
  await ann!.blocks(2, [kim])
  const was = height(kim)
  await safeAt(was)
  expect(row()).toMatchObject({ status: 'SEEDING', reasons: [why('obliged')] })

  for (let i = 0; i < was - base + 8; i++) await lee!.block([], 'stranger')
  await give(lee!, base)
  expect(kim.device.ledger.head.root).toBe(ann!.device.ledger.head.root) // for strangers what was safe is not left by itself
  await kim.device.ledger.adoptTip(lee!.device.ledger.head.root)
  await tell()
  expect(kim.device.ledger.head.root).toBe(lee!.device.ledger.head.root)
  expect(kim.device.ledger.safe.header.number).toBe(base)
  expect(await kim.uploads.find(name())).toBeNull()
  expect(kim.duty).toMatchObject({ safe: base, obliged: [], offered: [] })
  await restart()
  await safeAt(was - 1) // older than what was acted on
  expect(row()).toMatchObject({ status: 'SEEDING', reasons: [why('obliged')], absent: {} })
  await safeAt(was)
  expect(row()).toMatchObject({ status: 'SEEDING', absent: { [why('obliged')]: was } })
  await safeAt(was + epoch - 1)
  expect(row()).toMatchObject({ status: 'SEEDING', reasons: [why('obliged')] })
  await safeAt(was + epoch)
  expect(row()).toMatchObject({ status: 'TRASHED', reasons: [] })
  expect(await isOnDisk()).toBe(true)
})

test('an empty ledger takes nothing away, and says what is kept once it has all blocks again', async () => {
  await publishedAndAccepted()
  await ann!.block([kim])
  await safeAt(height(kim))
  const before = row()!
  expect(before).toMatchObject({ status: 'SEEDING', reasons: [why('obliged')] })

  await kim.stop()
  await store.close()
  await deleteDB(ledgerName(fromHex(network)!))
  await openKim()
  expect(kim.device.ledger.head.header.number).toBe(0)
  await tell()
  expect(kim.duty).toMatchObject({ fresh: true, safe: 0, obliged: [], offered: [], pledge: null })
  await restart()
  expect(row()).toEqual(before)

  for (let i = 0; i < epoch + 1; i++) await ann!.block()
  await give(ann!)
  expect(kim.last.keeping.open).toMatchObject({ count: 1 })
  expect(row()).toEqual(before)
  await safeAt(height(kim))
  expect(row()).toEqual(before)
  expect(kim.device.offered().filter(({ op }) => op === 5)).toEqual([]) // nothing is accepted twice, or let go
})
