import { afterEach, expect, test } from 'vitest'
import { fromHex } from '../../src/base/index.ts'
import { localNetwork, networkOf, parametersToJson, type Parameters } from '../../src/ledger/index.ts'
import type { LedgerState } from '../../src/peer/ledger-api.ts'
import { LedgerDesk } from '../../src/peer/ledger-desk.ts'
import { ledgerName, openLedgerStore } from '../../src/store/index.ts'
import { ledgerInMemory, mine } from '../support/mine.ts'

/** Networks nobody else has, on a clock of their own. */
const begin = 1_700_000_000 + Math.floor(Math.random() * 100_000_000)
const network = (reward: number): Parameters => ({ ...localNetwork(begin), reward })
const opened: Parameters[] = []

function desk(now: () => number = () => begin + 1_000) {
  const told: LedgerState[] = []
  return { told, desk: new LedgerDesk({ now: () => 1000 * now() }, state => { told.push(state) }) }
}

const use = async (target: LedgerDesk, parameters: Parameters): Promise<void> => {
  opened.push(parameters)
  await target.use(parametersToJson(parameters))
}

afterEach(async () => {
  for (const parameters of opened.splice(0)) indexedDB.deleteDatabase(ledgerName(fromHex(await networkOf(parameters))!)) // goes when whoever holds it is gone
})

test('it waits for a network, opens its ledger and tells so', async () => {
  const { desk: one, told } = desk()
  expect(await one.state()).toEqual({ phase: 'waiting' })
  await expect(one.account('T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb')).rejects.toMatchObject({ code: 'not-found' })
  await use(one, network(1))
  const state = await one.state()
  expect(state).toMatchObject({ phase: 'open', name: 'local', network: await networkOf(network(1)), head: { number: 0, time: begin }, miners: 0 })
  expect(told).toEqual([state])
  expect(await one.account('T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb')).toEqual({ balance: 0, nonce: 0n, mined: 0n, power: 0n })
})

test('another network is another ledger, and the first is as it was when it comes back', async () => {
  const { desk: one } = desk()
  await use(one, network(2))
  const block = await mine(await ledgerInMemory(network(2)), { seconds: 60 })
  expect(await one.offer(block.header, block.body)).toMatchObject({ ok: true })
  await use(one, network(3))
  expect(await one.state()).toMatchObject({ network: await networkOf(network(3)), head: { number: 0 } })
  await Promise.all([use(one, network(3)), use(one, network(2))])
  expect(await one.state()).toMatchObject({ network: await networkOf(network(2)), head: { number: 1 }, miners: 1 })
})

test('what is no network is told as a problem, and the next one opens', async () => {
  const { desk: one } = desk()
  await expect(one.use({ name: 'local' })).rejects.toMatchObject({ code: 'network-file' })
  expect(await one.state()).toMatchObject({ phase: 'failed', problem: { code: 'network-file' } })
  await expect(one.use({ ...parametersToJson(network(4)), ops: [1, 9] })).rejects.toMatchObject({ code: 'unsupported' })
  await use(one, network(4))
  expect(await one.state()).toMatchObject({ phase: 'open' })
})

test('a ledger that another has open is busy until it lets go', async () => {
  const other = await openLedgerStore<object>(fromHex(await networkOf(network(5)))!, { range: { states: 9, bodies: 9 } })
  const { desk: one, told } = desk()
  await expect(use(one, network(5))).rejects.toMatchObject({ code: 'storage-busy' })
  expect(told.at(-1)).toMatchObject({ phase: 'failed', problem: { code: 'storage-busy' } })
  await other.close()
  await use(one, network(5))
  expect(told.at(-1)).toMatchObject({ phase: 'open' })
})

test('a block before its time waits for it', async () => {
  const start = performance.now()
  const { desk: one, told } = desk(() => begin + (performance.now() - start) / 1000)
  await use(one, network(6))
  const block = await mine(await ledgerInMemory(network(6)), { from: 2, seconds: 3 })
  expect(await one.offer(block.header, block.body)).toMatchObject({ ok: true, block: { number: 1 } })
  expect(await one.state()).toMatchObject({ head: { number: 0 } })
  await expect.poll(async () => await one.state(), { timeout: 5_000 }).toMatchObject({ head: { number: 1 } })
  expect(performance.now() - start).toBeGreaterThanOrEqual(1000 * (block.time - begin) - 50)
  expect(told.at(-1)).toMatchObject({ head: { number: 1 }, miners: 1 })
})
