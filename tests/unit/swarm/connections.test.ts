import { expect, test, vi } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { ChannelSocket } from '../../../src/swarm/channel-socket.ts'
import { Dial } from '../../../src/swarm/dial.ts'
import { Sockets } from '../../../src/swarm/sockets.ts'
import { WireSocket } from '../../../src/swarm/wire-socket.ts'
import { FakeChannel, FakeRtc } from './fake-rtc.ts'

const turn = () => new Promise(done => { setTimeout(done, 0) })

function pair() {
  const [near, far] = [new FakeChannel(), new FakeChannel()]
  near.other = far
  far.other = near
  const released: string[] = []
  const sockets = [new ChannelSocket('near', near, () => released.push('near')), new ChannelSocket('far', far, () => released.push('far'))] as const
  near.open()
  far.open()
  return { near, far, sockets, released }
}

test('writes of one turn are one message, in order, and large ones are cut', async () => {
  const { near, sockets: [one, two] } = pair()
  const got: Uint8Array[] = []
  two.pipe({ write(bytes: Uint8Array) { got.push(bytes) } })
  for (const fill of [1, 2, 3]) one.write(new Uint8Array(10).fill(fill))
  await turn()
  expect(near.sent).toHaveLength(1)
  one.write(new Uint8Array(150_000).fill(4))
  one.write(Uint8Array.of(5))
  await turn()
  expect(near.sent.map(({ length }) => length)).toEqual([30, 65_536, 65_536, 18_928, 1])
  const whole = Buffer.concat(got)
  expect([whole.length, ...[0, 10, 20, 30, 150_030].map(at => whole[at])]).toEqual([150_031, 1, 2, 3, 4, 5])
})

test('what comes before anybody listens is kept', async () => {
  const { sockets: [one, two] } = pair()
  one.write(Uint8Array.of(1, 2))
  await turn()
  const got: number[] = []
  two.pipe({ write(bytes: Uint8Array) { got.push(...bytes) } })
  expect(got).toEqual([1, 2])
})

test('it asks for patience while the channel is full, and says when it goes on', () => {
  const { near, sockets: [one] } = pair()
  let drained = 0
  one.on('drain', () => { drained++ })
  expect(one.write(new Uint8Array(10))).toBe(true)
  near.bufferedAmount = 300_000
  expect(one.write(new Uint8Array(10))).toBe(false)
  near.bufferedAmount = 0
  near.dispatchEvent(new Event('bufferedamountlow'))
  near.dispatchEvent(new Event('bufferedamountlow'))
  expect(drained).toBe(1)
  expect(one.write(new Uint8Array(10))).toBe(true)
})

test('it ends once: by the other side, by an end, or by a channel that takes nothing more', async () => {
  const { far, sockets: [one, two], released } = pair()
  const heard: string[] = []
  for (const event of ['finish', 'close']) two.on(event, () => heard.push(event))
  two.end()
  two.destroy()
  expect([heard, released]).toEqual([['finish', 'close'], ['far']])
  far.other!.readyState = 'closing'
  one.write(Uint8Array.of(1))
  await turn()
  expect([one.destroyed, released]).toEqual([true, ['far', 'near']])
})

test('an offer and its answer become two sockets that know each other', async () => {
  const rtc = new FakeRtc()
  const offer = await Dial.offer(rtc.make)
  const answer = await Dial.answer(rtc.make, 'caller', offer.description)
  await offer.accept('callee', answer.description)
  expect([(await offer.opened).id, (await answer.opened).id]).toEqual(['callee', 'caller'])
  expect([offer.description.type, answer.description.type]).toEqual(['offer', 'answer'])
})

test('an answer to nothing, and a connection that fails, end as unreachable', async () => {
  const rtc = new FakeRtc()
  await expect(Dial.answer(rtc.make, 'caller', { type: 'offer', sdp: '99' })).rejects.toMatchObject({ code: 'internal' })
  const offer = await Dial.offer(rtc.make)
  rtc.made[1]!.connectionState = 'failed'
  rtc.made[1]!.dispatchEvent(new Event('connectionstatechange'))
  await expect(offer.opened).rejects.toMatchObject({ code: 'peer-unreachable' })
  expect(rtc.live).toBe(0)
})

test('of two connections made at once both sides keep the same one', () => {
  const socket = (id: string) => new ChannelSocket(id, new FakeChannel(), () => {})
  for (const order of [['low', 'high'], ['high', 'low']] as const) {
    const [low, high] = [new Sockets('a'), new Sockets('b')]
    const made = { low: [socket('b'), socket('a')], high: [socket('b'), socket('a')] } as const // by whom: its ends at low and at high
    for (const by of order) low.add(made[by][0], by === 'low', 0)
    for (const by of order.toReversed()) high.add(made[by][1], by === 'high', 0)
    expect([low.has('b'), high.has('a'), low.size, high.size]).toEqual([true, true, 1, 1])
    low.close()
    high.close()
    expect([made.low[0].destroyed, made.low[1].destroyed]).toEqual([true, true])
    expect([low.size, high.size]).toEqual([0, 0])
  }
})

test('later, a new connection takes the place of a dead one', () => {
  const sockets = new Sockets('a')
  const [old, again] = [new ChannelSocket('b', new FakeChannel(), () => {}), new ChannelSocket('b', new FakeChannel(), () => {})]
  expect(sockets.add(old, true, 0)).toBe(true)
  expect(sockets.add(again, true, 60_000)).toBe(true)
  expect([old.destroyed, again.destroyed, sockets.size]).toEqual([true, false, 1])
})

test('a direct connection stands above one over a relay, whoever made it and whenever', () => {
  for (const [peerId, other] of [['a', 'b'], ['b', 'a']] as const) {
    for (const ours of [true, false]) {
      const sockets = new Sockets(peerId)
      const [relayed, direct, again] = [new WireSocket(other, true), new WireSocket(other), new WireSocket(other, true)]
      expect(sockets.add(relayed, ours, 0)).toBe(true)
      expect(sockets.relayed(other)).toBe(true)
      expect(sockets.add(direct, ours, 1)).toBe(true)
      expect([relayed.destroyed, sockets.relayed(other), sockets.size]).toEqual([true, false, 1])
      expect([sockets.add(again, !ours, 60_000), direct.destroyed]).toEqual([false, false])
    }
  }
})

test('what waits behind a full pipe is bounded, and so is what comes before there is one', async () => {
  const { near, sockets: [one, two] } = pair()
  const reasons: string[] = []
  two.onFault = reason => reasons.push(reason)
  let drain = (): void => {}
  const sizes: number[] = []
  two.pipe({ write(bytes: Uint8Array) { sizes.push(bytes.length); return false }, on(_event, listener) { drain = listener } })
  const send = async (times: number) => {
    for (let at = 0; at < times; at++) {
      one.write(new Uint8Array(65_536))
      await turn()
    }
  }
  const most = limits.wireHeldBytes / 65_536
  await send(most)
  drain()
  await send(most)
  expect(two.destroyed).toBe(false)
  near.other?.dispatchEvent(new MessageEvent('message', { data: new ArrayBuffer(65_537) }))
  expect([two.destroyed, reasons, sizes.at(-1)]).toEqual([true, ['more than was asked for'], 1])
  const early = pair()
  for (let at = 0; at <= limits.wireEarlyBytes / 65_536; at++) {
    early.sockets[0].write(new Uint8Array(65_536))
    await turn()
  }
  expect(early.sockets[1].destroyed).toBe(true)
})

test('an attempt whose connection closes while it is described fails, and is not waited for', async () => {
  vi.useFakeTimers()
  try {
    const rtc = new FakeRtc()
    const never = async () => await new Promise<never>(() => {})
    const make = () => Object.assign(rtc.make(), { createOffer: never, createAnswer: never }) // as of a connection that was closed under them
    const offer = expect(Dial.offer(make)).rejects.toMatchObject({ code: 'peer-unreachable' })
    const answer = expect(Dial.answer(make, 'caller', { type: 'offer', sdp: '0' })).rejects.toMatchObject({ code: 'peer-unreachable' })
    await vi.advanceTimersByTimeAsync(limits.swarmDialMs)
    await Promise.all([offer, answer])
    expect(rtc.live).toBe(0)
  } finally { vi.useRealTimers() }
})

test('a socket that ended before it was handed on keeps no place', () => {
  const { sockets: [one, two] } = pair()
  const open = new Sockets('me')
  one.destroy()
  expect([open.add(one, true, 0), open.size, open.has(one.id)]).toEqual([false, 0, false])
  expect(open.add(two, true, 0)).toBe(true)
})
