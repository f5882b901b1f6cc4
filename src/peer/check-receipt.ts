import type { Judged } from '../base/index.ts'
import { judgeExport, type RecordFinding } from '../records/index.ts'

/** What a receipt is worth with nothing but the roots somebody trusts. A module of its own, loaded when somebody checks one: pages need nothing else of records. */
export function checkReceipt(text: string, trusted: readonly string[]): Judged<readonly RecordFinding[]> {
  return judgeExport(text, trusted)
}
