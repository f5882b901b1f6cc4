import { expect, test } from 'vitest'
import type { AccessFacts } from '../../../src/content/index.ts'
import { standingOf, type KnownKey } from '../../../src/peer/access-standing.ts'

const envelope = { enc: new Uint8Array(32), ct: new Uint8Array(48) }
const facts = (more: Partial<AccessFacts> = {}): AccessFacts => ({ gone: false, policy: { owner: null }, keyCommit: 'ab', holders: [], member: false, purchase: null, box: null, ...more })
const known = (more: Partial<KnownKey> = {}): KnownKey => ({ here: false, wanted: false, reason: null, refunded: false, ...more })
const pay = { pay: { price: 5, share: 0 } }

test.each<[string, AccessFacts, KnownKey, string | null, string]>([
  ['nothing is locked', facts({ keyCommit: null, policy: { open: null } }), known(), 'me', 'open'],
  ['it is here', facts(), known({ here: true }), 'me', 'here'],
  ['for its owner alone', facts(), known(), 'me', 'denied'],
  ['its owner', facts(), known(), 'owner', 'may'],
  ['for everybody, also for nobody', facts({ policy: { public: '00' } }), known(), null, 'may'],
  ['on the list', facts({ policy: { list: ['me'] }, member: true }), known(), 'me', 'may'],
  ['not on the list', facts({ policy: { list: [] } }), known(), 'me', 'denied'],
  ['nobody yet', facts({ policy: { list: [] } }), known(), null, 'denied'],
  ['a holder', facts({ holders: [{ address: 'me', box: '', ...envelope }] }), known(), 'me', 'may'],
  ['asked for', facts({ policy: { list: [] }, member: true }), known({ wanted: true }), 'me', 'waiting'],
  ['to be bought', facts({ policy: pay }), known(), 'me', 'pay'],
  ['bought', facts({ policy: pay, purchase: { box: '', grant: null } }), known({ wanted: true }), 'me', 'buying'],
  ['granted, and being picked up', facts({ policy: pay, purchase: { box: '', grant: envelope } }), known({ wanted: true }), 'me', 'waiting'],
  ['granted', facts({ policy: pay, purchase: { box: '', grant: envelope } }), known(), 'me', 'may'],
  ['paid back', facts({ policy: pay }), known({ refunded: true }), 'me', 'refunded'],
  ['bought again', facts({ policy: pay, purchase: { box: '', grant: null } }), known({ refunded: true }), 'me', 'buying'],
])('%s', (_, what, key, me, state) => {
  expect(standingOf(what, 'owner', me, key)).toEqual({ state, reason: null })
})

test('what was withdrawn is nobody’s any more, and the last reason is said with what waits', () => {
  expect(standingOf(facts({ gone: true, policy: pay }), 'owner', 'me', known())).toEqual({ state: 'denied', reason: 'withdrawn' })
  expect(standingOf(facts({ member: true, policy: { list: [] } }), 'owner', 'me', known({ wanted: true, reason: 'not-safe-yet' }))).toEqual({ state: 'waiting', reason: 'not-safe-yet' })
})
