import { afterEach, expect, test } from 'vitest'
import { RecordDevice, chainOf, first, further, recordNetwork } from '../../support/record-device.ts'

const made: RecordDevice[] = []
afterEach(async () => { for (const device of made.splice(0)) await device.stop() })

async function run(...args: Parameters<typeof RecordDevice.of>): Promise<RecordDevice> {
  const one = await RecordDevice.of(...args)
  made.push(one)
  return one
}

test('coins become credits, a chain is begun, an entry follows, and both become safe', async () => {
  const ann = await run('ann', await recordNetwork({ ann: 10_000 }))
  await ann.buy(50)
  expect(await ann.desk.credits()).toMatchObject({ factoids: 0, credits: 50, rate: 2, sending: [{ kind: 'buy-credits', credits: 50, coins: 100, stage: 'included', problem: null }] })
  expect(await ann.desk.quote(first('log', 'one'))).toMatchObject({ chain: chainOf('log'), payload: 8, free: 10_232, credits: 11, balance: 50, coins: 0, copies: 0, problem: null })

  const told = await ann.desk.record('w1', first('log', 'one'))
  expect(told).toMatchObject({ chain: chainOf('log') })
  expect(await ann.desk.record('w1', first('log', 'one'))).toEqual(told)
  await ann.settle()
  expect(ann.sending).toMatchObject([{ wish: 'w1', begins: true, credits: 11, stage: 'offered', spent: false, block: null }])
  expect(ann.offered.size).toBe(1) // nobody sees the name before its ChainID is reserved
  await ann.desk.record('w2', further('log', 'two'))
  await ann.block()
  expect(ann.sending).toMatchObject([{ wish: 'w1', stage: 'offered', spent: true }, { wish: 'w2', stage: 'offered', spent: false }])
  await ann.block()
  expect(ann.sending).toMatchObject([{ wish: 'w1', stage: 'included', block: 4, index: 0 }, { wish: 'w2', stage: 'offered', spent: true }])
  await ann.block()
  expect(ann.sending).toMatchObject([{ wish: 'w1', stage: 'included' }, { wish: 'w2', stage: 'included', block: 5, index: 1 }])
  expect(await ann.chain('log')).toEqual(['one', 'two'])
  expect(await ann.credits()).toBe(50 - 11 - 1)
  expect(ann.offered.size).toBe(0)
  await ann.safeBelow(0)
  expect(ann.sending).toMatchObject([{ stage: 'safe' }, { stage: 'safe' }])
  expect(await ann.device.store.values('record-entry/')).toEqual([])
})
