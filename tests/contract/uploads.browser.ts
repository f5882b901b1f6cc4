import { afterEach, expect, test } from 'vitest'
import { fromHex } from '../../src/base/index.ts'
import { networkOf, parametersToJson, type Parameters } from '../../src/ledger/index.ts'
import { BookPart } from '../../src/peer/book-part.ts'
import type { DeskParts } from '../../src/peer/desk-parts.ts'
import type { Duties, HeldReport } from '../../src/peer/duty-api.ts'
import type { LedgerUpdate } from '../../src/peer/ledger-api.ts'
import { LedgerDesk } from '../../src/peer/ledger-desk.ts'
import type { AccessDesk } from '../../src/peer/upload-desk.ts'
import { UploadsPart, uploadMethods } from '../../src/peer/uploads-part.ts'
import { workerAlarm, workerRandom } from '../../src/peer/worker-alarm.ts'
import { ledgerName, openLedgerStore } from '../../src/store/index.ts'
import { startSync } from '../../src/sync/index.ts'
import { begin, keyOf, keysOf } from '../support/book-device.ts'
import { UploadDevice, cidOf, lockedRecord, openRecord, sealedKey, uploadKeys, uploadNetwork } from '../support/upload-device.ts'

/* Uploads over the real store. */

const opened: Parameters[] = []
afterEach(async () => {
  for (const parameters of opened.splice(0)) indexedDB.deleteDatabase(ledgerName(fromHex(await networkOf(parameters))!))
})

/** A network nobody else has. */
async function fresh(coins: Readonly<Record<string, number>>, name = 'local'): Promise<Parameters> {
  const parameters = await uploadNetwork(coins, { name, creditRate: 1 + Math.floor(Math.random() * 2 ** 39) })
  opened.push(parameters)
  return parameters
}

async function open(name: string, parameters: Parameters): Promise<UploadDevice> {
  return await UploadDevice.of(name, parameters, { store: await openLedgerStore<object>(fromHex(await networkOf(parameters))!, { range: { states: 3000, bodies: 3000 } }) })
}

test('what was published, found out and accepted is there after a restart, and goes on from there', async () => {
  const parameters = await fresh({ ann: 1_000 })
  const ann = await open('ann', parameters)
  await ann.uploads.desk.publish('one', lockedRecord('Tides'), sealedKey('Tides'))
  await ann.uploads.desk.openKeeping('two', { pledged: 1_000, price: 0, public: false })
  await ann.block()
  await ann.uploads.desk.publish('three', openRecord('Maps'), null)
  ann.uploads.held({ verified: [], verdicts: [{ ...ann.named('Tides'), verdict: 'bad-file' }], lost: [] })
  await ann.settle()
  await ann.stop()
  await ann.device.store.close()

  const again = await open('ann', parameters)
  expect(await again.titles()).toEqual(['Tides'])
  expect(await again.uploads.find(again.named('Tides'))).toMatchObject({ verdict: 'bad-file', block: 1 })
  expect(again.last).toMatchObject({ total: 1, keeping: { open: { pledged: 1_000 } }, sending: [{ wish: 'three', op: 3, title: 'Maps', stage: 'offered' }] })
  await again.block()
  expect(await again.titles()).toEqual(['Maps', 'Tides'])
  expect(again.events).toMatchObject([{ event: 'upload.complete', cid: cidOf('Maps') }])
  await again.stop()
  await again.device.store.close()
})

test('the ledger worker tells of uploads, takes what tabs ask, and lets go with the ledger', async () => {
  const parameters = await fresh({ ann: 1_000 })
  const { address } = await keyOf('ann')
  const told: LedgerUpdate[] = []
  const [duties, reports]: [(Duties | null)[], HeldReport[]] = [[], []]
  const line = { setDuties: (each: Duties | null) => { duties.push(each) }, neighbours: () => [], probe: async () => await Promise.resolve(null), proveLeaf: async () => await Promise.resolve('resting' as const), uploadEvents() {}, onHeld: (report: HeldReport) => { reports.push(report) } }
  const access: AccessDesk = {
    accessOf: () => ({ state: 'may', reason: null, refundAt: null, holders: [] }), sealedOf: async () => await Promise.resolve(null), keep: async () => { await Promise.resolve() },
    ask: async () => { await Promise.resolve() }, stopAsking: async () => { await Promise.resolve() },
  }
  let [book, part]: [BookPart | null, UploadsPart | null] = [null, null]
  const desk = new LedgerDesk({
    clock: { ...workerAlarm, now: () => 1000 * (begin + 1) }, random: workerRandom, network: { neighbours: () => [], ask: async () => await Promise.reject(new Error('nobody')), distrust() {} },
    keys: { ...keysOf(await keyOf('ann')), ...uploadKeys('ann') } as unknown as DeskParts['keys'], startSync, tell: update => { told.push(update) },
    mining: () => ({ rests: 'unasked', consent: 'unasked', saidCharging: false }),
    parts: [
      parts => book = new BookPart(parts, { base: 'https://app.example/', clock: workerAlarm, random: workerRandom }),
      parts => part = new UploadsPart(parts, { clock: workerAlarm, line, access, book: async () => await book!.book(), isBlocked: async () => await Promise.resolve(false) }),
    ],
  })
  const methods = uploadMethods(async () => await part!.uploads())
  await desk.use(parametersToJson(parameters))
  desk.setIdentity({ address, backedUp: null, passphrase: false, locked: false })
  await expect(methods.accept('x', [{ cid: cidOf('Tides'), owner: address }])).rejects.toMatchObject({ data: { rule: 'keeper-unknown' } })
  const id = await methods.publish('w', lockedRecord('Tides'), sealedKey('Tides'))
  await expect.poll(() => told.findLast(({ uploads }) => uploads !== undefined)?.uploads).toMatchObject({ total: 0, sending: [{ id, wish: 'w', title: 'Tides', stage: 'offered' }] })
  expect(await desk.snapshot()).toMatchObject({ uploads: { sending: [{ id }] }, wallet: { rows: [{ id, kind: 'publish' }] } })
  expect(await methods.uploads({ text: '', kind: null, owner: null, own: false, from: 0, most: 5 })).toEqual({ uploads: [], total: 0 })
  expect(await methods.upload({ cid: cidOf('Tides'), owner: address })).toBeNull()
  await expect.poll(() => duties.at(-1)).toMatchObject({ obliged: [], offered: [] })

  const other = await fresh({}, 'other')
  const held: UploadsPart = part!
  await desk.use(parametersToJson(other))
  await expect(held.uploads()).rejects.toMatchObject({ code: 'not-found' })
  await expect.poll(() => told.findLast(({ uploads }) => uploads !== undefined)?.uploads).toMatchObject({ total: 0, sending: [] })
})
