import { afterEach, expect, test } from 'vitest'
import { HoldfastError, fromHex } from '../../src/base/index.ts'
import { localNetwork, networkOf, parametersToJson, type Parameters } from '../../src/ledger/index.ts'
import type { LedgerState } from '../../src/peer/ledger-api.ts'
import { LedgerDesk, type LedgerDeskOptions } from '../../src/peer/ledger-desk.ts'
import { NetworkLine } from '../../src/peer/network-line.ts'
import { workerAlarm, workerRandom } from '../../src/peer/worker-alarm.ts'
import { ledgerName, openLedgerStore } from '../../src/store/index.ts'
import { startSync, type SyncParts } from '../../src/sync/index.ts'
import { ledgerInMemory, mine, type Mined } from '../support/mine.ts'

/** Networks nobody else has, on a clock of their own. */
const begin = 1_700_000_000 + Math.floor(Math.random() * 100_000_000)
const network = (reward: number): Parameters => ({ ...localNetwork(begin), reward })
const opened: Parameters[] = []

const keys = {} as LedgerDeskOptions['keys'] // nobody asks for a signature

/** A desk with nobody else on the network, and its own parts where a test has some. */
function desk(now: () => number = () => begin + 1_000, parts: LedgerDeskOptions['parts'] = [], begins = startSync) {
  const told: LedgerState[] = []
  const line = new NetworkLine(() => {})
  return {
    told,
    desk: new LedgerDesk({
      clock: { ...workerAlarm, now: () => 1000 * now() }, random: workerRandom, network: line, keys, startSync: begins,
      parts: [line.part, ...parts],
      mining: () => ({ rests: 'hidden', consent: 'agreed', saidCharging: false }),
      tell: ({ ledger }) => { if (ledger !== undefined) told.push(ledger) },
    }),
  }
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
  const genesis = { number: 0, time: begin }
  const beginning = {
    phase: 'open', name: 'local', network: await networkOf(network(1)), head: genesis, settled: genesis, safe: { ...genesis, voted: false }, mode: 'full', behind: 0, alert: null,
    forks: [], answering: { peers: 0, relays: 0 }, clockAhead: null, blockTime: 10, period: 2_016, miners: 0, trusting: true, mining: { rests: 'hidden', due: null, mined: 0 },
    blocks: [{ number: 0, time: begin, transactions: 0 }],
  }
  expect(await one.state()).toMatchObject(beginning)
  expect(told.length).toBe(1)
  expect(told[0]).toMatchObject({ ...beginning, stage: 'beginning' })
  await expect.poll(() => told.at(-1)).toMatchObject({ ...beginning, stage: 'voting' })
  expect(await one.account('T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb')).toEqual({ balance: 0, nonce: 0n, mined: 0n, power: 0n })
})

test('what goes wrong is told, until a block comes after it', async () => {
  let problem: SyncParts['onProblem']
  const { desk: one, told } = desk(undefined, [], async parts => {
    problem = parts.onProblem
    return await startSync(parts)
  })
  await use(one, network(7))
  problem?.(new HoldfastError('storage-full', 'no room for a block'))
  await expect.poll(() => told.at(-1)).toMatchObject({ problem: { code: 'storage-full' } })
  const block = await mine(await ledgerInMemory(network(7)), { seconds: 60 })
  await one.offer(block.header, block.body)
  await expect.poll(async () => await one.state()).toMatchObject({ head: { number: 1 }, problem: null })
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
  await expect(one.use({ ...parametersToJson(network(4)), ops: [1, 12] })).rejects.toMatchObject({ code: 'unsupported' })
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
  await expect.poll(() => told.at(-1)).toMatchObject({ head: { number: 1 }, miners: 1 })
})

test('a flood of blocks is told of a few times a second, the last state in the end', async () => {
  const { desk: one, told } = desk()
  await use(one, network(7))
  const beside = await ledgerInMemory(network(7))
  const blocks: Mined[] = []
  for (let i = 0; i < 20; i++) {
    const block = await mine(beside, { seconds: 60 })
    await beside.offer(block.header, block.body, begin + 10_000)
    blocks.push(block)
  }
  const [start, before] = [performance.now(), told.length]
  for (const { header, body } of blocks) expect(await one.offer(header, body)).toMatchObject({ ok: true })
  await expect.poll(() => told.at(-1)).toMatchObject({ head: { number: 20 }, settled: { number: 7 } })
  expect(told.length - before).toBeLessThanOrEqual(2 + Math.ceil((performance.now() - start) / 250))
  const state = told.at(-1)
  if (state?.phase !== 'open') throw new Error('not open')
  expect(state.blocks.map(({ number, miner }) => [number, miner])).toEqual([[0, expect.any(String)], ...blocks.map(({ miner }, i) => [i + 1, miner.address])])
})

test('its parts hear of the person and of every move of the head, and end with their network', async () => {
  const heard: string[] = []
  const { desk: one, told } = desk(undefined, [({ network: of, tell }) => {
    tell({ wallet: null })
    return {
      onHead: ({ left, joined }) => { heard.push(`${left.length} left, ${joined.map(({ header }) => header.number).join()} joined`) },
      onIdentity: identity => { heard.push(identity?.address ?? 'nobody') },
      onStatus: () => { if (heard.at(-1) !== 'status') heard.push('status') },
      close: () => { heard.push(`closed ${of}`) },
    }
  }])
  await use(one, network(8))
  const block = await mine(await ledgerInMemory(network(8)), { seconds: 60 })
  await one.offer(block.header, block.body)
  await expect.poll(() => heard).toContain('0 left, 1 joined')
  one.setIdentity({ address: block.miner.address, backedUp: null, passphrase: false, locked: false })
  await expect.poll(() => told.at(-1)).toMatchObject({ mining: { mined: 1 } })
  expect(await one.snapshot()).toMatchObject({ ledger: { phase: 'open' }, wallet: null })
  await use(one, network(9))
  expect(heard.filter(word => word !== 'status')).toEqual(['nobody', '0 left, 1 joined', block.miner.address, `closed ${await networkOf(network(8))}`, block.miner.address])
  expect(heard).toContain('status')
})
