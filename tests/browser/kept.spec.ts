import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noise, sha256Hex } from '../support/bytes.ts'
import { blocksMost, somebody, stateOf, type App } from '../support/on-ledger.ts'
import { expect, networkFile, test } from '../support/people.ts'
import { startRelay } from '../support/relay.ts'

/* A relay that keeps what tabs publish, for those who come when the tab is closed. */

test('what a tab published and left behind comes from the relay alone', async ({ person }) => {
  test.setTimeout(150_000) // it waits for two blocks, one in five seconds on average
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-kept-'))
  const relay = await startRelay({ args: ['--keep', '50MiB', '--network', await networkFile(folder, { blockTime: 5, rescue: 30, stampBits: 8 })] })
  const bytes = noise(1_500_000, 'left behind')
  const ann = await person(`${relay.url}#/network`)
  await somebody(ann.page)
  await expect.poll(async () => (await stateOf(ann.page, 'ledger')).phase).toBe('open')
  await ann.page.evaluate(async base64 => {
    const file = new File([Uint8Array.from(atob(base64), char => char.charCodeAt(0))], 'tides.bin')
    await document.querySelector<App>('holdfast-app')!.peer.publishing.publish({
      files: [{ file, path: 'tides.bin' }], covers: [], kind: 'archive', title: 'Tides', about: '', tags: [], protect: true, policy: 'public', holders: [], keepers: [], wanted: null, until: 4,
    })
  }, bytes.toString('base64'))
  const health = async (): Promise<{ readonly kept: { readonly files: number, readonly bytes: number } }> => await ann.page.evaluate(async () => await (await fetch('./health')).json() as Awaited<ReturnType<typeof health>>)
  await expect.poll(async () => (await health()).kept.files, { timeout: blocksMost }).toBe(1)
  const item = async (): Promise<Awaited<ReturnType<typeof stateOf<'items'>>>[number]> => (await stateOf(ann.page, 'items'))[0]!
  await expect.poll(async () => (await item()).link).toContain('k=')
  const { cid, size, link } = await item()
  expect((await health()).kept.bytes).toBe(size)
  await ann.context.close()

  const url = `${relay.url}content/archives/${cid}`
  const whole = Buffer.from(await (await fetch(url)).arrayBuffer())
  expect(sha256Hex(whole)).toBe(cid)
  const part = await fetch(url, { headers: { range: 'bytes=1000000-1200000' } })
  expect(part.status).toBe(206)
  expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(1_000_000, 1_200_001))).toBe(true)

  const ben = await person(relay.url)
  await ben.get(link, false)
  await ben.here()
  expect((await ben.saved('tides.bin')).bytes.equals(bytes)).toBe(true)
  await relay.stop()
  await rm(folder, { recursive: true })
})
