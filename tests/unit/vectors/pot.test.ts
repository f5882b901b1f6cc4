import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkFolder } from '../../vectors/main.ts'

let root: string
beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'holdfast-pot-')) })
afterEach(async () => { await rm(root, { recursive: true }) })

async function outcomes(value: object): Promise<readonly (readonly [verdict: string, count: number, why: string])[]> {
  await writeFile(join(root, 'any.json'), JSON.stringify(value))
  return (await checkFolder(root)).map(({ verdict, count, why }) => [verdict, count, why] as const)
}

const hit = ['12345678901234567890', '231496127305161524']
const target = ['1000000000000000', '1200', '300', '1116666666666666']

test('vectors of others pass', async () => {
  await copyFile('tests/fixtures/pot.json', join(root, 'pot.json'))
  expect(await checkFolder(root)).toEqual([{ file: 'pot.json', shape: 'POT', verdict: 'passed', count: 53, why: '' }])
})

test('what follows passes, and what does not is missed', async () => {
  expect(await outcomes({ kind: 'pot', hit: [hit], baseTarget: [target, ['1000000000000000', 300, 300, '925333333333380']] })).toEqual([['passed', 3, '']])
  expect(await outcomes({ kind: 'pot', hit: [hit, [hit[0], '231496127305161525']], baseTarget: [target.with(3, '1116666666666667'), target.with(1, '900')] })).toEqual([
    ['passed', 1, ''],
    ['missed', 1, '12345678901234567890 gives 231496127305161524, not 231496127305161525'],
    ['missed', 1, '1000000000000000, 1200, 300 gives 1116666666666666, not 1116666666666667'],
    ['missed', 1, '1000000000000000, 900, 300 gives 1000000000000000, not 1116666666666666'],
  ])
})

test('what is no vector is missed', async () => {
  expect(await outcomes({ kind: 'pot', hit: [[], ['1'], ['0x1', '2'], ['', '0'], [1.5, '2'], ['18446744073709551616', '0'], 7], baseTarget: [['1', '2', '0', '4']] })).toEqual([
    ['missed', 1, 'not 2 whole numbers: []'], ['missed', 1, 'not 2 whole numbers: ["1"]'], ['missed', 1, 'not 2 whole numbers: ["0x1","2"]'], ['missed', 1, 'not 2 whole numbers: ["","0"]'], ['missed', 1, 'not 2 whole numbers: [1.5,"2"]'],
    ['missed', 1, '18446744073709551616, 0: HoldfastError: not an unsigned number of 64 bits'], ['missed', 1, 'not 2 whole numbers: 7'], ['missed', 1, '1, 2, 0, 4: RangeError: Division by zero'],
  ])
  expect(await outcomes({ kind: 'pot', hit: 'none' })).toEqual([['skipped', 0, 'no vectors']])
})
