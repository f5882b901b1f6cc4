import { accept, fromHex, isMap, limits, reject, type Cid, type Infohash, type Judged } from '../base/index.ts'
import { hexOf } from './section-exchange.ts'

/**
 * Where a volume of a chain is: `{ volume: { chain, number } }` is answered with `{ cid, infohash, size }` of the file that holds it, where that is given here. What is in it, the ledger
 * tells from what is not.
 */
export interface VolumeQuestion { readonly chain: string, readonly number: number }
export interface VolumeFile { readonly cid: Cid, readonly infohash: Infohash, readonly size: number }

const mostNumber = 2 ** 32 - 1

export function volumeQuestion({ chain, number }: VolumeQuestion): unknown { return { volume: { chain: fromHex(chain), number } } }

export function judgeVolumeQuestion(value: unknown): Judged<{ readonly volume: VolumeQuestion }> {
  const chain = isMap(value) && Object.keys(value).length === 2 ? hexOf(value['chain'], 32) : null
  const number = isMap(value) ? value['number'] : null
  return chain === null || !isWhole(number, mostNumber) ? reject('bad-input', 'not a question for a volume') : accept({ volume: { chain, number } })
}

export function volumeReply({ cid, infohash, size }: VolumeFile): unknown { return { cid: fromHex(cid), infohash: fromHex(infohash), size } }

export function judgeVolumeReply(reply: unknown): Judged<VolumeFile> {
  const bad = reject('bad-reply', 'not where a volume is')
  if (!isMap(reply) || Object.keys(reply).length !== 3) return bad
  const [cid, infohash, { size }] = [hexOf(reply['cid'], 32), hexOf(reply['infohash'], 20), reply]
  return cid === null || infohash === null || !isWhole(size, limits.volumeFileBytes) || size === 0 ? bad : accept({ cid, infohash, size })
}

function isWhole(value: unknown, most: number): value is number { return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most }
