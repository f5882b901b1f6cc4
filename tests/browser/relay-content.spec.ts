import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeTorrent, pieceLength, torrentFile, contentKey } from '../../src/content/index.ts'
import { concat } from '../../src/base/index.ts'
import { noise, sha256Hex } from '../support/bytes.ts'
import { expect, test } from '../support/people.ts'
import { startRelay, type RunningRelay } from '../support/relay.ts'
import { stockWebTorrent } from '../support/stock-webtorrent.ts'
import { archiveOf } from '../unit/content/archive-help.ts'

interface Holding { readonly archive: Buffer, readonly cid: string, readonly relay: RunningRelay, readonly torrent: ReturnType<typeof makeTorrent>, readonly end: () => Promise<void> }

/** A relay whose operator put an archive into its folder. */
async function holding(): Promise<Holding> {
  const archive = Buffer.from(archiveOf([{ path: 'tide.bin', bytes: noise(3_000_000, 'at the relay') }]))
  const cid = sha256Hex(archive)
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-content-'))
  const path = join(folder, contentKey('z', cid))
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, archive)
  const relay = await startRelay({ args: ['--content-dir', folder, '--no-anchor'] })
  const pieces: Uint8Array[] = []
  for (let at = 0; at < archive.length; at += pieceLength(archive.length)) pieces.push(new Uint8Array(await crypto.subtle.digest('SHA-1', archive.subarray(at, at + pieceLength(archive.length)))))
  const torrent = makeTorrent({ cid, kind: 'z', size: archive.length, pieces: concat(...pieces) })
  return {
    archive, cid, relay, torrent,
    async end() {
      await relay.stop()
      await rm(folder, { recursive: true })
    },
  }
}

test('to an unmodified WebTorrent client the relay is a web seed, and nobody else is needed', async ({ browser }) => {
  const { cid, relay, torrent, end } = await holding()
  const stock = await stockWebTorrent(browser)
  expect(await stock.take(torrentFile(torrent, [], [`${relay.url}content/archives/${cid}`]))).toBe(cid)
  await stock.close()
  await end()
})

test('what a browser holds and what its relay holds come alike: the same bytes, ranges, conditions and headers', async ({ person }) => {
  const { archive, cid, relay, end } = await holding()
  const ada = await person()
  await ada.share([{ name: 'other.bin', bytes: noise(10, 'x') }])
  await ada.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await ada.page.evaluate(async ([id, size, path, base64]) => {
    const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
    const folders = path.split('/')
    let folder = await (await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast')).getDirectoryHandle('content')
    for (const name of folders.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true })
    const file = await (await folder.getFileHandle(folders.at(-1) ?? '', { create: true })).createWritable()
    await file.write(bytes)
    await file.close()
    const database = await new Promise<IDBDatabase>(done => {
      const opening = indexedDB.open('holdfast')
      opening.onsuccess = () => { done(opening.result) }
    })
    const transaction = database.transaction('content', 'readwrite')
    transaction.objectStore('content').put({ cid: id, kind: 'z', status: 'SEEDING', title: '', size, path, members: [] })
    await new Promise(done => { transaction.oncomplete = done })
    database.close()
  }, [cid, archive.length, contentKey('z', cid), archive.toString('base64')] as const)
  const compared = ['content-type', 'content-disposition', 'content-security-policy', 'cross-origin-resource-policy', 'x-content-type-options', 'accept-ranges', 'content-range', 'etag', 'cache-control']
  const asked: Record<string, string>[] = [{}, { range: 'bytes=0-0' }, { range: 'bytes=1048570-2097160' }, { range: 'bytes=-7' }, { range: 'bytes=99999999-' }, { 'if-none-match': `"${cid}"` }, { 'range': 'bytes=3-9', 'if-range': '"other"' }]
  for (const headers of asked) for (const method of ['GET', 'HEAD']) {
    const there = await fetch(`${relay.url}content/archives/${cid}`, { method, headers })
    const here = await ada.page.evaluate(async ([path, options, names]) => {
      const response = await fetch(path, options)
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()))
      return { status: response.status, headers: names.map(name => response.headers.get(name)), hash: Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('') }
    }, [`./content/archives/${cid}`, { method, headers }, compared] as const)
    expect([method, headers, here]).toEqual([method, headers, { status: there.status, headers: compared.map(name => there.headers.get(name)), hash: sha256Hex(new Uint8Array(await there.arrayBuffer())) }])
  }
  await end()
})

test('where somebody gives slowly, the rest comes from the relay of the network', async ({ person }) => {
  const { cid, relay, end } = await holding()
  const [ada, ben] = [await person(relay.url), await person(relay.url)]
  const link = await ada.share([{ name: 'tide.bin', bytes: noise(3_000_000, 'at the relay') }])
  expect(link).toContain(cid)
  await ada.page.evaluate(async () => {
    const app = document.querySelector('holdfast-app') as unknown as { peer: { setRates(rates: object): Promise<void> } }
    await app.peer.setRates({ up: 65_536, down: null }) // all of it would take 46 s
  })
  await ben.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await ben.get(link, false)
  await ben.here()
  expect((await ben.saved('tide.bin')).bytes.equals(noise(3_000_000, 'at the relay'))).toBe(true)
  const metrics = await (await fetch(`${relay.url}metrics`)).text()
  expect(Number(/^holdfast_content_bytes_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(1_000_000)
  await end()
})
