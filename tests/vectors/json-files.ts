import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome } from './types.ts'

/** Which of the JSON files in a folder hold an object that fits. */
export async function pick(path: string, names: readonly string[], fits: (value: Readonly<Record<string, unknown>>) => boolean): Promise<string[]> {
  const picked: string[] = []
  for (const name of names.filter(each => each.endsWith('.json'))) {
    const value = parse(await readFile(join(path, name), 'utf8'))
    if (isObject(value) && fits(value)) picked.push(name)
  }
  return picked
}

/** The value of a JSON file, null where it is none. */
export async function readJson(path: string): Promise<unknown> {
  return parse(await readFile(path, 'utf8'))
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** One outcome for all vectors of a file that were hit, one for each that was missed, and one where there were none. `misses` has an empty text for a hit. */
export function outcomesOf(file: string, misses: readonly string[]): readonly Omit<Outcome, 'shape'>[] {
  const passed = misses.filter(why => why === '').length
  return [
    ...misses.length === 0 ? [{ file, verdict: 'skipped' as const, count: 0, why: 'no vectors' }] : [],
    ...passed > 0 ? [{ file, verdict: 'passed' as const, count: passed, why: '' }] : [],
    ...misses.filter(why => why !== '').map(why => ({ file, verdict: 'missed' as const, count: 1, why })),
  ]
}

function parse(text: string): unknown {
  try { return JSON.parse(text) as unknown } catch { return null }
}
