import { afterEach, expect, test } from 'vitest'
import { decode, encode } from '../../src/base/index.ts'
import { Joints } from '../../src/peer/joints.ts'
import type { Remote } from '../../src/peer/rpc.ts'
import { keepWorker } from '../../src/peer/worker-life.ts'
import { stateAnswers, stateQuestion } from '../../src/sync/index.ts'
import type { LineWorker } from './support/line.worker.ts'

/* The line between two real workers, as the page that leads joins them, and both their deaths. */

const ends: (() => void)[] = []
afterEach(() => { for (const end of ends.splice(0)) end() })

type End = Remote<LineWorker>
const cid = 'ab'.repeat(32)
const [device, neighbour] = [new Uint8Array(32).fill(3), { id: 'anna', address: null, relays: ['north'] }]
const question = encode(stateQuestion, { nodes: { cids: [cid] } })

/** Keeps a worker as the page that leads does; `ready` prepares each new life before it is joined. */
function keep(join: (end: End | null) => void, ready: (end: End) => Promise<void>): { readonly lives: End[] } {
  const stop = new AbortController()
  const name = `test/${crypto.randomUUID()}`
  const lives: End[] = []
  void keepWorker<LineWorker>({
    lock: name,
    start: () => new Worker(new URL('./support/line.worker.ts', import.meta.url), { type: 'module', name }),
    begin: async end => {
      await ready(end)
      join(end)
      lives.push(end)
    },
    ended: () => { join(null) },
  }, stop.signal)
  ends.push(() => { stop.abort() })
  return { lives }
}

async function joined(prepare: { readonly network?: (end: End) => Promise<void>, readonly ledger?: (end: End) => Promise<void> } = {}) {
  const joints = new Joints()
  const network = keep(end => { joints.setNetwork(end) }, prepare.network ?? (async end => { await end.meet([neighbour]); await end.attach(device) }))
  const ledger = keep(end => { joints.setLedger(end) }, prepare.ledger ?? (async end => { await end.open('00112233445566ff') }))
  await expect.poll(() => network.lives.length * ledger.lives.length, { timeout: 10_000 }).toBe(1)
  const met = async (life = 0) => { await expect.poll(async () => (await ledger.lives[life]!.seen()).neighbours.length, { timeout: 5_000 }).toBe(1) }
  return { network, ledger, met }
}

test('whoever is there is told to the ledger, and asked for it', async () => {
  const { network, ledger, met } = await joined()
  const [node, desk] = [network.lives[0]!, ledger.lives[0]!]
  await met()
  expect(await desk.seen()).toEqual({ neighbours: [neighbour], device, devices: 1, nudged: 1 })
  expect(await desk.ask('anna', cid)).toEqual({ ok: true, value: { nodes: [null] } })
  const told = await node.told()
  expect(told.at(-1)).toEqual(['asked', 'anna', '/holdfast/state/1/local', question])
  expect(told).toContainEqual(['network', Uint8Array.of(0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0xff)])

  await node.meet([neighbour, { id: 'ben', address: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb', relays: [] }])
  await expect.poll(async () => (await desk.seen()).neighbours.length).toBe(2)
  expect((await desk.seen()).nudged).toBe(1) // others were there before
})

test('what the ledger says of its person and of others reaches the node', async () => {
  const { network, ledger, met } = await joined()
  await met()
  await network.lives[0]!.told()
  const account = { address: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb', signature: new Uint8Array(65).fill(1) }
  await ledger.lives[0]!.setAccount(account)
  await ledger.lives[0]!.distrust('anna')
  await expect.poll(async () => await network.lives[0]!.told()).toEqual([['account', account], ['distrust', 'anna']])
})

test('duties and events reach the network, and what became of files the ledger; who comes later is told the duties again', async () => {
  const { network, ledger, met } = await joined()
  await met()
  const [node, desk] = [network.lives[0]!, ledger.lives[0]!]
  await node.told()
  const name = { cid, owner: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb' }
  const duty = { ...name, kind: 'audio', protected: true, title: 'Tides', files: [{ cid, size: 7, infohash: 'cd'.repeat(20), audit: 'ef'.repeat(32) }], keyCommit: '01'.repeat(32), waits: false } as const
  const duties = { network: '00112233445566ff', fresh: true, safe: 5, epoch: 36, range: 2016, pledge: null, obliged: [duty], offered: [] }
  await desk.setDuties(duties)
  await desk.uploadEvents([{ ...name, event: 'upload.complete', offered: duty }])
  const told: unknown[] = []
  await expect.poll(async () => told.push(...await node.told())).toBe(2)
  expect(told).toEqual([['duties', duties], ['events', [{ ...name, event: 'upload.complete', offered: duty }]]])
  const report = { verified: [name], verdicts: [{ ...name, verdict: 'wrong-bytes' }], lost: [] } as const
  await node.held(report)
  await expect.poll(async () => await desk.told()).toEqual([['held', report]])
  void node.die()
  await expect.poll(() => network.lives.length, { timeout: 10_000 }).toBe(2)
  await expect.poll(async () => await network.lives[1]!.told()).toContainEqual(['duties', duties])
})

test('others are answered by the ledger', async () => {
  const { network, met } = await joined()
  await met()
  const answer = await network.lives[0]!.asked(question, 'ben')
  expect(answer.ok && decode(stateAnswers.nodes, answer.value as Uint8Array)).toEqual({ ok: true, value: { nodes: [Uint8Array.of(7)] } })
  expect(await network.lives[0]!.asked(encode(stateQuestion, { votes: { have: [] } }), 'ben')).toEqual({ ok: false, code: 'not-found', reason: 'nothing for ben' })
  expect(await network.lives[0]!.asked(Uint8Array.of(1, 2), 'ben')).toMatchObject({ ok: false, code: 'bad-input' })
})

test('without a node nobody can be asked; without a ledger nobody is answered', async () => {
  const { network, ledger } = await joined({ network: async () => {}, ledger: async () => {} })
  expect(await ledger.lives[0]!.ask('anna', cid)).toMatchObject({ ok: false, code: 'peer-unreachable' })
  await network.lives[0]!.attach(device)
  await expect.poll(async () => await network.lives[0]!.asked(question, 'ben')).toMatchObject({ ok: false, code: 'unsupported' })
})

test('who gives up waits no longer', async () => {
  const { ledger, met } = await joined()
  await met()
  const begin = performance.now()
  expect(await ledger.lives[0]!.ask('silent', cid, 200)).toMatchObject({ ok: false, code: 'aborted' })
  expect(performance.now() - begin).toBeLessThan(1500)
})

test('the network worker dies: nobody is there, what was asked fails, and the next one gets a line of its own', async () => {
  const { network, ledger, met } = await joined()
  await met()
  const desk = ledger.lives[0]!
  await desk.setAccount({ address: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb', signature: new Uint8Array(65) })
  const open = desk.ask('silent', cid)
  await expect.poll(async () => (await network.lives[0]!.told()).some(each => (each as unknown[])[0] === 'asked')).toBe(true)
  void network.lives[0]!.die()
  expect(await open).toMatchObject({ ok: false, code: 'aborted' })
  await expect.poll(() => network.lives.length, { timeout: 10_000 }).toBe(2)
  await met()
  expect(await desk.ask('anna', cid)).toMatchObject({ ok: true })
  const told = (await network.lives[1]!.told()).map(each => (each as unknown[])[0])
  expect(told).toContain('network')
  expect(told).toContain('account')
})

test('the ledger worker dies: who waits for its answer hears that, and the next one answers', async () => {
  const { network, ledger, met } = await joined()
  await met()
  const open = network.lives[0]!.asked(question, 'slow').then(() => 'answered', (error: unknown) => error)
  await new Promise(done => { setTimeout(done, 100) })
  void ledger.lives[0]!.die()
  expect(await open).toMatchObject({ code: 'aborted' })
  await expect.poll(() => ledger.lives.length, { timeout: 10_000 }).toBe(2)
  await met(1)
  expect(await network.lives[0]!.asked(question, 'ben')).toMatchObject({ ok: true })
})

test('questions for keys, keys that came and bytes of files cross the same line', async () => {
  const { network, ledger, met } = await joined()
  await met()
  const [node, desk] = [network.lives[0]!, ledger.lives[0]!]
  expect(await node.asked(Uint8Array.of(5), 'ben', 'keys')).toEqual({ ok: true, value: Uint8Array.of(5, 3) })
  expect(await desk.askKeys('anna', Uint8Array.of(6))).toMatchObject({ ok: true })
  expect(await desk.askKeys('silent', Uint8Array.of(6), 200)).toMatchObject({ ok: false, code: 'aborted' })
  expect((await node.told()).at(-1)).toEqual(['asked', 'silent', '/holdfast/keys/1/local', Uint8Array.of(6)])
  await desk.keyCame(cid)
  await expect.poll(async () => await node.told()).toContainEqual(['keys', [cid]])
  expect(await desk.readFile(cid)).toEqual(Uint8Array.of(64, 3, 4))
})

test('entries and volumes of records cross it both ways; where nobody is at the other end there are none', async () => {
  const { network, ledger, met } = await joined()
  await met()
  const [node, desk] = [network.lives[0]!, ledger.lives[0]!]
  const hashes = Array.from({ length: 70 }, (_, i) => i.toString(16).padStart(64, '0'))
  const came = await desk.fetchEntries(hashes)
  expect([came.length, came[63], came[64]]).toEqual([70, Uint8Array.of(63), Uint8Array.of(0)]) // asked in two parts
  expect(await desk.entryHolders(hashes.slice(0, 3))).toEqual([0, 1, 2])
  expect(await node.entriesHere(hashes.slice(0, 2))).toEqual([null, null])
  await desk.serveEntries(hashes[1]!)
  expect(await node.entriesHere(hashes.slice(0, 2))).toEqual([null, Uint8Array.of(8)])
  expect(await desk.volumes(cid)).toEqual([false, true, true, null, Uint8Array.of(9)])
  expect(await node.told()).toContainEqual(['volume', cid, 0, Uint8Array.of(4)])

  const alone = await joined({ network: async () => {} })
  expect(await alone.ledger.lives[0]!.fetchEntries(hashes)).toEqual([])
  expect(await alone.ledger.lives[0]!.entryHolders(hashes.slice(0, 1))).toEqual([null])
})
