import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Shape } from './types.ts'

/** Shapes that are known by sight, for which there is no code yet: told by name, not checked. */
export const later: readonly Shape[] = [
  known('Factom', async ({ names, path }) => await pick(path, names, value => ['meta', 'varint', 'chainIds', 'entries', 'entryCommits', 'addresses'].every(key => key in value))),
  known('POT', async ({ names, path }) => await pick(path, names, value => value['kind'] === 'pot' && Array.isArray(value['hit']))),
  known('Wycheproof', async ({ names, path }) => await pick(path, names, value => 'testGroups' in value && 'algorithm' in value)),
]

function known(name: string, claim: Shape['claim']): Shape {
  return {
    name, claim,
    check: async (_folder, claimed) => claimed.map(file => ({ file, verdict: 'skipped' as const, count: 1, why: 'no code for these yet' })),
  }
}

async function pick(path: string, names: readonly string[], fits: (value: Readonly<Record<string, unknown>>) => boolean): Promise<string[]> {
  const picked: string[] = []
  for (const name of names.filter(each => each.endsWith('.json'))) {
    const value = parse(await readFile(join(path, name), 'utf8'))
    if (typeof value === 'object' && value !== null && fits(value as Readonly<Record<string, unknown>>)) picked.push(name)
  }
  return picked
}

function parse(text: string): unknown {
  try { return JSON.parse(text) as unknown } catch { return null }
}
