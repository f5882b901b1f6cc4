import { beforeAll, expect, test } from 'vitest'
import { HoldfastError, accept, decodeCbor, encode, encodeCbor, fromHex, limits, reject, sha256, toHex, type Judged } from '../../../src/base/index.ts'
import { header, rootOf, signStatement, type Header } from '../../../src/ledger/index.ts'
import {
  answerOver, askOver, encodeAnswer, encodeQuestion, judgeAnswer, judgeQuestion, matches, type AnyQuestion, type Position, type StateAnswer, type StateKind, type StateQuestion,
} from '../../../src/sync/index.ts'
import { encodeFrame } from '../../../src/net/index.ts'
import { TestChain, signatures, somebody } from '../../support/ledger.ts'

const [ann, ben] = [somebody('Ann'), somebody('Ben')]
const link = 'ab'.repeat(32)
let chain: readonly Position[]
let asked: { readonly [K in StateKind]: StateQuestion<K> }
let answers: { readonly [K in StateKind]: StateAnswer<K> }

const vote = (person: typeof ann, time: number) => signStatement({ network: '0123456789abcdef', miner: person.address, root: link, number: 7, safe: link, time }, person.secret, signatures)
const rootAt = (i: number) => { const { header: own, state } = chain[i]!; return rootOf(own, Uint8Array.from(Buffer.from(state, 'hex'))).root }

/** Headers that name each other, newest first; what else they say does not matter here. */
async function positions(count: number): Promise<Position[]> {
  const base: Header = (await (await TestChain.begin()).block()).header
  const all: Position[] = []
  for (let number = 0, previousRoot: string | null = null; number < count; number++) {
    const own: Header = { ...base, number, previousRoot, powerRoot: previousRoot }
    const state = toHex(sha256(Uint8Array.of(number)))
    previousRoot = rootOf(own, sha256(Uint8Array.of(number))).root
    all.unshift({ header: own, state })
  }
  return all
}

beforeAll(async () => {
  chain = await positions(5)
  const nodes = [encode(header, chain[0]!.header), encode(header, chain[1]!.header)]
  asked = {
    future: { have: link, pool: 3 }, votes: { have: [[ann.address, 50], [ben.address, 60]] }, walk: { root: rootAt(0), depth: 5 }, get: { root: link, keys: [Uint8Array.of(1)] },
    nodes: { cids: [toHex(sha256(nodes[0]!)), link, toHex(sha256(nodes[1]!))] }, below: { root: link, paths: ['', '0', 'f3'] },
  }
  answers = {
    future: { time: 9, statement: vote(ann, 51), head: chain[0]!, own: { plan: 77 }, best: null, pool: { next: 4, transactions: [Uint8Array.of(1, 2)] } },
    votes: { statements: [vote(ann, 51), vote(ben, 60)] }, walk: { blocks: chain }, get: { nodes: [Uint8Array.of(5)] },
    nodes: { nodes: [nodes[0]!, null, nodes[1]!] }, below: { nodes: [Uint8Array.of(1), null] },
  }
})

const kinds: readonly StateKind[] = ['future', 'votes', 'walk', 'get', 'nodes', 'below']
const question = (kind: StateKind) => ({ [kind]: asked[kind] }) as unknown as AnyQuestion

test.each(kinds)('%s: question and answer come back as they were', kind => {
  expect(judgeQuestion(encodeQuestion(question(kind)))).toEqual(accept(question(kind)))
  expect(judgeAnswer(kind, encodeAnswer(kind, answers[kind]))).toEqual(accept(answers[kind]))
  expect(matches(kind, asked[kind], answers[kind])).toBe(true)
  expect(decodeCbor(encodeAnswer(kind, answers[kind])).ok).toBe(true)
})

test('what is no question is refused, and so is what answers another one', () => {
  for (const bytes of [new Uint8Array(0), Uint8Array.of(0xa0), encodeAnswer('walk', answers.walk), encodeQuestion(question('walk')).subarray(1)]) expect(judgeQuestion(bytes)).toMatchObject({ ok: false, code: 'bad-input' })
  expect(judgeQuestion(new Uint8Array(limits.requestBytes))).toMatchObject({ ok: false, code: 'too-large' })
  expect(judgeAnswer('votes', encodeAnswer('walk', answers.walk))).toMatchObject({ ok: false, code: 'bad-reply' })
  expect(judgeAnswer('votes', new Uint8Array(limits.frameBytes))).toMatchObject({ ok: false, code: 'too-large' })
})

const wrong: readonly [string, StateKind, () => unknown, () => unknown][] = [
  ['another block than was asked for', 'walk', () => ({ root: rootAt(1), depth: 5 }), () => answers.walk],
  ['a block left out', 'walk', () => asked.walk, () => ({ blocks: [chain[0], chain[2]] })],
  ['blocks in the other order', 'walk', () => ({ root: rootAt(4), depth: 5 }), () => ({ blocks: chain.toReversed() })],
  ['another state than the next block names', 'walk', () => asked.walk, () => ({ blocks: [chain[0], { ...chain[1], state: link }] })],
  ['more blocks than were asked for', 'walk', () => ({ root: rootAt(0), depth: 4 }), () => answers.walk],
  ['blocks before the first', 'walk', () => ({ root: rootAt(0), depth: 9 }), () => ({ blocks: [...chain, chain[0]] })],
  ['an older statement than is known', 'votes', () => asked.votes, () => ({ statements: [vote(ann, 49)] })],
  ['a miner twice', 'votes', () => asked.votes, () => ({ statements: [vote(ann, 51), vote(ann, 52)] })],
  ['another node', 'nodes', () => asked.nodes, () => ({ nodes: [answers.nodes.nodes[2]!] })],
  ['a node in the place of one that is not there', 'nodes', () => asked.nodes, () => ({ nodes: [null, answers.nodes.nodes[0]!] })],
  ['more nodes than were asked for', 'nodes', () => ({ cids: [link] }), () => ({ nodes: [null, null] })],
  ['more nodes than paths', 'below', () => ({ root: link, paths: [''] }), () => ({ nodes: [null, null] })],
  ['a proof of nothing', 'get', () => ({ root: link, keys: [] }), () => answers.get],
]
test.each(wrong)('%s does not fit', (_, kind, said, answer) => {
  expect(matches(kind, said() as StateQuestion, answer() as StateAnswer)).toBe(false)
})

test('short and empty answers fit, as far as that goes', () => {
  expect(matches('walk', asked.walk, { blocks: chain.slice(0, 2) })).toBe(true)
  expect(matches('walk', asked.walk, { blocks: [] })).toBe(true)
  expect(matches('walk', { root: rootAt(3), depth: 256 }, { blocks: chain.slice(3) })).toBe(true)
  expect(matches('votes', { have: [] }, answers.votes)).toBe(true)
  expect(matches('nodes', asked.nodes, { nodes: [answers.nodes.nodes[0]!] })).toBe(true)
})

test('lists of nodes are cut to what a frame holds, whatever their sizes; other answers are refused', () => {
  for (const sizes of [Array<number>(256).fill(8000), [limits.frameBytes - 1000, 1, 900, 900], Array<number>(256).fill(4093), [limits.frameBytes]]) {
    const nodes = sizes.map(size => new Uint8Array(size))
    const bytes = encodeAnswer('below', { nodes })
    expect(encodeFrame({ id: Number.MAX_SAFE_INTEGER, reply: bytes }).length).toBeLessThanOrEqual(limits.frameBytes)
    const judged = judgeAnswer('below', bytes)
    const kept = judged.ok ? judged.value.nodes.length : -1
    expect(kept).toBeLessThan(sizes.length)
    const next = sizes.slice(0, kept + 1).reduce((sum, size) => sum + size, 0)
    expect(next).toBeGreaterThan(limits.frameBytes - 64 - 16 - 6 * (kept + 1)) // the one left out would not have fit
  }
  const nodes = Array.from({ length: 200 }, () => new Uint8Array(8000))
  expect(() => encodeAnswer('get', { nodes })).toThrow(expect.objectContaining({ code: 'too-large' }) as Error)
})

test('records stand beside transactions where there are any; without any an answer is what it always was', () => {
  const answer = (records?: readonly Uint8Array<ArrayBuffer>[]): StateAnswer<'future'> => ({ ...answers.future, pool: { ...answers.future.pool, ...records === undefined ? {} : { records } } })
  const plain = encodeCbor({ next: 4, transactions: [Uint8Array.of(1, 2)] })
  expect(toHex(encodeAnswer('future', answer()))).toContain(toHex(plain))
  const told = answer([Uint8Array.of(2, 1), new Uint8Array(limits.recordBytes)])
  expect(judgeAnswer('future', encodeAnswer('future', told))).toEqual(accept(told))
  const bytes = encodeAnswer('future', answer([Uint8Array.of(9)]))
  const none = fromHex(toHex(bytes).replace(toHex(encodeCbor([Uint8Array.of(9)])), '80'))!
  for (const bad of [() => none, () => encodeAnswer('future', answer([])), () => encodeAnswer('future', answer([new Uint8Array(limits.recordBytes + 1)]))]) {
    expect(judgedOr(bad)).toBe('bad')
  }
})

/** Bytes that are no answer, or a value that cannot be said. */
function judgedOr(make: () => Uint8Array): string {
  try { return judgeAnswer('future', make()).ok ? 'good' : 'bad' } catch { return 'bad' }
}

test('the longest questions fit a frame', () => {
  const longest: readonly AnyQuestion[] = [
    { votes: { have: Array.from({ length: limits.votesAsked }, () => [ann.address, 2 ** 32 - 1] as const) } },
    { get: { root: link, keys: Array.from({ length: limits.provenKeys }, () => new Uint8Array(limits.provenKeyBytes)) } },
    { nodes: { cids: Array.from({ length: limits.nodesAsked }, () => link) } },
    { below: { root: link, paths: Array.from({ length: limits.nodesAsked }, () => 'f'.repeat(64)) } },
  ]
  for (const each of longest) expect(encodeFrame({ id: Number.MAX_SAFE_INTEGER, request: encodeQuestion(each) }).length).toBeLessThanOrEqual(limits.requestBytes)
})

const signal = new AbortController().signal

test('asked over bytes and answered over bytes, peers understand each other', async () => {
  const heard: [AnyQuestion, string][] = []
  const answer = answerOver(async (said, from) => {
    heard.push([said, from])
    return 'get' in said ? reject('not-found', 'no such root') : accept(answers[Object.keys(said)[0] as StateKind])
  })
  const ask = askOver(async (id, bytes) => await answer(bytes, `${id} is asked`))
  expect(await ask('a', 'walk', asked.walk, signal)).toEqual(accept(answers.walk))
  expect(await ask('a', 'get', asked.get, signal)).toMatchObject({ ok: false, code: 'not-found' })
  expect(heard).toEqual([[question('walk'), 'a is asked'], [question('get'), 'a is asked']])
  expect(await answer(Uint8Array.of(1), 'b')).toMatchObject({ ok: false, code: 'bad-input' })
})

const sends: readonly [string, () => Promise<Judged<Uint8Array>>, string][] = [
  ['an answer to another question', async () => accept(encodeAnswer('walk', { blocks: chain.slice(1) })), 'bad-reply'],
  ['an answer of another kind', async () => accept(encodeAnswer('votes', answers.votes)), 'bad-reply'],
  ['too many bytes', async () => accept(new Uint8Array(limits.frameBytes + 1)), 'bad-reply'],
  ['why not', async () => reject('timeout', 'no answer'), 'timeout'],
  ['a failure', async () => { throw new HoldfastError('peer-unreachable') }, 'peer-unreachable'],
]
test.each(sends)('asking gives %s as a verdict', async (_, send, code) => {
  expect(await askOver(send)('a', 'walk', asked.walk, signal)).toMatchObject({ ok: false, code })
})
