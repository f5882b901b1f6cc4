import { expect, test } from 'vitest'
import { accept } from '../../../src/base/index.ts'
import { paceOf } from '../../../src/sync/pace.ts'
import type { StateAnswer } from '../../../src/sync/index.ts'
import { ann, behind, ben, cy, lying, parameters, saidBy, voterOf, type Answer } from './world.ts'

const pace = paceOf(parameters)

test('it goes on asking at its pace: quicker at first, a tenth where nobody looks, at once when nudged', async () => {
  const { peer, network } = await behind('abc', '')
  peer.sync.start()
  const asks = async (seconds: number): Promise<number> => {
    const before = network.count('future')
    await peer.pass(seconds)
    return network.count('future') - before
  }
  const [first, then] = [await asks(60), await asks(60)]
  expect(first).toBeGreaterThan(2 * then)
  expect(then).toBeGreaterThan(60 / (1.5 * pace.pull) - 2)
  peer.sync.setPace('slow')
  expect(await asks(60)).toBeLessThan(then / 4)
  peer.sync.setPace('quick')
  await peer.pass(1)
  const usual = await asks(60)
  peer.sync.nudge()
  peer.skew = -86_400_000 // a clock that was set back makes nobody quick for a day
  await peer.pass(60)
  expect(await asks(60)).toBeLessThan(1.5 * usual)
  peer.skew = 0
  peer.sync.setPace('slow')
  await peer.pass(1)
  const before = network.count('future')
  peer.sync.nudge()
  await peer.pass(0)
  expect(network.count('future')).toBe(before + 1)
  expect(network.count('votes')).toBeLessThan(network.count('future') / 3) // at most once a block time
  await peer.sync.stop()
})

test('who asked is asked back', async () => {
  const { peer, network, honest, ours } = await behind('abc', '')
  for (let i = 0; i < 20; i++) network.add(`other ${i}`, honest)
  await peer.sync.answer({ future: { have: ours.head.root, pool: 0 } }, 'other 13')
  peer.sync.start()
  await peer.pass(0)
  expect(network.asked[0]?.id).toBe('other 13')
  await peer.sync.stop()
})

test('who does not answer is left alone for a while, and longer each time', async () => {
  const { peer, network, honest } = await behind('abc', '')
  network.add('gone', async () => await Promise.reject(new Error('gone')))
  network.add('here', honest)
  peer.sync.start()
  await peer.pass(600)
  expect(network.count('future', 'gone')).toBeLessThan(network.count('future', 'here') / 5)
  expect(network.count('future', 'gone')).toBeGreaterThan(2)
  await peer.sync.stop()
})

test('of a pool that was heard only the rest is asked for', async () => {
  const { peer, network, theirs, at } = await behind('abc', '')
  expect(theirs.head.header.number).toBe(3)
  peer.sync.start()
  await peer.pass(10)
  const [first, second] = network.asked.filter(({ kind }) => kind === 'future').map(({ question }) => (question as { readonly pool: number }).pool)
  expect([first, second! > 0, at > 0]).toEqual([0, true, true])
  await peer.sync.stop()
})

test('whoever passes on what its miner did not say is distrusted', async () => {
  for (const kind of ['votes', 'future']) {
    const { peer, network, honest, ours } = await behind('abc', '')
    const forged = () => ({ ...saidBy(ours, cy, peer.now()), signature: saidBy(ours, ben, peer.now()).signature })
    network.add('liar', lying(honest, (question, answer) => {
      if (kind === 'votes') return 'votes' in question ? Promise.resolve(accept({ statements: [forged()] })) : null
      return 'future' in question ? answer().then(each => accept({ ...(each as { value: StateAnswer<'future'> }).value, statement: forged() })) : null
    }))
    network.remove('them')
    peer.sync.start()
    await peer.pass(1)
    expect(network.distrusted[0]).toMatch(/^liar: .*statement/)
    expect(peer.sync.status.votes.heard).toBe(0)
    await peer.sync.stop()
  }
})

test('a clock that is far off makes no blocks', async () => {
  const { peer, network, honest } = await behind('abc', '', { voter: voterOf(ann) })
  for (const id of ['b', 'c']) network.add(id, honest)
  const skewed: Answer = lying(honest, (question, answer) => 'future' in question ? answer().then(each => accept({ ...(each as { value: StateAnswer<'future'> }).value, time: peer.now() - 61 })) : null)
  for (const id of ['them', 'b', 'c']) network.add(id, skewed)
  peer.sync.setMining(true)
  peer.sync.start()
  await peer.pass(60)
  expect(peer.sync.status).toMatchObject({ clockAhead: 61, rests: 'clock' })
  expect((await peer.sync.desk.turn()).sealAt).toBeNull()
  await peer.sync.stop()
})

test('a peer that lies is distrusted once for each lie, and the next one is asked', async () => {
  const { peer, network, honest, ours, theirs } = await behind('abc', 'ab')
  network.add('liar', lying(honest, (question, answer) => 'future' in question ? answer().then(each => {
    const value = (each as { value: StateAnswer<'future'> }).value
    return accept({ ...value, pool: { next: 5, transactions: [new Uint8Array([1, 2])] }, head: { ...value.head ?? theirs.position(theirs.head.root)!, state: 'ab'.repeat(32) } })
  }) : null))
  peer.sync.start()
  await peer.pass(60)
  expect(network.distrusted.length).toBeGreaterThan(0)
  expect(network.distrusted.every(each => each.startsWith('liar'))).toBe(true)
  expect(network.distrusted.filter(each => each.includes('root')).length).toBeLessThanOrEqual(1)
  expect(network.distrusted.some(each => each.includes('transaction'))).toBe(true)
  expect(ours.head.root).toBe(theirs.head.root)
  await peer.sync.stop()
})
