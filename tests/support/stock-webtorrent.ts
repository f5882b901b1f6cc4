import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from '@playwright/test'

/** What we call of the published bundle, with its default settings but for the trackers of a magnet link. */
interface StockClient {
  add(magnet: string | Uint8Array, ready: (torrent: StockTorrent) => void): StockTorrent
}
interface StockTorrent {
  readonly infoHash: string
  readonly files: readonly { readonly name: string, blob(): Promise<Blob> }[]
  readonly progress: number
  readonly store: { get(index: number, range: unknown, done: (error: Error | null, bytes?: Uint8Array) => void): void }
  on(event: 'done', done: () => void): void
  on(event: 'wire', met: (wire: StockWire) => void): void
}
/** A connection of it, with its inner parts. */
interface StockWire {
  readonly destroyed: boolean
  readonly ut_metadata: { metadata: Uint8Array }
  _push(bytes: Uint8Array): void
}
type StockPage = typeof globalThis & { client: StockClient, torrent: StockTorrent, lies: number }

const page = '<!doctype html><title>stock</title><script type="module">import WebTorrent from "./webtorrent.min.js"; globalThis.client = new WebTorrent()</script>'

/** How it lies once it has everything: by pieces of other bytes, by an info dictionary that is another, or by bytes without end. */
export type Lie = 'false pieces' | 'false info' | 'endless bytes'

/** An unmodified WebTorrent client on a page of its own, from another origin than Holdfast's. */
export async function stockWebTorrent(browser: Browser): Promise<{
  /** SHA-256 of what the magnet names, once it is whole. */
  download(magnet: string): Promise<string>
  /** The same of what a torrent file names. */
  take(torrent: Uint8Array): Promise<string>
  /** From now on it is no honest client any more. */
  lie(how: Lie): Promise<void>
  /** How many lies it has told. */
  lies(): Promise<number>
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
  const got = async (id: string | number[]): Promise<string> => await tab.evaluate(async what => {
    const scope = globalThis as StockPage
    const wanted = typeof what === 'string' ? what : Uint8Array.from(what)
    await new Promise<void>(done => { scope.torrent = scope.client.add(wanted, torrent => { if (torrent.progress === 1) done(); else torrent.on('done', done) }) })
    const blob = await scope.torrent.files[0]?.blob()
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob?.arrayBuffer() ?? new ArrayBuffer(0)))
    return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('')
  }, id)
  return {
    download: async magnet => await got(magnet),
    take: async torrent => await got(Array.from(torrent)),
    lie: async how => {
      await tab.evaluate(kind => {
        const scope = globalThis as StockPage
        const { torrent } = scope
        const spoilt = (bytes: Uint8Array) => {
          scope.lies++
          return bytes.map(byte => byte ^ 1)
        }
        scope.lies = 0
        const honest = torrent.store.get.bind(torrent.store)
        if (kind === 'false pieces') torrent.store.get = (index, range, done) => { honest(index, range, (error, bytes) => { done(error, bytes === undefined ? bytes : spoilt(bytes)) }) }
        else torrent.on('wire', wire => {
          if (kind === 'false info') wire.ut_metadata.metadata = spoilt(wire.ut_metadata.metadata)
          else {
            const flood = setInterval(() => {
              if (wire.destroyed) clearInterval(flood)
              else wire._push(spoilt(new Uint8Array(65_536)))
            }, 1)
          }
        })
      }, how)
    },
    lies: async () => await tab.evaluate(() => (globalThis as StockPage).lies),
    async close() {
      await context.close()
      server.closeAllConnections()
      await new Promise(done => { server.close(done) })
    },
  }
}
