import { beforeAll, expect, test } from 'vitest'
import { Inputs } from '../../fuzz/engine.ts'
import { buildWorker, supervise } from '../../fuzz/supervise.ts'
import { targets } from '../../fuzz/targets/index.ts'
import { mutate } from '../../fuzz/mutate.ts'
import { Chance } from '../../fuzz/chance.ts'

let worker = ''
beforeAll(async () => { worker = await buildWorker('tests/unit/fuzz/broken.worker.ts') })

const run = async (target: string, inputs: number) => await supervise(worker, { target, seed: 1, ms: 60_000, inputs }, { giveUpMs: 500, heapMb: 64 })

test.each([
  ['throws', 'crash', 'TypeError'], ['internal', 'crash', 'no reason given'], ['untyped', 'crash', 'no-such-code'], ['pollutes', 'crash', 'prototype'],
  ['late', 'crash', 'nobody waits'], ['exhausts', 'crash', 'memory'], ['hangs', 'hang', 'not done'], ['believes', 'memory', 'asked for 25'], // of 256 MiB less what was collected of before
])('a decoder that %s is a %s, and its input is told', async (target, kind, message) => {
  const { tally, failures: [failure, ...more] } = await run(target, 1)
  expect([tally.inputs, more]).toEqual([1, []])
  expect(failure).toMatchObject({ kind, target, number: 0, input: new Uint8Array(100) })
  expect(failure?.message).toContain(message)
})

test('a decoder that holds on to its inputs leaks', async () => {
  expect((await run('leaks', 400)).failures.map(({ kind }) => kind)).toEqual(['leak'])
})

test('after a crash the next input is taken, up to five', async () => {
  expect((await run('late', 100)).failures.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4])
})

test('a decoder that does as it should has nothing to report', async () => {
  const { tally, failures } = await run('fine', 500)
  expect(failures).toEqual([])
  expect(tally.inputs).toBe(500)
  expect(tally.accepted + (tally.refused['bad-frame'] ?? 0)).toBe(500)
})

test('an input follows from seed and number alone', async () => {
  const target = targets[0]!
  const [one, other] = [await Inputs.of(target), await Inputs.of(target)]
  for (let number = 20; number > 0; number--) await other.make(5, number)
  expect(await one.make(5, 30)).toEqual(await other.make(5, 30))
  expect(await one.make(5, 30)).not.toEqual(await one.make(6, 30))
})

test('what is made keeps to its limit, and leaves its base as it was', () => {
  const base = new Uint8Array(300).fill(5)
  for (let i = 0; i < 500; i++) expect(mutate(base, new Chance(i), { corpus: [base], dictionary: ['word'], maxBytes: 1000 }).length).toBeLessThanOrEqual(1000)
  expect(base).toEqual(new Uint8Array(300).fill(5))
})
