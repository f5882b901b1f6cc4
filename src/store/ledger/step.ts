import type { Edit, Records } from './records.ts'

/** What is written, and what follows in memory: `done` once it is there, `undone` where it could not be. */
export interface Step {
  readonly edits: readonly Edit[]
  readonly done?: () => void
  readonly undone?: () => void
}

/** Takes the steps as one: all of them, or none and the failure. */
export async function take(records: Records, steps: readonly Step[], durability: 'strict' | 'relaxed' = 'relaxed'): Promise<void> {
  try {
    await records.write(steps.flatMap(({ edits }) => edits), durability)
  } catch (error) {
    for (const { undone } of steps) undone?.()
    throw error
  }
  for (const { done } of steps) done?.()
}
