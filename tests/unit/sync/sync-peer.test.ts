import { describe, expect, test } from 'vitest'
import { HoldfastError, accept, reject, type Judged } from '../../../src/base/index.ts'
import { ancestor, type Ledger } from '../../../src/ledger/index.ts'
import { paceOf } from '../../../src/sync/pace.ts'
import { type HeadMove, type StateAnswer } from '../../../src/sync/index.ts'
import { Memory } from '../../sim/world/memory.ts'
import { mine } from '../../sim/people/miner.ts'
import { Life } from '../../sim/engine/life.ts'
import { Others, ann, answererOf, behind, ben, copyOf, cy, emptyLedger, grow, lying, parameters, payment, peerWith, rescueOf, saidBy, signWith, voterOf, type Answer, type Peer } from './world.ts'

const pace = paceOf(parameters)

test('it asks, follows, and stands as it should', async () => {
  const moves: HeadMove[] = []
  const { theirs, ours, peer, network } = await behind('abc', 'abc', { voter: voterOf(ann), onHead: move => { moves.push(move) } })
  expect(peer.sync.status).toMatchObject({ stage: 'beginning', mode: 'full', behind: 0, rests: 'beginning', alert: null, clockAhead: null, voted: false, answering: { peers: 0, relays: 0 }, due: null })
  expect(peer.sync.status.head).toBe(ours.head)
  peer.sync.start()
  await peer.pass(1)
  expect(ours.head.root).toBe(theirs.head.root)
  expect(moves.flatMap(({ joined }) => joined.map(({ header }) => header.number))).toEqual([4, 5, 6])
  expect(peer.sync.status).toMatchObject({ stage: 'following', rests: 'resting', support: 1, answering: { peers: 1, relays: 1 } })
  peer.sync.setMining(true)
  expect(peer.sync.status.rests).toBeNull()
  expect(peer.sync.status.due).toBeGreaterThan(ours.head.header.time)
  peer.sync.setVoter(null)
  expect(peer.sync.status).toMatchObject({ rests: 'no-identity', due: null })
  expect([network.distrusted, peer.problems]).toEqual([[], []])
  await peer.sync.stop()
})

test('a lone peer follows itself after a while, mines, and its block becomes the head at its time', async () => {
  const ledger = await emptyLedger()
  const at = ledger.head.header.time + 200
  const peer = await peerWith(ledger, { at, voter: voterOf(ann) })
  peer.sync.setMining(true)
  peer.sync.start()
  const clock = new Life(peer.timeline, () => 0)
  void mine(peer.sync.desk, clock, signWith(ann))
  await peer.pass(pace.linger - 1)
  expect([peer.sync.status.rests, ledger.head.header.number]).toEqual(['beginning', 0])
  await peer.pass(100)
  expect(ledger.head.header).toMatchObject({ miner: ann.address })
  const { number } = ledger.head.header
  peer.sync.setMining(false)
  await peer.pass(300)
  expect(ledger.head.header.number).toBeLessThanOrEqual(number + 1) // one may have been sealed
  expect(peer.problems).toEqual([])
  await peer.sync.stop()
})

test('whoever asked for a turn while a block was fetched is told as soon as that is over, also where nothing came of it', async () => {
  const { theirs, ours, peer, network, honest } = await behind('abc', '', { voter: voterOf(ann) })
  let answer: (judged: Judged<StateAnswer>) => void = () => {}
  const body = new Promise<Judged<StateAnswer>>(done => { answer = done })
  network.add('them', lying(honest, question => 'nodes' in question ? body : null))
  peer.sync.setMining(true)
  peer.sync.start()
  await peer.pass(1)
  expect(peer.sync.status).toMatchObject({ stage: 'following', rests: null })
  await grow(theirs, 'b')
  await peer.pass(theirs.head.header.time + 2 * parameters.blockTime - peer.now())
  expect(peer.sync.status).toMatchObject({ behind: 1, rests: 'behind' })
  const { parent, sealAt } = await peer.sync.desk.turn()
  expect([parent, sealAt]).toEqual([ours.head.root, null])
  let isTold = false
  void peer.sync.desk.changed(parent).then(() => { isTold = true })
  await peer.pass(1)
  expect(isTold).toBe(false)
  answer(reject('rate-limited', ''))
  await peer.pass(0)
  expect([isTold, ours.head.root]).toEqual([true, parent])
  expect((await peer.sync.desk.turn()).sealAt).not.toBeNull()
  await peer.sync.stop()
})

test('nothing is ever said that nobody asked for: three peers agree by questions and answers alone', async () => {
  const trunk = await grow(await emptyLedger(), 'abc')
  const peers: Peer[] = []
  const ledgers = [await copyOf(trunk), await copyOf(trunk), await copyOf(trunk)]
  const networks = ledgers.map((_, i) => new Others(`${i}`))
  const at = ledgers[0]!.head.header.time + 5
  for (const [i, ledger] of ledgers.entries()) peers.push(await peerWith(ledger, { at, network: networks[i]!, voter: voterOf([ann, ben, cy][i]!), seed: i + 1 }))
  for (const [i, network] of networks.entries()) for (const [j, peer] of peers.entries()) if (i !== j) network.add(`${j}`, async (question, from) => await peer.sync.answer(question, from))
  for (const [i, peer] of peers.entries()) {
    peer.sync.setMining(true)
    peer.sync.start()
    void mine(peer.sync.desk, new Life(peer.timeline, () => 0), signWith([ann, ben, cy][i]!))
  }
  const { submit } = peers[0]!.sync
  const sent = await payment(ledgers[0]!, ann, ben, at)
  expect(await submit.call(peers[0]!.sync, sent.bytes)).toMatchObject({ ok: true })
  for (let second = 0; second < 400; second++) for (const peer of peers) await peer.pass(1)
  const lowest = Math.min(...ledgers.map(({ head }) => head.header.number))
  expect(lowest).toBeGreaterThan(8)
  expect(new Set(ledgers.map(ledger => ancestor(ledger.chain, ledger.head, lowest - 2)!.root)).size).toBe(1)
  for (const peer of peers) {
    expect(peer.sync.status).toMatchObject({ voted: true, votes: { weight: 1 }, alert: null, clockAhead: null })
    expect((await peer.ledger.account(ann.address)).nonce).toBe(1n)
    expect([peer.network.distrusted, peer.problems]).toEqual([[], []])
  }
  expect(peers[0]!.sync.waiting(ann.address)).toEqual([])
  for (const peer of peers) await peer.sync.stop()
})

describe('stopped in the middle', () => {
  /** Asks of one kind are never answered. */
  const hanging = (honest: Answer, kind: string): Answer => lying(honest, question => kind in question ? new Promise(() => {}) : null)

  test.each(['future', 'walk', 'nodes', 'votes'])('of a question for %s it ends, and asks no more', async kind => {
    const { peer, network, honest } = await behind('a', 'abcabcabc')
    network.add('them', hanging(honest, kind))
    peer.sync.start()
    await peer.pass(3)
    expect(network.count(kind)).toBeGreaterThan(0)
    await peer.sync.stop()
    const { length } = network.asked
    await peer.pass(600)
    expect(network.asked.length).toBe(length)
    expect([network.distrusted, peer.problems, peer.ledger.onMove]).toEqual([[], [], null])
  })

  test('of a proof of powers', async () => {
    const { peer, network, honest, ours } = await behind('a', 'abcabcabcabcabc')
    network.add('them', hanging(honest, 'get'))
    peer.sync.setMode('headers')
    peer.sync.start()
    await peer.pass(3)
    expect(network.count('get')).toBe(1)
    await peer.sync.stop()
    expect([ours.head.header.number, network.distrusted]).toEqual([1, []])
  })

  test('of a block that is written, it ends when that is done', async () => {
    const { peer, ours } = await behind('a', 'bc')
    const offer = ours.offer.bind(ours)
    const gates: (() => void)[] = []
    ours.offer = async (...block) => {
      await new Promise<void>(resolve => { gates.push(resolve) })
      return await offer(...block)
    }
    peer.sync.start()
    await peer.pass(1)
    expect(gates).toHaveLength(1)
    let ended = false
    const stopping = peer.sync.stop().then(() => { ended = true })
    await peer.pass(10)
    expect(ended).toBe(false)
    for (const gate of gates) gate()
    await peer.pass(0)
    for (const gate of gates) gate()
    await stopping
    expect(ours.head.header.number).toBeGreaterThan(1)
  })

  test('of a decision that waits its turn, it waits for that', async () => {
    const { peer, network, honest } = await behind('a', 'bc')
    network.add('them', hanging(honest, 'future'))
    peer.sync.start()
    await peer.pass(1)
    const order: string[] = []
    const deciding = peer.sync.decide('0'.repeat(64), true).catch((error: unknown) => { order.push(HoldfastError.from(error).code) })
    await peer.sync.stop().then(() => { order.push('stopped') })
    await deciding
    expect(order).toEqual(['not-found', 'stopped'])
  })

  test('of a decision that is done, it waits for that too', async () => {
    const { ours, theirs, peer } = await alarmed()
    const gates: (() => void)[] = []
    const adoptTip = ours.adoptTip.bind(ours)
    ours.adoptTip = async root => {
      await new Promise<void>(resolve => { gates.push(resolve) })
      await adoptTip(root)
    }
    const deciding = peer.sync.decide(theirs.head.root, true)
    await peer.pass(1)
    let ended = false
    const stopping = peer.sync.stop().then(() => { ended = true })
    await peer.pass(1)
    expect([gates.length, ended]).toEqual([1, false])
    gates[0]!()
    await Promise.all([deciding, stopping])
    expect(ours.head.root).toBe(theirs.head.root)
  })

  test('what was heard since the last round is kept, or, without a disk, told of', async () => {
    for (const works of [true, false]) {
      const { peer, network, honest, ours } = await behind('abc', '')
      network.add('them', lying(honest, question => 'votes' in question ? Promise.resolve(accept({ statements: [saidBy(ours, cy, peer.now())] })) : null))
      peer.sync.start()
      await peer.pass(1)
      if (!works) peer.memory.setValues = async () => { throw new HoldfastError('storage-lost') }
      await peer.sync.stop()
      expect([await peer.memory.value(`statement/${cy.address}`) !== null, peer.problems, peer.ledger.onMove]).toEqual([works, works ? [] : ['storage-lost: storage-lost'], null])
    }
  })

  test('before it began', async () => {
    const { peer, network } = await behind('a', 'bc')
    await peer.sync.stop()
    expect(network.asked).toEqual([])
  })
})

test('what was learned outlives a stop: k, statements, what is on its way, who is voted for', async () => {
  const memory = new Memory().of(async () => true)
  const { peer, ours, network, at } = await behind('abc', 'abc', { memory, voter: voterOf(ann) })
  peer.sync.start()
  await peer.pass(1)
  const sent = await payment(ours, ann, ben, at)
  await peer.sync.submit(sent.bytes)
  await peer.sync.answer({ future: { have: ours.head.root, pool: 0 } }, 'them')
  await peer.pass(4 * pace.round)
  const { safe, voted } = peer.sync.status
  expect([voted, safe.header.number]).toEqual([true, 5]) // ann by her statement and the others by their blocks
  await peer.sync.stop()
  const again = await peerWith(ours, { at: at + 1_000, network, memory })
  expect(again.sync.status).toMatchObject({ voted: true, votes: { heard: 1 } })
  expect([again.sync.status.safe.root, again.sync.waiting(ann.address)]).toEqual([safe.root, [sent.bytes]])
})

/** We follow `cb` above a trunk, k is on it, and they show `aaa`. */
async function alarmed() {
  const theirs = await emptyLedger()
  const ours: Ledger = await copyOf(await grow(theirs, 'ab'))
  await grow(ours, 'cb')
  await grow(theirs, 'aaa')
  const at = theirs.head.header.time + 5
  ours.setSafe(ancestor(ours.chain, ours.head, 3)!.root)
  const network = new Others().add('them', await answererOf(theirs, () => at))
  const peer = await peerWith(ours, { at, network, voter: voterOf(ann) })
  peer.sync.setMining(true)
  peer.sync.start()
  await peer.pass(1)
  return { ours, theirs, peer, network }
}

test('an alert stops nobody from mining, and goes with the person\'s word', async () => {
  const { ours, theirs, peer } = await alarmed()
  expect(peer.sync.status).toMatchObject({ alert: { why: 'leaves-safe', forkedAt: 2 }, rests: null, stage: 'following' })
  expect((await peer.sync.desk.turn()).parent).toBe(ours.head.root)
  await expect(peer.sync.decide('0'.repeat(64), true)).rejects.toMatchObject({ code: 'not-found' })
  await peer.sync.decide(theirs.head.root, true)
  expect(ours.head.root).toBe(theirs.head.root)
  expect(peer.sync.status).toMatchObject({ alert: null, safe: { header: { number: 2 } } })
  await peer.sync.stop()
})

test('an alert goes once our own branch is the better one', async () => {
  const { ours, theirs, peer } = await alarmed()
  expect(peer.sync.status.alert?.tip.root).toBe(theirs.head.root)
  await grow(ours, 'abcabc')
  await peer.pass(0)
  expect(peer.sync.status.alert).toBeNull()
  await peer.sync.stop()
})

test('a branch that was declined is not told of again', async () => {
  const { ours, theirs, peer } = await alarmed()
  const { root } = ours.head
  await peer.sync.decide(theirs.head.root, false)
  await grow(theirs, 'a')
  await peer.pass(100)
  expect([peer.sync.status.alert, ours.head.root]).toEqual([null, root])
  await peer.sync.stop()
})

test('what fails of one step of a move stops no other', async () => {
  const moves: HeadMove[] = []
  const { peer, ours, at } = await behind('abc', 'ab', { onHead: move => { moves.push(move) } })
  await peer.sync.submit((await payment(ours, ann, ben, at)).bytes)
  ours.account = async () => { throw new HoldfastError('storage-lost') }
  peer.sync.start()
  await peer.pass(1)
  expect(moves).toHaveLength(2)
  expect(peer.problems).toContain('storage-lost: storage-lost')
  await peer.sync.stop()
})

test('a disk that is full once costs a block and not the peer', async () => {
  const { peer, ours, theirs } = await behind('abc', 'ab')
  const offer = ours.offer.bind(ours)
  let full = true
  ours.offer = async (...block) => {
    if (!full) return await offer(...block)
    full = false
    throw new HoldfastError('storage-full')
  }
  peer.sync.start()
  await peer.pass(10)
  expect(ours.head.root).toBe(theirs.head.root)
  expect([peer.problems, peer.network.distrusted]).toEqual([['storage-full: storage-full'], []])
  await peer.sync.stop()
})

test('waiting blocks become the head at their time, also where the disk failed once or the clock was set back', async () => {
  const { peer, ours, theirs, at } = await behind('abc', '')
  const next = await rescueOf(theirs, 'ann')
  await theirs.offer(next.header, next.body, at)
  const advance = ours.advance.bind(ours)
  let failed = 0
  ours.advance = async now => {
    if (now >= next.time && failed++ === 0) throw new HoldfastError('storage-full')
    return await advance(now)
  }
  peer.sync.start()
  await peer.pass(next.time - at - 1)
  expect([ours.head.header.number, ours.nextTime(peer.now())]).toEqual([3, next.time])
  peer.skew = -30_000
  await peer.pass(2)
  expect(ours.head.header.number).toBe(3)
  await peer.pass(60 + 2 * pace.round)
  expect(ours.head.header.number).toBe(4)
  expect(failed).toBeGreaterThan(1)
  await peer.sync.stop()
})

test('a block heard of in between becomes the head at its time, to the second', async () => {
  const { peer, ours, theirs } = await behind('abc', '')
  const next = await rescueOf(theirs, 'ann')
  peer.sync.start()
  await peer.pass(41) // just after a round
  expect(await theirs.offer(next.header, next.body, peer.now())).toMatchObject({ ok: true })
  peer.sync.nudge()
  await peer.pass(next.time - peer.now() - 1)
  expect([ours.head.header.number, ours.nextTime(peer.now())]).toEqual([3, next.time])
  await peer.pass(1)
  expect(ours.head.header.number).toBe(4)
  await peer.sync.stop()
})

test('nor is it late where whoever told of it takes its time over the next question', async () => {
  const { peer, ours, theirs, network, honest } = await behind('abc', '')
  const clock = new Life(peer.timeline, () => 0)
  network.add('them', lying(honest, (question, answer) => 'votes' in question ? clock.sleep(5_000).then(answer) : null))
  peer.sync.start()
  await peer.pass(parameters.rescue)
  for (const before = network.count('votes'); network.count('votes') === before;) await peer.pass(0.25)
  await peer.pass(parameters.blockTime) // so they are asked for with the next question
  const next = await rescueOf(theirs, 'ann', { after: peer.now() + 3 - theirs.head.header.time })
  expect(await theirs.offer(next.header, next.body, peer.now())).toMatchObject({ ok: true })
  await peer.pass(2)
  expect([ours.head.header.number, ours.nextTime(peer.now())]).toEqual([3, next.time])
  await peer.pass(1)
  expect(ours.head.header.number).toBe(4)
  await peer.sync.stop()
})

test('nor where it comes to its time while a look at those before goes on', async () => {
  const { peer, ours, theirs } = await behind('abc', '')
  const clock = new Life(peer.timeline, () => 0)
  const advance = ours.advance.bind(ours)
  const look = { isSlow: false }
  ours.advance = async now => {
    if (look.isSlow) {
      look.isSlow = false
      await clock.sleep(3_000)
    }
    return await advance(now)
  }
  peer.sync.start()
  await peer.pass(parameters.rescue)
  for (look.isSlow = true; look.isSlow;) await peer.pass(0.25)
  const next = await rescueOf(theirs, 'ann', { after: peer.now() + 1 - theirs.head.header.time })
  expect(await ours.offer(next.header, next.body, peer.now())).toMatchObject({ ok: true })
  expect(ours.head.header.number).toBe(3)
  await peer.pass(3)
  expect(ours.head.header.number).toBe(4)
  await peer.sync.stop()
})

test('a round whose writing failed is not the last one', async () => {
  const { peer, network, honest, ours } = await behind('abc', '')
  network.add('them', lying(honest, question => 'votes' in question ? Promise.resolve(accept({ statements: [saidBy(ours, ann, peer.now()), saidBy(ours, ben, peer.now())] })) : null))
  const { setValues } = peer.memory
  peer.memory.setValues = async () => { throw new HoldfastError('storage-full') }
  peer.sync.start()
  await peer.pass(1.5 * pace.round)
  expect(peer.problems.length).toBeGreaterThan(0)
  peer.memory.setValues = setValues
  await peer.pass(4 * pace.round)
  expect(peer.sync.status.voted).toBe(true)
  await peer.sync.stop()
})

test('headers mode is at once, says so, and goes back', async () => {
  const { peer, ours, theirs, network } = await behind('abc', 'abc', { voter: voterOf(ann) })
  peer.sync.setMode('headers')
  expect(peer.sync.status.mode).toBe('headers')
  peer.sync.setMining(true)
  peer.sync.start()
  await peer.pass(1)
  expect([peer.sync.status.head.root, ours.head.header.number, network.count('nodes'), peer.sync.status.rests]).toEqual([theirs.head.root, 3, 0, 'behind'])
  expect(peer.sync.chain.record(theirs.head.root)?.root).toBe(theirs.head.root)
  const told = await peer.sync.answer({ future: { have: theirs.head.root, pool: 0 } }, 'x')
  expect(told.ok && (told.value as StateAnswer<'future'>).head).toEqual(theirs.position(theirs.head.parent!)) // nothing that is only claimed
  expect((await peer.sync.read([`account/${ben.address}`]))?.root).toBe(theirs.head.parent)
  peer.sync.setMode('full')
  await peer.pass(1)
  expect([ours.head.root, peer.sync.status.rests]).toEqual([theirs.head.root, null])
  await peer.sync.stop()
})
