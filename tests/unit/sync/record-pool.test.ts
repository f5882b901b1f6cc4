import { assert, constantFrom, integer, property, record as shapeOf, array, boolean } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RecordPool, type PoolRecord, type RecordCaps } from '../../../src/sync/pool/record-pool.ts'
import { commit, hash, item, payerOf, reveal, type Wish } from './record-help.ts'

const caps: RecordCaps = { payments: { count: 8, bytes: 1_600 }, reveals: { count: 6, bytes: 4_000 }, held: { count: 4, bytes: 2_000 }, heldSeconds: 100, share: 2 }
const names = (pool: RecordPool): readonly string[] => pool.records().map(({ needs }) => needs.key)
const heldNames = (pool: RecordPool): readonly string[] => pool.held().map(({ needs }) => needs.key)

describe('what waits', () => {
  test('is there once, also where it was signed anew, and becomes the own one of who sends it too', () => {
    const pool = new RecordPool({ last: 0 }, caps)
    expect(pool.put(commit('a'))).toBe('new')
    expect(pool.put(commit('a'))).toBe('known')
    expect(pool.put({ ...commit('a'), id: hash('another signature') })).toBe('known')
    expect(pool.put({ ...commit('a'), own: true, source: '' })).toBe('known')
    expect(pool.records()).toMatchObject([{ own: true, source: '', order: 1 }])
    expect(pool.put({ ...commit('a'), id: hash('another signature') })).toBe('known')
    expect(pool.size).toBe(1)
  })

  test('knows what it takes from whom, and who commits to what', () => {
    const pool = new RecordPool({ last: 0 }, caps)
    for (const each of [commit('a', { credits: 3, entry: 'e' }), commit('b', { credits: 2 }), commit('c', { credits: 5, paid: false }), commit('d', { payer: 'ben', entry: 'e' })]) pool.put(each)
    expect([pool.spent(payerOf('ann')), pool.spent(payerOf('ann'), hash('a')), pool.spent(payerOf('ann'), hash('c')), pool.spent(payerOf('ben'))]).toEqual([5, 2, 5, 1])
    expect(pool.commitsOf('e').map(({ id }) => id)).toEqual([hash('a'), hash('d')])
    pool.drop([hash('a')])
    expect([pool.spent(payerOf('ann')), pool.commitsOf('e').length]).toEqual([2, 1])
    expect(pool.begins('a chain')).toBe(false)
    pool.put(reveal('first', { begins: true, paid: false }))
    expect(pool.begins('a chain')).toBe(false)
    pool.put(reveal('first', { begins: true }))
    expect(pool.begins('a chain')).toBe(true)
  })

  test('is held while nothing pays for it, and told of once something does; the other way round it is held again', () => {
    const pool = new RecordPool({ last: 7 }, caps)
    expect(pool.put(reveal('a', { paid: false }))).toBe('held')
    expect([pool.after(0, 99).length, names(pool), heldNames(pool)]).toEqual([0, [], ['entry/a']])
    pool.put(commit('c'))
    expect(pool.put(reveal('a'))).toBe('new')
    expect(pool.after(8, 99).map(({ order, needs }) => [order, needs.key])).toEqual([[9, 'entry/a']])
    expect(pool.put(reveal('a', { paid: false }))).toBe('held')
    expect([names(pool), heldNames(pool)]).toEqual([['paid/c'], ['entry/a']])
  })

  test('goes when its time is over; what is held before that, own ones not', () => {
    const pool = new RecordPool({ last: 0 }, caps)
    for (const each of [commit('a'), reveal('b', { paid: false }), reveal('c', { paid: false, more: { own: true, source: '' } })]) pool.put(each)
    pool.expire(100)
    expect(pool.size).toBe(3)
    pool.expire(101)
    expect([names(pool), heldNames(pool)]).toEqual([['paid/a'], ['entry/c']])
    pool.expire(1_001)
    expect(pool.size).toBe(0)
  })

  test('of own ones it is known whether anybody was given them, wherever they lie', () => {
    const pool = new RecordPool({ last: 0 }, caps)
    pool.put(commit('a', { more: { own: true, source: '' } }))
    pool.put(commit('b'))
    for (const each of pool.after(0, 99)) pool.noteGiven(each)
    expect([pool.given, pool.wasGiven(hash('a')), pool.wasGiven(hash('b'))]).toEqual([1, true, false])
    pool.put(commit('a', { payer: 'ben' }))
    expect(pool.wasGiven(hash('a'))).toBe(true)
    pool.drop([hash('a')])
    expect(pool.given).toBe(0)
  })

  test('is not tried again for a while where a block could not take it, own ones always', () => {
    const pool = new RecordPool({ last: 0 }, caps)
    pool.put(commit('a'))
    pool.put(commit('b', { more: { own: true, source: '' } }))
    const tried = (now: number): readonly string[] => pool.candidates(now).map(({ needs }) => needs.key)
    pool.setAside([hash('a'), hash('b')], 0, 10)
    expect([tried(9), tried(10)]).toEqual([['paid/b'], ['paid/a', 'paid/b']])
    pool.setAside([hash('a')], 10, 10)
    expect([tried(29), tried(30)]).toEqual([['paid/b'], ['paid/a', 'paid/b']])
  })
})

describe('where there is no room', () => {
  test('what pays least for a byte goes, and nothing goes for what pays no more', () => {
    const pool = new RecordPool({ last: 0 }, { ...caps, share: 1 })
    for (let i = 1; i <= 8; i++) pool.put(commit(`c${i}`, { credits: i }))
    expect(pool.put(commit('dear', { credits: 1 }))).toBe('full')
    expect(pool.put(commit('dearer', { credits: 3 }))).toBe('new')
    expect(names(pool)).toEqual(['paid/c2', 'paid/c3', 'paid/c4', 'paid/c5', 'paid/c6', 'paid/c7', 'paid/c8', 'paid/dearer'])
  })

  test('several cheap ones go for one long one, or none', () => {
    const pool = new RecordPool({ last: 0 }, { ...caps, share: 1 })
    for (let i = 1; i <= 6; i++) pool.put(reveal(`r${i}`, { worth: i, size: 600 }))
    expect(pool.put(reveal('long', { worth: 3, size: 1_800 }))).toBe('full') // a byte of it pays less
    expect(names(pool).length).toBe(6)
    expect(pool.put(reveal('long and dear', { worth: 9, size: 1_700 }))).toBe('new')
    expect(names(pool)).toEqual(['entry/r4', 'entry/r5', 'entry/r6', 'entry/long and dear'])
  })

  test('nobody who pays has more than a share, however dear theirs are', () => {
    const pool = new RecordPool({ last: 0 }, caps)
    for (let i = 1; i <= 6; i++) pool.put(commit(`ann ${i}`, { credits: 10 - i }))
    expect(names(pool).length).toBe(4)
    expect(pool.put(commit('of ben', { payer: 'ben' }))).toBe('new')
    expect(pool.put(commit('ann dear', { credits: 20 }))).toBe('new')
    expect(names(pool)).toEqual(['paid/ann 1', 'paid/ann 2', 'paid/ann 3', 'paid/of ben', 'paid/ann dear'])
  })

  test('of what nothing pays for the oldest goes, and one peer has a share', () => {
    const pool = new RecordPool({ last: 0 }, caps)
    const held = (name: string, source: string, came: number): Wish => reveal(name, { paid: false, size: 100, more: { source, came } })
    for (const [i, source] of ['x', 'x', 'x', 'y', 'z'].entries()) expect(pool.put(held(`h${i}`, source, i))).toBe('held')
    expect(heldNames(pool)).toEqual(['entry/h1', 'entry/h2', 'entry/h3', 'entry/h4'])
    pool.put(held('h5', 'z', 5))
    expect(heldNames(pool)).toEqual(['entry/h2', 'entry/h3', 'entry/h4', 'entry/h5'])
  })

  test('own ones come in and stay', () => {
    const pool = new RecordPool({ last: 0 }, caps)
    const own = { own: true, source: '' }
    for (let i = 0; i < 10; i++) expect(pool.put(commit(`own ${i}`, { more: own }))).toBe('new')
    expect(pool.put(commit('dear', { payer: 'ben', credits: 20 }))).toBe('full')
    expect(names(pool).length).toBe(10)
  })
})

test('whatever comes and goes, rooms and shares hold, sums are right, and nothing goes for what pays less', () => {
  const wish = shapeOf({
    name: integer({ min: 0, max: 25 }), payer: constantFrom('ann', 'ben', 'cy'), source: constantFrom('x', 'y', 'z'), worth: integer({ min: 1, max: 20 }), size: constantFrom(136, 200, 500, 900),
    kind: constantFrom('commit', 'reveal'), paid: boolean(), own: constantFrom(false, false, false, true), act: constantFrom('put', 'put', 'put', 'drop', 'expire'), came: integer({ min: 0, max: 90 }),
  })
  assert(property(array(wish, { minLength: 1, maxLength: 80 }), wishes => {
    const pool = new RecordPool({ last: 0 }, caps)
    for (const { name, payer, source, worth, size, kind, paid, own, act, came } of wishes) {
      const all = (): readonly PoolRecord[] => [...pool.records(), ...pool.held()]
      const before = all()
      const more = { item: item(size), source: own ? '' : source, own, came }
      const one = kind === 'commit' ? commit(`${kind} ${name}`, { payer, credits: worth, paid, more }) : reveal(`${kind} ${name}`, { payer, worth, paid, more })
      if (act === 'drop') pool.drop([one.id])
      else if (act === 'expire') pool.expire(came + 60)
      else {
        const put = pool.put(one)
        const gone = before.filter(each => each.id !== one.id && !pool.has(each.id))
        if (put !== 'new' && put !== 'held') expect(gone).toEqual([])
        for (const each of gone) {
          expect(each.own).toBe(false)
          if (!pool.get(one.id)!.own && one.paid !== null) expect((each.paid?.worth ?? 0) / each.item.bytes.length).toBeLessThan(one.paid.worth / size)
        }
      }
      const rooms = { payments: all().filter(each => each.paid !== null && each.needs.kind !== 'reveal'), reveals: all().filter(each => each.paid !== null && each.needs.kind === 'reveal'), held: pool.held() }
      for (const [room, there] of Object.entries(rooms) as readonly (readonly [keyof typeof rooms, readonly PoolRecord[]])[]) {
        const others = there.filter(each => !each.own)
        if (others.length === there.length) {
          expect(there.length).toBeLessThanOrEqual(caps[room].count)
          expect(there.reduce((sum, each) => sum + each.item.bytes.length, 0)).toBeLessThanOrEqual(caps[room].bytes)
          for (const who of new Set(there.map(each => each.paid?.payer ?? each.source))) expect(there.filter(each => (each.paid?.payer ?? each.source) === who).length).toBeLessThanOrEqual(caps[room].count / caps.share)
        }
      }
      for (const who of ['ann', 'ben', 'cy']) {
        const taken = rooms.payments.filter(each => each.paid?.payer === payerOf(who) && each.needs.takes[0]!.from.name === payerOf(who)).reduce((sum, each) => sum + each.needs.takes[0]!.amount, 0)
        expect(pool.spent(payerOf(who))).toBe(taken)
      }
      const orders = pool.after(0, 99).map(({ order }) => order)
      expect(orders).toEqual([...new Set(orders)].sort((a, b) => a - b))
      expect(pool.size).toBe(all().length)
    }
  }), { numRuns: 60 })
})
