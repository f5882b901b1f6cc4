import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { PieceMap } from '../../../src/swarm/bitfield.ts'
import { Wires } from '../../../src/swarm/wires.ts'

class FakeWire extends EventEmitter {
  amChoking = true
  peerChoking = false
  peerInterested = false
  uploaded = 0
  downloaded = 0
  destroyed = false
  readonly ut_metadata = Object.assign(new EventEmitter(), { onExtendedHandshake() {}, setMetadata: async () => true })
  readonly extendedHandshake = {}
  use() {}
  extended() {}
  _onMessage() {}
  readonly has = new Set<number>()
  readonly peerPieces = { get: (index: number) => this.has.has(index) }
  constructor(readonly peerId: string) { super() }
  unchoke() { this.amChoking = false }
  choke() { this.amChoking = true }
  destroy() {
    this.destroyed = true
    this.emit('close')
  }
}

function setting() {
  const state = { giving: true, now: 0 }
  const wires = new Wires(new PieceMap(40, 10), { now: () => state.now }, () => state.giving, () => {})
  const add = (name: string) => {
    const wire = new FakeWire(name.padStart(40, '0'))
    wires.add(wire)
    return wire
  }
  return { state, wires, add }
}

test('while nothing is given no one is unchoked, and who was is choked', () => {
  const { state, wires, add } = setting()
  const [one, two] = [add('1'), add('2')]
  one.peerInterested = true
  one.unchoke()
  expect(one.amChoking).toBe(false)
  state.giving = false
  wires.gate()
  one.unchoke()
  two.unchoke()
  expect([one.amChoking, two.amChoking]).toEqual([true, true])
  state.giving = true
  wires.gate()
  expect([one.amChoking, two.amChoking]).toEqual([false, true])
})

test('who made a wrong piece alone is cut; of several, who was in three', () => {
  const { wires, add } = setting()
  const [liar, honest, half] = [add('1'), add('2'), add('3')]
  const made = (index: number, ...makers: FakeWire[]) => { for (const wire of makers) wire.emit('piece', index) }
  made(0, liar)
  wires.judge(0, false)
  expect([liar.destroyed, wires.banned(liar.peerId)]).toEqual([true, true])
  for (const index of [0, 1]) {
    made(index, honest, half)
    wires.judge(index, false)
  }
  made(2, honest, half)
  wires.judge(2, true)
  expect([honest.destroyed, half.destroyed]).toEqual([false, false])
  const third = add('4')
  made(3, third, half)
  wires.judge(3, false)
  expect([honest.destroyed, half.destroyed, third.destroyed]).toEqual([false, true, false])
})

test('who sends false metadata is cut, who has none is not', () => {
  const { wires, add } = setting()
  const [liar, newcomer] = [add('1'), add('2')]
  newcomer.ut_metadata.emit('warning', new Error('Peer does not have metadata'))
  liar.ut_metadata.emit('warning', new Error('Peer sent invalid metadata'))
  expect([liar.destroyed, newcomer.destroyed, wires.size]).toEqual([true, false, 1])
})

test('figures: keepers, sources, receivers and what is left for them', () => {
  const { state, wires, add } = setting()
  const [keeper, receiver, idle] = [add('1'), add('abcdef0123'), add('3')]
  for (const index of [0, 1, 2, 3]) keeper.has.add(index)
  wires.snapshot()
  state.now = 1000
  keeper.downloaded = 20
  keeper.emit('download', 20)
  receiver.peerInterested = true
  receiver.has.add(3).add(0)
  receiver.uploaded = 10
  receiver.emit('upload', 10)
  expect(wires.snapshot()).toEqual({ relayed: false, rateIn: 20, rateOut: 10, keepers: 1, sources: 1, receivers: [{ id: 'cdef0123', received: 20, rate: 20, left: 1 }] })
  expect([wires.got, wires.given]).toEqual([20, 10])
  expect([wires.useful(() => true), wires.useful(index => index !== 1), wires.keepers]).toEqual([false, true, 1])
  keeper.peerChoking = true
  expect([wires.useful(index => index !== 1), wires.useful(index => index !== 1, true)]).toEqual([true, false])
  state.now = 60_000
  wires.snapshot()
  state.now = 66_000
  expect(wires.snapshot()).toMatchObject({ rateIn: 0, rateOut: 0, sources: 0, receivers: [{ rate: 0, left: null }] })
  idle.destroy()
  expect(wires.size).toBe(2)
})
