import { afterAll, beforeAll, expect, test } from 'vitest'
import { accept, limits, reject } from '../../../src/base/index.ts'
import { askKeys, keysProtocol, serveKeys } from '../../../src/net/index.ts'
import { LabRelay, labNode, network, until, type LabNode } from './lab.ts'

let relay: LabRelay
let a: LabNode
let b: LabNode
let opened = 0
const asked: string[] = []
const patience = () => AbortSignal.timeout(10_000)
const idOf = ({ node }: LabNode) => node.state.peerId

beforeAll(async () => {
  relay = await LabRelay.start(71)
  a = await labNode([relay], 72)
  b = await labNode([relay], 73, [], { onFrame: (direction, _peerId, protocol, kind, id) => { if (direction === 'in' && kind === 'request' && protocol === keysProtocol(network) && id === 1) opened++ } })
  await serveKeys(b.node, network, async (question, from) => {
    asked.push(from)
    if (question[0] === 0) return await Promise.resolve(reject('rate-limited', 'too many nonces are open'))
    return accept(question[0] === 1 ? new Uint8Array(limits.keyFrameBytes + 1) : Uint8Array.of(...question, 9))
  })
  await until(() => a.node.state.peers.length === 1 && b.node.state.peers.length === 1, 'a link each way')
}, 30_000)
afterAll(async () => {
  await Promise.all([a.node.stop(), b.node.stop()])
  await relay.kill()
})

test('two questions go over one stream, and who asks is who the connection proves', async () => {
  expect(await askKeys(a.node, idOf(b), network, Uint8Array.of(7), patience())).toEqual(accept(Uint8Array.of(7, 9)))
  expect(await askKeys(a.node, idOf(b), network, Uint8Array.of(8), patience())).toEqual(accept(Uint8Array.of(8, 9)))
  expect([opened, asked]).toEqual([1, [idOf(a), idOf(a)]])
}, 20_000)

test('a refusal is told by its code, and long answers and questions are none', async () => {
  expect(await askKeys(a.node, idOf(b), network, Uint8Array.of(0), patience())).toMatchObject({ ok: false, code: 'rate-limited' })
  expect(await askKeys(a.node, idOf(b), network, Uint8Array.of(1), patience())).toMatchObject({ ok: false, code: 'bad-reply' })
  expect(await askKeys(a.node, idOf(b), network, new Uint8Array(limits.keyFrameBytes + 1).fill(5), patience())).toMatchObject({ ok: false, code: 'bad-input' })
  expect(await askKeys(b.node, idOf(a), network, Uint8Array.of(7), patience())).toMatchObject({ ok: false, code: 'unsupported' })
  expect(await askKeys(a.node, idOf(b), network, Uint8Array.of(7), AbortSignal.abort())).toMatchObject({ ok: false, code: 'aborted' })
}, 20_000)
