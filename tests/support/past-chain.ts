import type { Ledger } from '../../src/ledger/index.ts'
import { askWorker } from './ask-worker.ts'
import { mine, type Mined, type Turns } from './mine.ts'
import { expect, type Page } from './people.ts'

/** Makes blocks on the head of a ledger while `wanted` says so, and takes them. */
export async function makeBlocks(ledger: Ledger, turns: Turns, wanted: (made: number) => boolean): Promise<Mined[]> {
  const made: Mined[] = []
  while (wanted(made.length)) {
    const block = await mine(ledger, turns)
    const verdict = await ledger.offer(block.header, block.body, block.time)
    if (!verdict.ok) throw new Error(`${verdict.rule}: ${verdict.detail}`)
    made.push(block)
  }
  return made
}

/** Gives blocks to somebody's ledger, as their own network would. */
export async function offerAll(page: Page, blocks: readonly Mined[]): Promise<void> {
  for (const { header, body } of blocks) expect(await askWorker(page, 'ledger', 'offer', [...header], [...body])).toMatchObject({ ok: true })
}
