import { HoldfastError, concat, decode, encode, fromHex, sha256, toHex, utf8, type Cid } from '../base/index.ts'
import { ledgerShape, verifyProof } from '../hamt/index.ts'
import { ancestor, blockId, judgeBodyBytes, transactionId, type Ledger, type Link } from '../ledger/index.ts'
import { coinbaseOutput, output, stateRoot, type CoinbaseOutput, type Output, type StateKey } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { BookStore, Place } from './book-values.ts'
import type { RowProof } from './wallet-api.ts'

export interface ProofParts {
  readonly ledger: Pick<Ledger, 'parts' | 'prove' | 'head'>
  readonly sync: Pick<Sync, 'status' | 'chain' | 'read' | 'fetch'>
  readonly store: Pick<BookStore, 'body'>
}

/**
 * Shows where something stands, and checks it as anybody would who believes the root alone: the transaction lies in the body that its block's header names,
 * and the state under the root has, under its sender and nonce, that block and place. `wrong-bytes` where it does not hold, `not-found` where a part cannot be had.
 */
export async function proveRow(parts: ProofParts, id: Cid, place: Place, key: StateKey<Output> | StateKey<CoinbaseOutput>): Promise<RowProof> {
  const { chain, status: { head } } = parts.sync
  const link = ancestor(chain, head, place.number)
  if (link === null || link.id !== place.block || blockId(link.header) !== link.id) throw new HoldfastError('not-found', 'its block is on this chain no more')
  if (place.index !== null) await checkBody(parts, link, id, place.index)
  const { root, value, nodes, bytes } = await readProved(parts, key.name)
  const found = value === null ? null : place.index === null ? decode(coinbaseOutput, value) : decode(output, value)
  if (found?.ok !== true || found.value.block !== place.block || 'index' in found.value && found.value.index !== place.index) throw new HoldfastError('wrong-bytes', 'the state does not say so')
  return { root, block: place.block, number: place.number, index: place.index, nodes, bytes }
}

async function checkBody({ store, sync }: ProofParts, { root, header }: Link, id: Cid, index: number): Promise<void> {
  const bytes = await store.body(root) ?? await sync.fetch(header.body)
  if (bytes === null) throw new HoldfastError('not-found', 'nobody keeps its block any more')
  const body = judgeBodyBytes(bytes, header.body)
  const each = body.ok ? body.value.transactions[index] : undefined
  if (each === undefined || transactionId(each) !== id) throw new HoldfastError('wrong-bytes', 'its block does not have it there')
}

/** At the head, from the nodes of its state where they are here; else proved by others, who keep the nodes to themselves. */
async function readProved({ ledger, sync }: ProofParts, name: string): Promise<{ readonly root: Cid, readonly value: Uint8Array | null, readonly nodes: number, readonly bytes: number }> {
  if (sync.status.mode === 'full') {
    const { root } = ledger.head
    const [parts, nodes] = [ledger.parts(root), await ledger.prove([name], root)]
    if (toHex(sha256(encode(stateRoot, parts))) !== root) throw new HoldfastError('wrong-bytes', 'the root is of another state')
    const judged = verifyProof(fromHex(parts.state)!, ledgerShape, [utf8(name)], nodes)
    if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
    return { root, value: judged.value[0] ?? null, nodes: nodes.length, bytes: concat(...nodes).length }
  }
  const found = await sync.read([name])
  if (found === null) throw new HoldfastError('not-found', 'nobody proves it now')
  return { root: found.root, value: found.values[0] ?? null, nodes: 0, bytes: 0 }
}
