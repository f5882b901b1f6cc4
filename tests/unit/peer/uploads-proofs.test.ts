import { afterEach, describe, expect, test } from 'vitest'
import type { AuditProof } from '../../../src/content/index.ts'
import { RentDesk, isRipe, worthy, type DueRent } from '../../../src/peer/rent-desk.ts'
import { leafOf, realFile } from '../../support/keepers.ts'
import { UploadDevice, lockedRecord, sealedKey, uploadNetwork } from '../../support/upload-device.ts'

const made: UploadDevice[] = []
afterEach(async () => { for (const device of made.splice(0)) await device.stop() })

/** Somebody who publishes, and keepers whose files are all here, on a network that settles each of them every four blocks. */
async function people(...keepers: readonly string[]): Promise<[UploadDevice, ...UploadDevice[]]> {
  const network = await uploadNetwork(Object.fromEntries(['ann', ...keepers].map(name => [name, 10_000])), { ops: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], keeperPeriod: 4, keeperBond: 95, keeperBondPerGiB: 1_000_000, range: 30 })
  const all: UploadDevice[] = []
  for (const name of ['ann', ...keepers]) {
    const one = await UploadDevice.of(name, network)
    made.push(one)
    all.push(one)
    one.proves = (_, { cid }, leaf) => leafOf(cid, leaf)
    if (name !== 'ann') await one.uploads.desk.openKeeping(`open ${name}`, { pledged: 1_000_000, price: 0, public: false })
  }
  const [ann, ...others] = all as [UploadDevice, ...UploadDevice[]]
  await ann.block(others)
  return [ann, ...others]
}

interface Offer { readonly each?: number, readonly periods?: number, readonly wanted?: number }

/** Published, offered to these keepers, found right and accepted by the first of them, as many as are wanted. `all`: who hears of it. */
async function kept(ann: UploadDevice, name: string, keepers: readonly UploadDevice[], { each = 200, periods = 3, wanted = keepers.length }: Offer = {}, all = keepers): Promise<{ readonly cid: string, readonly owner: string }> {
  const file = realFile(name)
  await ann.uploads.desk.publish(name, lockedRecord(name, { file, keepers: keepers.map(({ address }) => address), rent: { each, periods, wanted }, until: 20 }), sealedKey(name))
  await ann.block(all)
  const upload = { cid: file.cid, owner: ann.address }
  for (const keeper of keepers.slice(0, wanted)) keeper.uploads.held({ verified: [upload], verdicts: [], lost: [] })
  for (const keeper of keepers) await keeper.settle()
  await ann.block(all)
  return upload
}

const open = (device: UploadDevice) => device.last.keeping.open!
const balance = async (device: UploadDevice): Promise<number> => (await device.device.ledger.account(device.address)).balance
const audits = (device: UploadDevice) => device.device.offered().filter(({ op }) => op === 6)

async function until(ann: UploadDevice, others: readonly UploadDevice[], so: () => boolean): Promise<void> {
  for (let i = 0; i < 30 && !so(); i++) await ann.block(others)
  expect(so()).toBe(true)
}

describe('a keeper', () => {
  test('puts up a bond in whole tens, shows what it is asked for by itself, and claims its rent once that is worth the fee', async () => {
    const [ann, kim] = await people('kim') as [UploadDevice, UploadDevice]
    expect(open(kim)).toMatchObject({ bond: 940, status: 'active', periods: 0, results: [], rent: { due: 0, claiming: 0, paid: 0 }, free: null, burned: 0 }) // 10^6 for a GiB
    expect(kim.last.keeping.terms).toEqual({ pays: true, bond: 95, bondPerGiB: 1_000_000, period: 4, periodSeconds: 40, fee: 10 })
    const upload = await kept(ann, 'Tides', [kim])
    await until(ann, [kim], () => (open(kim).period?.picks.length ?? 0) > 0)
    const { begin, due, picks } = open(kim).period!
    expect(due.block - begin).toBe(4)
    expect(picks).toContainEqual({ ...upload, title: 'Tides', leaf: expect.any(Number), state: 'sent' })
    await ann.block([kim])
    expect(new Set(open(kim).period!.picks.map(({ state }) => state))).toEqual(new Set(['answered']))
    expect(audits(kim)).toHaveLength(1)

    const before = await balance(kim)
    await until(ann, [kim], () => open(kim).results[0] === true && open(kim).rent.paid === 200)
    expect(await balance(kim)).toBe(before + 200 - 10 - 10) // the claim, and the proof of the next period
    expect(await ann.uploads.keepingOf(upload)).toMatchObject({ wanted: 1, free: 0, escrow: 400, offered: [], keepers: [{ address: kim.address, status: 'active', missed: 0, own: false, probes: null, seen: null }] })
  })

  test('shows what is here, and the rest once it came', async () => {
    const [ann, kim] = await people('kim') as [UploadDevice, UploadDevice]
    const [one, two] = [await kept(ann, 'One', [kim]), await kept(ann, 'Two', [kim])]
    kim.proves = (_, { cid }, leaf) => cid === one.cid ? leafOf(cid, leaf) : 'missing'
    await until(ann, [kim], () => new Set(open(kim).period?.picks.map(({ cid }) => cid)).size === 2)
    for (const { cid, state } of open(kim).period!.picks) expect(state).toBe(cid === two.cid ? 'missing' : 'sent')
    await ann.block([kim])
    kim.proves = (_, { cid }, leaf) => leafOf(cid, leaf)
    await ann.block([kim])
    expect(new Set(open(kim).period!.picks.filter(({ cid }) => cid === two.cid).map(({ state }) => state))).toEqual(new Set(['sent']))
    await ann.block([kim])
    expect(open(kim).period!.picks.every(({ state }) => state === 'answered')).toBe(true)
  })

  test('signs nothing that the ledger would refuse', async () => {
    const [ann, kim] = await people('kim') as [UploadDevice, UploadDevice]
    const upload = await kept(ann, 'Tides', [kim])
    kim.proves = (_, { cid }, leaf): AuditProof => ({ ...leafOf(cid, leaf), bytes: new Uint8Array(1_024) })
    await until(ann, [kim], () => (open(kim).period?.picks.length ?? 0) > 0)
    expect(open(kim).period!.picks[0]).toMatchObject({ ...upload, state: 'missing' })
    expect(audits(kim)).toEqual([])
  })

  test('that rests loses the rent of its periods, after two its place, after three a tenth of its bond; whose place is open is taken over', async () => {
    const [ann, kim, lee] = await people('kim', 'lee') as [UploadDevice, UploadDevice, UploadDevice]
    const upload = await kept(ann, 'Tides', [kim, lee], { wanted: 1, periods: 12 })
    const [keeps, waits] = [kim, lee]
    keeps.proves = () => 'resting'
    await until(ann, [kim, lee], () => open(keeps).missed === 1)
    expect(open(keeps)).toMatchObject({ status: 'active', bond: 940, rent: { due: 0, paid: 0 } })
    expect((await ann.uploads.keepingOf(upload))!.free).toBe(0)
    await until(ann, [kim, lee], () => open(keeps).status === 'away')
    expect(await ann.uploads.keepingOf(upload)).toMatchObject({ free: 1, keepers: [{ address: keeps.address, status: 'away', missed: 2 }], offered: [{ address: waits.address, status: 'active' }] })
    waits.uploads.held({ verified: [upload], verdicts: [], lost: [] })
    await waits.settle()
    await ann.block([kim, lee])
    expect((await ann.uploads.find(upload))!.kept).toEqual([waits.address])
    await until(ann, [kim, lee], () => open(keeps).status === 'gone')
    expect(open(keeps)).toMatchObject({ bond: 846, burned: 94, period: null })
  })

  test('that closes has its bond back at the second settling', async () => {
    const [ann, kim] = await people('kim') as [UploadDevice, UploadDevice]
    await kept(ann, 'Tides', [kim])
    await kim.uploads.desk.closeKeeping('close')
    const before = await balance(kim)
    await ann.block([kim])
    expect(open(kim)).toMatchObject({ status: 'closing', bond: 940, period: null })
    const { block } = open(kim).free!
    while (kim.device.ledger.head.header.number < block - 1) await ann.block([kim])
    expect(await balance(kim)).toBe(before - 10)
    await ann.block([kim])
    expect(await balance(kim)).toBe(before - 10 + 940)
    expect(kim.last.keeping.open).toBeNull()
    await expect(kim.uploads.desk.closeKeeping('again')).rejects.toMatchObject({ code: 'not-found' })
  })

  test('claims by hand whatever is due, and nothing where nothing is', async () => {
    const [ann, kim] = await people('kim') as [UploadDevice, UploadDevice]
    await kept(ann, 'Tides', [kim], { each: 12, periods: 4 })
    await expect(kim.uploads.claimRent('none')).rejects.toMatchObject({ code: 'not-found' })
    await until(ann, [kim], () => open(kim).rent.due === 12)
    await kim.uploads.claimRent('mine')
    await kim.settle()
    expect(open(kim).rent).toEqual({ due: 0, claiming: 12, paid: 0 })
    await ann.block([kim])
    expect(open(kim).rent.paid).toBe(12)
  })
})

describe('an owner', () => {
  test('finds keepers with room and a bond, at a price within its limit, and none of its own', async () => {
    const [ann, kim, lee] = await people('kim', 'lee') as [UploadDevice, UploadDevice, UploadDevice]
    await lee.uploads.desk.openKeeping('dear', { pledged: 1_000_000, price: 2 ** 30, public: true })
    await ann.block([kim, lee])
    const upload = await kept(ann, 'Tides', [kim], {}, [kim, lee])
    let asked = 0
    ann.probes = keeper => {
      asked++
      return keeper === kim.address
    }
    ann.neighbours = [{ id: 'device', address: kim.address, relays: ['relay'] }]
    await until(ann, [kim, lee], () => asked > 0) // one a minute
    const ranked = await ann.uploads.rankKeepers({ bytes: 1_000, protected: true, each: null })
    expect(new Set(ranked.map(({ address }) => address))).toEqual(new Set([kim.address, lee.address]))
    expect(ranked.find(({ address }) => address === kim.address)).toEqual({ address: kim.address, each: 0, room: 997_000, since: 1, proved: expect.any(Number), periods: expect.any(Number), seen: expect.any(Number), relays: ['relay'], probes: { asked: 1, answered: 1 } })
    expect(ranked.find(({ address }) => address === lee.address)).toMatchObject({ each: 1_000, seen: null })
    expect(await ann.uploads.keepingOf(upload)).toMatchObject({ keepers: [{ address: kim.address, seen: expect.any(Number), probes: { asked: 1, answered: 1 } }] })
    const named = async (...[query]: Parameters<UploadDevice['uploads']['rankKeepers']>) => (await ann.uploads.rankKeepers(query)).map(({ address }) => address)
    expect(await named({ bytes: 1_000, protected: true, each: 999 })).toEqual([kim.address])
    expect(await named({ bytes: 1_000, protected: false, each: null })).toEqual([lee.address])
    expect(await named({ bytes: 1_000_001, protected: true, each: null })).toEqual([])
    expect(await named({ bytes: 999_999, protected: true, each: null })).toEqual([lee.address])
    expect((await kim.uploads.rankKeepers({ bytes: 1, protected: true, each: null })).map(({ address }) => address)).toEqual([lee.address])
    await expect(ann.uploads.rankKeepers({ bytes: -1, protected: true, each: null })).rejects.toMatchObject({ code: 'bad-input' })
  })

  test('asks others in place of who is away; who keeps it stays', async () => {
    const [ann, kim, lee, max] = await people('kim', 'lee', 'max') as [UploadDevice, UploadDevice, UploadDevice, UploadDevice]
    const all = [kim, lee, max]
    const upload = await kept(ann, 'Tides', [kim, lee], { periods: 12 }, all)
    lee.proves = () => 'resting'
    await until(ann, all, () => open(lee).status === 'away')
    expect(await ann.uploads.replaceKeepers('others', upload)).toEqual([kim.address, max.address])
    await ann.settle()
    await ann.block(all)
    expect(await ann.uploads.keepingOf(upload)).toMatchObject({ free: 1, keepers: [{ address: kim.address }], offered: [{ address: max.address, status: 'active' }] })
    await expect(kim.uploads.replaceKeepers('not mine', upload)).rejects.toMatchObject({ code: 'bad-input' })
    await expect(ann.uploads.replaceKeepers('nobody', upload)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('rent is claimed', () => {
  const due = (coins: number, change: Partial<DueRent> = {}): DueRent => ({ cid: String(coins), owner: 'T', coins, paid: 0, waiting: 1, ripe: true, last: false, ...change })

  test('once the fee is a tenth of it', () => {
    expect(worthy([due(60), due(39)], 10)).toEqual([])
    expect(worthy([due(60), due(40)], 10)).toEqual([{ cid: '60', owner: 'T' }, { cid: '40', owner: 'T' }])
  })

  test('a quarter of it at once, or more', () => {
    expect(worthy([due(600, { ripe: false }), due(40, { ripe: false })], 10)).toEqual([])
    expect(worthy([due(600, { ripe: false }), due(40)], 10)).toHaveLength(2)
    expect([[12, 52], [13, 52], [1, 3], [0, 3]].map(([waiting = 0, periods = 0]) => isRipe({ periods: 20 }, { next: 20 - waiting }, { periods }))).toEqual([false, true, true, false])
  })

  test('sooner where it is the last, or long due, but never for less than the fee', () => {
    expect(worthy([due(11, { last: true })], 10)).toHaveLength(1)
    expect(worthy([due(11, { waiting: 48 })], 10)).toHaveLength(1)
    expect(worthy([due(11, { waiting: 47 })], 10)).toEqual([])
    expect(worthy([due(10, { last: true })], 10)).toEqual([])
  })

  test('of at most 64 uploads at once, the most first', () => {
    const named = worthy(Array.from({ length: 70 }, (_, i) => due(i + 1)), 1)
    expect(named).toHaveLength(64)
    expect(named[0]).toEqual({ cid: '70', owner: 'T' })
  })
})

test('rent of one person is not claimed for another, and what could not be read is read again', async () => {
  const [ann, kim] = await people('kim') as [UploadDevice, UploadDevice]
  await kept(ann, 'Tides', [kim], { each: 30 })
  await until(ann, [kim], () => open(kim).rent.due === 30)
  const { device: { ledger: { parameters }, sync, book: { outbox } } } = kim
  let away = false
  const claims: unknown[] = []
  const read: typeof sync.read = async (...asked) => away ? null : await sync.read(...asked)
  const rent = new RentDesk({ ledger: { parameters: { ...parameters, minimumFee: 1 } }, sync: { status: sync.status, read }, outbox, desk: { claim: async (_, uploads) => { claims.push(uploads); return '' } } })
  await rent.read(kim.address, false)
  expect(rent.dues()).toMatchObject([{ coins: 30 }])
  away = true
  await expect(rent.read(ann.address, false)).rejects.toMatchObject({ code: 'peer-unreachable' })
  await rent.tend(ann.address)
  expect(claims).toEqual([])
  await expect(rent.read(kim.address, true)).rejects.toMatchObject({ code: 'peer-unreachable' })
  away = false
  await ann.blocks(4, [kim])
  await until(ann, [kim], () => open(kim).rent.due === 60)
  await rent.read(kim.address, false)
  expect(rent.dues()).toMatchObject([{ coins: 60 }])
}, 30_000)
