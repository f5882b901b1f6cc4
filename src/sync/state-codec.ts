import { HoldfastError, accept, decode, encode, fromHex, limits, reject, sha256Many, toHex, type Codec, type Judged } from '../base/index.ts'
import { rootOf } from '../ledger/index.ts'
import type { Sync } from './api.ts'
import type { StateNetwork } from './ports.ts'
import { stateAnswers, stateQuestion, type AnyQuestion, type StateAnswer, type StateKind, type StateQuestion } from './wire.ts'

/** The longest answer and the longest question: what a frame holds beside its head. */
const answerBytes = limits.frameBytes - limits.frameHeadBytes
const questionBytes = limits.requestBytes - limits.frameHeadBytes

export function encodeQuestion(question: AnyQuestion): Uint8Array<ArrayBuffer> {
  return short(encode(stateQuestion, question), questionBytes)
}

export function judgeQuestion(bytes: Uint8Array): Judged<AnyQuestion> {
  if (bytes.length > questionBytes) return reject('too-large', 'a question above the limit')
  const judged = decode(stateQuestion, bytes)
  return judged.ok ? judged : reject('bad-input', judged.reason)
}

export function kindOf(question: AnyQuestion): StateKind {
  return Object.keys(question)[0] as StateKind
}

/** Lists of nodes are cut to what fits, as they may end early; `too-large` for any other answer above the limit. */
export function encodeAnswer<K extends StateKind>(kind: K, answer: StateAnswer<K>): Uint8Array<ArrayBuffer> {
  return short(encode(shape(kind), endsEarly(kind) ? cut(answer as StateAnswer<'nodes'>) as StateAnswer<K> : answer), answerBytes)
}

export function judgeAnswer<K extends StateKind>(kind: K, bytes: Uint8Array): Judged<StateAnswer<K>> {
  if (bytes.length > answerBytes) return reject('too-large', 'an answer above the limit')
  const judged = decode(shape(kind), bytes)
  return judged.ok ? judged : reject('bad-reply', judged.reason)
}

/**
 * Whether an answer fits its question, as far as the two alone tell: blocks that go back from the root asked for, each the parent of the one before; no statement older
 * than what was named; nodes that are what their content ids say, and no more of them than were asked for. What else it says is for who asked to judge.
 */
export function matches<K extends StateKind>(kind: K, question: StateQuestion<K>, answer: StateAnswer<K>): boolean {
  return (fits[kind] as Fit<K>)(question, answer)
}

type Fit<K extends StateKind> = (question: StateQuestion<K>, answer: StateAnswer<K>) => boolean

const fits: { readonly [K in StateKind]: Fit<K> } = {
  future: () => true,
  votes({ have }, { statements }) {
    const known = new Map(have)
    return statements.every(({ miner, time }) => time >= (known.get(miner) ?? 0)) && new Set(statements.map(({ miner }) => miner)).size === statements.length
  },
  walk({ root, depth }, { blocks }) {
    let next: string | null = root
    for (const { header, state } of blocks) {
      if (next === null || rootOf(header, fromHex(state) ?? new Uint8Array(0)).root !== next) return false
      next = header.previousRoot
    }
    return blocks.length <= depth
  },
  get: ({ keys }, { nodes }) => keys.length > 0 || nodes.length === 0,
  nodes({ cids }, { nodes }) {
    const there = nodes.flatMap((node, i) => node === null ? [] : [{ node, cid: cids[i] }])
    const digests = sha256Many(there.map(({ node }) => node))
    return nodes.length <= cids.length && there.every(({ cid }, i) => cid === toHex(digests[i] ?? new Uint8Array(0)))
  },
  below: ({ paths }, { nodes }) => nodes.length <= paths.length,
}

/** How a question travels: its bytes to the peer of this id, the bytes that came back. */
export type SendQuestion = (id: string, question: Uint8Array<ArrayBuffer>, signal: AbortSignal) => Promise<Judged<Uint8Array>>

/** Asks in bytes. Answers that are none, or to something else, are `bad-reply`. */
export function askOver(send: SendQuestion): StateNetwork['ask'] {
  return async (id, kind, question, signal) => {
    try {
      const sent = await send(id, encodeQuestion({ [kind]: question } as unknown as AnyQuestion), signal)
      if (!sent.ok) return sent
      const judged = judgeAnswer(kind, sent.value)
      if (!judged.ok) return reject('bad-reply', judged.reason)
      return matches(kind, question, judged.value) ? judged : reject('bad-reply', `not what ${kind} asked for`)
    } catch (error) {
      const { code, message } = HoldfastError.from(error)
      return reject(code, message)
    }
  }
}

/** Answers in bytes what somebody asks in bytes. */
export function answerOver(answer: Sync['answer']): (question: Uint8Array, from: string) => Promise<Judged<Uint8Array<ArrayBuffer>>> {
  return async (bytes, from) => {
    const question = judgeQuestion(bytes)
    if (!question.ok) return question
    const answered = await answer(question.value, from)
    return answered.ok ? accept(encodeAnswer(kindOf(question.value), answered.value)) : answered
  }
}

function shape<K extends StateKind>(kind: K): Codec<StateAnswer<K>> {
  return stateAnswers[kind] as unknown as Codec<StateAnswer<K>>
}

function endsEarly(kind: StateKind): boolean {
  return kind === 'nodes' || kind === 'below'
}

/** As many nodes from the first on as fit, each with its head of 5 bytes at most; the list and the map around it take 16. */
function cut({ nodes }: StateAnswer<'nodes'>): StateAnswer<'nodes'> {
  let room = answerBytes - 16
  const end = nodes.findIndex(node => (room -= 5 + (node?.length ?? 0)) < 0)
  return { nodes: end === -1 ? nodes : nodes.slice(0, end) }
}

function short(bytes: Uint8Array<ArrayBuffer>, most: number): Uint8Array<ArrayBuffer> {
  if (bytes.length > most) throw new HoldfastError('too-large', 'more than a frame holds', { bytes: bytes.length })
  return bytes
}
