import { expect, test } from 'vitest'
import { encode, utf8 } from '../../../src/base/index.ts'
import { StateView, account, keyBytes, keys, noAccount, readState, type StateReader } from '../../../src/state/index.ts'
import { somebody } from '../../support/ledger.ts'

const [ann, ben] = [somebody('Ann').address, somebody('Ben').address]
const factoid = 'fa'.repeat(32)

/** A state of these rows, which counts how often it is asked. */
function stateOf(rows: Readonly<Record<string, Uint8Array>>): StateReader & { asked: number } {
  return { asked: 0, async get(key) { this.asked++; return rows[Buffer.from(key).toString()] ?? null } }
}

const rich = stateOf({ [`account/${ann}`]: encode(account, { ...noAccount, balance: 50, nonce: 3n }), [`account/${ann}/profile`]: encode(keys.profile(ann).codec, '{}') })

test('reads through once, and tells what was written', async () => {
  const state = new StateView(rich)
  rich.asked = 0
  expect(await state.get(keys.account(ann))).toEqual({ balance: 50, nonce: 3n, mined: 0n, power: 0n })
  expect(await state.get(keys.account(ann))).toMatchObject({ balance: 50 })
  expect(await state.get(keys.account(ben))).toBeNull()
  expect(rich.asked).toBe(2)
  state.set(keys.account(ann), { ...noAccount, balance: 7 })
  expect(await state.get(keys.account(ann))).toMatchObject({ balance: 7 })
  expect(rich.asked).toBe(2)
})

test('its changes are what was written and nothing that was only read', async () => {
  const state = new StateView(rich)
  await state.get(keys.account(ben))
  await state.get(keys.fees)
  await state.get(keys.profile(ann))
  expect(state.changes()).toEqual([])
  state.set(keys.fees, 0)
  state.set(keys.profile(ann), null)
  state.put(keys.miner(0), ben)
  state.put(keys.miner(0), ann)
  expect(state.changes()).toEqual([
    { key: utf8('fees'), value: Uint8Array.of(0) }, { key: utf8(`account/${ann}/profile`), value: null }, { key: keyBytes(keys.miner(0)), value: encode(keys.miner(0).codec, ann) },
  ])
})

test('its books are the coins of the written rows, whichever kind they are', async () => {
  const state = new StateView(rich)
  for (const key of [keys.account(ann), keys.account(ben), keys.fees, keys.factoid(factoid)]) await state.get<unknown>(key)
  expect(state.minted).toBe(0)
  state.set(keys.account(ann), { ...noAccount, balance: 20 })
  expect(state.minted).toBe(-30)
  state.set(keys.factoid(factoid), 25)
  state.set(keys.fees, 5)
  expect(state.minted).toBe(0)
  state.set(keys.account(ben), { ...noAccount, balance: 9 })
  state.put(keys.miner(0), ben)
  expect(state.minted).toBe(9)
  state.set(keys.account(ann), null)
  expect(state.minted).toBe(-11)
})

test('nothing is written that would not be in the books', () => {
  const state = new StateView(rich)
  expect(() => { state.set(keys.account(ann), noAccount) }).toThrow('written unread')
  for (const put of [() => { state.put(keys.account(ann), noAccount) }, () => { state.put(keys.fees, 1) }, () => { state.put(keys.factoid(factoid), 1) }]) expect(put).toThrow('holds coins')
  expect(state.changes()).toEqual([])
})

test('a row of another shape is damage', async () => {
  const damaged = stateOf({ fees: encode(account, noAccount), [`box/${ann}`]: utf8('x') })
  await expect(readState(damaged, keys.fees)).rejects.toMatchObject({ code: 'storage-damaged' })
  await expect(new StateView(damaged).get(keys.box(ann))).rejects.toMatchObject({ code: 'storage-damaged' })
  expect(await readState(damaged, keys.minerTotal)).toBeNull()
})

test('every key has its name', () => {
  expect([
    keys.account(ann), keys.coinbase(ann, 3n), keys.output(ann, 4n), keys.profile(ann), keys.relays(ann, 5n), keys.minedRelays(ann, 6n), keys.minerTotal, keys.miner(7), keys.fees, keys.box(ann), keys.factoid(factoid),
  ].map(({ name }) => name)).toEqual([
    `account/${ann}`, `account/${ann}/mined/3`, `account/${ann}/4`, `account/${ann}/profile`, `account/${ann}/5/relays`, `account/${ann}/mined/6/relays`, 'miner/total', 'miner/7', 'fees', `box/${ann}`, `factoid/${factoid}`,
  ])
})
