import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from '@playwright/test'

/** What we call of the published bundle, with its default settings but for the trackers of a magnet link. */
interface StockClient {
  add(magnet: string, ready: (torrent: StockTorrent) => void): StockTorrent
}
interface StockTorrent {
  readonly infoHash: string
  readonly files: readonly { readonly name: string, blob(): Promise<Blob> }[]
  readonly progress: number
  on(event: 'done', done: () => void): void
}
type StockPage = typeof globalThis & { client: StockClient, torrent: StockTorrent }

const page = '<!doctype html><title>stock</title><script type="module">import WebTorrent from "./webtorrent.min.js"; globalThis.client = new WebTorrent()</script>'

/** An unmodified WebTorrent client on a page of its own, from another origin than Holdfast's. */
export async function stockWebTorrent(browser: Browser): Promise<{
  /** SHA-256 of what the magnet names, once it is whole. */
  download(magnet: string): Promise<string>
  close(): Promise<void>
}> {
  const server = createServer(({ url }, response) => {
    if (url === '/webtorrent.min.js') {
      response.setHeader('content-type', 'text/javascript')
      createReadStream('node_modules/webtorrent/dist/webtorrent.min.js').pipe(response)
    } else response.setHeader('content-type', 'text/html').end(page)
  })
  await new Promise<void>(done => { server.listen(0, '127.0.0.1', done) })
  const context = await browser.newContext()
  const tab: Page = await context.newPage()
  await tab.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`)
  await tab.waitForFunction(() => 'client' in globalThis)
  return {
    download: async magnet => await tab.evaluate(async link => {
      const scope = globalThis as StockPage
      await new Promise<void>(done => { scope.torrent = scope.client.add(link, torrent => { if (torrent.progress === 1) done(); else torrent.on('done', done) }) })
      const blob = await scope.torrent.files[0]?.blob()
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob?.arrayBuffer() ?? new ArrayBuffer(0)))
      return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('')
    }, magnet),
    async close() {
      await context.close()
      server.closeAllConnections()
      await new Promise(done => { server.close(done) })
    },
  }
}
