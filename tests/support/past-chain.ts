import type { Ledger } from '../../src/ledger/index.ts'
import { askWorker } from './ask-worker.ts'
import { mine, type Mined, type Turns } from './mine.ts'
import { ledgerOf } from './on-ledger.ts'
import { expect, type Page } from './people.ts'

/** Blocks at their deadlines; or rescue blocks, all by the first of the pool. */
export type Making = Turns | { readonly rescues: true }

/** Makes blocks on the head of a ledger, and takes them. */
export async function makeBlocks(ledger: Ledger, count: number, making: Making = { seconds: 8 }): Promise<Mined[]> {
  const made: Mined[] = []
  while (made.length < count) {
    const block = await mine(ledger, 'rescues' in making ? { at: ledger.head.header.time + ledger.parameters.rescue } : making)
    const verdict = await ledger.offer(block.header, block.body, block.time)
    if (!verdict.ok) throw new Error(`${verdict.rule}: ${verdict.detail}`)
    made.push(block)
  }
  return made
}

/** Gives blocks to somebody's ledger once it is open, as their own network would. */
export async function offerAll(page: Page, blocks: readonly Mined[]): Promise<void> {
  await expect.poll(async () => await ledgerOf(page)).not.toBeNull()
  for (const { header, body } of blocks) expect(await askWorker(page, 'ledger', 'offer', [...header], [...body])).toMatchObject({ ok: true })
}
