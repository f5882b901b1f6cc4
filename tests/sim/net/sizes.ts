import { encode } from '../../../src/base/index.ts'
import { header, statementBytes, type Header, type Statement } from '../../../src/ledger/index.ts'
import type { AnyQuestion, StateAnswer, StateKind } from '../../../src/sync/index.ts'

/*
 * How many bytes questions and answers take on the wire: the sizes of what is large and comes often are remembered, the rest is added up. A test compares
 * them with what the codecs write.
 */
const sizes = new WeakMap<object, number>()

/** Of the frame around a question or an answer: its length, its map, its id. */
const frame = 12
/** A link: tag, string head, prefix byte, digest. */
const link = 41

export function questionBytes(question: AnyQuestion): number {
  if ('future' in question) return frame + 8 + 5 + link + 6 + 5
  if ('votes' in question) return frame + 7 + 6 + 3 + question.votes.have.length * 27
  if ('walk' in question) return frame + 6 + 13 + link + 2
  if ('get' in question) return frame + 5 + 11 + link + 2 + question.get.keys.reduce((sum, { length }) => sum + length + 2, 0)
  if ('nodes' in question) return frame + 7 + 6 + 2 + question.nodes.cids.length * link
  return frame + 7 + 12 + link + 2 + question.below.paths.reduce((sum, { length }) => sum + length + 2, 0)
}

export function answerBytes<K extends StateKind>(kind: K, answer: StateAnswer<K>): number {
  return frame + bodyBytes(kind, answer)
}

function bodyBytes(kind: StateKind, answer: StateAnswer): number {
  if (kind === 'future') {
    const { statement: vote, head, own, best, pool } = answer as StateAnswer<'future'>
    const turn = 'sealed' in own ? 8 + headerBytes(own.sealed) : 'plan' in own ? 11 : 6 + own.none.length
    return 52 + (vote === null ? 1 : voteBytes(vote)) + (head === null ? 1 : headerBytes(head.header) + link + 14) + turn + (best === null ? 1 : headerBytes(best)) + listed(pool.transactions) + 5 + (pool.records === undefined ? 0 : 9 + listed(pool.records))
  }
  if (kind === 'votes') return 14 + (answer as StateAnswer<'votes'>).statements.reduce((sum, each) => sum + voteBytes(each), 0)
  if (kind === 'walk') return 11 + (answer as StateAnswer<'walk'>).blocks.reduce((sum, each) => sum + 15 + headerBytes(each.header) + link, 0)
  return 10 + listed((answer as StateAnswer<'get' | 'nodes' | 'below'>).nodes)
}

function listed(items: readonly (Uint8Array | null)[]): number {
  let sum = 0
  for (const item of items) sum += item === null ? 1 : item.length + 3
  return sum
}

export function headerBytes(value: Header): number { return remembered(value, () => encode(header, value).length) }
function voteBytes(value: Statement): number { return statementBytes(value).length }

function remembered(value: object, measure: () => number): number {
  let size = sizes.get(value)
  if (size === undefined) {
    size = measure()
    sizes.set(value, size)
  }
  return size
}
