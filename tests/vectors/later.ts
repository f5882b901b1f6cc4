import { pick } from './json-files.ts'
import type { Shape } from './types.ts'

/** Shapes that are known by sight, for which there is no code yet: told by name, not checked. */
export const later: readonly Shape[] = [
  known('Factom', async ({ names, path }) => await pick(path, names, value => ['meta', 'varint', 'chainIds', 'entries', 'entryCommits', 'addresses'].every(key => key in value))),
]

function known(name: string, claim: Shape['claim']): Shape {
  return {
    name, claim,
    check: async (_folder, claimed) => claimed.map(file => ({ file, verdict: 'skipped' as const, count: 1, why: 'no code for these yet' })),
  }
}
