import { limits } from '../../base/index.ts'
import { chainCommitBytes, entryCommitBytes } from '../commit.ts'
import { refuse, type RecordRefusal } from './verdict.ts'

/** What a record may cost to check, told by its bytes before anything of it is read. */
export interface RecordWeight { readonly signatures: number, readonly outputs: number }

const [inputsAt, outputsAt, purchasesAt] = [7, 8, 9]

export function recordWeight(bytes: Uint8Array): RecordWeight {
  if (bytes[0] === 2) return { signatures: bytes[inputsAt] ?? 0, outputs: (bytes[outputsAt] ?? 0) + (bytes[purchasesAt] ?? 0) }
  return { signatures: bytes.length === entryCommitBytes || bytes.length === chainCommitBytes ? 1 : 0, outputs: 0 }
}

/** The records of one block so far, weighed. */
export class RecordScales {
  #signatures = 0
  #outputs = 0

  /** Null where the record may be looked at. */
  judge(bytes: Uint8Array): RecordRefusal | null {
    const { signatures, outputs } = recordWeight(bytes)
    if (this.#signatures + signatures > limits.recordSignatures) return refuse('record-excess', `more than ${limits.recordSignatures} signatures of records`)
    return this.#outputs + outputs > limits.factoidOutputs ? refuse('record-excess', `more than ${limits.factoidOutputs} outputs of Factoid payments`) : null
  }

  add(bytes: Uint8Array): void {
    const { signatures, outputs } = recordWeight(bytes)
    this.#signatures += signatures
    this.#outputs += outputs
  }
}
