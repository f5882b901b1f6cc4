import { afterEach, expect, test } from 'vitest'
import { fromHex } from '../../src/base/index.ts'
import { networkOf, type Parameters } from '../../src/ledger/index.ts'
import { ledgerName, openLedgerStore } from '../../src/store/index.ts'
import { Disk, RecordDevice, chainOf, first, further, recordNetwork } from '../support/record-device.ts'

/* Records of the person's over the real store. */

const opened: Parameters[] = []
afterEach(async () => {
  for (const parameters of opened.splice(0)) indexedDB.deleteDatabase(ledgerName(fromHex(await networkOf(parameters))!))
})

/** A network nobody else has. */
async function fresh(coins: Readonly<Record<string, number>>): Promise<Parameters> {
  const parameters = await recordNetwork(coins, { keeperBond: Math.floor(Math.random() * 2 ** 39) })
  opened.push(parameters)
  return parameters
}

async function open(name: string, parameters: Parameters): Promise<RecordDevice> {
  return await RecordDevice.of(name, parameters, { disk: await Disk.of(await openLedgerStore<object>(fromHex(await networkOf(parameters))!, { range: { states: 3000, bodies: 3000 } })) })
}

test('what was wanted, signed and paid is there after a restart, and goes on from there', async () => {
  const parameters = await fresh({ ann: 10_000 })
  const ann = await open('ann', parameters)
  await ann.buy(20)
  await ann.desk.record('a', first('log', 'one'))
  await ann.desk.record('b', further('log', 'two'))
  await ann.block()
  await ann.stop()
  await ann.device.store.close()

  const again = await open('ann', parameters)
  expect(again.sending).toMatchObject([{ wish: 'a', stage: 'offered', spent: true }, { wish: 'b', stage: 'offered', spent: false }])
  expect(await again.desk.record('a', first('log', 'one'))).toMatchObject({ chain: chainOf('log') })
  again.device.now = again.ledger.head.header.time
  await again.blocks(3)
  expect(again.sending).toMatchObject([{ wish: 'a', stage: 'included', index: 0 }, { wish: 'b', stage: 'included', index: 1 }])
  expect(await again.credits()).toBe(20 - 12)
  await again.stop()
  await again.device.store.close()
})

test('a thousand entries at once are kept and begun within seconds', async () => {
  const parameters = await fresh({ ann: 10_000 })
  const ann = await open('ann', parameters)
  await ann.buy(1_100)
  const [before, from] = [ann.disk.writes, performance.now()]
  await Promise.all(Array.from({ length: 1_000 }, async (_, i) => await ann.desk.record(`${i}`, i === 0 ? first('log') : further('log', `${i} ${'x'.repeat(900)}`))))
  const took = performance.now() - from
  expect(ann.disk.writes - before).toBeLessThanOrEqual(4)
  expect(took).toBeLessThan(5_000)
  expect(await ann.device.store.values('record/')).toHaveLength(1_000)
  await ann.stop()
  await ann.device.store.close()
}, 20_000)
