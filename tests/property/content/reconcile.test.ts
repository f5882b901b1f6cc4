import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { dutyReason, isDuty, reconcile, type Action, type Duties, type Duty, type HeldFile } from '../../../src/content/index.ts'
import { alice, bob, dutiesAt, dutyOf, fileOf, heldOf, network, viewOf } from '../../support/duties.ts'

/* Reconciliation, whatever order things happen in. */

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const uploads: readonly Duty[] = names.flatMap((name, i) => [dutyOf(name, { images: i % 2 === 0 ? [names[(i + 1) % names.length]!.toUpperCase()] : [] }), dutyOf(name, { owner: bob })])
const personal = fc.subarray(['own', 'pinned', 'wanted', 'shared', 'samaritan', 'attachment'], { maxLength: 2 })
const some = fc.subarray([...uploads])
const states = fc.record({ obliged: some, offered: some, waiting: some })
const row = fc.record({
  name: fc.constantFrom(...names),
  reasons: fc.tuple(personal, fc.subarray(uploads.flatMap(upload => (['offered', 'obliged'] as const).map(why => [why, upload] as const)), { maxLength: 3 })),
  network: fc.constantFrom(network, 'another'),
  status: fc.constantFrom('PENDING', 'DOWNLOADING', 'SEEDING', 'FAILED', 'TRASHED' as const),
})
const rows = fc.uniqueArray(row, { selector: ({ name }) => name, maxLength: 8 }).map(list => list.map(({ name, reasons: [mine, theirs], network: of, status }): HeldFile => {
  const { cid } = fileOf(name)
  const all = [...mine, ...theirs.map(([why, upload]) => dutyReason(why, of, upload, cid))]
  return heldOf(name, { status, reasons: all.length > 0 ? all : ['wanted'] })
}))

/** What the peer does with an action. */
function apply(have: Map<string, HeldFile>, action: Action): void {
  const held = have.get(action.cid)
  switch (action.act) {
    case 'fetch':
      if (held === undefined) have.set(action.cid, { cid: action.cid, size: action.file.size, infohash: action.file.infohash, status: 'PENDING', paused: false, problem: null, reasons: action.reasons })
      break
    case 'keep': {
      if (held === undefined) break
      const mine = held.status === 'TRASHED' ? [] : held.reasons.filter(reason => !isDuty(reason))
      have.set(action.cid, { ...held, status: held.status === 'TRASHED' ? 'SEEDING' : held.status, reasons: [...mine, ...action.reasons.filter(isDuty)], absent: action.absent })
      break
    }
    case 'refetch':
      if (held?.status === 'FAILED') have.set(action.cid, { ...held, status: 'PENDING', infohash: action.file.infohash, problem: null })
      break
    case 'other':
      if (held !== undefined && held.infohash === action.from) have.set(action.cid, { ...held, infohash: action.file.infohash })
      break
    case 'drop':
      if (held === undefined || held.status === 'TRASHED' || !held.reasons.every(isDuty)) break
      if (held.status === 'SEEDING') have.set(action.cid, { ...held, status: 'TRASHED', reasons: [], absent: {} })
      else have.delete(action.cid)
      break
    case 'check':
      if (held?.status === 'SEEDING') have.set(action.cid, { ...held, facts: { audit: fileOf(nameOf(action.cid)).audit, dissem: [alice], sound: true } })
  }
}

const byCid = new Map([...names, ...names.map(name => name.toUpperCase())].map(name => [fileOf(name).cid, name]))
function nameOf(cid: string): string { return byCid.get(cid) ?? '' }

const taken = (actions: readonly Action[]): readonly Action[] => actions.filter(({ act }) => act === 'drop')
const pass = (have: Map<string, HeldFile>, duties: Duties | null, newest = 0, released: ReadonlySet<string> = new Set()) => reconcile(viewOf([...have.values()], { duties, newest, released, retry: () => true }))
const mapOf = (list: readonly HeldFile[]): Map<string, HeldFile> => new Map(list.map(each => [each.cid, each]))

test('the first look at an empty state takes nothing away, nor does any state that is older, not fresh, or of another network', () => {
  fc.assert(fc.property(rows, states, fc.nat(1000), fc.constantFrom('empty', 'older', 'stale', 'another'), (list, lists, safe, why) => {
    const have = mapOf(list)
    const marked = mapOf(list.map(each => ({ ...each, absent: Object.fromEntries(each.reasons.filter(isDuty).map(reason => [reason, 0])) })))
    if (why === 'empty') expect(taken(pass(have, dutiesAt(safe)).actions)).toEqual([])
    else if (why === 'older') expect(pass(marked, dutiesAt(safe, lists), safe + 1).actions).toEqual([])
    else if (why === 'stale') expect(pass(marked, dutiesAt(safe, { ...lists, fresh: false })).actions).toEqual([])
    else expect(pass(marked, dutiesAt(safe, { ...lists, network: 'third' })).actions).toEqual([])
  }), { numRuns: 300 })
})

test('done twice it is done once', () => {
  fc.assert(fc.property(rows, states, fc.nat(1000), (list, lists, safe) => {
    const have = mapOf(list)
    const first = pass(have, dutiesAt(safe, lists))
    for (const action of first.actions) apply(have, action)
    // What was just read is new, and so are verdicts on it: no rows change for those.
    expect(pass(have, dutiesAt(safe, lists)).actions).toEqual([])
  }), { numRuns: 300 })
})

test('no pass ever takes a reason of the person, or one of another network, away', () => {
  fc.assert(fc.property(rows, fc.array(states, { minLength: 1, maxLength: 6 }), (list, all) => {
    const have = mapOf(list)
    const others = (held: HeldFile): readonly string[] => held.reasons.filter(reason => !isDuty(reason) || reason.includes('another'))
    const before = new Map([...have].filter(([, held]) => held.status !== 'TRASHED' && others(held).length > 0))
    all.forEach((lists, i) => { for (const action of pass(have, dutiesAt(1000 * (i + 1), lists), 0, new Set(have.keys())).actions) apply(have, action) })
    for (const [cid, held] of before) {
      expect(have.get(cid)?.status).not.toBe('TRASHED')
      expect(others(have.get(cid)!).toSorted()).toEqual(others(held).toSorted())
    }
  }), { numRuns: 300 })
})

type Step =
  | { readonly do: 'state', readonly lists: { readonly obliged: readonly Duty[], readonly offered: readonly Duty[], readonly waiting: readonly Duty[] }, readonly blocks: number }
  | { readonly do: 'pass', readonly order: readonly number[], readonly part: number }
  | { readonly do: 'arrive' | 'fail' | 'lose', readonly at: number }
  | { readonly do: 'want', readonly at: number, readonly on: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('state' as const), lists: states, blocks: fc.nat(100) }),
  fc.record({ do: fc.constant('pass' as const), order: fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }), part: fc.nat(100) }),
  fc.record({ do: fc.constantFrom('arrive' as const, 'fail' as const, 'lose' as const), at: fc.nat(20) }),
  fc.record({ do: fc.constant('want' as const), at: fc.nat(20), on: fc.boolean() }),
)

test('whatever happened before, and in whatever order it was done, what is held ends as what is to be held', () => {
  fc.assert(fc.property(rows, fc.array(step, { maxLength: 25 }), states, (list, script, last) => {
    const have = mapOf(list)
    let [safe, newest, duties]: [number, number, Duties | null] = [100, 0, null]
    const nth = (at: number): HeldFile | undefined => [...have.values()][at % Math.max(1, have.size)]
    const arrive = (held: HeldFile): void => {
      if (held.status === 'PENDING' || held.status === 'DOWNLOADING') have.set(held.cid, { ...held, status: 'SEEDING', facts: { audit: fileOf(nameOf(held.cid)).audit, dissem: [alice], sound: true } })
    }
    for (const each of script) {
      if (each.do === 'state') duties = dutiesAt(safe += each.blocks, each.lists)
      else if (each.do === 'pass') {
        const { actions, safe: acted } = pass(have, duties, newest)
        const mixed = actions.map((action, i) => ({ action, key: each.order[i % 8]! + i })).toSorted((a, b) => a.key - b.key)
        for (const { action } of mixed.slice(0, Math.ceil(mixed.length * each.part / 100))) apply(have, action)
        newest = acted ?? newest
      } else {
        const held = nth(each.at)
        if (held === undefined) continue
        if (each.do === 'arrive') arrive(held)
        else if (each.do === 'fail' && held.status === 'DOWNLOADING') have.set(held.cid, { ...held, status: 'FAILED', problem: { code: 'timeout' } })
        else if (each.do === 'lose' && held.status === 'SEEDING') have.set(held.cid, { ...held, status: 'FAILED', problem: { code: 'storage-lost' } })
        else if (each.do === 'want' && held.status !== 'TRASHED') have.set(held.cid, { ...held, reasons: [...held.reasons.filter(reason => reason !== 'wanted'), ...each.on ? ['wanted'] : []] })
      }
    }
    const mine = new Map([...have].map(([cid, held]) => [cid, held.status === 'TRASHED' ? [] : held.reasons.filter(reason => !isDuty(reason) || reason.includes('another'))]))
    let released: ReadonlySet<string> = new Set()
    for (let i = 0; i < 12; i++) {
      const { actions, asks } = pass(have, dutiesAt(safe += 100, last), newest, released)
      released = new Set(asks?.cids)
      for (const action of actions) apply(have, action)
      have.forEach(arrive)
    }
    const promised = new Set(last.obliged.map(({ cid, owner }) => `${cid}/${owner}`))
    const wanted = new Map<string, Set<string>>()
    const lists = [['obliged', last.obliged], ['offered', last.offered.filter(({ cid, owner }) => !promised.has(`${cid}/${owner}`))]] as const
    for (const [why, duty] of lists.flatMap(([each, of]) => of.map(upload => [each, upload] as const))) {
      for (const { cid } of duty.files) wanted.set(cid, (wanted.get(cid) ?? new Set()).add(dutyReason(why, network, duty, cid)))
    }
    for (const [cid, reasons] of wanted) {
      expect(have.get(cid)).toMatchObject({ status: 'SEEDING' })
      expect(new Set(have.get(cid)?.reasons)).toEqual(new Set([...mine.get(cid) ?? [], ...reasons]))
    }
    for (const [cid, held] of have) {
      if (wanted.has(cid)) continue
      if ((mine.get(cid) ?? []).length > 0) expect(held.reasons.toSorted()).toEqual(mine.get(cid)?.toSorted())
      else expect(held.status).toBe('TRASHED')
    }
  }), { numRuns: 300 })
})
