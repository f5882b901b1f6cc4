import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTdf } from '../../../src/content/index.ts'
import { startKeyServer, type KeyServer } from '../../support/opentdf-client.ts'
import { gathered, keysOf, random, readerOf, setupOf, tdfOf } from '../../support/tdf.ts'
import { noisy } from './archive-help.ts'

/* Software that is not ours reads ours, and the other way round. */

const unzip = spawnSync('unzip', ['-v']).error === undefined
if (!unzip) console.warn('no unzip here: its tests are left out')

test.skipIf(!unzip).each([['zip', {}], ['zip64', { maxBytes: 2 ** 33 }], ['as before 4.3.0', { legacy: true }]])('unzip finds nothing wrong with ours: %s', async (_, more) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-unzip-'))
  try {
    const path = join(folder, 'ours.tdf')
    writeFileSync(path, await tdfOf(noisy(1_500_000), await setupOf(random.bytes(32), more)))
    const { status, stdout } = spawnSync('unzip', ['-t', path], { encoding: 'utf8' })
    expect(stdout).toContain('No errors detected')
    expect(status).toBe(0)
  } finally { rmSync(folder, { recursive: true }) }
})

let server: KeyServer
beforeAll(async () => { server = await startKeyServer() }, 60_000)
afterAll(async () => { await server.stop() })

const plain = noisy(1_200_000)

async function ours(legacy: boolean) {
  const key = random.bytes(32)
  const setup = await setupOf(key, { legacy, segmentBytes: 500_000 })
  return await tdfOf(plain, { ...setup, keyAccess: await server.wrap(key, setup.policy) })
}

const decrypt = async (location: Uint8Array) => await gathered((await server.client.decrypt({ source: { type: 'buffer', location } })).stream)

test("OpenTDF's client writes, we read", async () => {
  const source = new Blob([plain]).stream()
  const file = await gathered((await server.client.encrypt({ source, offline: true, windowSize: 500_000 })).stream)
  const text = Buffer.from(file).toString('latin1')
  const [, wrappedKey = ''] = /"wrappedKey":"([^"]+)"/.exec(text) ?? []
  const opened = await openTdf(readerOf(file), file.length)
  const judged = opened.ok ? await opened.value.unlock(await keysOf(server.unwrap(wrappedKey))) : opened
  expect(judged).toMatchObject({ ok: true })
  if (judged.ok) expect(Buffer.from(await gathered(judged.value.range(0, judged.value.size))).equals(plain)).toBe(true)
  expect(opened.ok && opened.value.manifest).toMatchObject({ legacy: true, segments: { length: 3 } })
})

test("we write as before 4.3.0, OpenTDF's client reads", async () => {
  expect(Buffer.from(await decrypt(await ours(true))).equals(plain)).toBe(true)
})

test('it is older than 4.3.0, whose root signature it takes for a wrong one', async () => {
  await expect(decrypt(await ours(false))).rejects.toThrow('root signature')
})

test('it finds what was changed in ours', async () => {
  const file = await ours(true)
  await expect(decrypt(file.map((byte, i) => i === 1000 ? byte ^ 1 : byte))).rejects.toThrow()
})
