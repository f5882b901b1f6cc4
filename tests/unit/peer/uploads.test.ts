import { afterEach, expect, test } from 'vitest'
import { UploadBook } from '../../../src/peer/upload-book.ts'
import { UploadNotes } from '../../../src/peer/upload-notes.ts'
import { UploadDevice, cidOf, lockedRecord, openRecord, sealedKey, uploadNetwork } from '../../support/upload-device.ts'

const made: UploadDevice[] = []
afterEach(async () => { for (const device of made.splice(0)) await device.stop() })

async function run(...[name, network, kept]: Parameters<typeof UploadDevice.of>): Promise<UploadDevice> {
  const one = await UploadDevice.of(name, network, kept)
  made.push(one)
  return one
}

test('what is published is on its way, then found by what it says, whose it is and what it is', async () => {
  const network = await uploadNetwork({ ann: 1_000, bob: 1_000 })
  const [ann, bob] = [await run('ann', network), await run('bob', network)]
  const id = await ann.uploads.desk.publish('one', lockedRecord('Tides', { about: 'Field recording, Älvdalen', tags: ['ambient'], policy: { list: [bob.address] } }), sealedKey('Tides'))
  await ann.settle()
  expect(ann.last.sending).toMatchObject([{ id, wish: 'one', op: 3, cid: cidOf('Tides'), title: 'Tides', stage: 'offered', pulled: false, problem: null }])
  expect(await ann.uploads.desk.publish('one', lockedRecord('Tides'), sealedKey('Tides'))).toBe(id)
  await ann.device.sync.answer({ future: { have: ann.device.ledger.head.root, pool: 0 } }, 'somebody')
  await ann.settle()
  expect(ann.last.sending).toMatchObject([{ id, stage: 'offered', pulled: true }])
  await bob.uploads.desk.publish('two', openRecord('Maps', { tags: ['paper'] }), null)
  await ann.block([bob])
  expect(ann.last).toMatchObject({ total: 2, sending: [] })
  const change = ann.last.change
  await bob.uploads.desk.publish('three', openRecord('Tide tables'), null)
  await ann.block([bob])
  expect(ann.last.change).toBeGreaterThan(change)

  expect(await bob.titles()).toEqual(['Tide tables', expect.any(String), expect.any(String)])
  expect(await bob.titles('tide')).toEqual(['Tide tables', 'Tides'])
  expect(await bob.titles('TIDES ambient')).toEqual(['Tides'])
  expect(await bob.titles('alvdalen')).toEqual(['Tides'])
  expect(await bob.titles('', { kind: 'archive' })).toEqual(['Tide tables', 'Maps'])
  expect(await bob.titles('', { own: true })).toEqual(['Tide tables', 'Maps'])
  expect(await bob.titles('', { owner: ann.address })).toEqual(['Tides'])
  expect(await bob.titles(ann.address)).toEqual(['Tides'])
  expect(await bob.titles(cidOf('Maps').slice(0, 12))).toEqual(['Maps'])
  expect(await bob.titles('nothing of it')).toEqual([])
  expect(await bob.titles('', { from: 1, most: 1 })).toHaveLength(1)
  expect(await bob.uploads.find(ann.named('Tides'))).toMatchObject({
    own: false, protected: true, policy: { list: [bob.address] }, block: 1, safe: false, withdrawn: false, until: 21, kept: [], verdict: null,
  })
  expect(await bob.uploads.find(ann.named('Maps'))).toBeNull()
  await expect(bob.uploads.search({ text: '', kind: null, owner: null, own: false, from: -1, most: 5 })).rejects.toMatchObject({ code: 'bad-input' })
  await bob.safeBelow(1)
  expect(await bob.uploads.find(ann.named('Tides'))).toMatchObject({ safe: true })
})

test('one that is withdrawn, blocked, over or wrong is found by nobody but its owner', async () => {
  const network = await uploadNetwork({ ann: 1_000, bob: 1_000 }, { keeperPeriod: 4 })
  const [ann, bob] = [await run('ann', network), await run('bob', network)]
  for (const name of ['gone', 'blocked', 'wrong', 'short']) await ann.uploads.desk.publish(name, openRecord(name, { until: name === 'short' ? 1 : 3 }), null)
  await ann.block([bob])
  expect([...await bob.titles()].sort()).toEqual(['blocked', 'gone', 'short', 'wrong'])
  await ann.uploads.desk.assign('end', { cid: cidOf('gone'), policy: null, allow: [], deny: [], holders: null, keepers: null, rent: null, until: null, withdrawn: true, replacedBy: null })
  bob.blocked.add(cidOf('blocked'))
  bob.uploads.held({ verified: [], verdicts: [{ ...ann.named('wrong'), verdict: 'wrong-audit' }], lost: [] })
  await ann.block([bob])
  expect(await bob.titles()).toEqual(['short'])
  expect(await ann.titles()).toHaveLength(4)
  expect(await bob.uploads.find(ann.named('wrong'))).toMatchObject({ verdict: 'wrong-audit' })
  expect(await bob.uploads.find(ann.named('gone'))).toMatchObject({ withdrawn: true })
  await ann.blocks(3, [bob])
  expect(await bob.titles()).toEqual([])
  expect(bob.last.total).toBe(4)
  await ann.block([bob])
  expect(bob.last.total).toBe(3) // what is over goes out of the state
})

test('a branch that takes its place takes away what it did not have', async () => {
  const network = await uploadNetwork({ ann: 1_000 })
  const [one, two] = [await run('ann', network), await run('zoe', network)]
  await one.uploads.desk.publish('a', openRecord('Here'), null)
  await one.block([], 'few')
  expect(await one.titles()).toEqual(['Here'])
  await two.blocks(3)
  for (let number = 1; number <= 3; number++) {
    const { ledger, store } = two.device
    const root = [...rootsOf(two)][number - 1]!
    await one.device.take((await store.find(ledger.parts(root).block))!, (await store.body(root))!, two.device.now)
  }
  await one.settle()
  expect(one.device.ledger.head.root).toBe(two.device.ledger.head.root)
  expect(await one.titles()).toEqual([])
  expect(one.last).toMatchObject({ total: 0, sending: [{ op: 3, stage: 'offered' }] })
  expect(one.events.map(({ event }) => event)).toEqual(['upload.complete', 'replication_set.updated'])
  await one.block()
  expect(await one.titles()).toEqual(['Here'])
})

test('after a restart all of them are there again, and what was found out', async () => {
  const network = await uploadNetwork({ ann: 10_000 })
  const ann = await run('ann', network)
  for (let i = 0; i < 12; i++) await ann.uploads.desk.publish(`${i}`, openRecord(`Number ${i}`), null)
  await ann.block()
  ann.uploads.held({ verified: [], verdicts: [{ ...ann.named('Number 3'), verdict: 'bad-file' }], lost: [] })
  await ann.settle()
  await made.pop()!.stop()
  const again = await run('ann', network, { store: ann.device.store, keys: ann.device.keys })
  expect(await again.titles()).toHaveLength(12)
  expect(again.last.total).toBe(12)
  expect(await again.uploads.find(ann.named('Number 3'))).toMatchObject({ verdict: 'bad-file' })
  again.uploads.held({ verified: [ann.named('Number 3')], verdicts: [], lost: [] })
  await again.settle()
  expect(await again.uploads.find(ann.named('Number 3'))).toMatchObject({ verdict: null })
})

function* rootsOf({ device: { ledger } }: UploadDevice): Generator<string> {
  const roots: string[] = []
  for (let at: string | null = ledger.head.root; at !== null; at = ledger.chain.record(at)?.parent ?? null) roots.push(at)
  yield* roots.toReversed().slice(1)
}

test('on a metered line the newest, own ones and what is named are found, proved by others', async () => {
  const network = await uploadNetwork({ ann: 100_000, bob: 1_000 })
  const [ann, bob] = [await run('ann', network), await run('bob', network)]
  await bob.uploads.desk.publish('old', openRecord('Oldest'), null)
  await ann.block([bob])
  for (let i = 0; i < 70; i++) {
    await ann.uploads.desk.publish(`${i}`, openRecord(`Number ${i}`), null)
    if (i % 20 === 19) await ann.block()
  }
  await ann.block()
  const { ledger, sync } = ann.device
  const read = async (names: readonly string[]) => await sync.read(names)
  const book = new UploadBook({
    ledger, sync: { status: { ...sync.status, mode: 'headers' }, read }, clock: ann.device.clock, notes: await UploadNotes.open(bob.device.store),
    access: { accessOf: () => ({ state: 'open', reason: null, refundAt: null, holders: [] }), sealedOf: async () => null, keep: async () => {}, ask: async () => {}, stopAsking: async () => {} },
    signal: new AbortController().signal, me: () => bob.address, isBlocked: async () => false, changed() {},
  })
  expect(await book.follow()).toBeNull()
  const titles = async (text: string, own = false) => (await book.search({ text, kind: null, owner: null, own, from: 0, most: 100 })).uploads.map(({ title }) => title)
  expect(await titles('')).toHaveLength(64)
  expect(await titles('Number 69')).toEqual(['Number 69'])
  expect(await titles('Oldest')).toEqual([])
  expect(await titles(cidOf('Oldest'))).toEqual(['Oldest'])
  expect(await book.find(ann.named('Number 0'))).toMatchObject({ title: 'Number 0' })
  expect(await titles('', true)).toEqual(['Oldest'])
}, 20_000) // seventy signatures and more
