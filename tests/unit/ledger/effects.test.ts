import { describe, expect, test } from 'vitest'
import { blockId, transactionId, type Transaction } from '../../../src/ledger/index.ts'
import { keys } from '../../../src/state/index.ts'
import { TestChain, crowd, somebody, type MapState, type Somebody } from '../../support/ledger.ts'

const [ann, ben, cleo, mia] = [somebody('Ann'), somebody('Ben'), somebody('Cleo'), somebody('the miner')]
const sailors = crowd('sailor', 12)
const world = await TestChain.begin({ people: [ann, ben, ...sailors] })

const power = async (state: MapState, who: Somebody): Promise<bigint> => (await state.account(who)).power
const balance = async (state: MapState, who: Somebody): Promise<number> => (await state.account(who)).balance

async function miners(state: MapState): Promise<(string | null)[]> {
  const total = await state.read(keys.minerTotal) ?? 0
  return await Promise.all(Array.from({ length: total }, async (_, i) => await state.read(keys.miner(i))))
}

describe('power', () => {
  test('of the first 8 senders of a block, and of its miner', async () => {
    const { state } = await world.extend({ transactions: await Promise.all(sailors.map(async sailor => await world.message(sailor))) })
    expect(await Promise.all(sailors.map(async sailor => await power(state, sailor)))).toEqual(sailors.map((_, i) => i < 8 ? 1n : 0n))
    expect(await power(state, mia)).toBe(1n)
  })

  test('a sender counts once, and takes one of the 8 places', async () => {
    const twice = await Promise.all([1n, 2n, 3n].map(async nonce => await world.message(ann, { nonce })))
    const { state } = await world.extend({ transactions: [...twice, ...await Promise.all(sailors.map(async sailor => await world.message(sailor)))] })
    expect(await power(state, ann)).toBe(1n)
    expect(await Promise.all(sailors.map(async sailor => await power(state, sailor)))).toEqual(sailors.map((_, i) => i < 7 ? 1n : 0n))
  })

  test('none for a stamp, and a stamp takes no place', async () => {
    const stamped = await Promise.all(sailors.slice(0, 8).map(async sailor => world.stamped(await world.message(sailor), sailor)))
    const paid = await Promise.all(sailors.slice(4).map(async (sailor, i) => await world.message(sailor, { nonce: i < 4 ? 2n : 1n })))
    const { state } = await world.extend({ transactions: [...stamped, ...paid] })
    expect(await Promise.all(sailors.map(async sailor => await power(state, sailor)))).toEqual(sailors.map((_, i) => i < 4 ? 0n : 1n))
    expect((await state.account(sailors[0] ?? ann)).nonce).toBe(1n)
  })

  test('a miner who also sends gains both', async () => {
    const { state } = await world.extend({ miner: ann, transactions: [await world.message(ann)] })
    expect(await state.account(ann)).toEqual({ balance: 1_000_000 - 10 + 1_000, nonce: 1n, mined: 1n, power: 2n })
  })

  test('a miner takes none of the 8 places without sending', async () => {
    const { state } = await world.extend({ miner: sailors[11] ?? ann, transactions: await Promise.all(sailors.map(async sailor => await world.message(sailor))) })
    expect(await power(state, sailors[7] ?? ann)).toBe(1n)
    expect(await power(state, sailors[11] ?? ann)).toBe(1n)
  })

  test('none for whoever receives', async () => {
    const { state } = await world.extend({ transactions: [await world.wiring(ann, cleo, 5)] })
    expect(await state.account(cleo)).toEqual({ balance: 5, nonce: 0n, mined: 0n, power: 0n })
  })

  test('a larger fee gains no more', async () => {
    const { state } = await world.extend({ transactions: [await world.message(ann, { fee: 5_000 })] })
    expect(await power(state, ann)).toBe(1n)
  })

  test('counts for the miner one epoch later', async () => {
    const strict = await TestChain.begin({ people: [ann], minimumPower: 0, allocations: [{ address: ann.address, balance: 1_000, power: 1n }, { address: ben.address, balance: 1_000, power: 0n }], miner: ann })
    let later = await strict.extend({ transactions: [await strict.message(ben)] })
    const verdicts: (string | bigint)[] = []
    for (let i = 0; i < 8; i++) {
      const verdict = await later.try({ miner: ben })
      verdicts.push(verdict.ok ? verdict.value.tip.power : verdict.rule)
      later = await later.extend()
    }
    // Block 8 is the first whose powers are those of block 4.
    expect(verdicts).toEqual([...Array.from({ length: 6 }, () => 'too-young'), 1n, 1n])
  })
})

describe('the known miners', () => {
  test('each once, when it first holds power, in order', async () => {
    const first = await world.extend({ miner: ben, transactions: [await world.message(ann), await world.message(ben)] })
    const second = await first.extend({ miner: cleo, transactions: [await first.message(ann), await first.wiring(ann, mia, 1, { nonce: 3n })] })
    expect(await miners(first.state)).toEqual([ben.address, ann.address])
    expect(await miners(second.state)).toEqual([ben.address, ann.address, cleo.address])
  })

  test('those of genesis come first', async () => {
    const begun = await TestChain.begin({ allocations: [{ address: ann.address, balance: 5, power: 0n }, { address: ben.address, balance: 0, power: 2n }, { address: cleo.address, balance: 50, power: 1n }] })
    const next = await begun.extend({ transactions: [await begun.message(cleo)] })
    expect(await miners(begun.state)).toEqual([ben.address, cleo.address])
    expect(await miners(next.state)).toEqual([ben.address, cleo.address, mia.address])
  })

  test('a stamp makes nobody one', async () => {
    const { state } = await world.extend({ transactions: [world.stamped(await world.message(cleo), cleo)] })
    expect(await miners(state)).toEqual([mia.address])
  })
})

describe('the coinbase', () => {
  test('pays the fees of the parent and not its own, and the reward', async () => {
    const first = await world.extend({ miner: cleo, transactions: [await world.message(ann, { fee: 70 }), await world.message(ben, { fee: 30 })] })
    const second = await first.extend({ miner: mia, transactions: [await first.message(ann, { fee: 11 })] })
    expect(await balance(first.state, cleo)).toBe(1_000)
    expect(await first.state.read(keys.fees)).toBe(100)
    expect(await balance(second.state, mia)).toBe(1_100)
    expect(await second.state.read(keys.fees)).toBe(11)
    expect(await second.state.read(keys.coinbase(mia.address, 1n))).toEqual({ op: 0, amount: 1_100, block: blockId(second.tip.header) })
    expect(second.state.coins()).toBe(world.state.coins() + 2_000)
  })

  test('stands under the number of the miner\'s own block', async () => {
    const { state, tip } = await (await world.extend({ miner: ann })).extend({ miner: ben }).then(async chain => await chain.extend({ miner: ann }))
    expect(await state.read(keys.coinbase(ann.address, 2n))).toEqual({ op: 0, amount: 1_000, block: tip.id })
    expect(await state.read(keys.coinbase(ann.address, 3n))).toBeNull()
    expect((await state.account(ann)).nonce).toBe(0n)
  })

  test('a network without a reward makes no coins', async () => {
    const poor = await TestChain.begin({ people: [ann], reward: 0 })
    const { state } = await (await poor.extend({ transactions: [await poor.message(ann)] })).extend()
    expect(await balance(state, mia)).toBe(10)
    expect(state.coins()).toBe(1_000_000)
  })
})

test('a block of its sender does not void what it has pending', async () => {
  const pending = [await world.message(ann), await world.wiring(ann, ben, 3, { nonce: 2n })]
  const mined = await world.extend({ miner: ann })
  const { state } = await mined.extend({ miner: ann, transactions: pending })
  expect(await state.account(ann)).toMatchObject({ nonce: 2n, mined: 2n })
})

test('an output says which block and place, and of a message the transaction', async () => {
  const said = await world.message(ben)
  const { state, tip } = await world.extend({ transactions: [await world.wiring(ann, ben, 1), said, await world.profile(ann, '{}', { nonce: 2n })] })
  expect(await state.read(keys.output(ann.address, 1n))).toEqual({ op: 1, block: tip.id, index: 0, transaction: null })
  expect(await state.read(keys.output(ben.address, 1n))).toEqual({ op: 2, block: tip.id, index: 1, transaction: transactionId(said) })
  expect(await state.read(keys.output(ann.address, 2n))).toEqual({ op: 7, block: tip.id, index: 2, transaction: null })
})

test('coins go to accounts, to Factoid addresses and to oneself', async () => {
  const factoid = 'fa'.repeat(32)
  const transactions = [await world.wiring(ann, cleo, 5), await world.wiring(ann, factoid, 7, { nonce: 2n }), await world.wiring(ann, factoid, 8, { nonce: 3n }), await world.wiring(ann, ann, 500, { nonce: 4n })]
  const { state } = await world.extend({ transactions })
  expect(await state.account(ann)).toEqual({ balance: 1_000_000 - 20 - 40, nonce: 4n, mined: 0n, power: 1n })
  expect(await balance(state, cleo)).toBe(5)
  expect(await state.read(keys.factoid(factoid))).toBe(15)
  expect(state.coins()).toBe(world.state.coins() + 1_000)
})

describe('profiles', () => {
  const named = (relay: unknown): string => JSON.stringify({ TAU: 'a', relay })

  test('of a transaction, of operation 7 and of a block, with the relays of each', async () => {
    const first = await world.extend({ miner: cleo, profile: named(['/dns/c']), transactions: [await world.message(ann, { profile: named(['/dns/a', '/dns/b']) }), await world.profile(ben, named(['/dns/d']), {}, 'be'.repeat(32))] })
    expect(await first.state.read(keys.profile(ann.address))).toBe(named(['/dns/a', '/dns/b']))
    expect(await first.state.read(keys.relays(ann.address, 1n))).toEqual(['/dns/a', '/dns/b'])
    expect(await first.state.read(keys.relays(ben.address, 1n))).toEqual(['/dns/d'])
    expect(await first.state.read(keys.minedRelays(cleo.address, 1n))).toEqual(['/dns/c'])
    expect(await first.state.read(keys.box(ben.address))).toBe('be'.repeat(32))
    const { state } = await first.extend({ transactions: [await first.profile(ben, '{}')] })
    expect(await state.read(keys.profile(ben.address))).toBe('{}')
    expect(await state.read(keys.box(ben.address))).toBeNull()
    expect(await state.read(keys.relays(ben.address, 1n))).toEqual(['/dns/d'])
    expect(await state.read(keys.relays(ben.address, 2n))).toBeNull()
  })

  test('operation 7 has the last word over the profile beside it', async () => {
    const { state } = await world.extend({ transactions: [await world.profile(ann, named(['/dns/b']), { profile: named(['/dns/a']) })] })
    expect(await state.read(keys.profile(ann.address))).toBe(named(['/dns/b']))
    expect(await state.read(keys.relays(ann.address, 1n))).toEqual(['/dns/b'])
  })

  test.each([
    ['none', undefined, null], ['a text', '/dns/a', null], ['an object', { 0: '/dns/a', length: 1 }, null], ['no texts', [1, null, ['/dns/a'], ''], null],
    ['some texts', [1, '/dns/a', '\ud800', '\ufeff/dns/b', 'ü'.repeat(129), 'ü'.repeat(128)], ['/dns/a', 'ü'.repeat(128)]], ['nine', '123456789'.split(''), '12345678'.split('')],
  ])('relays that are %s', async (_, relay, kept) => {
    const { state } = await world.extend({ transactions: [await world.profile(ann, named(relay))] })
    expect(await state.read(keys.relays(ann.address, 1n))).toEqual(kept)
  })

  test('a key of the prototype is a key like others', async () => {
    const text = '{"__proto__":{"relay":["/dns/a"]},"constructor":1,"__proto__":[]}'
    const { state } = await world.extend({ transactions: [await world.profile(ann, text)] })
    expect(await state.read(keys.profile(ann.address))).toBe(text)
    expect(await state.read(keys.relays(ann.address, 1n))).toBeNull()
  })
})

test('what is refused leaves nothing behind, and says which transaction it was', async () => {
  const before = world.state.digest
  const bad: Transaction = await world.wiring(ann, ben, 2_000_000, { nonce: 3n })
  const verdict = await world.try({ transactions: [await world.message(ann), await world.message(ann, { nonce: 2n }), bad] })
  expect(verdict).toMatchObject({ ok: false, rule: 'tx-balance', index: 2 })
  expect(world.state.digest).toEqual(before)
})
