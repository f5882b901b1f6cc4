import { afterEach, expect, test } from 'vitest'
import { concat, fromHex } from '../../src/base/index.ts'
import { networkOf, parametersToJson, type Parameters } from '../../src/ledger/index.ts'
import { sectionsRoot } from '../../src/content/index.ts'
import { BookPart, bookMethods } from '../../src/peer/book-part.ts'
import type { DeskParts } from '../../src/peer/desk-parts.ts'
import type { LedgerUpdate } from '../../src/peer/ledger-api.ts'
import { LedgerDesk } from '../../src/peer/ledger-desk.ts'
import { inMedia } from '../../src/peer/media-work.ts'
import { StampSearch } from '../../src/peer/stamp-search.ts'
import { workerAlarm, workerRandom } from '../../src/peer/worker-alarm.ts'
import { ledgerName, openLedgerStore } from '../../src/store/index.ts'
import { startSync } from '../../src/sync/index.ts'
import { Device, begin, keyOf, keysOf, networkWith } from '../support/book-device.ts'

/* Wallet and threads over the real store. */

const opened: Parameters[] = []
afterEach(async () => {
  for (const parameters of opened.splice(0)) indexedDB.deleteDatabase(ledgerName(fromHex(await networkOf(parameters))!))
})

async function open(name: string, parameters: Parameters, keys?: Device['keys']): Promise<Device> {
  opened.push(parameters)
  const store = await openLedgerStore<object>(fromHex(await networkOf(parameters))!, { range: { states: 3000, bodies: 3000 } })
  return await Device.of(name, parameters, keys === undefined ? { store } : { store, keys })
}

async function restart(device: Device, parameters: Parameters): Promise<Device> {
  await device.stop()
  await device.store.close()
  return await open(device.name, parameters, device.keys)
}

/** A network nobody else has. */
const fresh = async (coins: Readonly<Record<string, number>>, change: Partial<Parameters> = {}): Promise<Parameters> => await networkWith(coins, { keeperBond: Math.floor(Math.random() * 2 ** 39), ...change })

test('what was sent, said and put aside is there after a restart, wherever it stood', async () => {
  const parameters = await fresh({ ann: 1_000 })
  const bob = (await keyOf('bob')).address
  const ann = await open('ann', parameters)
  const [paid, name] = [await ann.book.send('a', bob, 100), await ann.book.openThread('b', 'Salt', 'Which microphones survive salt?', null)]
  await ann.settle()
  await ann.block([], ann.offered())
  const link = await ann.book.makeInvite('c', 25)
  await ann.book.muteThread(name, true)
  await ann.settle()

  const again = await restart(ann, parameters)
  expect(again.wallet).toMatchObject({
    leaving: 45, invites: [{ link, amount: 25, stage: 'offered' }], rows: [{ kind: 'sent', amount: 35, stage: 'offered' }, { kind: 'message' }, { id: paid, kind: 'sent', amount: 100, stage: 'in-block' }],
  })
  expect(again.threads).toMatchObject({ threads: [{ name, title: 'Salt', muted: true, last: { stage: 'in-block' } }] })
  expect(await again.book.proveRow(paid)).toMatchObject({ number: 1, index: 0, root: again.ledger.head.root })
  await again.block([], again.offered().filter(({ nonce }) => nonce === 3n))
  expect(await again.book.readInvite(link)).toMatchObject({ amount: 25, stage: 'ready' })
  await again.stop()
  await again.store.close()
})

test('the ledger worker tells of both, takes what tabs ask, and lets go with the ledger', async () => {
  const parameters = await fresh({ ann: 1_000 })
  opened.push(parameters)
  const told: LedgerUpdate[] = []
  const last = <Name extends 'wallet' | 'threads'>(name: Name) => told.findLast(update => update[name] !== undefined)?.[name]
  let part: BookPart | null = null
  const desk = new LedgerDesk({
    clock: { ...workerAlarm, now: () => 1000 * (begin + 1) }, random: workerRandom, network: { neighbours: () => [], ask: async () => await Promise.reject(new Error('nobody')), distrust() {} },
    keys: keysOf(await keyOf('ann')) as unknown as DeskParts['keys'], startSync, tell: update => { told.push(update) },
    mining: () => ({ rests: 'unasked', consent: 'unasked', saidCharging: false }),
    parts: [parts => part = new BookPart(parts, { base: 'https://app.example/', clock: workerAlarm, random: workerRandom })],
  })
  const methods = bookMethods(async () => await part!.book())
  await desk.use(parametersToJson(parameters))
  desk.setIdentity({ address: (await keyOf('ann')).address, backedUp: null, passphrase: false, locked: false })
  const id = await methods.send('w', (await keyOf('bob')).address, 7)
  await expect.poll(() => last('wallet')).toMatchObject({ rows: [{ id, amount: 7, stage: 'offered' }] })
  expect(await desk.snapshot()).toMatchObject({ wallet: { rows: [{ id }] }, threads: { threads: [] } })
  expect(await methods.openThread('v', '', 'ahoy', null)).toMatch(/^T\w+\/2$/)
  await expect.poll(() => last('threads')).toMatchObject({ threads: [{ title: 'ahoy' }] })

  const other = await fresh({}, { name: 'other' })
  opened.push(other)
  const held: BookPart = part!
  await desk.use(parametersToJson(other))
  await expect(held.book()).rejects.toMatchObject({ code: 'not-found' })
  await expect.poll(() => last('wallet')).toMatchObject({ rows: [] })
})

test('a stamp is found while other things get their turn', async () => {
  const parameters = await fresh({})
  const ann = await open('ann', parameters)
  const stamps = new StampSearch(workerAlarm)
  const seconds = stamps.seconds(20)
  expect(seconds).toBeGreaterThan(0.05)
  expect(seconds).toBeLessThan(60)
  let [longest, last] = [0, performance.now()]
  const found = new AbortController()
  const turns = (async () => {
    while (!found.signal.aborted) {
      await new Promise(done => { setTimeout(done, 0) })
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }
  })()
  const signed = await ann.ledger.account(ann.key.address)
  const unsigned = {
    version: 1, network: ann.ledger.network, op: 2, sender: ann.key.address, nonce: signed.nonce + 1n, time: 1_800_000_001, fee: 0, witness: null, profile: null, stamp: null,
    body: { thread: null, message: '{"text":"ahoy"}', attachment: null },
  } as const
  const stamp = await stamps.find(unsigned, 17, new AbortController().signal)
  found.abort()
  await turns
  expect(stamp).toBeGreaterThanOrEqual(0n)
  expect(longest).toBeLessThan(500) // some 16 ms where nobody else uses the processor
  const given = new AbortController()
  const search = stamps.find(unsigned, 60, given.signal)
  setTimeout(() => { given.abort() }, 50)
  await expect(search).rejects.toMatchObject({ code: 'aborted' })
  await ann.stop()
  await ann.store.close()
})

test('the sections of a stored file are hashed in a media worker', async () => {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast', { create: true })
  const content = await root.getDirectoryHandle('content', { create: true })
  const name = `sections-${crypto.randomUUID()}`
  const bytes = new Uint8Array(600_000).map((_, i) => i * 7)
  const writable = await (await content.getFileHandle(name, { create: true })).createWritable()
  await writable.write(bytes)
  await writable.close()
  const digests = await Promise.all([0, 1, 2].map(async i => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.subarray(i * 262_144, (i + 1) * 262_144)))))
  expect(await inMedia(async media => await media.sections(name, true))).toEqual({ root: await sectionsRoot(digests), size: 600_000, digests: concat(...digests) })
  await content.removeEntry(name)
})
