import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { encodeDirectoryBlock, writeReceipt } from '../../../src/records/index.ts'
import { main } from '../../../src/verify/main.ts'
import { rootHex } from '../../../src/verify/root.ts'
import { cidOfNode } from '../../support/trie-cid.ts'
import { chainEntries, directoryBlock, directoryBlockKey, receiptParts } from '../../support/receipts.ts'
import { fromHex, toHex } from '../../../src/base/index.ts'

let folder: string
let said = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-verify-'))
  said = ''
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation(chunk => { said += String(chunk); return true })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

const { roots, ...parts } = await receiptParts({ later: 1 })
const receipt = writeReceipt(parts)

async function run(content: string, ...args: readonly string[]): Promise<number> {
  await writeFile(join(folder, 'receipt.json'), content)
  said = ''
  return await main([join(folder, 'receipt.json'), ...args])
}

test('a receipt that holds', async () => {
  expect(await run(receipt)).toBe(0)
  expect(said).toContain('Nothing in it is wrong.')
  expect(await run(receipt, '--root', roots[1]!)).toBe(0)
  expect(said).toContain('It holds, and ends in a root that you trust.')
  expect(await run(receipt, '--root', '00'.repeat(32), '--root', cidOfNode(fromHex(roots[0]!)!))).toBe(0)
  expect(said).toMatch(/^holds {2}trust {12}The state root/m)
})

test('one that does not, or that ends in another root', async () => {
  expect(await run(receipt, '--root', '00'.repeat(32))).toBe(1)
  expect(said).toMatch(/^FAILS {2}trust/m)
  expect(await run(receipt.replace('"index": 1', '"index": 2'), '--root', roots[0]!)).toBe(1)
  expect(said).toMatch(/It does not hold: \d of \d claims fail\./)
})

test('an export is worth as much as a Directory Block in it that somebody trusts', async () => {
  const directory = JSON.stringify({ rawdata: toHex(encodeDirectoryBlock(directoryBlock)) })
  expect(await run(directory)).toBe(0)
  expect(await run(directory, '--root', directoryBlockKey)).toBe(0)
  expect(await run(directory, '--root', '00'.repeat(32))).toBe(1)
  expect(await run(JSON.stringify({ data: toHex(chainEntries[0]) }))).toBe(0)
  expect(await run(JSON.stringify({ data: toHex(chainEntries[0]) }), '--root', directoryBlockKey)).toBe(1)
  expect(said).toContain('ends in no root that you trust')
})

test('as JSON, for programs', async () => {
  expect(await run(receipt, '--json')).toBe(0)
  expect(JSON.parse(said)).toContainEqual({ claim: 'format', holds: true, says: 'A receipt of Holdfast, version 1.', code: 'receipt', words: [] })
})

test('what cannot be checked is told of', async () => {
  for (const [content, words] of [['', 'not JSON'], ['{}', 'nothing in it'], ['[1]', 'nothing in it']] as const) {
    expect(await run(content)).toBe(1)
    expect(said).toContain(words)
  }
  expect(await run(receipt, '--root', 'abc')).toBe(1)
  expect(said).toContain('abc is no root')
  said = ''
  expect([await main([]), await main(['a', 'b']), await main([join(folder, 'none.json')]), await main(['--what'])]).toEqual([1, 1, 1, 1])
  expect(said).toContain('one file is needed')
  said = ''
  expect(await main(['--help'])).toBe(0)
  expect(said).toContain('npm run verify -- FILE')
})

test('roots as people write them', () => {
  expect(rootHex('AB'.repeat(32))).toBe('ab'.repeat(32))
  expect(rootHex(cidOfNode(fromHex('cd'.repeat(32))!))).toBe('cd'.repeat(32))
  for (const text of ['', 'ab', 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG', 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy']) expect(() => rootHex(text)).toThrow('is no root')
})

test('as a command, on a path from where the person is, and as a file that stands alone', async () => {
  await writeFile(join(folder, 'receipt.json'), receipt)
  const env = { ...process.env, INIT_CWD: folder }
  const command = spawnSync(process.execPath, ['tests/support/bootstrap.mjs', 'verify', 'receipt.json', '--root', roots[0]!], { env, encoding: 'utf8' })
  expect(command.stdout).toContain('It holds, and ends in a root that you trust.')
  expect(command.status).toBe(0)
  expect(spawnSync(process.execPath, ['tests/support/bootstrap.mjs', 'verify', '--standalone', 'alone.mjs'], { env }).status).toBe(0)
  const alone = (...args: readonly string[]) => spawnSync(process.execPath, [join(folder, 'alone.mjs'), ...args], { cwd: folder, env: {}, encoding: 'utf8' })
  expect(alone('receipt.json', '--root', roots[0]!)).toMatchObject({ status: 0, stderr: '', stdout: command.stdout })
  expect(alone('receipt.json', '--root', '00'.repeat(32)).status).toBe(1)
}, 60_000)
