import { expect, test } from 'vitest'
import { fuzz } from '../../fuzz/engine.ts'
import { targets } from '../../fuzz/targets/index.ts'
import type { Failure } from '../../fuzz/types.ts'

/** So many inputs each, whatever the machine; `npm run fuzz` goes on from there. */
const each = 120

test.each(targets.map(target => [target.name, target] as const))('%s: every input is accepted or refused with a code', async (_, target) => {
  const failures: Failure[] = []
  const inputs = each / (target.cost ?? 1)
  const tally = await fuzz(target, { seed: 1, from: 0, more: sofar => sofar.inputs < inputs, onFailure: failure => { failures.push(failure) } })
  expect(failures.map(({ kind, number, message }) => ({ kind, number, message }))).toEqual([])
  expect(tally.inputs).toBe(inputs)
  expect(tally.accepted).toBeGreaterThan(0)
  expect(Object.values(tally.refused).reduce((sum, count) => sum + count, tally.accepted)).toBe(inputs)
  expect(tally.accepted).toBeLessThan(inputs)
})
