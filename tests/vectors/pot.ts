import { join } from 'node:path'
import { adjustTarget } from '../../src/ledger/pot/base-target.ts'
import { hitOf } from '../../src/ledger/pot/hit.ts'
import { isObject, outcomesOf, pick, readJson } from './json-files.ts'
import type { Shape } from './types.ts'

/** Proof of transaction: `{ kind: "pot", hit: [[x, H]], baseTarget: [[parent, span, blockTime, child]] }`, whole numbers as decimal text or, where they are small, as numbers. */
export const pot: Shape = {
  name: 'POT',
  claim: async ({ path, names }) => await pick(path, names, value => value['kind'] === 'pot'),
  async check({ path }, claimed) {
    const outcomes = await Promise.all(claimed.map(async file => {
      const value = await readJson(join(path, file))
      const rows = (name: string): readonly unknown[] => isObject(value) && Array.isArray(value[name]) ? value[name] : []
      return outcomesOf(file, [
        ...rows('hit').map(row => miss(row, 2, ([x = 0n]) => hitOf(x))),
        ...rows('baseTarget').map(row => miss(row, 4, ([parent = 0n, span, blockTime]) => adjustTarget(parent, Number(span), Number(blockTime)))),
      ])
    }))
    return outcomes.flat()
  },
}

/** What is wrong with a row whose last number should follow from the others; empty where nothing is. */
function miss(row: unknown, length: number, compute: (given: readonly bigint[]) => bigint): string {
  const numbers = Array.isArray(row) ? row.map(whole) : []
  if (numbers.length !== length || !numbers.every(number => number !== null)) return `not ${String(length)} whole numbers: ${JSON.stringify(row)}`
  try {
    const [found, expected] = [compute(numbers), numbers.at(-1)]
    return found === expected ? '' : `${numbers.slice(0, -1).join(', ')} gives ${String(found)}, not ${String(expected)}`
  } catch (error) { return `${numbers.join(', ')}: ${String(error)}` }
}

function whole(value: unknown): bigint | null {
  return typeof value === 'string' && /^\d+$/.test(value) || Number.isSafeInteger(value) ? BigInt(value as string | number) : null
}
