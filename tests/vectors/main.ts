import { readdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { hamt } from './hamt.ts'
import { factom } from './factom.ts'
import { pot } from './pot.ts'
import { tdf } from './tdf.ts'
import type { Folder, Outcome, Shape } from './types.ts'
import { wycheproof } from './wycheproof.ts'

const shapes: readonly Shape[] = [tdf, hamt, pot, wycheproof, factom]

const usage = 'npm run vectors -- DIR [--json FILE]'

/** Checks every vector in a folder and below, recognised by its shape, and prints a table; 1 where one is missed. Files of no known shape are told of. */
export async function main(args: string[]): Promise<number> {
  let folder: string, json: string | undefined
  try {
    const { values, positionals: [given, ...more] } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'string' } } })
    if (given === undefined || more.length > 0) throw new Error('one folder is needed')
    json = values.json
    folder = given
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    return 1
  }
  const outcomes = await checkFolder(folder)
  console.log(tableOf(outcomes))
  if (json !== undefined) await writeFile(json, `${JSON.stringify(outcomes, null, 2)}\n`)
  return outcomes.some(({ verdict }) => verdict === 'missed') ? 1 : 0
}

export async function checkFolder(root: string): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const folder of await foldersOf(root)) {
    const place = (name: string) => relative(root, join(folder.path, name))
    const seen = new Set<string>()
    for (const shape of shapes) {
      const claimed = await shape.claim(folder)
      for (const name of claimed) seen.add(name)
      const checked = claimed.length === 0 ? [] : await shape.check(folder, claimed)
      outcomes.push(...checked.map(outcome => ({ ...outcome, file: place(outcome.file), shape: shape.name })))
    }
    outcomes.push(...folder.names.filter(name => !seen.has(name)).map(name => ({ file: place(name), shape: '-', verdict: 'skipped' as const, count: 0, why: 'no known shape' })))
  }
  return outcomes
}

async function foldersOf(path: string): Promise<readonly Folder[]> {
  const entries = (await readdir(path, { withFileTypes: true })).toSorted((a, b) => a.name < b.name ? -1 : 1)
  const below = await Promise.all(entries.filter(entry => entry.isDirectory()).map(async ({ name }) => await foldersOf(join(path, name))))
  return [{ path, names: entries.filter(entry => entry.isFile()).map(({ name }) => name) }, ...below.flat()]
}

function tableOf(outcomes: readonly Outcome[]): string {
  const head = ['vectors', 'file', 'count', 'verdict', '']
  const rows = outcomes.map(({ shape, file, count, verdict, why }) => [shape, file, String(count), verdict, why])
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map(row => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ').trimEnd()
  const sum = (wanted: Outcome['verdict']) => outcomes.filter(({ verdict }) => verdict === wanted).reduce((total, { count }) => total + count, 0)
  return [line(head), ...rows.map(line), `${sum('passed')} passed, ${sum('missed')} missed, ${sum('skipped')} skipped`].join('\n')
}
