import { afterEach, expect, test } from 'vitest'
import { limits, type Alarm } from '../../../src/base/index.ts'
import type { HeldReport } from '../../../src/peer/duty-api.ts'
import { Reconciler } from '../../../src/peer/reconciler.ts'
import { Transfers } from '../../../src/peer/transfers.ts'
import { memBucket, memDatabase, memStaging } from '../../../src/store/index.ts'
import { UploadDevice, cidOf, fileOf, lockedRecord, sealedKey, uploadNetwork } from '../../support/upload-device.ts'
import { ScriptedSwarm } from './scripted-swarm.ts'

/* Each of the two ways by which a keeper comes to a file, with the other one gone: real ledgers, and the loop as it runs. The test plays time and the swarm, and carries words between the two. */

const ended: (() => Promise<void>)[] = []
afterEach(async () => { for (const end of ended.splice(0)) await end() })

/** Time passes when a test says so. */
class Time implements Alarm {
  private time = 1_000_000
  private readonly waits = new Set<{ readonly until: number, readonly wake: () => void }>()
  readonly now = (): number => this.time
  readonly sleep: Alarm['sleep'] = async (ms, signal) => {
    await new Promise<void>(done => {
      const wait = { until: this.time + ms, wake: () => { this.waits.delete(wait); done() } }
      this.waits.add(wait)
      signal?.addEventListener('abort', wait.wake)
      if (signal?.aborted === true) wait.wake()
    })
  }

  /** Resolves once whoever was woken sleeps again. */
  async passes(ms: number): Promise<void> {
    await this.asleep()
    this.time += ms
    for (const { until, wake } of this.waits) if (until <= this.time) wake()
    await this.asleep()
  }

  async asleep(): Promise<void> { await expect.poll(() => this.waits.size).toBe(1) }
}

/** Whom nothing that happens wakes. */
class Sleeper extends Reconciler {
  override ask(): void { /* not heard */ }
}

interface Keeper {
  readonly ledger: UploadDevice
  readonly loop: Reconciler
  readonly time: Time
  status(): string | undefined
  reasons(): readonly string[]
  /** All that is fetched is here at once. */
  arrive(): Promise<void>
  /** What the loop said is heard by the ledger. */
  hear(): Promise<void>
}

async function keeperOf(name: string, network: Parameters<typeof UploadDevice.of>[1], owner: string, { Loop, every }: { readonly Loop: typeof Reconciler, readonly every: number }): Promise<Keeper> {
  const [ledger, time, swarm, staging, database] = [await UploadDevice.of(name, network), new Time(), new ScriptedSwarm(), memStaging(), memDatabase()]
  const reports: HeldReport[] = []
  let loop: Reconciler | null = null
  const transfers = new Transfers({
    database, staging, bucket: memBucket(), clock: time, trackers: () => [], sharing: () => true, mayCome: () => true, blocked: () => false, distrust: () => {}, changed: cid => { loop?.changed(cid) },
    arriving: { follow() {}, drop() {}, members: () => null, readable: () => 0 },
    check: async ({ facts = false }) => await Promise.resolve(facts ? { members: null, facts: { audit: fileOf('Tides').audit, dissem: [owner], sound: true } } : { members: null }),
  })
  await transfers.open()
  await transfers.attach(swarm)
  loop = new Loop({
    database, transfers, alarm: time, network: () => ledger.device.ledger.network, every: () => every, here: () => true, online: () => true, blocked: () => false, changed: () => {}, report: report => { reports.push(report) },
  })
  await loop.open()
  const end = new AbortController()
  const running = loop.run(end.signal)
  ended.push(async () => {
    end.abort()
    await running
    await ledger.stop()
  })
  await time.asleep()
  return {
    ledger, loop, time,
    status: () => transfers.row(cidOf('Tides'))?.status,
    reasons: () => transfers.row(cidOf('Tides'))?.reasons.map(each => each.slice(0, each.indexOf('('))) ?? [],
    async arrive() {
      for (const [infohash, { cid, path }] of swarm.fetches) {
        const file = await staging.open(path, { create: true })
        await file.write(0, new Uint8Array(1_000))
        await file.close()
        transfers.reports.onInfo(infohash, new Uint8Array(1))
        transfers.reports.onComplete(infohash)
        await expect.poll(() => transfers.row(cid)?.status).toBe('SEEDING')
      }
    },
    async hear() {
      for (const report of reports.splice(0)) ledger.uploads.held(report)
      await ledger.settle()
    },
  }
}

/** Ann, who publishes, and Kim, who keeps for her; both know the block in which she offers him the file. */
async function offered(how: { readonly Loop: typeof Reconciler, readonly every: number }): Promise<{ readonly kim: Keeper, readonly ann: UploadDevice, readonly kept: () => Promise<readonly string[] | undefined> }> {
  const network = await uploadNetwork({ ann: 1_000, kim: 1_000 }, { epoch: 3, range: 20 })
  const ann = await UploadDevice.of('ann', network)
  ended.push(async () => { await ann.stop() })
  const kim = await keeperOf('kim', network, ann.address, how)
  await kim.ledger.uploads.desk.openKeeping('open', { pledged: 5_000, price: 0, public: false })
  await ann.block([kim.ledger])
  await ann.uploads.desk.publish('Tides', lockedRecord('Tides', { keepers: [kim.ledger.address], rent: { each: 0, periods: 2, wanted: 1 } }), sealedKey('Tides'))
  await ann.settle()
  await ann.block([kim.ledger])
  return { kim, ann, kept: async () => (await ann.uploads.find(ann.named('Tides')))?.kept }
}

test('by the event alone: no pass is ever due, and no state that has the offer is told', async () => {
  const { kim, ann, kept } = await offered({ Loop: Reconciler, every: Infinity })
  await kim.time.passes(365 * limits.reconcileMs)
  expect(kim.status()).toBeUndefined()
  kim.loop.hint(kim.ledger.events)
  await kim.time.passes(limits.reconcileLeastMs)
  expect([kim.status(), kim.reasons()]).toEqual(['PENDING', ['offered']])
  await kim.arrive()
  await kim.time.passes(limits.reconcileLeastMs)
  await kim.hear()
  await ann.block([kim.ledger])
  expect(await kept()).toEqual([kim.ledger.address])
}, 30_000)

test('by the loop alone: no event is told, and nothing that happens wakes it', async () => {
  const { kim, ann, kept } = await offered({ Loop: Sleeper, every: limits.reconcileMs })
  await ann.safeBelow(0)
  await kim.ledger.safeBelow(0)
  expect(kim.ledger.duties.at(-1)?.offered).toHaveLength(1)
  const told = async () => {
    kim.loop.setDuties(kim.ledger.duties.at(-1) ?? null)
    await kim.time.passes(limits.reconcileMs - 1)
  }
  await told()
  expect(kim.status()).toBeUndefined()
  await kim.time.passes(1)
  expect([kim.status(), kim.reasons()]).toEqual(['PENDING', ['offered']])
  await kim.arrive()
  await kim.time.passes(limits.reconcileMs - 1)
  await kim.hear()
  await ann.block([kim.ledger])
  expect(await kept()).toEqual([])
  await kim.time.passes(1)
  await kim.hear()
  await ann.block([kim.ledger])
  expect(await kept()).toEqual([kim.ledger.address])
  await kim.ledger.safeBelow(0)
  await told()
  expect(kim.reasons()).toEqual(['offered'])
  await kim.time.passes(1)
  expect(kim.reasons()).toEqual(['obliged'])
}, 30_000)
