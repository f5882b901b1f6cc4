import { afterEach, expect, test } from 'vitest'
import { limits, type Alarm } from '../../../src/base/index.ts'
import type { HeldReport, UploadEvent } from '../../../src/peer/duty-api.ts'
import { Reconciler } from '../../../src/peer/reconciler.ts'
import { Transfers } from '../../../src/peer/transfers.ts'
import { memBucket, memDatabase, memStaging } from '../../../src/store/index.ts'
import { UploadDevice, cidOf, fileOf, lockedRecord, sealedKey, uploadNetwork } from '../../support/upload-device.ts'
import { ScriptedSwarm } from './scripted-swarm.ts'

/* Both sides of keeping together: real ledgers and what they say of duties, and the loop that holds the files. The test carries words between them, plays the swarm, and says what bytes are. */

const made: Keeper[] = []
afterEach(async () => { for (const { ledger } of made.splice(0)) await ledger.stop() })

const epoch = 3
const range = 20

class Keeper {
  readonly swarm = new ScriptedSwarm()
  private readonly staging = memStaging()
  private readonly blocked = new Set<string>()
  readonly transfers: Transfers
  readonly loop: Reconciler
  private heard = 0
  hears = true
  private reports: HeldReport[] = []

  private constructor(readonly ledger: UploadDevice, owner: () => string) {
    const alarm: Alarm = { now: () => ledger.device.now, sleep: async () => { await Promise.resolve() } }
    const database = memDatabase()
    this.transfers = new Transfers({
      database, staging: this.staging, bucket: memBucket(), clock: alarm, trackers: () => [], sharing: () => true, blocked: cid => this.blocked.has(cid), distrust: () => {}, changed: () => {},
      arriving: { follow() {}, drop() {}, members: () => null, readable: () => 0 },
      check: async ({ cid, facts = false }) => {
        const audit = ['Tides', 'Other'].map(name => fileOf(name)).find(file => file.cid === cid)?.audit ?? ''
        return await Promise.resolve(facts ? { members: null, facts: { audit, dissem: [owner()], sound: true } } : { members: null })
      },
    })
    this.loop = new Reconciler({
      database, transfers: this.transfers, alarm, network: () => ledger.device.ledger.network, every: () => limits.reconcileMs, here: () => true, online: () => true, changed: () => {},
      blocked: upload => this.blocked.has(upload.cid), report: report => { this.reports.push(report) },
    })
  }

  static async of(name: string, parameters: Parameters<typeof UploadDevice.of>[1], owner: () => string): Promise<Keeper> {
    const keeper = new Keeper(await UploadDevice.of(name, parameters), owner)
    made.push(keeper)
    await keeper.transfers.open()
    await keeper.transfers.attach(keeper.swarm)
    await keeper.loop.open()
    return keeper
  }

  block(cid: string): void { this.blocked.add(cid) }

  /** What was said in the meantime, one way and back, and what comes of it; all that is fetched arrives. */
  async tend(): Promise<void> {
    const events: readonly UploadEvent[] = this.ledger.events.slice(this.heard)
    this.heard = this.ledger.events.length
    if (this.hears && events.length > 0) this.loop.hint(events)
    for (let again = true; again;) {
      this.loop.setDuties(this.ledger.duties.at(-1) ?? null)
      await this.loop.pass()
      again = this.swarm.fetches.size > 0
      for (const [infohash, { cid, path }] of this.swarm.fetches) {
        const file = await this.staging.open(path, { create: true })
        await file.write(0, new Uint8Array(1_000))
        await file.close()
        this.transfers.reports.onInfo(infohash, new Uint8Array(1))
        this.transfers.reports.onComplete(infohash)
        await expect.poll(() => this.transfers.row(cid)?.status).toBe('SEEDING')
      }
      const reports = this.reports.splice(0)
      for (const report of reports) this.ledger.uploads.held(report)
      if (reports.length > 0) await this.ledger.settle()
    }
  }

  has(name: string): string | undefined { return this.transfers.row(cidOf(name))?.status }
}

async function people(...names: readonly string[]): Promise<{ readonly ann: UploadDevice, readonly keepers: readonly Keeper[], readonly devices: readonly UploadDevice[] }> {
  const network = await uploadNetwork(Object.fromEntries(['ann', ...names].map(name => [name, 1_000])), { epoch, range })
  const owner = await Keeper.of('ann', network, () => '')
  const ann = owner.ledger
  const keepers: Keeper[] = []
  for (const name of names) {
    const keeper = await Keeper.of(name, network, () => ann.address)
    await keeper.ledger.uploads.desk.openKeeping(`open ${name}`, { pledged: 5_000, price: 0, public: false })
    keepers.push(keeper)
  }
  const devices = keepers.map(({ ledger }) => ledger)
  await ann.block(devices)
  return { ann, keepers, devices }
}

async function publish(ann: UploadDevice, name: string, keepers: readonly UploadDevice[]): Promise<void> {
  await ann.uploads.desk.publish(name, lockedRecord(name, { keepers: keepers.map(({ address }) => address), rent: { each: 0, periods: 2, wanted: keepers.length } }), sealedKey(name))
  await ann.settle()
}

async function left(ann: UploadDevice, keepers: readonly UploadDevice[]): Promise<void> {
  await ann.uploads.desk.assign(`left ${keepers.length}`, { cid: cidOf('Tides'), policy: null, allow: [], deny: [], holders: null, keepers: keepers.map(({ address }) => address), rent: null, until: null, withdrawn: false, replacedBy: null })
  await ann.settle()
}

test('by the event alone, and by the loop for who missed it; who is left out cleans up after an epoch, others go on', async () => {
  const { ann, keepers, devices } = await people('kim', 'lee')
  const [kim, lee] = keepers as [Keeper, Keeper]
  lee.hears = false
  const all = async () => { for (const keeper of keepers) await keeper.tend() }
  await publish(ann, 'Tides', devices)
  await ann.block(devices)
  await all()
  expect([kim.has('Tides'), lee.has('Tides')]).toEqual(['SEEDING', undefined])
  await ann.block(devices)
  expect((await ann.uploads.find(ann.named('Tides')))?.kept).toEqual([kim.ledger.address])

  const safe = async (below: number) => { for (const device of devices) await device.safeBelow(below) }
  await safe(1)
  await all()
  expect(lee.has('Tides')).toBe('SEEDING')
  await ann.block(devices)
  expect((await ann.uploads.find(ann.named('Tides')))?.kept).toHaveLength(2)
  await safe(0)
  await all()
  for (const keeper of keepers) expect(keeper.transfers.item(cidOf('Tides'))?.reasons).toEqual([{ reason: 'obliged', owner: ann.address, upload: cidOf('Tides') }])

  await left(ann, [lee.ledger])
  await ann.block(devices)
  await safe(0)
  await all()
  expect(kim.has('Tides')).toBe('SEEDING')
  await ann.blocks(epoch - 1, devices)
  await safe(0)
  await all()
  expect(kim.has('Tides')).toBe('SEEDING')
  await ann.blocks(1, devices)
  await safe(0)
  await all()
  expect([kim.has('Tides'), lee.has('Tides')]).toEqual(['TRASHED', 'SEEDING'])
  expect(kim.ledger.last.keeping.open).toMatchObject({ count: 0 })
}, 30_000)

test('who is replaced keeps its copy until the one who comes has accepted', async () => {
  const { ann, keepers, devices } = await people('kim', 'lee')
  const [kim, lee] = keepers as [Keeper, Keeper]
  const safe = async () => { for (const device of devices) await device.safeBelow(0) }
  await publish(ann, 'Tides', [kim.ledger])
  await ann.block(devices)
  await kim.tend()
  await ann.block(devices)
  await safe()
  await kim.tend()
  await left(ann, [lee.ledger])
  await ann.block(devices)
  await safe()
  await kim.tend()
  await ann.blocks(epoch + 2, devices)
  await safe()
  await kim.tend()
  expect(kim.has('Tides')).toBe('SEEDING') // perhaps the last copy
  await lee.tend()
  await ann.block(devices)
  await safe()
  await kim.tend()
  expect([kim.has('Tides'), lee.has('Tides')]).toEqual(['TRASHED', 'SEEDING'])
}, 30_000)

test('what a keeper blocks after it accepted is given back for that reason, and not taken on again', async () => {
  const { ann, keepers, devices } = await people('kim')
  const [kim] = keepers as [Keeper]
  await publish(ann, 'Tides', devices)
  await ann.block(devices)
  await kim.tend()
  await ann.block(devices)
  await kim.ledger.safeBelow(0)
  await kim.tend()
  kim.block(cidOf('Tides'))
  await kim.transfers.eraseContent(cidOf('Tides'))
  await kim.tend()
  await ann.block(devices)
  await kim.ledger.safeBelow(0)
  await kim.tend()
  expect(kim.ledger.last.keeping.open).toMatchObject({ count: 0, load: 0 })
  expect(kim.has('Tides')).toBeUndefined()
  expect(kim.swarm.fetches.size).toBe(0)
}, 30_000)
