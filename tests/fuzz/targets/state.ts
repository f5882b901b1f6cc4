import { createHash } from 'node:crypto'
import { encode, equalBytes, fromHex, limits, toHex, utf8, type Codec } from '../../../src/base/index.ts'
import { header, rootOf, signStatement, type Header } from '../../../src/ledger/index.ts'
import {
  encodeAnswer, encodeQuestion, judgeAnswer, judgeQuestion, kindOf, matches, stateAnswers, type AnyQuestion, type Position, type StateAnswer, type StateKind, type StateQuestion,
} from '../../../src/sync/index.ts'
import { TestChain, signatures, somebody } from '../../support/ledger.ts'
import type { Target } from '../types.ts'
import { varyCbor } from './frames.ts'

const [ann, ben] = [somebody('Ann'), somebody('Ben')]
const link = 'ab'.repeat(32)
const sha = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const vote = (person: typeof ann, time: number) => signStatement({ network: '0123456789abcdef', miner: person.address, root: link, number: 7, safe: link, time }, person.secret, signatures)

/** Headers that name each other, newest first. */
const chain: readonly Position[] = await positions(4)
const rootAt = (i: number) => chain[i] === undefined ? link : rootOf(chain[i].header, fromHex(chain[i].state) ?? new Uint8Array(32)).root

async function positions(count: number): Promise<Position[]> {
  const base: Header = (await (await TestChain.begin()).block({ profile: '{"relay":[]}' })).header
  const all: Position[] = []
  for (let number = 0, previousRoot: string | null = null; number < count; number++) {
    const own: Header = { ...base, number, previousRoot, powerRoot: previousRoot }
    const state = sha(Uint8Array.of(number))
    previousRoot = rootOf(own, state).root
    all.unshift({ header: own, state: toHex(state) })
  }
  return all
}

const [one, two] = [encode(header, chain[0]!.header), Uint8Array.of(0xa0)]
/** What was asked; `answers` fit it. */
const asked: { readonly [K in StateKind]: StateQuestion<K> } = {
  future: { have: link, pool: 3 },
  votes: { have: [[ann.address, 50], [ben.address, 2 ** 32 - 1]] },
  walk: { root: rootAt(0), depth: 3 },
  get: { root: link, keys: [utf8('account/x'), Uint8Array.of(0)] },
  nodes: { cids: [toHex(sha(one)), link, toHex(sha(two))] },
  below: { root: link, paths: ['', '0', 'f'.repeat(64)] },
}

const answers: { readonly [K in StateKind]: readonly StateAnswer<K>[] } = {
  future: [
    { time: 9, statement: vote(ann, 51), head: chain[0]!, own: { plan: 77 }, best: chain[1]!.header, pool: { next: 4, transactions: [Uint8Array.of(1, 2)] } },
    { time: 0, statement: null, head: null, own: { none: 'too-young' }, best: null, pool: { next: 0, transactions: [], records: [Uint8Array.of(0), new Uint8Array(136), new Uint8Array(limits.recordBytes)] } },
    { time: 2 ** 32 - 1, statement: null, head: chain[1]!, own: { sealed: chain[0]!.header }, best: null, pool: { next: 1, transactions: Array.from({ length: limits.blockTransactions }, () => new Uint8Array(200)) } },
  ],
  votes: [{ statements: [vote(ann, 51)] }, { statements: [] }, { statements: [vote(ben, 2 ** 32 - 1), vote(ann, 50)] }],
  walk: [{ blocks: chain.slice(0, 3) }, { blocks: chain.slice(0, 1) }, { blocks: [] }],
  get: [{ nodes: [one, two] }, { nodes: [] }],
  nodes: [{ nodes: [one, null, two] }, { nodes: [null, null] }, { nodes: [] }],
  below: [{ nodes: [two, null, one] }, { nodes: [] }],
}

const heads = [[0xf6], [0x58, 0xff], [0x5a, 255, 255, 255, 255], [0x99, 1, 0], [0x99, 1, 1], [0xd8, 0x2a, 0x58, 0x25, 0, 1, 0x71, 0x12, 0x20], [0x1b, 0, 0, 0, 1, 0, 0, 0, 0]].map(bytes => Uint8Array.from(bytes))
const words = [...heads, ...['future', 'votes', 'walk', 'get', 'nodes', 'below', 'sealed', 'plan', 'none', 'records', 'transactions', '__proto__'].map(utf8)]
const odd = [new Uint8Array(0), new Uint8Array(20), new Uint8Array(32), new Uint8Array(limits.provenKeyBytes + 1), 256, 257, 'f'.repeat(65), Array.from({ length: limits.nodesAsked + 1 }, () => null), one, two]

const varied = varyCbor(odd)

const questions = (Object.keys(asked) as StateKind[]).map(kind => ({ [kind]: asked[kind] }) as unknown as AnyQuestion)

/** What a peer asks about the ledger. */
export const stateQuestions: Target = {
  name: 'state-question',
  corpus: () => [
    ...questions, { votes: { have: Array.from({ length: limits.votesAsked }, () => [ann.address, 0] as const) } }, { walk: { root: link, depth: limits.walkDepth } },
    { nodes: { cids: Array.from({ length: limits.nodesAsked }, () => link) } }, { get: { root: link, keys: [new Uint8Array(limits.provenKeyBytes)] } },
  ].map(encodeQuestion),
  dictionary: words,
  vary: varied,
  run(bytes) {
    const judged = judgeQuestion(bytes)
    if (!judged.ok) return judged.code
    if (!equalBytes(encodeQuestion(judged.value), bytes)) throw new Error('accepted in another form than its own')
    if (!(kindOf(judged.value) in asked)) throw new Error('a kind nobody knows')
    return 'accepted'
  },
}

/** What one answers to a question of this kind; what fits the question is looked at again by other means. */
function answerTarget<K extends StateKind>(kind: K, check: (answer: StateAnswer<K>) => boolean): Target {
  const codec = stateAnswers[kind] as unknown as Codec<StateAnswer<K>>
  return {
    name: `state-${kind}`,
    corpus: () => answers[kind].map(answer => encodeAnswer(kind, answer)),
    dictionary: words,
    vary: varied,
    run(bytes) {
      const judged = judgeAnswer(kind, bytes)
      if (!judged.ok) return judged.code
      if (!equalBytes(encode(codec, judged.value), bytes)) throw new Error('accepted in another form than its own')
      if (!matches(kind, asked[kind], judged.value)) return 'bad-reply'
      if (!check(judged.value)) throw new Error('an answer to another question')
      return 'accepted'
    },
  }
}

export const stateAnswerTargets: readonly Target[] = [
  answerTarget('future', () => true),
  answerTarget('votes', ({ statements }) => statements.every(({ miner, time }) => time >= (asked.votes.have.find(([address]) => address === miner)?.[1] ?? 0))),
  answerTarget('walk', ({ blocks }) => blocks.length <= 3 && blocks.every((block, i) => block.state === chain[i]?.state && equalBytes(encode(header, block.header), encode(header, chain[i].header)))),
  answerTarget('get', ({ nodes }) => nodes.length <= limits.proofNodes),
  answerTarget('nodes', ({ nodes }) => nodes.length <= 3 && nodes.every((node, i) => node === null || toHex(sha(node)) === asked.nodes.cids[i])),
  answerTarget('below', ({ nodes }) => nodes.length <= 3),
]
