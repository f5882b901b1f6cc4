import { afterAll, beforeAll, expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import type { ByteStream } from '../../../src/net/index.ts'
import { LabRelay, labNode, relayState, until, type LabNode } from './lab.ts'

const patience = () => AbortSignal.timeout(10_000)
let relay: LabRelay
let ada: LabNode
let ben: LabNode
const came: ByteStream[] = []

beforeAll(async () => {
  relay = await LabRelay.start(40)
  ada = await labNode([relay], 41)
  ben = await labNode([relay], 42)
  await until(() => [ada, ben].every(({ node }) => relayState(node, relay) === 'reserved'), 'reserved')
  await ben.node.handleStream('/test/bytes', stream => { came.push(stream) })
}, 30_000)
afterAll(async () => {
  await Promise.all([ada.node.stop(), ben.node.stop()])
  await relay.kill()
})

async function pair(): Promise<[ByteStream, ByteStream]> {
  const before = came.length
  const near = await ada.node.openStream(ben.node.state.peerId, '/test/bytes', patience())
  near.write(Uint8Array.of(0))
  await until(() => came.length > before, 'a stream')
  return [near, came.at(-1)!]
}

const sizes = (parts: readonly Uint8Array[]) => parts.reduce((sum, { length }) => sum + length, 0)

test('bytes go both ways over a relay, in order, and a full stream says when it goes on, every time', async () => {
  const [near, far] = await pair()
  expect([near.limited, far.limited, far.peerId]).toEqual([true, true, ada.node.state.peerId])
  const got: Uint8Array[] = []
  const back: Uint8Array[] = []
  let drains = 0
  let sent = 0
  const [least, most] = [6 * 1024 * 1024, 48 * 1024 * 1024]
  /** Until it was full twice: how soon that is depends on how fast the others read. */
  const more = () => sent < least || drains < 2 && sent < most
  const pump = () => { while (more() && near.write(new Uint8Array(65_536).fill(sent / 65_536))) sent += 65_536 }
  far.listen({ data: bytes => { got.push(bytes.slice()) }, drain() {}, end() {} })
  near.listen({ data: bytes => { back.push(bytes) }, drain() { sent += 65_536; drains++; pump() }, end() {} })
  pump()
  await until(() => !more() && sizes(got) === sent + 1, 'all bytes')
  const whole = Buffer.concat(got)
  const parts = sent / 65_536
  expect(Array.from({ length: parts }, (_, at) => whole[1 + at * 65_536])).toEqual(Array.from({ length: parts }, (_, at) => at % 256))
  expect(drains).toBeGreaterThanOrEqual(2)
  far.write(Uint8Array.of(7, 8))
  await until(() => sizes(back) === 2, 'bytes back')
  near.close()
  await until(() => !far.open, 'the end')
}, 30_000)

test('what nobody reads is bounded, and a peer opens so many streams and no more', async () => {
  const [near, far] = await pair()
  for (let part = 0; part < 64; part++) near.write(new Uint8Array(65_536))
  await until(() => !far.open && !near.open, 'the end of an unread stream')
  let ended = 0
  far.listen({ data() {}, drain() {}, end() { ended++ } })
  expect(ended).toBe(1)
  const opened = await Promise.allSettled(Array.from({ length: limits.peerStreams + 4 }, () => ada.node.openStream(ben.node.state.peerId, '/test/bytes', patience())))
  const open = () => opened.filter(result => result.status === 'fulfilled' && result.value.open).length
  await until(() => open() <= limits.peerStreams, 'the end of those that are too many')
  expect(open()).toBeGreaterThan(0)
}, 30_000)

test('a stream ends with its circuit, and a new one is opened over a new circuit', async () => {
  await expect(ada.node.openStream(ben.node.state.peerId, '/test/other', patience())).rejects.toMatchObject({ code: 'unsupported' })
  const dying = await ada.node.openStream(ben.node.state.peerId, '/test/bytes', patience())
  await relay.kill()
  await until(() => !dying.open, 'the end of the circuit')
  await expect(ada.node.openStream(ben.node.state.peerId, '/test/bytes', patience())).rejects.toMatchObject({ code: 'peer-unreachable' })
  await until(() => [ada, ben].every(({ node }) => relayState(node, relay) !== 'reserved'), 'the loss of the relay')
  await relay.resume()
  await until(() => [ada, ben].every(({ node }) => relayState(node, relay) === 'reserved'), 'reserved again')
  expect((await pair())[0].open).toBe(true)
}, 60_000)
