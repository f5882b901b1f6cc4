import { accept, addressBytes, addressOfBytes, fromHex, isMap, limits, reject, toHex, type Address, type Cid, type Infohash, type Judged } from '../base/index.ts'

/** `{ section: { cid, infohash, index, at } }`: bytes of section `index` from `at` on, at most `limits.sectionPartBytes`. `infohash` null: only of what is offered openly. */
export interface SectionQuestion { readonly cid: Cid, readonly infohash: Infohash | null, readonly index: number, readonly at: number }

/** `{ bytes, nodes }`: the nodes prove the section under the root of all, and come with its first part. */
export interface SectionPart { readonly bytes: Uint8Array, readonly nodes: readonly Uint8Array[] }

/** `{ receipt: { cid, root, server, serverNonce, time } }`: "you got this from me; may I say so in my next block?" */
export interface ReceiptQuestion { readonly cid: Cid, readonly root: Cid, readonly server: Address, readonly serverNonce: bigint, readonly time: number }

/** More sections than any file has. */
const mostIndex = 10_000

export function sectionQuestion({ cid, infohash, index, at }: SectionQuestion): unknown {
  return { section: { cid: fromHex(cid), infohash: infohash === null ? null : fromHex(infohash), index, at } }
}

export function judgeSectionQuestion(value: unknown): Judged<{ readonly section: SectionQuestion }> {
  const bad = reject('bad-input', 'not a question for a section')
  if (!isMap(value) || Object.keys(value).length !== 4) return bad
  const { index, at } = value
  const [cid, infohash] = [hexOf(value['cid'], 32), hexOf(value['infohash'], 20)]
  if (cid === null || (infohash === null && value['infohash'] !== null)) return bad
  if (!isWhole(index, mostIndex) || index === 0 || !isWhole(at, Number.MAX_SAFE_INTEGER) || at % limits.sectionPartBytes !== 0) return bad
  return accept({ section: { cid, infohash, index, at } })
}

/** The part of a section: exactly so many bytes, and nodes where it is the first. */
export function judgeSectionReply(reply: unknown, length: number, first: boolean): Judged<SectionPart> {
  const bad = reject('bad-reply', 'not the part of a section that was asked for')
  if (!isMap(reply) || Object.keys(reply).length !== 2) return bad
  const { bytes, nodes } = reply
  if (!(bytes instanceof Uint8Array) || bytes.length !== length || !Array.isArray(nodes) || nodes.length > (first ? limits.sectionNodes : 0)) return bad
  const isNode = (node: unknown): node is Uint8Array => node instanceof Uint8Array && node.length <= limits.sectionNodeBytes
  return nodes.every(isNode) ? accept({ bytes, nodes }) : bad
}

export function receiptQuestion({ cid, root, server, serverNonce, time }: ReceiptQuestion): unknown {
  return { receipt: { cid: fromHex(cid), root: fromHex(root), server: addressBytes(server), serverNonce, time } }
}

export function judgeReceiptQuestion(value: unknown): Judged<{ readonly receipt: ReceiptQuestion }> {
  const bad = reject('bad-input', 'not a question for a receipt')
  if (!isMap(value) || Object.keys(value).length !== 5) return bad
  const { server, serverNonce, time } = value
  const [cid, root] = [hexOf(value['cid'], 32), hexOf(value['root'], 32)]
  if (cid === null || root === null || !(server instanceof Uint8Array) || server.length !== 20 || !isWhole(time, 2 ** 32 - 1)) return bad
  const nonce = typeof serverNonce === 'bigint' ? serverNonce : isWhole(serverNonce, Number.MAX_SAFE_INTEGER) ? BigInt(serverNonce) : 0n
  if (nonce < 1n || nonce >= 1n << 64n) return bad
  return accept({ receipt: { cid, root, server: addressOfBytes(server), serverNonce: nonce, time } })
}

/** The bytes of a receipt, whatever they say. */
export function judgeReceiptReply(reply: unknown): Judged<Uint8Array> {
  const bytes = isMap(reply) && Object.keys(reply).length === 1 ? reply['receipt'] : null
  return bytes instanceof Uint8Array && bytes.length <= limits.receiptBytes ? accept(bytes) : reject('bad-reply', 'not a receipt')
}

export function hexOf(value: unknown, length: number): string | null {
  return value instanceof Uint8Array && value.length === length ? toHex(value) : null
}

function isWhole(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most
}
