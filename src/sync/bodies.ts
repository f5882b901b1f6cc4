import { sha256, toHex, type Cid, type Random } from '../base/index.ts'
import { answerOf } from './ask.ts'
import { lot } from './lot.ts'
import { bodySources } from './pace.ts'
import type { StateNetwork } from './ports.ts'

/** Nodes that are asked for in one question: a reply holds two full bodies at least, and whoever gives less is asked for the rest. */
const atOnce = 16

export interface Wanted {
  readonly network: StateNetwork
  readonly random: Random
  /** Who is asked first: it said that it has them. */
  readonly from: string
  readonly signal: AbortSignal
  /** One of them has too much to do just now. */
  readonly onBusy?: () => void
}

/** What has these content ids, in order, as far as up to three sources give it: it ends before the first that none of them does. */
export async function* fetchNodes(cids: readonly Cid[], { network, random, from, signal, onBusy }: Wanted): AsyncGenerator<Uint8Array> {
  const sources = [from, ...others(network, random, from)].slice(0, bodySources)
  let at = 0
  for (const source of sources) {
    for (let gave = true; gave && at < cids.length && !signal.aborted;) {
      const asked = cids.slice(at, at + atOnce)
      const answer = await answerOf(network, source, 'nodes', { cids: asked }, signal, onBusy)
      gave = false
      for (const [i, bytes] of (answer?.nodes ?? []).entries()) {
        if (bytes === null || toHex(sha256(bytes)) !== asked[i]) break
        yield bytes
        gave = true
        at++
      }
    }
    if (at >= cids.length) return
  }
}

/** Others by lot, one more than are asked of them, lest one is drawn twice. */
export function others(network: StateNetwork, random: Random, not: string): readonly string[] {
  const neighbours = network.neighbours().filter(({ id }) => id !== not)
  return neighbours.length === 0 ? [] : [...new Set(Array.from({ length: bodySources }, () => neighbours[lot(random, neighbours.length)]!.id))]
}
