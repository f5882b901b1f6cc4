import { describe, expect, test } from 'vitest'
import { keys } from '../../../src/state/index.ts'
import { RecordDevice, first, further, recordNetwork, type Failing } from '../../support/record-device.ts'

/** All that is wanted, by what a tab says again and again until it hears an answer. */
const wishes: readonly ((device: RecordDevice) => Promise<unknown>)[] = [
  async ({ desk }) => { await desk.buyCredits('credits', 20) },
  async ({ desk }) => await desk.record('a', first('log', 'one')),
  async ({ desk }) => await desk.record('b', further('log', 'two')),
  async ({ desk }) => await desk.record('c', further('log', 'two')),
]

/** Credits are bought, a chain is begun, two entries follow; killed at one of its writes it goes on afterwards. Gives how many writes it took. */
async function story(kill: { readonly at: number, readonly how: Failing } | null): Promise<number> {
  let ann = await RecordDevice.of('ann', await recordNetwork({ ann: 1_000 }))
  const { disk } = ann
  const before = disk.writes
  if (kill !== null) disk.killAt(kill.at, kill.how)
  const open = new Set(wishes)
  for (let blocks = 0; blocks < 10 && ann.sending.filter(({ stage }) => stage === 'included').length < 3; blocks++) {
    for (const wish of open) {
      try { open.delete(await wish(ann).then(() => wish)) } catch { break } // it was killed, or the chain was not begun yet: said again later
    }
    await ann.settle()
    if (disk.dead) {
      disk.revive()
      ann = await ann.restart()
      blocks--
      continue
    }
    await ann.block()
  }
  const writes = disk.writes - before
  expect(open.size).toBe(0)
  expect(ann.sending).toMatchObject([{ wish: 'a', index: 0, stage: 'included' }, { wish: 'b', index: 1, stage: 'included' }, { wish: 'c', index: 2, stage: 'included' }])
  expect(await ann.ledger.read(keys.chain(ann.sending[0]!.chain))).toMatchObject({ count: 3 })
  expect(await ann.desk.credits()).toMatchObject({ factoids: 0, credits: 20 - 11 - 2, sending: [{ stage: 'included' }] })
  expect(await ann.device.balance()).toBe(1_000 - 10 - 2 * (20 + 12))
  expect(ann.offered.size).toBe(0)
  await ann.stop()
  return writes
}

const most = 20
const parts = Array.from({ length: 5 }, (_, i) => Array.from({ length: most / 5 }, (__, j) => 1 + i + 5 * j))

test('the story has writes to fail at', async () => {
  const writes = await story(null)
  expect(writes).toBeGreaterThan(15)
  expect(writes).toBeLessThanOrEqual(most)
}, 20_000) // the first signature of each kind waits for the tables of its curve

describe.each(['before', 'after'] as const)('killed %s a write is on the disk', how => {
  test.each(parts)('at every fifth write from %i on', async (...writes) => {
    for (const at of writes) await story({ at, how })
  }, 20_000) // four stories of some ten blocks
})
