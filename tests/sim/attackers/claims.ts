import { accept, toHex, type Judged } from '../../../src/base/index.ts'
import { signStatement, type Statement } from '../../../src/ledger/index.ts'
import type { StateAnswer } from '../../../src/sync/index.ts'
import type { Chance } from '../engine/chance.ts'
import { keyOf } from '../network-of.ts'
import type { Lies, Peer } from '../people/peer.ts'

/** Says that its head leads to a state that it does not, that blocks come before that do not, and proves what is not so. */
export function forge(chance: Chance): Lies {
  let state = toHex(chance.bytes(32))
  return {
    async answers(peer, question, _from, honest): Promise<Judged<StateAnswer>> {
      const answer = await honest()
      if (!answer.ok) return answer
      if ('future' in question) {
        const future = answer.value as StateAnswer<'future'>
        if (chance.once(0.01)) state = toHex(chance.bytes(32))
        const head = future.head ?? peer.ledger!.position(peer.ledger!.head.root)!
        return accept({ ...future, head: { ...head, state } })
      }
      if ('walk' in question) {
        const { blocks } = answer.value as StateAnswer<'walk'>
        return accept({ blocks: blocks.map((each, i) => i === blocks.length - 1 ? { ...each, state } : each) })
      }
      if ('get' in question || 'below' in question) {
        const { nodes } = answer.value as { readonly nodes: readonly (Uint8Array<ArrayBuffer> | null)[] }
        return accept({ nodes: nodes.map(node => node === null ? null : flipped(node, chance)) })
      }
      return answer
    },
  }
}

/** Passes on the votes of a crowd that has no say, for a root that is none. */
export function sybil(chance: Chance): Lies {
  const root = toHex(chance.bytes(32))
  let crowd: readonly Statement[] = []
  let madeAt = 0
  return {
    async answers(peer, question, _from, honest): Promise<Judged<StateAnswer>> {
      const answer = await honest()
      if (!answer.ok) return answer
      const now = Math.floor(peer.parts.timeline.now / 1000)
      if (now - madeAt > 3_600) {
        madeAt = now
        crowd = statements(peer, root, now, 50)
      }
      if ('votes' in question) return accept({ statements: crowd })
      return 'future' in question ? accept({ ...answer.value as StateAnswer<'future'>, statement: crowd[chance.below(crowd.length)] ?? null }) : answer
    },
  }
}

function statements(peer: Peer, root: string, time: number, count: number): readonly Statement[] {
  const { ledger, parts: { signatures } } = peer
  if (ledger === null) return []
  return Array.from({ length: count }, (_, i) => {
    const { secret, address } = keyOf(`nobody ${peer.number} ${i}`, signatures)
    return signStatement({ network: ledger.network, miner: address, root, number: ledger.head.header.number + 1, safe: root, time }, secret, signatures)
  })
}

function flipped(bytes: Uint8Array<ArrayBuffer>, chance: Chance): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice()
  const at = chance.below(copy.length)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}
