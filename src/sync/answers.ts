import { HoldfastError, accept, fromUtf8, limits, reject, type Cid, type Judged } from '../base/index.ts'
import type { Ledger, Link, Statement } from '../ledger/index.ts'
import type { Following } from './following.ts'
import { heardAfter, type PoolOrder } from './pool/pool-order.ts'
import type { Pool } from './pool/pool.ts'
import type { RecordPool } from './pool/record-pool.ts'
import type { StatementBook } from './votes/statements.ts'
import type { AnyQuestion, Position, StateAnswer, StateQuestion } from './wire.ts'

export interface AnswerParts {
  readonly ledger: Ledger
  readonly following: Following
  readonly pools: { readonly numbers: PoolOrder, readonly pool: Pool, readonly records: RecordPool }
  readonly statements: StatementBook
  /** Seconds. */
  now(): number
  /** This peer's statement, signed anew where the last one is old; null where it has no say or cannot sign. */
  statement(): Promise<Statement | null>
  own(): StateAnswer<'future'>['own']
}

/** Room for what is around the nodes of an answer. */
const answerBytes = limits.frameBytes - 4_096

/** Procedure A: what whoever asks is told, from what is here and nothing else. What is not here is `not-found` or left out. */
export class Answers {
  #head: { readonly link: Link, readonly position: Position } | null = null

  constructor(private readonly parts: AnswerParts) {}

  async answer(question: AnyQuestion): Promise<Judged<StateAnswer>> {
    try {
      if ('future' in question) return accept(await this.#future(question.future))
      if ('votes' in question) return accept({ statements: this.parts.statements.newerThan(question.votes.have, limits.votesAsked) })
      if ('walk' in question) return accept({ blocks: this.#walk(question.walk) })
      if ('get' in question) return await this.#get(question.get)
      if ('nodes' in question) return accept({ nodes: await this.#nodes(question.nodes.cids) })
      return accept({ nodes: upTo(await this.parts.ledger.below(question.below.root, question.below.paths)) })
    } catch (error) {
      const { code, message } = HoldfastError.from(error)
      if (code !== 'not-found') throw error
      return reject('not-found', message)
    }
  }

  async #future({ have, pool: heard }: StateQuestion<'future'>): Promise<StateAnswer<'future'>> {
    const { now, statement, own, pools, ledger, following } = this.parts
    const best = ledger.best(now())
    return { time: now(), statement: await statement(), head: following.certain.root === have ? null : this.#position(), own: own(), best: best?.header ?? null, pool: heardAfter(heard, pools) }
  }

  /** The head that is told: no root is passed on that is only claimed. */
  #position(): Position {
    const { following } = this.parts
    const { certain } = following
    if (this.#head?.link !== certain) this.#head = { link: certain, position: following.position(certain.root)! }
    return this.#head.position
  }

  #walk({ root, depth }: StateQuestion<'walk'>): readonly Position[] {
    const blocks: Position[] = []
    for (let at: Cid | null = root; at !== null && blocks.length < depth;) {
      const position = this.parts.following.position(at)
      if (position === null) break
      blocks.push(position)
      at = position.header.previousRoot
    }
    return blocks
  }

  async #get({ root, keys }: StateQuestion<'get'>): Promise<Judged<StateAnswer<'get'>>> {
    const names = keys.map(key => fromUtf8(key))
    if (!names.every(name => name !== null)) return reject('bad-input', 'no key of a state')
    return accept({ nodes: await this.parts.ledger.prove(names, root) })
  }

  async #nodes(cids: readonly Cid[]): Promise<readonly (Uint8Array | null)[]> {
    const found: (Uint8Array | null)[] = []
    let bytes = 0
    for (const cid of cids) {
      const node = await this.parts.ledger.find(cid)
      bytes += node?.length ?? 0
      if (bytes > answerBytes) break
      found.push(node)
    }
    return found
  }
}

/** As many nodes as fit into an answer. */
function upTo(nodes: readonly (Uint8Array | null)[]): readonly (Uint8Array | null)[] {
  let bytes = 0
  const fits = nodes.findIndex(node => (bytes += node?.length ?? 0) > answerBytes)
  return (fits < 0 ? nodes : nodes.slice(0, fits))
}
