import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, resolve } from 'node:path'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { build } from 'vite'

/** The peer pages of `tests/bench/pages`, built and served from this machine. */
export interface Served {
  /** URL of a page; `site` picks one of two origins of the same server, so that one profile can be two people. */
  url(page: string, site?: Site): string
  stop(): Promise<void>
}

/** Two names of this machine: two origins, each with its own storage and its own processes. */
export type Site = '127.0.0.1' | 'localhost'

const names = ['blank', 'blocks', 'channel', 'flac', 'ingest', 'ledger', 'libp2p', 'rpc', 'tdf', 'trie', 'webtorrent']
const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm' }

export async function servePages(folder: string): Promise<Served> {
  const root = resolve('tests/bench/pages')
  const outDir = join(folder, 'pages')
  await build({
    configFile: false,
    root,
    base: './',
    logLevel: 'error', // that libp2p on a page is a large chunk is known
    publicDir: false,
    resolve: { alias: { streamsaver: 'data:text/javascript,export default null' } }, // of OpenTDF's client: it wants a document even in a worker
    define: { global: 'globalThis', __VERSION__: '"bench"' },
    build: { target: 'es2022', outDir, emptyOutDir: true, rolldownOptions: { input: names.map(name => join(root, `${name}.html`)) } },
    worker: { format: 'es' },
  })
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname
    readFile(join(outDir, path)).then(
      body => response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body),
      () => response.writeHead(404).end(),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: (page, site = '127.0.0.1') => `http://${site}:${String(port)}/${page}.html`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
