import { HoldfastError, compareBytes, equalBytes } from '../base/index.ts'
import { entriesOf } from './bucket.ts'
import { childrenOf, rootOf, walkEntries, type Standing, type Tree } from './walk.ts'
import type { Entry } from './types.ts'

/** A key whose values differ; null where it has none. */
export interface Difference {
  readonly key: Uint8Array<ArrayBuffer>
  readonly before: Uint8Array<ArrayBuffer> | null
  readonly after: Uint8Array<ArrayBuffer> | null
}

export async function* diffTrees(before: Tree, after: Tree): AsyncGenerator<Difference> {
  const [a, b] = [before.layout, after.layout]
  if (a.bitWidth !== b.bitWidth || a.bucketSize !== b.bucketSize) throw new HoldfastError('bad-input', 'tries of two shapes')
  if (before.root !== after.root) yield* diffNodes(before, rootOf(before), after, rootOf(after))
}

async function* diffNodes(before: Tree, a: Standing, after: Tree, b: Standing): AsyncGenerator<Difference> {
  const differing: number[] = []
  for (let slot = 0; slot < before.layout.slots; slot++) if (!equalSlots(a, b, slot)) differing.push(slot)
  const [childrenA, childrenB] = await Promise.all([
    childrenOf(before, a, differing.filter(slot => a.node.isLink(slot))),
    childrenOf(after, b, differing.filter(slot => b.node.isLink(slot))),
  ])
  for (const slot of differing) {
    const [belowA, belowB] = [a.node.isLink(slot) ? childrenA.shift()! : null, b.node.isLink(slot) ? childrenB.shift()! : null]
    if (belowA !== null && belowB !== null) yield* diffNodes(before, belowA, after, belowB)
    else if (belowA !== null) {
      for await (const { key, value, other } of beside(walkEntries(before, belowA), entriesOf(b.node, slot))) yield { key, before: value, after: other }
    } else if (belowB !== null) {
      for await (const { key, value, other } of beside(walkEntries(after, belowB), entriesOf(a.node, slot))) yield { key, before: other, after: value }
    } else {
      for await (const { key, value, other } of beside(entriesOf(a.node, slot), entriesOf(b.node, slot))) yield { key, before: value, after: other }
    }
  }
}

function equalSlots({ node: a }: Standing, { node: b }: Standing, slot: number): boolean {
  return equalBytes(a.bytes.subarray(a.starts[slot], a.starts[slot + 1]), b.bytes.subarray(b.starts[slot], b.starts[slot + 1]))
}

/** Entries beside a few others: each key whose values differ, with the value of either. */
async function* beside(entries: AsyncIterable<Entry> | Iterable<Entry>, few: readonly Entry[]): AsyncGenerator<{ key: Uint8Array<ArrayBuffer>, value: Uint8Array<ArrayBuffer> | null, other: Uint8Array<ArrayBuffer> | null }> {
  const left = [...few]
  for await (const { key, value } of entries) {
    const at = left.findIndex(entry => compareBytes(entry.key, key) === 0)
    const other = at < 0 ? null : left.splice(at, 1)[0]!.value
    if (other === null || !equalBytes(value, other)) yield { key, value, other }
  }
  for (const { key, value: other } of left) yield { key, value: null, other }
}
