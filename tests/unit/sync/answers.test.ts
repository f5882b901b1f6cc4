import { beforeEach, expect, test } from 'vitest'
import { limits, toHex, sha256, utf8, type Cid, type Judged } from '../../../src/base/index.ts'
import { ledgerShape, verifyProof } from '../../../src/hamt/index.ts'
import { ancestor, signStatement, type Ledger, type Link } from '../../../src/ledger/index.ts'
import { matches, type AnyQuestion, type StateAnswer, type StateKind } from '../../../src/sync/index.ts'
import { keys } from '../../../src/state/index.ts'
import { ann, ben, cy, emptyLedger, grow, payment, peerWith, rescueOf, signatures, voterOf, type Peer } from './world.ts'

let ledger: Ledger
let peer: Peer
let at: number

beforeEach(async () => {
  ledger = await emptyLedger()
  await grow(ledger, 'abc')
  at = ledger.head.header.time + 5
  peer = await peerWith(ledger, { at })
})

/** What whoever asks gets; it always fits its question. */
async function ask<K extends StateKind>(question: Extract<AnyQuestion, { readonly [kind in K]: unknown }>, kind: K): Promise<Judged<StateAnswer<K>>> {
  const answer = await peer.sync.answer(question, 'them') as Judged<StateAnswer<K>>
  if (answer.ok) expect(matches(kind, (question as unknown as Record<K, Parameters<typeof matches<K>>[1]>)[kind], answer.value)).toBe(true)
  return answer
}
async function given<K extends StateKind>(question: Extract<AnyQuestion, { readonly [kind in K]: unknown }>, kind: K): Promise<StateAnswer<K>> {
  const answer = await ask(question, kind)
  if (!answer.ok) throw new Error(answer.reason)
  return answer.value
}
const nobodys: Cid = 'e'.repeat(64)
const future = async (pool = 0, have = nobodys): Promise<StateAnswer<'future'>> => await given({ future: { have, pool } }, 'future')
const linkAt = (number: number): Link => ancestor(ledger.chain, ledger.head, number)!

test('future: the clock, the head and the state after it, and why there is no block', async () => {
  expect(await future()).toEqual({ time: at, statement: null, head: ledger.position(ledger.head.root), own: { none: 'cut-off' }, best: null, pool: { next: expect.any(Number), transactions: [] } })
  expect(peer.network.asked).toEqual([]) // of what is here alone
  await grow(ledger, 'a')
  expect((await future()).head).toEqual(ledger.position(ledger.head.root))
  expect((await future(0, ledger.head.root)).head).toBeNull()
  expect((await future(0, ledger.head.parent!)).head).toEqual(ledger.position(ledger.head.root))
})

test('future: the best block that waits for its time', async () => {
  const next = await rescueOf(ledger, 'ann')
  await ledger.offer(next.header, next.body, at)
  expect((await future()).best).toMatchObject({ miner: ann.address, time: next.time })
  await peer.pass(100)
  expect((await future()).best).toBeNull() // it came to its time
})

test('future: of the pool each asker gets what it has not heard, once', async () => {
  const { next } = (await future()).pool
  const sent = await payment(ledger, ann, ben, at)
  await peer.sync.submit(sent.bytes)
  const second = await future(next)
  expect(second.pool.transactions).toEqual([sent.bytes])
  expect((await future(second.pool.next)).pool).toEqual({ next: second.pool.next, transactions: [] })
})

test('future: a statement is given once somebody was heard, and its failure costs nothing else', async () => {
  peer.sync.setVoter(voterOf(ann))
  expect((await future()).statement).toBeNull()
  peer.sync.start()
  await peer.pass(ledger.parameters.blockTime * 2 + 20) // nobody is there
  expect((await future()).statement).toMatchObject({ miner: ann.address, root: ledger.head.root })
  peer.sync.setVoter({ ...voterOf(ben), async sign() { throw new Error('no keys') } })
  expect(await future()).toMatchObject({ statement: null, head: ledger.position(ledger.head.root) })
  expect(peer.problems).toEqual(['internal: no keys'])
})

test('votes: those that are newer than what the asker has', async () => {
  const other = await peerWith(ledger, { at })
  const statement = signStatement({ network: ledger.network, miner: cy.address, root: ledger.head.root, number: 3, safe: linkAt(0).root, time: at }, cy.secret, signatures)
  other.network.add('cy', async question => 'votes' in question ? { ok: true, value: { statements: [statement] } } : await peer.sync.answer(question, 'other'))
  other.sync.start()
  await other.pass(5)
  peer = other
  expect((await given({ votes: { have: [] } }, 'votes')).statements).toEqual([statement])
  expect((await given({ votes: { have: [[cy.address, at]] } }, 'votes')).statements).toEqual([])
  expect((await given({ votes: { have: [[cy.address, at - 1]] } }, 'votes')).statements).toEqual([statement])
})

test('walk: back from a root as deep as was asked, to the beginning; nothing from what is not here', async () => {
  const walk = async (root: Cid, depth: number) => (await given({ walk: { root, depth } }, 'walk')).blocks.map(({ header }) => header.number)
  expect(await walk(ledger.head.root, 2)).toEqual([3, 2])
  expect(await walk(linkAt(2).root, 256)).toEqual([2, 1, 0])
  expect(await walk(nobodys, 3)).toEqual([])
})

test('get: a proof under a root that is kept; not-found under another, bad-input for what is no key', async () => {
  const name = keys.account(ann.address).name
  const { nodes } = await given({ get: { root: linkAt(1).root, keys: [utf8(name)] } }, 'get')
  const proof = verifyProof(Uint8Array.from(Buffer.from(ledger.position(linkAt(1).root)!.state, 'hex')), ledgerShape, [utf8(name)], nodes)
  expect(proof.ok && proof.value[0]).toEqual((await ledger.values([name], linkAt(1).root))[0])
  expect(await ask({ get: { root: nobodys, keys: [utf8(name)] } }, 'get')).toMatchObject({ ok: false, code: 'not-found' })
  expect(await ask({ get: { root: linkAt(1).root, keys: [new Uint8Array([255])] } }, 'get')).toMatchObject({ ok: false, code: 'bad-input' })
})

test('nodes: bodies, headers and roots by their names, null for what is not here, as many as fit', async () => {
  const { header, id, root } = linkAt(2)
  const { nodes } = await given({ nodes: { cids: [header.body, nobodys, id, root] } }, 'nodes')
  expect(nodes.map(each => each === null ? null : toHex(sha256(each)))).toEqual([header.body, null, id, root])
  expect(await given({ nodes: { cids: [] } }, 'nodes')).toEqual({ nodes: [] })

  const large = new Uint8Array(400 * 1024)
  const { find } = ledger
  ledger.find = async cid => cid === nobodys ? large : await find.call(ledger, cid)
  const answer = await peer.sync.answer({ nodes: { cids: [nobodys, nobodys, nobodys] } }, 'them')
  expect(answer.ok && (answer.value as StateAnswer<'nodes'>).nodes.length).toBe(2)
  expect(2 * large.length).toBeLessThan(limits.frameBytes)
})

test('below: the nodes of a state by their paths; not-found for a state that is not here', async () => {
  const { root } = linkAt(3)
  const { nodes } = await given({ below: { root, paths: ['', '0zz', 'f'.repeat(64)] } }, 'below')
  expect(nodes.map(each => each === null ? null : toHex(sha256(each)))).toEqual([ledger.position(root)!.state, null, null])
  expect(await ask({ below: { root: nobodys, paths: [''] } }, 'below')).toMatchObject({ ok: false, code: 'not-found' })
})

test('an error of the disk is an error, not an answer', async () => {
  ledger.find = async () => { throw Object.assign(new Error('gone'), { code: 'storage-lost' }) }
  await expect(peer.sync.answer({ nodes: { cids: [nobodys] } }, 'them')).rejects.toThrow('gone')
})
