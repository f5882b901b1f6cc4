import { expect, test } from 'vitest'
import { turnAfter } from '../../../src/ledger/index.ts'
import { TestChain, crowd, type Somebody } from '../../support/ledger.ts'

const miners = crowd('pace', 300)

/** Somebody whose turn comes so many seconds after the tip. */
function minerAt(chain: TestChain, seconds: number): Somebody {
  const found = miners.find(({ publicKey }) => turnAfter(chain, chain.tip, { publicKey, power: 0n }, chain.network, chain.parameters)?.interval === BigInt(seconds))
  if (found === undefined) throw new Error(`nobody has a turn after ${String(seconds)} s`)
  return found
}

test('the base target follows the last three blocks of the chain, each at its miner\'s own turn', async () => {
  let chain = await TestChain.begin()
  const [times, targets] = [[chain.tip.header.time], [chain.tip.header.baseTarget]]
  expect(targets).toEqual([2n ** 59n / 10n])
  for (const seconds of [10, 9, 11, 8, 12, 10, 13, 3, 2, 1, 20, 15, 10]) {
    const before = times.length - 1
    chain = await chain.extend({ miner: minerAt(chain, seconds), time: 'deadline' })
    expect(chain.tip).toMatchObject({ kind: 'deadline', interval: BigInt(seconds) })
    const [target, pace] = [targets[before] ?? 0n, before < 3 ? 0 : ((times[before] ?? 0) - (times[before - 3] ?? 0)) * 10]
    expect(chain.tip.header.baseTarget).toBe(before < 3 ? targets[0] : pace > 300 ? target * BigInt(Math.min(pace, 335)) / 300n : target - target / 1875n * BigInt(300 - Math.max(pace, 265)) * 4n)
    times.push(chain.tip.header.time)
    targets.push(chain.tip.header.baseTarget)
  }
  expect(new Set(targets).size).toBeGreaterThan(8)
})
