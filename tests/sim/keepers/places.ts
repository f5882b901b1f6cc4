import type { Address } from '../../../src/base/index.ts'
import type { UploadName } from '../../../src/content/index.ts'
import type { UploadRow } from '../../../src/state/index.ts'
import { isOver } from '../../../src/peer/upload-rows.ts'
import type { HeadView } from './view.ts'

/** Whether somebody may accept an upload in the next block: a place is free, or its keeper is not active any more. */
export function isOpenTo(view: HeadView, { owner }: UploadName, row: UploadRow, me: Address, head: number): boolean {
  const { publication: { rent, keepers }, kept } = row
  if (rent === null || owner === me || isOver(row, head) || kept.includes(me) || keepers.length > 0 && !keepers.includes(me)) return false
  return kept.length < rent.wanted || kept.some(address => view.keepers.get(address)?.status !== 'active')
}
