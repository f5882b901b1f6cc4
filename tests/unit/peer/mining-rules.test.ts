import { expect, test } from 'vitest'
import { consentOf, restOf, type MiningConditions } from '../../../src/peer/mining-rules.ts'

const fine: MiningConditions = {
  consent: 'agreed', visible: true, charging: true, saidCharging: false, metered: false, identity: { locked: false }, trusting: false, sync: { stage: 'following', rests: null },
}

test('blocks are made when nothing stands in the way, also while only we held them back', () => {
  expect(restOf(fine)).toBeNull()
  expect(restOf({ ...fine, sync: { stage: 'following', rests: 'resting' } })).toBeNull()
})

test('each condition alone stops them, and is the reason', () => {
  const alone: readonly (readonly [Partial<MiningConditions>, string])[] = [
    [{ consent: 'unasked' }, 'unasked'], [{ consent: 'declined' }, 'declined'], [{ visible: false }, 'hidden'], [{ charging: false }, 'battery'],
    [{ charging: null }, 'unknown-power'], [{ metered: true }, 'metered'], [{ identity: null }, 'no-identity'], [{ identity: { locked: true } }, 'locked'],
    ...(['beginning', 'clock', 'too-young', 'behind', 'no-identity'] as const).map(rests => [{ sync: { stage: 'following', rests } }, rests] as const),
  ]
  for (const [change, reason] of alone) expect(restOf({ ...fine, ...change })).toBe(reason)
})

test('of several reasons the first is told', () => {
  const steps: readonly (readonly [Partial<MiningConditions>, string | null])[] = [
    [{ consent: 'agreed' }, 'hidden'], [{ visible: true }, 'unknown-power'], [{ charging: false }, 'battery'], [{ charging: true }, 'metered'], [{ metered: false }, 'no-identity'],
    [{ identity: { locked: true } }, 'locked'], [{ identity: { locked: false } }, 'behind'], [{ sync: { stage: 'following', rests: null } }, null],
  ]
  const all: MiningConditions = { ...fine, consent: 'unasked', visible: false, charging: null, metered: true, identity: null, sync: { stage: 'following', rests: 'behind' } }
  expect(restOf(all)).toBe('unasked')
  for (const [change, reason] of steps) {
    Object.assign(all, change)
    expect(restOf(all)).toBe(reason)
  }
})

test('the word of the person counts where the browser does not tell, and only there', () => {
  expect(restOf({ ...fine, charging: null, saidCharging: true })).toBeNull()
  expect(restOf({ ...fine, charging: false, saidCharging: true })).toBe('battery')
})

test('where all trust each other nobody has to agree first, and anybody may decline', () => {
  expect([consentOf(null, true), consentOf('declined', true), consentOf('agreed', true)]).toEqual(['agreed', 'declined', 'agreed'])
  expect([consentOf(null, false), consentOf('declined', false), consentOf('agreed', false)]).toEqual(['unasked', 'declined', 'agreed'])
})

test('where all trust each other an identity is wanted only when blocks would begin', () => {
  const none = { ...fine, identity: null, trusting: true } as const
  expect(restOf({ ...none, sync: { stage: 'beginning', rests: 'no-identity' } })).toBe('beginning')
  expect(restOf({ ...none, sync: { stage: 'voting', rests: 'no-identity' } })).toBe('beginning')
  expect(restOf({ ...none, sync: { stage: 'following', rests: 'no-identity' } })).toBe('no-identity')
  expect(restOf({ ...none, trusting: false, sync: { stage: 'beginning', rests: 'no-identity' } })).toBe('no-identity')
})
