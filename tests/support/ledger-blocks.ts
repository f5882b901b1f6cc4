import { concat, fromHex, sha256, toHex, utf8, type Cid } from '../../src/base/index.ts'
import { placeOf, writePack, type Commit, type Place } from '../../src/hamt/index.ts'
import type { NewBlock } from '../../src/store/index.ts'

/* Blocks as the store sees them: it looks into no header, and into no node either. */

export const cidOf = (bytes: Uint8Array): Cid => toHex(sha256(bytes))

/** A block called `name` on `parent`, with the state that executing it made. */
export function blockOf(name: string, parent: NewBlock | null, state: Commit, body: string | null = `body of ${name}`): NewBlock {
  const header = utf8(`header of ${name}`)
  const block = cidOf(header)
  return {
    block, header, state,
    root: cidOf(concat(fromHex(block)!, state.root.digest)),
    parent: parent?.root ?? null,
    number: parent === null ? 0 : parent.number + 1,
    power: 1n,
    body: { cid: cidOf(utf8(body ?? `body of ${name}`)), bytes: body === null ? null : utf8(body) },
  }
}

/** A commit of one pack with these nodes, none of which links to another; the last is the root. */
export function packOfTexts(number: number, texts: readonly string[], replaced: readonly Place[] = []): Commit {
  const nodes = texts.map(text => ({ bytes: utf8(text), children: [] }))
  return { root: { digest: sha256(nodes.at(-1)!.bytes), place: placeOf(number, nodes.length - 1) }, packs: [writePack(number, nodes)], replaced }
}

/** Of a block whose header alone is known. */
export function unexecuted(text: string): Commit {
  return { root: { digest: sha256(utf8(text)), place: null }, packs: [], replaced: [] }
}
