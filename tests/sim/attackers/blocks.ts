import { accept, compareBytes, type Cid, type Judged } from '../../../src/base/index.ts'
import { signHeader, signStatement, type Header, type Statement } from '../../../src/ledger/index.ts'
import type { StateAnswer } from '../../../src/sync/index.ts'
import type { Lies, Peer } from '../people/peer.ts'

/** Whoever is asked shows one block to half of the askers and another one to the rest, and votes both ways at one time. */
export function equivocate(): Lies {
  const others = new Map<Cid, Header>()
  const votes = new Map<number, Statement>()
  return {
    async answers(peer, question, from, honest) {
      const answer = await honest()
      if (!answer.ok || !('future' in question) || isEven(from)) return answer
      const { own, statement, ...rest } = answer.value as StateAnswer<'future'>
      return accept({ ...rest, own: 'sealed' in own ? { sealed: variantOf(peer, own.sealed, others, 1)[0]! } : own, statement: statement === null ? null : otherVote(peer, statement, votes) })
    },
  }
}

/** Of all blocks it could make on a parent it shows the one whose signature is the highest, and as many others as anybody asks for. */
export function grind(): Lies {
  const best = new Map<Cid, Header>()
  let turn = 0
  return {
    async answers(peer, question, _, honest) {
      const answer = await honest()
      if (!answer.ok || !('future' in question)) return answer
      const future = answer.value as StateAnswer<'future'>
      if (!('sealed' in future.own)) return answer
      const variants = variantOf(peer, future.own.sealed, best, 12)
      return accept({ ...future, own: { sealed: variants[0]! }, best: variants[turn++ % variants.length]! })
    },
  }
}

/** Tells of blocks and gives nobody what is in them. */
export function withhold(): Lies {
  return {
    async answers(_, question, _from, honest): Promise<Judged<StateAnswer>> {
      return 'nodes' in question ? accept({ nodes: question.nodes.cids.map(() => null) }) : await honest()
    },
  }
}

const families = new WeakMap<Header, readonly Header[]>()

/** Blocks of one miner on one parent that differ in nothing that matters, the one with the highest signature first. */
function variantOf(peer: Peer, sealed: Header, chosen: Map<Cid, Header>, count: number): readonly Header[] {
  const { key } = peer.plan
  const known = families.get(sealed)
  if (known !== undefined) return known
  if (key === null) return [sealed]
  const { signature: _, ...unsigned } = sealed
  const made = Array.from({ length: count }, (_unused, i) => signHeader({ ...unsigned, profile: `{"variant":${i}}` }, key.secret, peer.parts.signatures))
  const family = made.sort((a, b) => compareBytes(b.signature, a.signature))
  if (sealed.previousRoot !== null) chosen.set(sealed.previousRoot, family[0]!)
  families.set(sealed, family)
  return family
}

/** A vote of the same time for the block before. */
function otherVote(peer: Peer, statement: Statement, votes: Map<number, Statement>): Statement {
  const { key, ledger } = { key: peer.plan.key, ledger: peer.ledger }
  const parent = ledger?.chain.record(statement.root)?.parent ?? null
  if (key === null || parent === null) return statement
  const known = votes.get(statement.time)
  if (known !== undefined) return known
  const { signature: _, ...unsigned } = statement
  const other = signStatement({ ...unsigned, root: parent, number: statement.number - 1 }, key.secret, peer.parts.signatures)
  votes.clear()
  votes.set(statement.time, other)
  return other
}

export function isEven(id: string): boolean { return Number(/\d+$/.exec(id)?.[0] ?? 0) % 2 === 0 }

