import { keyCommitment, type Assignment, type Policy, type Publication } from '../../../../src/content/index.ts'
import { toHex } from '../../../../src/base/index.ts'
import type { Audit, Keep, Parameters, Transaction, UnsignedTransaction, Verdict } from '../../../../src/ledger/index.ts'
import { proofsOf, realRecord } from '../../../support/keepers.ts'
import { TestChain, crowd, somebody, type Fields, type Somebody } from '../../../support/ledger.ts'
import { boxOfSomebody, fileOf, holderOf, keeperOpened, keyOf, noChange, plainRecord, sealedOn, secretOf, songRecord } from '../../../support/uploads.ts'
import type { Case, Cases } from './case.ts'

/*
 * Ann publishes, Ben and Dan keep, Cleo buys and reads, Eve does what she should not. Periods have 3 blocks.
 */
const [ann, ben, cleo, dan, eve] = ['Ann', 'Ben', 'Cleo', 'Dan', 'Eve'].map(somebody) as [Somebody, Somebody, Somebody, Somebody, Somebody]
const people = [ann, ben, cleo, dan, eve]
const most = 2 ** 40 - 1
const price = 1000

const song = songRecord('song', { pay: { price, share: 100 } })
const letter = songRecord('letter', { list: [cleo.address] })
const box = plainRecord('box', { rent: { each: 0, periods: 2, wanted: 1 }, keepers: [] })
const map = plainRecord('map')

async function beginning(changed: Partial<Parameters> = {}): Promise<TestChain> {
  const chain = await TestChain.begin({ people, keeperPeriod: 3, range: 40, ...changed })
  return await chain.extend({ transactions: [await keeperOpened(chain, ben), await keeperOpened(chain, dan)] })
}

const world = await beginning()
const own = song.file.cid
/** With what Ann publishes; Ben holds the key of her song. */
const shop = await world.extend({
  transactions: await Promise.all([{ ...song, holders: [await holderOf(world, own, ann, ben)] }, letter, box, map].map(async (record, i) => await published(world, ann, record, { nonce: BigInt(i + 1) }))),
})

async function published(chain: TestChain, who: Somebody, record: Publication, fields: Fields = {}): Promise<Transaction> { return await chain.transaction(3, who, record, fields) }

/** Whether these may stand in the next block; those of one sender are numbered on. */
async function inBlock(chain: TestChain, ...makers: readonly ((fields: Fields) => Promise<Transaction>)[]): Promise<Verdict<TestChain>> {
  const transactions: Transaction[] = []
  for (const make of makers) {
    const first = await make({})
    const before = transactions.filter(({ sender }) => sender === first.sender).length
    transactions.push(before === 0 ? first : await make({ nonce: first.nonce + BigInt(before) }))
  }
  return await chain.try({ transactions })
}

type Body<C extends UnsignedTransaction['op']> = Extract<UnsignedTransaction, { op: C }>['body']
const tries = async <C extends UnsignedTransaction['op']>(chain: TestChain, op: C, who: Somebody, body: Body<C>): Promise<Verdict<TestChain>> => await inBlock(chain, async fields => await chain.transaction(op, who, body as never, fields))
const made = async <C extends UnsignedTransaction['op']>(chain: TestChain, op: C, who: Somebody, body: Body<C>): Promise<TestChain> => {
  const verdict = await tries(chain, op, who, body)
  if (!verdict.ok) throw new Error(`${verdict.rule}: ${verdict.detail}`)
  return verdict.value
}

const publish = async (record: Publication, who = ann, chain = world): Promise<Verdict<TestChain>> => await tries(chain, 3, who, record)
const assign = async (change: Assignment, who = ann, chain = shop): Promise<Verdict<TestChain>> => await tries(chain, 4, who, change)
const keep = async (who: Somebody, what: Keep, chain = shop): Promise<Verdict<TestChain>> => await tries(chain, 5, who, what)
const accept = async (who: Somebody, cid: string, chain = shop, owner = ann): Promise<Verdict<TestChain>> => await keep(who, { accept: { uploads: [[cid, owner.address]] } }, chain)
const buy = async (who: Somebody, cid = own, chain = shop, coins = price): Promise<Verdict<TestChain>> => await tries(chain, 8, who, purchaseOf(who, cid, coins))
const purchaseOf = (who: Somebody, cid = own, coins = price): Body<8> => ({ cid, owner: ann.address, price: coins, box: boxOfSomebody(who, 'purchase') })

/** The grant of a purchase; with `key`, of something else than the key. */
async function grantOf(chain: TestChain, buyer: Somebody, cid = own, key = keyOf(cid)): Promise<Body<9>> {
  return { cid, owner: ann.address, buyer: buyer.address, ...await sealedOn(chain, { cid, owner: ann.address, to: buyer, box: boxOfSomebody(buyer, 'purchase'), key }) }
}
const grant = async (who: Somebody, chain: TestChain, cid = own): Promise<Verdict<TestChain>> => await tries(chain, 9, who, await grantOf(chain, cleo, cid))
const settleOf = (buyer: Somebody, secret: Uint8Array<ArrayBuffer> | null): Body<10> => ({ cid: own, owner: ann.address, buyer: buyer.address, secret })
const settle = async (who: Somebody, chain: TestChain, secret: Uint8Array<ArrayBuffer> | null = null): Promise<Verdict<TestChain>> => await tries(chain, 10, who, settleOf(cleo, secret))

const bought = await made(shop, 8, cleo, purchaseOf(cleo))
const granted = await made(bought, 9, ann, await grantOf(bought, cleo))
const cheated = await made(bought, 9, ann, await grantOf(bought, cleo, own, keyOf('another')))
const withdrawn = await made(shop, 4, ann, noChange(own, { withdrawn: true }))
const secret = secretOf(cleo, 'purchase')

/** More uploads than a block looks at, of which those asked for last one period; and one more block than that. */
const crowded = await overcrowded()
async function overcrowded(): Promise<TestChain> {
  const chain = await beginning({ keeperPeriod: 5 })
  const fillers = Array.from({ length: 40 }, (_, i) => plainRecord(`filler ${i}`))
  const last = { ...song, until: 1 }
  const lent = { ...box, until: 1, rent: { each: 0, periods: 1, wanted: 1 } }
  return await chain.extend({ transactions: await Promise.all(fillers.toSpliced(20, 0, last, lent).map(async (record, i) => await published(chain, ann, record, { nonce: BigInt(i + 1) }))) })
}
/** The last block in which those count, and one later. The cursor is elsewhere in the list: they are in its middle. */
const [still, over] = [await crowded.grow(4), await crowded.grow(5)]

/** A record that goes together, and one that does not. */
function terms(limit: string, good: Publication, bad: Partial<Publication>): Case {
  return { limit, keeps: async () => await publish(good), breaks: async () => await publish({ ...good, ...bad }) }
}

const commit = (name: string): Pick<Publication, 'keyCommit'> => ({ keyCommit: keyCommitment(fileOf(name).cid, keyOf(fileOf(name).cid)) })
const envelope = await holderOf(world, own, ann, ben)
const open: Policy = { open: null }
const publicKey: Policy = { public: toHex(keyOf(own)) }
const plain = 'ab'.repeat(32)
const rent = { each: 0, periods: 2, wanted: 1 }
const stamped = async (record: Publication): Promise<Verdict<TestChain>> => await inBlock(world, async fields => world.stamped(await published(world, ann, record, fields), ann))
const stamp = (limit: string, good: Publication, bad: Partial<Publication>): Case => ({ limit, keeps: async () => await stamped(good), breaks: async () => await stamped({ ...good, ...bad }) })

/** A network that pays its keepers. */
const allOps = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const paying = await beginning({ ops: allOps })
/** Keepers promise there for nothing, and Ann has published her box. */
const unpaid = await made(await beginning({ ops: allOps.filter(op => op !== 6) }), 3, ann, box)
const opened: Keep = { open: { bond: 0, pledged: 2 ** 40, price: 0, box: boxOfSomebody(eve), public: true } }
/** One keeper more than so many, in periods of one block. */
const manyKeepers = async (before: number): Promise<Verdict<TestChain>> => {
  const keepers = crowd('many', before)
  let chain = await TestChain.begin({ people: [...keepers, eve], keeperPeriod: 1, ops: [1, 5, 6] })
  chain = await chain.extend({ transactions: await Promise.all(keepers.map(async who => await keeperOpened(chain, who))) })
  return await keep(eve, opened, chain)
}
const reopened = async (chain: TestChain): Promise<Verdict<TestChain>> => await keep(ben, { open: { bond: 0, pledged: 5, price: 0, box: boxOfSomebody(ben), public: true } }, chain)
/** In a period of Ben's, in which a leaf of Ann's map is to be shown. */
const asked = await (async () => {
  const real = realRecord('map', { rent: { each: 0, periods: 2, wanted: 1 } }, 2_000)
  return await (await made(await made(paying, 3, ann, real), 5, ben, { accept: { uploads: [[real.file.cid, ann.address]] } })).grow(3)
})()
const cidAsked = realRecord('map', {}, 2_000).file.cid
/** What Ben shows, as it should be or otherwise; only one of what is asked for. */
const shown = async (otherwise: (audit: Audit) => Audit = audit => audit, parts = 4): Promise<Verdict<TestChain>> => {
  const all = await proofsOf(asked, ben)
  if (all === null) throw new Error('nothing is asked for')
  return await tries(asked, 6, ben, otherwise({ ...all, proofs: all.proofs.slice(0, parts) }))
}
const bonded = async (bond: number, changed: Partial<Parameters> = {}, before = 0): Promise<Verdict<TestChain>> => {
  let chain = await TestChain.begin({ people, ops: [1, 3, 5, 6], ...changed })
  const opening = (coins: number): Keep => ({ open: { bond: coins, pledged: 1, price: 0, box: boxOfSomebody(cleo), public: false } })
  if (before > 0) chain = await made(chain, 5, cleo, opening(before))
  return await keep(cleo, opening(bond), chain)
}
/** A keeper with this bond accepts an upload of so many bytes, where a GiB wants a bond of 8. */
const bondedFor = async (bond: number, bytes: number): Promise<Verdict<TestChain>> => {
  let chain = await TestChain.begin({ people, ops: [1, 3, 5, 6], keeperBondPerGiB: 8 })
  chain = await made(chain, 5, ben, { open: { bond, pledged: 2 ** 40, price: 0, box: boxOfSomebody(ben), public: true } })
  chain = await made(chain, 3, ann, { ...box, file: fileOf('box', bytes) })
  return await accept(ben, box.file.cid, chain)
}
/** A keeper who pledged so much accepts an upload of 1,500 bytes, an image of 500 among them. */
const pledged = async (bytes: number, twice = false): Promise<Verdict<TestChain>> => {
  let chain = await TestChain.begin({ people })
  chain = await chain.extend({ transactions: [await keeperOpened(chain, ben, bytes)] })
  chain = await made(chain, 3, ann, { ...box, images: [fileOf('label', 500)] })
  if (twice) chain = await made(await made(chain, 3, eve, box), 5, ben, { accept: { uploads: [[box.file.cid, eve.address]] } })
  return await accept(ben, box.file.cid, chain)
}
/** A purchase that was granted, by somebody who may hold so little more that a share cannot be paid to him. */
const toRich = async (room: number, refund: boolean): Promise<Verdict<TestChain>> => {
  const rich = refund ? cleo : ann
  let chain = await TestChain.begin({ reward: 0, keeperPeriod: 2, people: [], allocations: people.map(({ address }) => ({ address, balance: address === rich.address ? most : 2 * price, power: 0n })) })
  chain = await made(chain, 3, ann, song)
  chain = await made(chain, 8, cleo, purchaseOf(cleo))
  if (!refund) chain = await made(chain, 9, ann, await grantOf(chain, cleo))
  const held = (await chain.state.account(rich)).balance
  chain = await chain.extend({ transactions: [held > most - room ? await chain.wiring(rich, eve, held - most + room - 10) : await chain.wiring(eve, rich, most - room - held)] })
  return await settle(eve, await chain.extend())
}
/** Gives back the rent of 50 of somebody who may hold so much more. */
const backToRich = async (room: number): Promise<Verdict<TestChain>> => {
  let chain = await TestChain.begin({ reward: 0, ops: [1, 3, 4, 5, 6], allocations: [ann, eve].map(({ address }) => ({ address, balance: most, power: 0n })) })
  chain = await made(chain, 3, ann, { ...box, rent: { each: 50, periods: 1, wanted: 1 } })
  const { balance } = await chain.state.account(ann)
  chain = await chain.extend({ transactions: [await chain.wiring(eve, ann, most - room - balance)] })
  return await assign(noChange(box.file.cid, { withdrawn: true }), ann, chain)
}
/** Bonds again by somebody who may hold so much more beside the bond of 50. */
const bondOfRich = async (room: number): Promise<Verdict<TestChain>> => {
  let chain = await TestChain.begin({ reward: 0, ops: [1, 5, 6], allocations: [ann, eve].map(({ address }) => ({ address, balance: most, power: 0n })) })
  const opening: Keep = { open: { bond: 50, pledged: 1, price: 0, box: boxOfSomebody(ann), public: false } }
  chain = await made(chain, 5, ann, opening)
  const { balance } = await chain.state.account(ann)
  chain = await chain.extend({ transactions: [await chain.wiring(eve, ann, most - room - balance)] })
  return await keep(ann, opening, chain)
}

/** Complaints of so many buyers in one block. */
const complaints = async (count: number): Promise<Verdict<TestChain>> => {
  const buyers = crowd('buyer', count)
  const chain = await TestChain.begin({ people: [ann, ...buyers], coins: 1_000_000 })
  let shopping = await made(chain, 3, ann, song)
  shopping = await shopping.extend({ transactions: await Promise.all(buyers.map(async buyer => await shopping.transaction(8, buyer, purchaseOf(buyer)))) })
  const { nonce } = await shopping.state.account(ann)
  shopping = await shopping.extend({ transactions: await Promise.all(buyers.map(async (buyer, i) => await shopping.transaction(9, ann, await grantOf(shopping, buyer, own, keyOf('no')), { nonce: nonce + BigInt(i) + 1n }))) })
  return await shopping.try({ transactions: await Promise.all(buyers.map(async buyer => await shopping.transaction(10, buyer, settleOf(buyer, secretOf(buyer, 'purchase'))))) })
}

export const uploadRanges: readonly Case[] = [
  { limit: 'what an owner may be paid', keeps: async () => await toRich(price, false), breaks: async () => await toRich(price - 1, false) },
  { limit: 'what a buyer may be paid back', keeps: async () => await toRich(price, true), breaks: async () => await toRich(price - 1, true) },
  { limit: 'what an owner may be given back of a rent', keeps: async () => await backToRich(50), breaks: async () => await backToRich(49) },
  { limit: 'what a keeper may hold beside its bond', keeps: async () => await bondOfRich(50), breaks: async () => await bondOfRich(49) },
]

export const uploadCases = {
  'upload-exists': [
    { limit: 'one of each owner', keeps: async () => await publish(song, ben, shop), breaks: async () => await publish(song, ann, shop) },
    { limit: 'one of each owner in a block', keeps: async () => await inBlock(world, async f => await published(world, ann, song, f), async f => await published(world, ann, map, f)), breaks: async () => await inBlock(world, async f => await published(world, ann, song, f), async f => await published(world, ann, song, f)) },
    { limit: 'a withdrawn one that is not over yet', keeps: async () => await publish(song, ben, withdrawn), breaks: async () => await publish(song, ann, withdrawn) },
  ],
  'upload-unknown': [
    { limit: 'an upload of one\'s own', keeps: async () => await assign(noChange(own)), breaks: async () => await assign(noChange(own), eve) },
    { limit: 'an upload to keep', keeps: async () => await accept(ben, box.file.cid), breaks: async () => await accept(ben, fileOf('none').cid) },
    { limit: 'an upload to buy', keeps: async () => await buy(cleo), breaks: async () => await buy(cleo, fileOf('none').cid) },
    { limit: 'an upload to grant', keeps: async () => await grant(ann, bought), breaks: async () => await grant(ann, bought, fileOf('none').cid) },
  ],
  'upload-over': [
    { limit: 'one that is not withdrawn', keeps: async () => await assign(noChange(own, { until: 5 })), breaks: async () => await assign(noChange(own, { until: 5 }), ann, withdrawn) },
    { limit: 'one to buy that is not withdrawn', keeps: async () => await buy(cleo), breaks: async () => await buy(cleo, own, withdrawn) },
    {
      limit: 'one to keep that is not withdrawn',
      keeps: async () => await accept(ben, box.file.cid), breaks: async () => await accept(ben, box.file.cid, await made(shop, 4, ann, noChange(box.file.cid, { withdrawn: true }))),
    },
    { limit: 'one to grant that is not withdrawn', keeps: async () => await grant(ann, bought), breaks: async () => await grant(ann, await made(bought, 4, ann, noChange(own, { withdrawn: true }))) },
    { limit: 'its last block', keeps: async () => await assign(noChange(own, { until: 1 }), ann, still), breaks: async () => await assign(noChange(own, { until: 1 }), ann, over) },
    { limit: 'its last block, to buy', keeps: async () => await buy(cleo, own, still), breaks: async () => await buy(cleo, own, over) },
    { limit: 'its last block, to keep', keeps: async () => await accept(ben, box.file.cid, still), breaks: async () => await accept(ben, box.file.cid, over) },
    {
      limit: 'its last block, to grant',
      keeps: async () => await grant(ann, await made(await crowded.grow(3), 8, cleo, purchaseOf(cleo))), breaks: async () => await grant(ann, await made(still, 8, cleo, purchaseOf(cleo))),
    },
  ],
  'upload-terms': [
    terms('each file once', { ...song, images: [fileOf('cover')] }, { images: [song.file] }),
    terms('each image once', { ...song, images: [fileOf('cover'), fileOf('back')] }, { images: [fileOf('cover'), fileOf('cover')] }),
    terms('audio that is protected', song, { protected: false, policy: open, keyCommit: null }),
    terms('an image that is not protected', { ...map, kind: 'image' }, { protected: true, policy: { owner: null }, ...commit('map') }),
    terms('an image without images', { ...map, kind: 'image' }, { images: [fileOf('cover')] }),
    terms('an archive protected or not', { ...song, kind: 'archive' }, { protected: false }),
    terms('an open policy where nothing is locked', map, { policy: { owner: null } }),
    terms('no open policy where something is', song, { policy: open }),
    terms('a commitment where there is a key', song, { keyCommit: null }),
    terms('no commitment where there is none', map, commit('map')),
    terms('the hash of a recording', { ...song, plain }, { kind: 'archive' }),
    terms('the hash of a recording for sale', { ...song, plain }, { policy: { owner: null } }),
    terms('the hash of a recording that is public', { ...song, policy: publicKey, plain }, { policy: { list: [] } }),
    terms('holders of a key that is asked for', { ...song, holders: [envelope] }, { policy: publicKey }),
    terms('holders of a key at all', { ...song, policy: { owner: null }, holders: [envelope] }, { protected: false, kind: 'archive', policy: open, keyCommit: null }),
    terms('everybody once in a list', letter, { policy: { list: [cleo.address, cleo.address] } }),
    terms('keepers with a rent', { ...map, rent, keepers: [ben.address] }, { rent: null }),
    terms('as many keepers as are wanted', { ...map, rent: { ...rent, wanted: 2 }, keepers: [ben.address, dan.address] }, { keepers: [ben.address] }),
    terms('a rent for as long as it lasts', { ...map, until: 2, rent }, { until: 1 }),
    { limit: 'a change that goes together with the rest', keeps: async () => await assign(noChange(own, { policy: { owner: null } })), breaks: async () => await assign(noChange(own, { policy: open })) },
    { limit: 'a change of keepers who were asked', keeps: async () => await assign(noChange(box.file.cid, { keepers: [ben.address] })), breaks: async () => await assign(noChange(map.file.cid, { keepers: [ben.address] })) },
    { limit: 'another file in its place', keeps: async () => await assign(noChange(own, { replacedBy: fileOf('new').cid })), breaks: async () => await assign(noChange(own, { replacedBy: own })) },
    ...[{ keepers: [] }, { rent }, { holders: [] }].map(offer => ({
      limit: `an end without ${Object.keys(offer).join()}`, keeps: async () => await assign(noChange(box.file.cid, { withdrawn: true })), breaks: async () => await assign(noChange(box.file.cid, { withdrawn: true, ...offer })),
    })),
  ],
  'upload-key': [
    { limit: 'the key of its commitment', keeps: async () => await publish({ ...song, policy: publicKey }), breaks: async () => await publish({ ...song, policy: { public: toHex(keyOf('another')) } }) },
    { limit: 'the commitment of its file', keeps: async () => await publish({ ...song, policy: publicKey }), breaks: async () => await publish({ ...song, policy: publicKey, ...commit('another') }) },
    { limit: 'the key of its commitment, later', keeps: async () => await assign(noChange(own, { policy: publicKey })), breaks: async () => await assign(noChange(own, { policy: { public: 'ab'.repeat(32) } })) },
  ],
  'upload-holders': [
    { limit: 'each holder once', keeps: async () => await publish({ ...song, holders: [envelope] }), breaks: async () => await publish({ ...song, holders: [envelope, envelope] }) },
    { limit: 'others than its owner', keeps: async () => await publish({ ...song, holders: [envelope] }), breaks: async () => await publish({ ...song, holders: [envelope] }, ben) },
    { limit: 'the box a holder has', keeps: async () => await publish({ ...song, holders: [envelope] }), breaks: async () => await publish({ ...song, holders: [{ ...envelope, box: boxOfSomebody(dan) }] }) },
    { limit: 'a holder with a box', keeps: async () => await publish({ ...song, holders: [envelope] }), breaks: async () => await publish({ ...song, holders: [{ ...envelope, address: eve.address }] }) },
    { limit: 'the box a holder has, later', keeps: async () => await assign(noChange(own, { holders: [envelope] })), breaks: async () => await assign(noChange(own, { holders: [{ ...envelope, box: boxOfSomebody(dan) }] })) },
  ],
  'upload-keepers': [
    { limit: 'each keeper once', keeps: async () => await publish({ ...map, rent, keepers: [ben.address, dan.address] }), breaks: async () => await publish({ ...map, rent, keepers: [ben.address, ben.address] }) },
    { limit: 'others than its owner', keeps: async () => await publish({ ...map, rent, keepers: [ben.address] }), breaks: async () => await publish({ ...map, rent, keepers: [ben.address] }, ben) },
    { limit: 'keepers there are', keeps: async () => await publish({ ...map, rent, keepers: [ben.address] }), breaks: async () => await publish({ ...map, rent, keepers: [eve.address] }) },
    { limit: 'keepers there are, later', keeps: async () => await assign(noChange(box.file.cid, { keepers: [ben.address] })), breaks: async () => await assign(noChange(box.file.cid, { keepers: [eve.address] })) },
  ],
  'upload-readers': [
    { limit: 'readers of a list', keeps: async () => await assign(noChange(letter.file.cid, { allow: [eve.address] })), breaks: async () => await assign(noChange(own, { allow: [eve.address] })) },
    { limit: 'readers of a list who leave it', keeps: async () => await assign(noChange(letter.file.cid, { deny: [cleo.address] })), breaks: async () => await assign(noChange(own, { deny: [cleo.address] })) },
    { limit: 'readers of the list it becomes', keeps: async () => await assign(noChange(own, { policy: { list: [] }, allow: [eve.address] })), breaks: async () => await assign(noChange(letter.file.cid, { policy: { owner: null }, allow: [eve.address] })) },
    { limit: 'each once', keeps: async () => await assign(noChange(letter.file.cid, { allow: [eve.address, dan.address] })), breaks: async () => await assign(noChange(letter.file.cid, { allow: [eve.address, eve.address] })) },
    { limit: 'each in or out', keeps: async () => await assign(noChange(letter.file.cid, { allow: [eve.address], deny: [dan.address] })), breaks: async () => await assign(noChange(letter.file.cid, { allow: [eve.address], deny: [eve.address] })) },
    { limit: 'each once in a new list', keeps: async () => await assign(noChange(own, { policy: { list: [eve.address] } })), breaks: async () => await assign(noChange(own, { policy: { list: [eve.address, eve.address] } })) },
  ],
  'upload-stamped': [
    stamp('no rent', map, { rent }),
    stamp('no keepers', map, { rent, keepers: [ben.address] }),
    stamp('no price', { ...song, policy: { owner: null } }, { policy: song.policy }),
    stamp('no holders', { ...song, policy: { owner: null } }, { holders: [envelope] }),
    stamp('one image', { ...map, images: [fileOf('cover')] }, { images: [fileOf('cover'), fileOf('back')] }),
    stamp('four periods', map, { until: 5 }),
    { limit: 'none of that with a fee', keeps: async () => await publish({ ...map, until: 52, rent, images: [fileOf('cover'), fileOf('back')] }), breaks: async () => await stamped({ ...map, until: 52 }) },
  ],
  'rent-unpaid': [
    { limit: 'places without pay', keeps: async () => await publish({ ...map, rent }, ann, unpaid), breaks: async () => await publish({ ...map, rent: { ...rent, each: 1 } }, ann, unpaid) },
    { limit: 'places without pay, later', keeps: async () => await assign(noChange(box.file.cid, { rent }), ann, unpaid), breaks: async () => await assign(noChange(box.file.cid, { rent: { ...rent, each: 1 } }), ann, unpaid) },
    { limit: 'pay where keepers are audited', keeps: async () => await publish({ ...map, rent: { ...rent, each: 1 } }, ann, paying), breaks: async () => await publish({ ...map, rent: { ...rent, each: 1 } }, ann, unpaid) },
  ],
  'keeper-unknown': [
    { limit: 'a keeper who shows', keeps: async () => await shown(), breaks: async () => await tries(asked, 6, eve, { settled: 3, proofs: [] }) },
    { limit: 'a keeper who closes', keeps: async () => await keep(ben, { close: null }, paying), breaks: async () => await keep(eve, { close: null }, paying) },
    { limit: 'a keeper who accepts', keeps: async () => await accept(ben, box.file.cid), breaks: async () => await accept(eve, box.file.cid) },
    {
      limit: 'a keeper who releases',
      keeps: async () => await keep(ben, { release: { uploads: [], reason: 'ordinary' } }), breaks: async () => await keep(eve, { release: { uploads: [], reason: 'ordinary' } }),
    },
  ],
  'keeper-bond': [
    { limit: 'none', keeps: async () => await bonded(0, { ops: [5] }), breaks: async () => await bonded(1, { ops: [5] }) },
    { limit: 'none where some is wanted', keeps: async () => await bonded(0, { ops: [5] }), breaks: async () => await bonded(0, { ops: [5], keeperBond: 1 }) },
    { limit: 'what the network wants', keeps: async () => await bonded(5, { keeperBond: 5 }), breaks: async () => await bonded(4, { keeperBond: 5 }) },
    { limit: 'no less than before', keeps: async () => await bonded(7, {}, 7), breaks: async () => await bonded(6, {}, 7) },
    { limit: '8 for a GiB', keeps: async () => await bondedFor(8, 2 ** 30), breaks: async () => await bondedFor(8, 2 ** 30 + 1) },
    { limit: 'a part of it for a part', keeps: async () => await bondedFor(1, 2 ** 27), breaks: async () => await bondedFor(0, 1) },
  ],
  'keeper-full': [
    { limit: '8 for each block of a period', keeps: async () => await manyKeepers(7), breaks: async () => await manyKeepers(8) },
    { limit: 'what was pledged', keeps: async () => await pledged(1500), breaks: async () => await pledged(1499) },
    { limit: 'what was pledged, with what is kept already', keeps: async () => await pledged(2500, true), breaks: async () => await pledged(2499, true) },
  ],
  'keeper-void': [
    { limit: 'one that closes once', keeps: async () => await keep(ben, { close: null }, paying), breaks: async () => await keep(ben, { close: null }, await made(paying, 5, ben, { close: null })) },
    { limit: 'where bonds are', keeps: async () => await keep(ben, { close: null }, paying), breaks: async () => await keep(ben, { close: null }, unpaid) },
    { limit: 'no change while closing', keeps: async () => await reopened(paying), breaks: async () => await reopened(await made(paying, 5, ben, { close: null })) },
  ],
  'audit-period': [
    { limit: 'the period that runs', keeps: async () => await shown(), breaks: async () => await shown(show => ({ ...show, settled: show.settled - 1 })) },
    { limit: 'none before the first', keeps: async () => await shown(), breaks: async () => await tries(await made(await beginning({ ops: allOps }), 5, eve, opened), 6, eve, { settled: 1, proofs: [] }) },
  ],
  'audit-pick': [
    { limit: 'picks there are', keeps: async () => await shown(), breaks: async () => await shown(show => ({ ...show, proofs: [{ ...show.proofs[0]!, pick: 3 }] }), 1) },
    { limit: 'each once', keeps: async () => await shown(), breaks: async () => await shown(show => ({ ...show, proofs: [show.proofs[0]!, show.proofs[0]!] })) },
    { limit: 'something', keeps: async () => await shown(), breaks: async () => await shown(show => ({ ...show, proofs: [] })) },
  ],
  'audit-proof': [
    { limit: 'the leaf that is asked for', keeps: async () => await shown(), breaks: async () => await shown(show => ({ ...show, proofs: show.proofs.map(proof => ({ ...proof, bytes: proof.bytes.map(byte => byte ^ 1) })) })) },
    { limit: 'the whole way up', keeps: async () => await shown(), breaks: async () => await shown(show => ({ ...show, proofs: show.proofs.map(proof => ({ ...proof, path: proof.path.slice(1) })) })) },
  ],
  'keep-twice': [
    { limit: 'each claimed once', keeps: async () => await keep(ben, { claim: { uploads: [[cidAsked, ann.address]] } }, asked), breaks: async () => await keep(ben, { claim: { uploads: [[cidAsked, ann.address], [cidAsked, ann.address]] } }, asked) },
    {
      limit: 'each upload once',
      keeps: async () => await accept(ben, box.file.cid), breaks: async () => await keep(ben, { accept: { uploads: [[box.file.cid, ann.address], [box.file.cid, ann.address]] } }),
    },
  ],
  'offer-unknown': [
    { limit: 'an upload with a rent', keeps: async () => await accept(ben, box.file.cid), breaks: async () => await accept(ben, map.file.cid) },
    { limit: 'offered to anybody or to oneself', keeps: async () => await accept(ben, box.file.cid), breaks: async () => await accept(ben, box.file.cid, await made(shop, 4, ann, noChange(box.file.cid, { keepers: [dan.address] }))) },
    { limit: 'one of somebody else', keeps: async () => await accept(dan, box.file.cid, await made(world, 3, ben, box), ben), breaks: async () => await accept(ben, box.file.cid, await made(world, 3, ben, box), ben) },
  ],
  'offer-taken': [
    { limit: 'a place that is free', keeps: async () => await accept(dan, box.file.cid), breaks: async () => await accept(dan, box.file.cid, await made(shop, 5, ben, { accept: { uploads: [[box.file.cid, ann.address]] } })) },
    {
      limit: 'a second place', keeps: async () => await accept(dan, box.file.cid, await twoPlaces()), breaks: async () => await accept(ben, box.file.cid, await twoPlaces()),
    },
  ],
  'duty-unknown': [
    { limit: 'what one claims', keeps: async () => await keep(ben, { claim: { uploads: [[cidAsked, ann.address]] } }, asked), breaks: async () => await keep(dan, { claim: { uploads: [[cidAsked, ann.address]] } }, asked) },
    {
      limit: 'what one keeps',
      keeps: async () => await keep(ben, { release: { uploads: [[box.file.cid, ann.address]], reason: 'lost' } }, await twoPlaces()),
      breaks: async () => await keep(dan, { release: { uploads: [[box.file.cid, ann.address]], reason: 'lost' } }, await twoPlaces()),
    },
  ],
  'buy-price': [
    { limit: 'the price', keeps: async () => await buy(cleo), breaks: async () => await buy(cleo, own, shop, price + 1) },
    { limit: 'no less', keeps: async () => await buy(cleo), breaks: async () => await buy(cleo, own, shop, price - 1) },
    { limit: 'the price it has now', keeps: async () => await buy(cleo, own, await repriced(), 5), breaks: async () => await buy(cleo, own, await repriced()) },
    { limit: 'what is for sale', keeps: async () => await buy(cleo), breaks: async () => await buy(cleo, letter.file.cid) },
    { limit: 'what is for sale, and nothing open', keeps: async () => await buy(cleo), breaks: async () => await buy(cleo, map.file.cid, shop, 0) },
  ],
  'buy-twice': [
    { limit: 'once', keeps: async () => await buy(eve, own, bought), breaks: async () => await buy(cleo, own, bought) },
    { limit: 'once, if settled', keeps: async () => await buy(eve, own, await (await granted.grow(2)).extend()), breaks: async () => await buy(cleo, own, await made(await granted.grow(2), 10, eve, settleOf(cleo, null))) },
  ],
  'buy-unknown': [
    { limit: 'a purchase to grant', keeps: async () => await grant(ann, bought), breaks: async () => await grant(ann, shop) },
    { limit: 'a purchase to settle', keeps: async () => await settle(eve, await bought.grow(2)), breaks: async () => await settle(eve, await shop.grow(2)) },
  ],
  'grant-stranger': [
    { limit: 'its owner', keeps: async () => await grant(ann, bought), breaks: async () => await grant(eve, bought) },
    { limit: 'a holder', keeps: async () => await grant(ben, bought), breaks: async () => await grant(dan, bought) },
    { limit: 'a holder now', keeps: async () => await grant(ben, bought), breaks: async () => await grant(ben, await made(bought, 4, ann, noChange(own, { holders: [] }))) },
    { limit: 'not the buyer', keeps: async () => await grant(ann, bought), breaks: async () => await grant(cleo, bought) },
  ],
  'grant-closed': [
    { limit: 'once', keeps: async () => await grant(ben, bought), breaks: async () => await grant(ben, granted) },
    { limit: 'within a period', keeps: async () => await grant(ben, await bought.grow(1)), breaks: async () => await grant(ben, await bought.grow(2)) },
  ],
  'settle-excess': [{ limit: 'four complaints in a block', keeps: async () => await complaints(4), breaks: async () => await complaints(5) }],
  'settle-done': [
    { limit: 'once', keeps: async () => await settle(eve, await granted.grow(2)), breaks: async () => await settle(eve, await made(await granted.grow(2), 10, eve, settleOf(cleo, null))) },
  ],
  'settle-early': [
    { limit: 'a period after the grant', keeps: async () => await settle(ann, await granted.grow(2)), breaks: async () => await settle(ann, await granted.grow(1)) },
    { limit: 'a period after the purchase', keeps: async () => await settle(cleo, await bought.grow(2)), breaks: async () => await settle(cleo, await bought.grow(1)) },
  ],
  'settle-secret': [
    { limit: 'the buyer', keeps: async () => await settle(cleo, cheated, secret), breaks: async () => await settle(eve, cheated, secret) },
    { limit: 'the secret of the box', keeps: async () => await settle(cleo, cheated, secret), breaks: async () => await settle(cleo, cheated, secretOf(cleo)) },
    { limit: 'something granted', keeps: async () => await settle(cleo, cheated, secret), breaks: async () => await settle(cleo, bought, secret) },
    { limit: 'within a period', keeps: async () => await settle(cleo, await cheated.grow(1), secret), breaks: async () => await settle(cleo, await cheated.grow(2), secret) },
  ],
  'settle-opens': [{ limit: 'an envelope without the key', keeps: async () => await settle(cleo, cheated, secret), breaks: async () => await settle(cleo, granted, secret) }],
} satisfies Cases

/** Ben keeps the box, for which two are wanted. */
async function twoPlaces(): Promise<TestChain> {
  const wanted = await made(shop, 4, ann, noChange(box.file.cid, { rent: { ...rent, wanted: 2 } }))
  return await made(wanted, 5, ben, { accept: { uploads: [[box.file.cid, ann.address]] } })
}

async function repriced(): Promise<TestChain> { return await made(shop, 4, ann, noChange(own, { policy: { pay: { price: 5, share: 0 } } })) }
