import { HoldfastError, concat, decode, encode, fromHex, sha256, toHex, utf8, type Cid } from '../base/index.ts'
import { ledgerShape, verifyProof } from '../hamt/index.ts'
import { ancestor, blockId, judgeBodyBytes, transactionId, type Body, type Ledger, type Link } from '../ledger/index.ts'
import { judgeRecord } from '../records/index.ts'
import { coinbaseOutput, keys, output, stateRoot, type CoinbaseOutput, type Output, type StateKey } from '../state/index.ts'
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
  const link = linkOf(parts, place)
  if (place.index !== null) await checkBody(parts, link, id, place.index)
  const { root, value, nodes, bytes } = await readProved(parts, key.name)
  const found = value === null ? null : place.index === null ? decode(coinbaseOutput, value) : decode(output, value)
  if (found?.ok !== true || found.value.block !== place.block || 'index' in found.value && found.value.index !== place.index) throw new HoldfastError('wrong-bytes', 'the state does not say so')
  return { root, block: place.block, number: place.number, index: place.index, nodes, bytes }
}

/**
 * The same of a Factoid transaction: it lies in its block, and the state has, under what it is known by, that block's number. `not-found` once its window is over, from when on no state remembers it.
 */
export async function provePaid(parts: ProofParts, id: Cid, place: Place, record: number): Promise<RowProof> {
  const link = linkOf(parts, place)
  const item = (await bodyOf(parts, link)).records[record]
  const judged = item === undefined ? null : judgeRecord(item)
  if (judged?.ok !== true || judged.value.kind !== 'factoid' || judged.value.txid !== id) throw new HoldfastError('wrong-bytes', 'its block does not have it there')
  const key = keys.paid(judged.value.replayKey)
  const { root, value, nodes, bytes } = await readProved(parts, key.name)
  if (value === null) throw new HoldfastError('not-found', 'no state remembers it any more')
  const found = decode(key.codec, value)
  if (!found.ok || found.value !== place.number) throw new HoldfastError('wrong-bytes', 'the state does not say so')
  return { root, block: place.block, number: place.number, index: null, nodes, bytes }
}

function linkOf({ sync: { chain, status: { head } } }: ProofParts, { number, block }: Place): Link {
  const link = ancestor(chain, head, number)
  if (link === null || link.id !== block || blockId(link.header) !== link.id) throw new HoldfastError('not-found', 'its block is on this chain no more')
  return link
}

async function checkBody(parts: ProofParts, link: Link, id: Cid, index: number): Promise<void> {
  const each = (await bodyOf(parts, link)).transactions[index]
  if (each === undefined || transactionId(each) !== id) throw new HoldfastError('wrong-bytes', 'its block does not have it there')
}

async function bodyOf({ store, sync }: ProofParts, { root, header }: Link): Promise<Body> {
  const bytes = await store.body(root) ?? await sync.fetch(header.body)
  if (bytes === null) throw new HoldfastError('not-found', 'nobody keeps its block any more')
  const body = judgeBodyBytes(bytes, header.body)
  if (!body.ok) throw new HoldfastError('wrong-bytes', 'its block does not have it there')
  return body.value
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
