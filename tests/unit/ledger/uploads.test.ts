import { describe, expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { openEnvelope, envelopeScope, type Publication } from '../../../src/content/index.ts'
import { ops, type Parameters, type Transaction, type UnsignedTransaction } from '../../../src/ledger/index.ts'
import { StateView, keys, type NamedUpload } from '../../../src/state/index.ts'
import { TestChain, crowd, somebody, type Fields, type MapState, type Somebody } from '../../support/ledger.ts'
import { expectBooksToFit, uploadsIn } from '../../support/upload-books.ts'
import { boxOfSomebody, fileOf, holderOf, keeperOpened, keyOf, noChange, plainRecord, sealedOn, secretOf, songRecord } from '../../support/uploads.ts'

/* Ann publishes, Ben and Dan keep and hold keys, Cleo buys and reads. A period has 4 blocks. */
const [ann, ben, cleo, dan] = ['Ann', 'Ben', 'Cleo', 'Dan'].map(somebody) as [Somebody, Somebody, Somebody, Somebody]
const coins = 1_000_000
const fee = 10
const price = 1000
const song = songRecord('song', { pay: { price, share: 100 } })
const { cid } = song.file
const lent = plainRecord('lent', { rent: { each: 0, periods: 2, wanted: 2 } })

type Body<C extends UnsignedTransaction['op']> = Extract<UnsignedTransaction, { op: C }>['body']
type Step = (chain: TestChain) => Promise<TestChain>
/** One block with this operation. */
const act = <C extends UnsignedTransaction['op']>(op: C, who: Somebody, body: Body<C>, fields: Fields = {}): Step => async chain => await chain.extend({ transactions: [await chain.transaction(op, who, body as never, fields)] })
const publish = (record: Publication, who = ann): Step => act(3, who, record)
const buy: Step = act(8, cleo, { cid, owner: ann.address, price, box: boxOfSomebody(cleo, 'once') })
const settle = (secret: Uint8Array<ArrayBuffer> | null = null, who = dan): Step => act(10, secret === null ? who : cleo, { cid, owner: ann.address, buyer: cleo.address, secret })
const accept = (who: Somebody, ...uploads: NamedUpload[]): Step => act(5, who, { accept: { uploads } })
const grant = (who: Somebody, key = keyOf(cid)): Step => async chain => await act(9, who, { cid, owner: ann.address, buyer: cleo.address, ...await sealedOn(chain, { cid, owner: ann.address, to: cleo, box: boxOfSomebody(cleo, 'once'), key }) })(chain)

async function through(chain: TestChain, ...steps: readonly Step[]): Promise<TestChain> {
  let last = chain
  for (const step of steps) {
    last = await step(last)
    await expectBooksToFit(last.state)
    expect(last.state.coins()).toBe(coins * 4 + last.parameters.reward * last.tip.header.number)
  }
  return last
}

async function begin(changed: Partial<Parameters> = {}): Promise<TestChain> {
  const chain = await TestChain.begin({ people: [ann, ben, cleo, dan], coins, keeperPeriod: 4, ...changed })
  return await chain.extend({ transactions: [await keeperOpened(chain, ben), await keeperOpened(chain, dan)] })
}

const world = await begin()
/** Where keepers are paid. */
const paying = await begin({ ops: [1, 3, 4, 5, 6, 7] })
const shop = await through(world, publish({ ...song, holders: [await holderOf(world, cid, ann, ben)] }))
const bought = await through(shop, buy)
const balance = async ({ state }: TestChain, who: Somebody): Promise<number> => (await state.account(who)).balance
const upload = async ({ state }: TestChain, record: Publication, owner = ann) => await state.read(keys.upload(record.file.cid, owner.address))
const accessOf = async ({ state }: TestChain, who: Somebody, record = song) => await state.read(keys.access(record.file.cid, ann.address, who.address))

/** Who may read what goes to a list. */
async function readers(chain: TestChain, record: Publication): Promise<string[]> {
  const era = (await upload(chain, record))?.era
  const rows = await Promise.all([ann, ben, cleo, dan].map(async who => (await accessOf(chain, who, record))?.member === era ? who.name : ''))
  return rows.filter(name => name !== '')
}

describe('a record', () => {
  test('stands under its owner, in all lists, from the block that publishes it', async () => {
    const record = { ...song, holders: [await holderOf(world, cid, ann, ben)] }
    const chain = await through(world, publish(record), publish(song, dan))
    expect(await upload(chain, song)).toEqual({
      publication: record, block: 2, time: world.tip.header.time + 60, index: 0, byOwner: 0, holds: [0], until: 2 + 4 * 4, era: 1n, withdrawn: false, replacedBy: null, kept: [],
    })
    const { state } = chain
    expect(await state.read(keys.uploads.at(1))).toEqual([cid, dan.address])
    expect(await state.read(keys.uploadsOf(cid))).toEqual({ count: 2, first: ann.address })
    expect(await state.read(keys.by(ann.address).at(0))).toBe(cid)
    expect(await state.read(keys.holds(ben.address).at(0))).toEqual([cid, ann.address])
    expect(await balance(chain, ann)).toBe(coins - fee)
  })

  test('with a stamp costs nothing', async () => {
    const free = plainRecord('free')
    const chain = await world.extend({ transactions: [world.stamped(await world.transaction(3, ann, free), ann)] })
    expect(await upload(chain, free)).not.toBeNull()
    expect(await balance(chain, ann)).toBe(coins)
  })

  test('and its lists are those of no other block', async () => {
    const other = await world.extend()
    expect(await upload(await through(world, publish(song)), song)).not.toBeNull()
    expect(await upload(other, song)).toBeNull()
  })
})

describe('readers of a list', () => {
  const letter = songRecord('letter', { list: [ben.address] })

  test('come and go', async () => {
    const one = await through(world, publish(letter))
    expect(await readers(one, letter)).toEqual(['Ben'])
    const two = await through(one, act(4, ann, noChange(letter.file.cid, { allow: [cleo.address, dan.address], deny: [ben.address] })))
    expect(await readers(two, letter)).toEqual(['Cleo', 'Dan'])
    expect((await upload(two, letter))?.publication.policy).toEqual({ list: [cleo.address, dan.address] })
    expect(await accessOf(two, ben, letter)).toBeNull()
  })

  test('of before do not come back with another list', async () => {
    const change = async (policy: Publication['policy']): Promise<Step> => act(4, ann, noChange(letter.file.cid, { policy }))
    const chain = await through(world, publish(letter), await change({ owner: null }), await change({ list: [cleo.address] }))
    expect(await readers(chain, letter)).toEqual(['Cleo'])
    expect((await accessOf(chain, ben, letter))?.member).not.toBeNull()
  })

  test('of before do not come back with another upload of the same file', async () => {
    const chain = await through(world, publish({ ...letter, until: 1 }), async before => await before.grow(5), publish({ ...letter, policy: { list: [] } }))
    expect(await readers(chain, letter)).toEqual([])
  })

  test('who are denied in the change that names them stay out', async () => {
    const chain = await through(world, publish(letter), act(4, ann, noChange(letter.file.cid, { policy: { list: [ben.address, dan.address] }, deny: [ben.address] })))
    expect(await readers(chain, letter)).toEqual(['Dan'])
  })

  test('may be more than a record holds', async () => {
    const many = crowd('reader', 64).map(({ address }) => address)
    const chain = await through(world, publish({ ...letter, policy: { list: many.slice(0, 32) } }), act(4, ann, noChange(letter.file.cid, { allow: many.slice(32) })))
    const era = (await upload(chain, letter))?.era
    for (const address of many) expect((await chain.state.read(keys.access(letter.file.cid, ann.address, address)))?.member).toBe(era)
    expect((await upload(chain, letter))?.publication.policy).toEqual({ list: many.slice(0, 32) })
  })
})

describe('holders', () => {
  test('change places when an upload before theirs leaves their list', async () => {
    const songs = ['one', 'two', 'three'].map(name => songRecord(name, { owner: null }))
    let chain = world
    for (const record of songs) chain = await through(chain, publish({ ...record, holders: [await holderOf(chain, record.file.cid, ann, ben), await holderOf(chain, record.file.cid, ann, dan)] }))
    const [one] = songs as [Publication]
    chain = await through(chain, act(4, ann, noChange(one.file.cid, { holders: [await holderOf(chain, one.file.cid, ann, dan)] })))
    expect((await upload(chain, songs[2]!))?.holds).toEqual([0, 2].map((place, i) => i === 0 ? place : 0))
    expect((await upload(chain, one))?.publication.holders.map(({ address }) => address)).toEqual([dan.address])
  })

  test('are none of a key that is public', async () => {
    const chain = await through(world, publish({ ...song, holders: [await holderOf(world, cid, ann, ben)] }), act(4, ann, noChange(cid, { policy: { public: Buffer.from(keyOf(cid)).toString('hex') } })))
    expect((await upload(chain, song))?.publication.holders).toEqual([])
    expect(await chain.state.read(keys.holds(ben.address).total)).toBeNull()
  })
})

describe('keepers', () => {
  test('open once, and change what they said', async () => {
    const chain = await through(world, act(5, ben, { open: { bond: 0, pledged: 5, price: 3, box: boxOfSomebody(ben, 'new'), public: false } }))
    expect(await chain.state.read(keys.keeper(ben.address))).toEqual({
      index: 0, bond: 0, pledged: 5, load: 0, count: 0, price: 3, box: boxOfSomebody(ben, 'new'), public: false, status: 'active', missed: 0, periods: 0, results: 0n, lost: 0, since: 1,
    })
    expect(await chain.state.read(keys.box(ben.address))).toBe(boxOfSomebody(ben, 'new'))
    expect(await chain.state.read(keys.keepers.total)).toBe(2)
  })

  test('put up a bond where they are audited, which is theirs', async () => {
    const chain = await through(await begin({ ops: [1, 3, 5, 6] }), act(5, ben, { open: { bond: 500, pledged: 5, price: 3, box: boxOfSomebody(ben), public: false } }), act(5, ben, { open: { bond: 700, pledged: 5, price: 3, box: boxOfSomebody(ben), public: false } }))
    expect((await chain.state.read(keys.keeper(ben.address)))?.bond).toBe(700)
    expect(await balance(chain, ben)).toBe(coins - 3 * fee - 700)
  })

  test('accept, release, and count what nobody has any more', async () => {
    const other = plainRecord('other', { rent: { each: 0, periods: 1, wanted: 1 }, file: fileOf('other', 77), images: [fileOf('cover', 3)] })
    const names: NamedUpload[] = [[lent.file.cid, ann.address], [other.file.cid, ann.address]]
    const kept = await through(world, publish(lent), publish(other), accept(ben, ...names), accept(dan, names[0]!))
    expect(await kept.state.read(keys.keeper(ben.address))).toMatchObject({ count: 2, load: 1080 })
    expect((await upload(kept, lent))?.kept).toEqual([ben.address, dan.address])
    expect(await kept.state.read(keys.kept(other.file.cid, ann.address, ben.address))).toEqual({ i: 1, since: 4, next: 1, claimed: 0 })
    const left = await through(kept, act(5, ben, { release: { uploads: [names[0]!], reason: 'lost' } }))
    expect(await left.state.read(keys.keeper(ben.address))).toMatchObject({ count: 1, load: 80, lost: 1 })
    expect(await left.state.read(keys.kept(other.file.cid, ann.address, ben.address))).toEqual({ i: 0, since: 4, next: 1, claimed: 0 })
    expect((await upload(left, lent))?.kept).toEqual([dan.address])
    const legal = await through(left, act(5, ben, { release: { uploads: [names[1]!], reason: 'legal' } }))
    expect(await legal.state.read(keys.keeper(ben.address))).toMatchObject({ count: 0, load: 0, lost: 1 })
  })

  test('are free when others are named, and stay when anybody is asked', async () => {
    const kept = await through(world, publish(lent), accept(ben, [lent.file.cid, ann.address]), accept(dan, [lent.file.cid, ann.address]))
    const anybody = await through(kept, act(4, ann, noChange(lent.file.cid, { keepers: [] })))
    expect((await upload(anybody, lent))?.kept).toEqual([ben.address, dan.address])
    const named = await through(kept, act(4, ann, noChange(lent.file.cid, { keepers: [dan.address], rent: { each: 0, periods: 1, wanted: 1 } })))
    expect((await upload(named, lent))?.kept).toEqual([dan.address])
    expect(await named.state.read(keys.keeper(ben.address))).toMatchObject({ count: 0, load: 0 })
  })

  test('have room for 4,096 uploads', async () => {
    const chain = await through(world, publish(lent))
    const verdict = async (count: number) => {
      const state = new StateView(chain.state)
      const key = keys.keeper(ben.address)
      state.set(key, { ...(await state.get(key))!, count })
      const { network, parameters, tip: { header: { number, time } } } = chain
      return await ops[5].judge({ accept: { uploads: [[lent.file.cid, ann.address]] } }, { state, network, parameters, number: number + 1, time, sender: ben.address, nonce: 2n, stamped: false })
    }
    expect(await verdict(4095)).toBeNull()
    expect(await verdict(4096)).toMatchObject({ rule: 'keeper-full' })
  })
})

describe('rent', () => {
  const paid = { ...lent, rent: { each: 5, periods: 2, wanted: 3 } }
  const escrow = async ({ state }: TestChain): Promise<number | null> => await state.read(keys.escrow(paid.file.cid, ann.address))

  test('lies in escrow, as much as the last change says', async () => {
    const chain = await through(paying, publish(paid))
    expect([await escrow(chain), await balance(chain, ann)]).toEqual([30, coins - fee - 30])
    const more = await through(chain, act(4, ann, noChange(paid.file.cid, { rent: { each: 10, periods: 4, wanted: 1 } })))
    expect([await escrow(more), await balance(more, ann)]).toEqual([40, coins - 2 * fee - 40])
    const none = await through(more, act(4, ann, noChange(paid.file.cid, { rent: { each: 0, periods: 1, wanted: 1 } })))
    expect([await escrow(none), await balance(none, ann)]).toEqual([null, coins - 3 * fee])
  })

  test('is no more than there is', async () => {
    const most = { ...paid, rent: { each: coins - fee, periods: 1, wanted: 1 } }
    expect((await paying.try({ transactions: [await paying.transaction(3, ann, most)] })).ok).toBe(true)
    expect(await paying.try({ transactions: [await paying.transaction(3, ann, { ...most, rent: { ...most.rent, each: most.rent.each + 1 } })] })).toMatchObject({ rule: 'tx-balance' })
  })

  test('comes back with a withdrawal', async () => {
    const chain = await through(paying, publish(paid), act(4, ann, noChange(paid.file.cid, { withdrawn: true })))
    expect([await escrow(chain), await balance(chain, ann)]).toEqual([null, coins - 2 * fee])
  })

  test('comes back when the upload is over', async () => {
    const chain = await through(await through(paying, publish({ ...paid, until: 2 })), async before => await before.grow(9))
    expect([await escrow(chain), await balance(chain, ann), await upload(chain, paid)]).toEqual([null, coins - fee, null])
  })
})

describe('a withdrawal', () => {
  test('ends duties and offers, and leaves the record until it is over', async () => {
    const record = { ...song, rent: { each: 0, periods: 1, wanted: 2 }, keepers: [ben.address, dan.address], holders: [await holderOf(world, cid, ann, ben)] }
    const next = fileOf('next').cid
    const chain = await through(world, publish(record), accept(ben, [cid, ann.address]), act(4, ann, noChange(cid, { withdrawn: true, replacedBy: next, until: 1 })))
    expect(await upload(chain, song)).toMatchObject({ withdrawn: true, replacedBy: next, kept: [], holds: [], until: 4 + 4, publication: { keepers: [], rent: null, holders: [] } })
    expect(await chain.state.read(keys.keeper(ben.address))).toMatchObject({ count: 0, load: 0 })
    const later = await through(await chain.grow(5), publish(song))
    expect((await upload(later, song))?.withdrawn).toBe(false)
  })
})

describe('what is over', () => {
  /** A chain with so many uploads that last a period, published in one block. */
  const filled = async (count: number, until = 1): Promise<TestChain> => {
    const transactions: Transaction[] = []
    for (let i = 0; i < count; i++) transactions.push(await world.transaction(3, ann, plainRecord(`filler ${i}`, { until }), { nonce: BigInt(i + 1) }))
    return await world.extend({ transactions })
  }
  const left = ({ state }: { readonly state: MapState }): number => uploadsIn(state).length

  test('goes, a few uploads a block', async () => {
    const full = await filled(20)
    const last = await full.grow(4)
    expect(left(last)).toBe(20)
    const after: number[] = []
    for (let chain = last; left(chain) > 0;) {
      chain = await through(chain, async before => await before.extend())
      after.push(left(chain))
    }
    expect(after).toEqual([20 - limits.uploadsLooked, 20 - 2 * limits.uploadsLooked, 0])
  })

  test('is found again and again in a long list, whatever lies before it', async () => {
    let chain = await filled(40, 50)
    chain = await through(chain, publish({ ...song, until: 1 }), publish(song, dan))
    for (let i = 0; i < 12; i++) chain = await through(chain, async before => await before.extend())
    expect([left(chain), await upload(chain, song), (await upload(chain, song, dan))?.index]).toEqual([41, null, 40])
  })

  test('lasts as long as its owner renews it', async () => {
    let chain = await through(world, publish({ ...song, until: 1 }))
    for (let i = 0; i < 3; i++) chain = await through(await chain.grow(3), act(4, ann, noChange(cid, { until: 1 })))
    expect((await upload(chain, song))?.until).toBe(chain.tip.header.number + 4)
    expect(await upload(await chain.grow(4), song)).not.toBeNull()
    expect(await upload(await chain.grow(5), song)).toBeNull()
  })

  test('frees its keepers', async () => {
    const chain = await through(await through(world, publish({ ...lent, until: 2 }), accept(ben, [lent.file.cid, ann.address])), async before => await before.grow(9))
    expect(await upload(chain, lent)).toBeNull()
    expect(await chain.state.read(keys.keeper(ben.address))).toMatchObject({ count: 0, load: 0 })
  })

  test('stays while its owner could not hold what would come back', async () => {
    const most = 2 ** 40 - 1
    const rich = await TestChain.begin({ reward: 0, ops: [1, 3, 6], keeperPeriod: 2, allocations: [ann, ben].map(({ address }) => ({ address, balance: most, power: 0n })) })
    let chain = await act(3, ann, { ...lent, until: 1, rent: { each: 50, periods: 1, wanted: 1 } })(rich)
    chain = await act(1, ben, { to: ann.address, amount: 60 })(chain)
    chain = await chain.grow(4)
    expect(await upload(chain, lent)).not.toBeNull()
    chain = await (await act(1, ann, { to: ben.address, amount: 40 })(chain)).grow(1)
    expect([await upload(chain, lent), await balance(chain, ann)]).toEqual([null, most - fee - 50 + 60 - fee - 40 + 50])
  })
})

describe('a purchase', () => {
  test('puts the price into escrow, and says what was agreed', async () => {
    expect(await balance(bought, cleo)).toBe(coins - fee - price)
    expect((await accessOf(bought, cleo))?.purchase).toEqual({ price, share: 100, box: boxOfSomebody(cleo, 'once'), keyCommit: song.keyCommit, block: 3, grant: null, settled: false })
  })

  test('is granted by a holder, who gets a share; the envelope stays and opens', async () => {
    const granted = await through(bought, grant(ben))
    const paid = await through(await granted.grow(3), settle())
    expect([await balance(paid, ann), await balance(paid, ben)]).toEqual([coins - fee + 900, coins - 2 * fee + 100])
    const purchase = (await accessOf(paid, cleo))?.purchase
    expect(purchase).toMatchObject({ settled: true, grant: { by: ben.address, block: 4 } })
    const scope = envelopeScope({ network: paid.network, cid, owner: ann.address, purpose: 'access', requester: cleo.address, box: boxOfSomebody(cleo, 'once'), request: null })
    expect(await openEnvelope(secretOf(cleo, 'once'), purchase!.grant!, scope)).toEqual(keyOf(cid))
  })

  test('is granted by the owner, who gets all', async () => {
    const paid = await through(await (await through(bought, grant(ann))).grow(3), settle(null, ann))
    expect(await balance(paid, ann)).toBe(coins - 3 * fee + price)
  })

  test.each([[0, 1000, 0], [1, 1000, 1], [500, 1, 0], [500, 3, 1], [333, 999, 332]])('of a share of %i permille of %i coins a holder gets %i', async (share, cost, part) => {
    const record = songRecord('song', { pay: { price: cost, share } }, { holders: [await holderOf(world, cid, ann, ben)] })
    const chain = await through(world, publish(record), act(8, cleo, { cid, owner: ann.address, price: cost, box: boxOfSomebody(cleo, 'once') }), grant(ben))
    const paid = await through(await chain.grow(3), settle())
    expect([await balance(paid, ben), await balance(paid, ann)]).toEqual([coins - 2 * fee + part, coins - fee + cost - part])
  })

  test('nobody grants comes back, and may be made again', async () => {
    const back = await through(await bought.grow(3), settle())
    expect([await balance(back, cleo), await accessOf(back, cleo)]).toEqual([coins - fee, null])
    expect((await accessOf(await through(back, buy), cleo))?.purchase?.block).toBe(back.tip.header.number + 1)
  })

  test('of a wrong key comes back on the word of the buyer', async () => {
    const cheated = await through(bought, grant(ben, keyOf('another')))
    const back = await through(cheated, settle(secretOf(cleo, 'once')))
    expect([await balance(back, cleo), await accessOf(back, cleo), await balance(back, ben)]).toEqual([coins - 2 * fee, null, coins - 2 * fee])
  })

  test('of an envelope for another file, or of no envelope, comes back too', async () => {
    const other = await sealedOn(bought, { cid: fileOf('other').cid, owner: ann.address, to: cleo, box: boxOfSomebody(cleo, 'once'), key: keyOf(cid) })
    for (const envelope of [other, { enc: new Uint8Array(32), ct: new Uint8Array(48) }]) {
      const back = await through(bought, act(9, ben, { cid, owner: ann.address, buyer: cleo.address, ...envelope }), settle(secretOf(cleo, 'once')))
      expect(await balance(back, cleo)).toBe(coins - 2 * fee)
    }
  })

  test('is as good as at its time when the record changes or goes', async () => {
    const dearer = await through(bought, act(4, ann, noChange(cid, { policy: { pay: { price: 5000, share: 0 } } })), grant(ben))
    const paid = await through(await dearer.grow(3), settle())
    expect(await balance(paid, ben)).toBe(coins - 2 * fee + 100)
    const gone = await through(await through(bought, grant(ben), act(4, ann, noChange(cid, { withdrawn: true, until: 1 }))), async before => await before.grow(5))
    expect(await upload(gone, song)).toBeNull()
    expect(await balance(await through(gone, settle()), ann)).toBe(coins - 2 * fee + 900)
  })

  test('on a block that another branch does not have is none there', async () => {
    const other = await through(shop, async before => await before.extend(), async before => await before.extend())
    const made = await sealedOn(other, { cid, owner: ann.address, to: cleo, box: boxOfSomebody(cleo, 'once') })
    expect(await other.try({ transactions: [await other.transaction(9, ben, { cid, owner: ann.address, buyer: cleo.address, ...made })] })).toMatchObject({ rule: 'buy-unknown' })
    expect([await balance(other, cleo), await accessOf(other, cleo)]).toEqual([coins, null])
    const again = await through(other, buy, grant(ben))
    expect((await accessOf(again, cleo))?.purchase).toMatchObject({ block: 5, grant: { block: 6 } })
  })

  test('stands beside the place on a list', async () => {
    const both = await through(bought, act(4, ann, noChange(cid, { policy: { list: [cleo.address] } })), grant(ben))
    expect(await accessOf(both, cleo)).toMatchObject({ member: 2n, purchase: { settled: false } })
    const denied = await through(both, act(4, ann, noChange(cid, { deny: [cleo.address] })))
    expect(await accessOf(denied, cleo)).toMatchObject({ member: null, purchase: { settled: false } })
  })

  test('that comes back leaves the place on a list', async () => {
    const both = await through(bought, act(4, ann, noChange(cid, { policy: { list: [cleo.address] } })))
    expect(await accessOf(await through(await both.grow(3), settle()), cleo)).toEqual({ member: 2n, purchase: null })
  })
})
