import { afterEach, expect, test } from 'vitest'
import { LabRelay, labNode, relayState, stepOf, until, type LabNode } from './lab.ts'

const relays: LabRelay[] = []
const nodes: LabNode[] = []
const relay = async (number: number, slots?: number) => { const made = await LabRelay.start(number, slots); relays.push(made); return made }
const start = async (...rest: Parameters<typeof labNode>) => { const made = await labNode(...rest); nodes.push(made); return made }
afterEach(async () => {
  await Promise.all(nodes.splice(0).map(async ({ node }) => { await node.stop() }))
  await Promise.all(relays.splice(0).map(async each => { await each.kill() }))
})

test('two of three relays are held, and the third when one goes', async () => {
  const [a, b, c] = await Promise.all([relay(1), relay(2), relay(3)])
  const { node, seqs } = await start([a, b, c], 11)
  await until(() => node.state.relays.filter(({ state }) => state === 'reserved').length === 2, 'two slots')
  expect([relayState(node, a), relayState(node, b), relayState(node, c)]).toEqual(['reserved', 'reserved', 'idle'])
  expect([a.reservations, b.reservations, c.reservations]).toEqual([1, 1, 0])
  await a.kill()
  await until(() => relayState(node, c) === 'reserved', 'the third takes its place')
  expect(stepOf(node, 'reserved')).toMatchObject({ state: 'done' })
  expect(seqs.length).toBeGreaterThan(1)
  expect(seqs).toEqual(seqs.map((_, n) => n + 1))
}, 40_000)

test('a relay that was killed is reserved again when it is back', async () => {
  const a = await relay(4)
  const { node, states } = await start([a], 12)
  await until(() => relayState(node, a) === 'reserved', 'a slot')
  await a.kill()
  await until(() => relayState(node, a) === 'unreachable', 'the loss is seen')
  expect(stepOf(node, 'relay')).toMatchObject({ state: 'stuck', reason: 'relay-unreachable' })
  expect(node.state.relays[0]?.retryAt).toBeGreaterThan(Date.now() - 1000)
  await new Promise(resolve => { setTimeout(resolve, 3000) })
  await a.resume()
  await until(() => relayState(node, a) === 'reserved', 'the slot is back', 30_000)
  expect(states.every(state => Object.isFrozen(state) && Object.isFrozen(state.relays) && Object.isFrozen(state.steps))).toBe(true)
}, 60_000)

test('a full relay is told apart, kept for introductions, and reserved when there is a place', async () => {
  const a = await relay(5, 1)
  const first = await start([a], 13)
  await until(() => relayState(first.node, a) === 'reserved', 'the only slot')
  const second = await start([a], 14)
  await until(() => relayState(second.node, a) === 'full', 'it is full')
  expect(stepOf(second.node, 'relay')).toMatchObject({ state: 'done' })
  expect(stepOf(second.node, 'reserved')).toMatchObject({ state: 'stuck', reason: 'relay-full' })
  expect(second.node.state.relays[0]?.retryAt).toBeGreaterThan(Date.now())
  await first.node.stop()
  await until(() => relayState(second.node, a) === 'reserved', 'a place is free', 30_000)
}, 60_000)

test('a node with no relay says so, and takes one that is given later', async () => {
  const { node } = await start([], 15)
  await until(() => stepOf(node, 'relay')?.reason === 'no-relay', 'no relay')
  const a = await relay(6)
  node.setPlaces({ ...node.places, relays: [a.address] })
  await until(() => relayState(node, a) === 'reserved', 'a slot')
  node.setPlaces({ ...node.places, relays: [] })
  await until(() => node.state.relays.length === 0 && a.reservations === 0, 'the slot is given up')
}, 40_000)

test('what is offline says so and tries again when told', async () => {
  const a = await relay(7)
  await a.kill()
  const { node } = await start([a], 16)
  node.nudge(false)
  await until(() => stepOf(node, 'relay')?.reason === 'offline', 'offline')
  await a.resume()
  node.nudge(true)
  await until(() => relayState(node, a) === 'reserved', 'a slot')
}, 40_000)
