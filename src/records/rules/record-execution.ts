import type { StateView } from '../../state/index.ts'
import { judgeRecord, type RecordItem } from '../judge-record.ts'
import { judgeCommit, openCommit, payCommit } from './commits.ts'
import type { PaidCommit, PlacedEntry, RecordEffects } from './effects.ts'
import { judgeEntry, placeEntry, type TouchedChains } from './entries.ts'
import type { RecordContext, RecordFrame } from './frame.ts'
import { makeBlocks } from './made-blocks.ts'
import { judgeTransfer, transfer } from './transfers.ts'
import { refuse, type RecordRefusal } from './verdict.ts'
import { RecordScales } from './weight.ts'

/** The records of one block, one after the other. What is refused was refused before anything of it was written. */
export class RecordExecution {
  readonly #context: RecordContext
  readonly #scales = new RecordScales()
  readonly #touched: TouchedChains = new Map()
  readonly #commits: PaidCommit[] = []
  readonly #entries: PlacedEntry[] = []

  constructor(state: StateView, frame: RecordFrame) { this.#context = { state, frame } }

  /**
   * Executes a record, the `record`-th of the block, or says what rule it breaks. `room`: how many coins more the next miner could be paid. Gives the coins that go there.
   */
  async execute(bytes: Uint8Array, record: number, room: number): Promise<{ readonly ok: true, readonly value: number } | RecordRefusal> {
    const excess = this.#scales.judge(bytes)
    if (excess !== null) return excess
    const read = judgeRecord(bytes)
    if (!read.ok) return refuse('record-encoding', `${read.code}: ${read.reason}`)
    const executed = await this.#execute(read.value, record, room)
    if (executed.ok) this.#scales.add(bytes)
    return executed
  }

  async #execute(item: RecordItem, record: number, room: number): Promise<{ readonly ok: true, readonly value: number } | RecordRefusal> {
    switch (item.kind) {
      case 'factoid': {
        const judged = await judgeTransfer(item, room, this.#context)
        if (!judged.ok) return judged
        await transfer(item, judged.value, this.#context)
        return { ok: true, value: judged.value.fees }
      }
      case 'entry': return await this.#reveal(item, record) ?? { ok: true, value: 0 }
      case 'entry-commit': case 'chain-commit': {
        const refusal = await judgeCommit(item, this.#context)
        if (refusal !== null) return refusal
        this.#commits.push(await payCommit(item, record, this.#context))
        return { ok: true, value: 0 }
      }
    }
  }

  async #reveal(item: Extract<RecordItem, { kind: 'entry' }>, record: number): Promise<RecordRefusal | null> {
    const found = await judgeEntry(item, this.#touched, this.#context)
    if (!found.ok) return found
    this.#entries.push(await placeEntry(item, found.value, record, this.#touched, this.#context))
    return null
  }

  /** Follows a record of a block that was executed once: what it did to commits and chains, and nothing else of it. */
  async follow(bytes: Uint8Array, record: number): Promise<void> {
    if (bytes[0] !== 0) return
    const read = judgeRecord(bytes)
    if (!read.ok || read.value.kind === 'factoid') return
    if (read.value.kind === 'entry') await this.#reveal(read.value, record)
    else this.#commits.push(await openCommit(read.value, record, this.#context))
  }

  /** After the last one: the Entry Blocks and the Directory Block of what came. */
  async end(): Promise<RecordEffects> {
    return { commits: this.#commits, entries: this.#entries, ...await makeBlocks(this.#touched, this.#context) }
  }
}
