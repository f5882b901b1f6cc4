import type { Cid } from '../../../src/base/index.ts'
import { judgeBodyBytes, judgeHeaderBytes } from '../../../src/ledger/index.ts'
import { judgeRecord } from '../../../src/records/index.ts'
import { keys } from '../../../src/state/index.ts'
import type { Peer } from '../people/peer.ts'
import type { Recorder } from '../people/recorder.ts'
import type { World } from '../world/world.ts'

/** What the blocks that lead to a root say of records, read from their bodies alone: entries of each chain in order, and commits of each entry. */
export interface Recorded { readonly chains: ReadonlyMap<string, readonly string[]>, readonly commits: ReadonlyMap<string, number> }

export function recordedUpTo(world: World, root: Cid): Recorded {
  const bodies: Uint8Array[][] = []
  for (let at = world.known(root); at !== null; at = at.parent) {
    const header = judgeHeaderBytes(at.header)
    const bytes = header.ok ? world.body(header.value.body) : null
    const body = header.ok && bytes !== null ? judgeBodyBytes(bytes, header.value.body) : null
    bodies.push(body?.ok === true ? [...body.value.records] : [])
  }
  const [chains, commits] = [new Map<string, string[]>(), new Map<string, number>()]
  for (const bytes of bodies.toReversed().flat()) {
    const read = judgeRecord(bytes)
    if (!read.ok || read.value.kind === 'factoid') continue
    if (read.value.kind === 'entry') {
      const { hash, entry: { chainId } } = read.value
      const entries = chains.get(chainId)
      if (entries === undefined) chains.set(chainId, [hash])
      else entries.push(hash)
    } else {
      const { entryHash } = read.value.commit
      commits.set(entryHash, (commits.get(entryHash) ?? 0) + 1)
    }
  }
  return { chains, commits }
}

/** Why records are not what they should be at the end of a run, by the rule that is broken. */
export async function recordFaults(world: World, best: Cid, peers: readonly Peer[], recorders: readonly Recorder[]): Promise<readonly { readonly rule: string, readonly what: string }[]> {
  const { chains, commits } = recordedUpTo(world, best)
  const faults: { readonly rule: string, readonly what: string }[] = []
  for (const { peer, wishes, chain, refused } of recorders) {
    const entries = chains.get(chain) ?? []
    for (const [i, { hash }] of wishes.entries()) {
      const [paid, revealed] = [commits.get(hash) ?? 0, entries.filter(each => each === hash).length]
      if (paid !== 1 || revealed !== 1) faults.push({ rule: 'records are paid once and revealed', what: `entry ${i} of ${peer.id}: ${paid} commits, ${revealed} entries on the chain` })
    }
    for (const rule of refused) faults.push({ rule: 'records of honest people are taken', what: `${peer.id}: ${rule}` })
  }
  for (const peer of peers) {
    const { ledger } = peer
    if (ledger === null || peer.plan.mode === 'headers' || ledger.head.root !== best) continue
    for (const [chain, entries] of chains) {
      const count = (await ledger.read(keys.chain(chain)))?.count ?? 0
      const there = await Promise.all(Array.from({ length: count }, async (_, i) => await ledger.read(keys.chainEntry(chain, i))))
      if (there.join() !== entries.join()) faults.push({ rule: 'every chain has all its entries in order, with everybody', what: `${peer.id}: ${count} entries of ${chain}, the blocks have ${entries.length}` })
    }
  }
  return faults
}
