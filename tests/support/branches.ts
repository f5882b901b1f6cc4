import { expect } from 'vitest'
import { pastOf, type Ledger, type Position } from '../../src/ledger/index.ts'
import { mine, type Mined, type Turns } from './mine.ts'

/** Blocks and states from the head's chain, oldest first, above a number. */
export function positionsAbove(ledger: Ledger, number: number): Position[] {
  return [...pastOf(ledger.chain, ledger.head)].filter(({ header }) => header.number > number).toReversed().map(({ root }) => ledger.position(root)!)
}

/** Makes `count` blocks on the head and takes them. */
export async function grow(ledger: Ledger, count: number, how: Turns = { seconds: 3 }): Promise<Mined[]> {
  const mined: Mined[] = []
  for (let i = 0; i < count; i++) {
    const block = await mine(ledger, how)
    await take(ledger, [block])
    mined.push(block)
  }
  return mined
}

/** Time by which every block of a test is due. */
export const late = 1_701_000_000

export async function take(ledger: Ledger, blocks: readonly Mined[]): Promise<void> {
  for (const { header, body } of blocks) expect(await ledger.offer(header, body, late)).toMatchObject({ ok: true })
}
