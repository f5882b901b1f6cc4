import { afterEach, expect, test, vi } from 'vitest'
import { keys } from '../../../src/state/index.ts'
import type { Parameters as Network } from '../../../src/ledger/index.ts'
import { keyOf as personOf } from '../../support/book-device.ts'
import { mine } from '../../support/mine.ts'
import { localHeader, directory } from '../../../src/content/tdf/container.ts'
import { AccessDevice } from '../../support/access-device.ts'
import type { Access } from '../../../src/peer/upload-api.ts'
import { cidOf, keyOfFile, lockedRecord, sealedKey, uploadNetwork, boxOfName } from '../../support/upload-device.ts'

/* Several devices, each with a ledger of its own that gets every block: some seconds a test. */
vi.setConfig({ testTimeout: 30_000 })

const running: AccessDevice[] = []
afterEach(async () => { for (const each of running.splice(0)) await each.stop() })

/** People on one ledger who reach each other: the first of them publishes Tides. */
async function people<const N extends readonly string[]>(names: N, record: Parameters<typeof lockedRecord>[1], change: Partial<Network> = {}, coins = 1_000): Promise<{ readonly [I in keyof N]: AccessDevice }> {
  const network = await uploadNetwork(Object.fromEntries(names.map(name => [name, coins])), { keeperPeriod: 10, ...change })
  for (const name of names) await AccessDevice.of(name, network, running)
  const [owner] = running
  await owner!.uploads.desk.publish('publish', lockedRecord('Tides', { until: 20, ...record }), sealedKey('Tides'))
  await owner!.settle()
  await owner!.block()
  await owner!.block()
  return [...running] as unknown as { readonly [I in keyof N]: AccessDevice }
}

const tides = (owner: AccessDevice) => owner.named('Tides')
const keyOf = async (device: AccessDevice, owner: AccessDevice) => (await device.access.sealedOf(tides(owner)))?.ct ?? null

/** Until the key is there. */
async function gets(device: AccessDevice, owner: AccessDevice): Promise<void> {
  await expect.poll(async () => await keyOf(device, owner), { timeout: 10_000 }).toEqual(keyOfFile('Tides'))
}

/** Until it is said so. */
async function shows(device: AccessDevice, owner: AccessDevice, access: Partial<Access>): Promise<void> {
  await expect.poll(async () => await device.accessOf(tides(owner)), { timeout: 10_000 }).toMatchObject(access)
}

/** Somebody's address before they are there. */
async function addressOf(name: string): Promise<string> {
  return (await personOf(name)).address
}

test('a member of the list gets the key of the owner, and the network worker hears of it', async () => {
  const [ann, ben] = await people(['ann', 'ben'], { policy: { list: [await addressOf('ben')] } })
  await shows(ben, ann, { state: 'may', reason: null })
  await shows(ann, ann, { state: 'here' })
  await ben.access.ask(tides(ann))
  await ben.settle()
  await gets(ben, ann)
  await shows(ben, ann, { state: 'here' })
  expect(ben.came).toMatchObject([{ cid: cidOf('Tides'), owner: ann.address, sealed: { ct: keyOfFile('Tides') } }])
})

test.each([12, -12])('a holder whose clock is %i hours off gives it all the same', async hours => {
  const [ann, ben] = await people(['ann', 'ben'], { policy: { list: [await addressOf('ben')] } })
  ann.device.now += hours * 3_600
  await ben.access.ask(tides(ann))
  await ben.settle()
  await gets(ben, ann)
})

test('who is not on it is told so, and not asked for', async () => {
  const [ann, ben, eve] = await people(['ann', 'ben', 'eve'], { policy: { list: [await addressOf('ben')] } })
  await shows(eve, ann, { state: 'denied' })
  await eve.access.ask(tides(ann))
  await eve.settle()
  await shows(eve, ann, { state: 'waiting', reason: 'policy' })
  expect(await keyOf(eve, ann)).toBeNull()
  await eve.access.stopAsking(tides(ann))
  await shows(eve, ann, { state: 'denied' })
  expect(ben.distrusted).toEqual([])
})

test('an open key is taken from the record, with everybody away', async () => {
  const [ann, ben] = await people(['ann', 'ben'], { policy: { public: '00'.repeat(32) } })
  ann.isThere = false
  await shows(ben, ann, { state: 'may' })
  await ben.access.ask(tides(ann))
  await ben.settle()
  await gets(ben, ann)
})

/** Hal tells his box, and is made a holder. */
async function withHolder(record: Parameters<typeof lockedRecord>[1], change: Partial<Network> = {}) {
  const [ann, hal, ben] = await people(['ann', 'hal', 'ben'], record, change)
  await hal.device.book.outbox.add('box', { op: 7, body: { profile: '{}', box: boxOfName('hal') } }, hal.address, 'signed')
  await hal.settle()
  await ann.block()
  await ann.uploads.desk.assign('holders', { cid: cidOf('Tides'), policy: null, allow: [], deny: [], holders: [hal.address], keepers: null, rent: null, until: null, withdrawn: false, replacedBy: null })
  await ann.settle()
  await ann.block()
  await ann.block()
  return [ann, hal, ben] as const
}

test('a holder takes its envelope from the record by itself, and gives the key while the owner is away', async () => {
  const [ann, hal, ben] = await withHolder({ policy: { list: [await addressOf('ben')] } })
  await gets(hal, ann)
  ann.isThere = false
  await ben.access.ask(tides(ann))
  await ben.settle()
  await gets(ben, ann)
})

test('who is removed as a holder gives nothing at once, and deletes the key after an epoch', async () => {
  const [ann, hal, ben] = await withHolder({ policy: { list: [await addressOf('ben')] } }, { epoch: 3 })
  await ann.uploads.desk.assign('nobody', { cid: cidOf('Tides'), policy: null, allow: [], deny: [], holders: [], keepers: null, rent: null, until: null, withdrawn: false, replacedBy: null })
  await ann.settle()
  await ann.block([], 1)
  ann.isThere = false
  await ben.access.ask(tides(ann))
  await ben.settle()
  expect([await keyOf(ben, ann), await keyOf(hal, ann)]).toEqual([null, keyOfFile('Tides')])
  await ann.block()
  for (let i = 0; i < 2; i++) {
    await ann.block()
    await gets(hal, ann)
  }
  await ann.block()
  expect(await keyOf(hal, ann)).toBeNull()
  await gets(ann, ann)
})

test('who is removed as a holder and may read it keeps the key', async () => {
  const [ann, hal] = await withHolder({ policy: { list: [await addressOf('hal')] } }, { epoch: 1 })
  await ann.uploads.desk.assign('nobody', { cid: cidOf('Tides'), policy: null, allow: [], deny: [], holders: [], keepers: null, rent: null, until: null, withdrawn: false, replacedBy: null })
  await ann.settle()
  for (let i = 0; i < 4; i++) await ann.block()
  await gets(hal, ann)
})

test('the keys that are here are told again to whoever is at the other end anew', async () => {
  const [ann] = await people(['ann'], { policy: { owner: null } })
  const before = ann.came.length
  ann.rejoined()
  await ann.settle()
  expect(ann.came.slice(before)).toMatchObject([{ cid: cidOf('Tides'), owner: ann.address }])
})

test('what was asked for is asked for again after a restart', async () => {
  const [ann, ben] = await people(['ann', 'ben'], { policy: { list: [await addressOf('ben')] } })
  ann.isThere = false
  await ben.access.ask(tides(ann))
  await ben.settle()
  await shows(ben, ann, { state: 'waiting', reason: 'offline', holders: [{ address: ann.address, seen: null }] })
  ben.access.close()
  ben.uploads.close()
  ann.isThere = true
  await ben.start()
  await ann.safeBelow(0)
  await gets(ben, ann)
})

test('a policy that was withdrawn at the head alone admits nobody', async () => {
  const [ann, ben] = await people(['ann', 'ben'], { policy: { list: [await addressOf('ben')] } })
  await ann.uploads.desk.assign('deny', { cid: cidOf('Tides'), policy: null, allow: [], deny: [ben.address], holders: null, keepers: null, rent: null, until: null, withdrawn: false, replacedBy: null })
  await ann.settle()
  await ann.block([], 1)
  await ben.access.ask(tides(ann))
  await ben.settle()
  await shows(ben, ann, { state: 'waiting', reason: 'policy' })
})

test('bought, granted by a holder while the owner is away, and picked up; the coins go to both', async () => {
  const [ann, hal, ben] = await withHolder({ policy: { pay: { price: 200, share: 250 } } }, { keeperPeriod: 4 })
  ann.isThere = false
  ann.locked = true
  await shows(ben, ann, { state: 'pay' })
  const [before, earned] = [await ann.device.balance(), await hal.device.balance()]
  await ben.uploads.desk.buy('buy', tides(ann))
  await ben.settle()
  await ann.block([], 1)
  await shows(ben, ann, { state: 'buying' })
  hal.isThere = false // so that the key comes by the ledger alone
  for (let i = 0; i < 3; i++) await ann.block()
  const row = await ben.device.ledger.read(keys.access(cidOf('Tides'), ann.address, ben.address))
  expect(row?.purchase?.grant?.by).toBe(hal.address)
  await gets(ben, ann)
  for (let i = 0; i < 6; i++) await ann.block()
  expect((await ben.device.ledger.read(keys.access(cidOf('Tides'), ann.address, ben.address)))?.purchase?.settled).toBe(true)
  expect(await ann.device.balance()).toBe(before + 150)
  expect(await hal.device.balance()).toBe(earned + 50 - 20) // two fees: granted, settled
})

test('a purchase nobody grants is paid back by itself', async () => {
  const [ann, ben] = await people(['ann', 'ben'], { policy: { pay: { price: 200, share: 0 } } }, { keeperPeriod: 4 })
  ann.locked = true
  ann.isThere = false
  await ben.uploads.desk.buy('buy', tides(ann))
  await ben.settle()
  await ann.block()
  const row = await ben.device.ledger.read(keys.access(cidOf('Tides'), ann.address, ben.address))
  await shows(ben, ann, { state: 'buying', refundAt: row!.purchase!.block + 4 })
  for (let i = 1; i < 9; i++) await ann.block()
  await shows(ben, ann, { state: 'refunded', refundAt: null })
  expect(await ben.device.balance()).toBe(1_000 - 20)
  expect(await keyOf(ben, ann)).toBeNull()
})

test('what is granted and is not the key is shown to be so, and paid back', async () => {
  const [ann, ben] = await people(['ann', 'ben'], { policy: { pay: { price: 200, share: 0 } } }, { keeperPeriod: 6 })
  ann.lie = new Uint8Array(32)
  ann.isThere = false
  await ben.uploads.desk.buy('buy', tides(ann))
  await ben.settle()
  for (let i = 0; i < 6; i++) await ann.block()
  expect(await ben.device.balance()).toBe(1_000 - 20)
  expect(await keyOf(ben, ann)).toBeNull()
  await shows(ben, ann, { state: 'refunded' })
})

test('nothing is granted for a purchase in a block that is not safe', async () => {
  const [ann, ben] = await people(['ann', 'ben'], { policy: { pay: { price: 200, share: 0 } } })
  await ben.uploads.desk.buy('buy', tides(ann))
  await ben.settle()
  const deep = async (blocks: number) => { for (let i = 1; i <= blocks; i++) await ann.block([], i) }
  await deep(3)
  expect(ann.device.offered().filter(({ op }) => op === 9)).toEqual([])
  expect(await keyOf(ben, ann)).toBeNull()
  await shows(ben, ann, { state: 'buying' })
  await ann.block()
  await ann.block()
  await gets(ben, ann)
})

test('a purchase that another branch left behind is none: nothing is granted, and nothing was refunded', async () => {
  const [ann, ben, eve] = await people(['ann', 'ben', 'eve'], { policy: { pay: { price: 200, share: 0 } } })
  await ben.uploads.desk.buy('buy', tides(ann))
  await ben.settle()
  const mined = await mine(ann.device.ledger, { seconds: 60, transactions: ben.device.offered().filter(({ op }) => op === 8) })
  for (const { device } of [ann, ben]) await device.take(mined.header, mined.body, mined.time)
  await ann.safeBelow(1)
  await shows(ben, ann, { state: 'buying' })
  for (let i = 0; i < 3; i++) {
    const other = await mine(eve.device.ledger, { pool: 'another miner', seconds: 60 })
    for (const { device } of [eve, ann, ben]) await device.take(other.header, other.body, other.time)
  }
  expect(ben.device.ledger.head.root).toBe(eve.device.ledger.head.root)
  await ann.safeBelow(0)
  expect(ann.device.offered().filter(({ op }) => op === 9)).toEqual([])
  await shows(ben, ann, { state: 'pay' })
  expect(await keyOf(ben, ann)).toBeNull()
})

test('the owner on a new device takes the key out of the file, with every holder gone', async () => {
  const [ann] = await people(['ann', 'ben'], { policy: { owner: null }, file: { cid: cidOf('Tides'), size: 700, infohash: 'ab'.repeat(20), audit: 'cd'.repeat(32) } })
  const { store } = ann.device
  await ann.access.settle()
  await store.setValues({ [`local/deks/${cidOf('Tides')}/${ann.address}`]: undefined })
  ann.access.close()
  const manifest = JSON.stringify({ encryptionInformation: { keyAccess: [{ type: 'ec-wrapped', kid: 'ann', wrappedKey: Buffer.from(keyOfFile('Tides')).toString('base64'), ephemeralPublicKey: 'AAAA' }] } })
  ann.files.set(cidOf('Tides'), zipOf(manifest, 700))
  await ann.start()
  await ann.settle()
  await gets(ann, ann)
})

test('who has a key tells the box of the account, once, keeping what the profile says, and pays nothing', async () => {
  const [ann, ben] = await people(['ann', 'ben'], { policy: { list: [await addressOf('ben')] } })
  expect(await ann.device.ledger.read(keys.box(ann.address))).toBe(boxOfName('ann'))
  expect(await ben.device.ledger.read(keys.box(ben.address))).toBeNull()
  expect(await ann.device.balance()).toBe(1_000 - 10)
  await ann.block()
  expect((await ann.device.ledger.account(ann.address)).nonce).toBe(2n)
})

/** A file of `size` bytes that ends as a TDF with this manifest. */
function zipOf(manifest: string, size: number): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(manifest)
  const entry = (name: string, length: number, at: number) => ({ name, crc: 0, size: length, at })
  const [payload, inner] = [entry('0.payload', 0, 0), entry('0.manifest.json', text.length, 0)]
  const tail = directory(payload, inner, 0, false).length
  const head = localHeader('0.manifest.json', inner, false)
  const at = size - tail - text.length - head.length
  const end = directory(payload, { ...inner, at }, size - tail, false)
  return new Uint8Array(Buffer.concat([new Uint8Array(at), head, text, end]))
}

test('a head that came before the network was followed is looked at once it is', async () => {
  const [ann] = await people(['ann'], {})
  const { device } = ann
  const at = async () => await (device.store as unknown as { value(name: string): Promise<unknown> }).value('access/at')
  device.status = { ...device.status, stage: 'voting' }
  await device.block()
  ann.access.onStatus()
  await ann.settle()
  expect(await at()).not.toBe(device.ledger.head.root)
  device.status = { ...device.status, stage: 'following' }
  ann.access.onStatus()
  await expect.poll(at, { timeout: 5_000 }).toBe(device.ledger.head.root)
})
