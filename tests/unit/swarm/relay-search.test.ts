import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { contentPath, makeTorrent, torrentFile } from '../../../src/content/index.ts'
import { RelaySearch, type RelaySought } from '../../../src/swarm/relay-search.ts'
import type { FetchedFile } from '../../../src/swarm/types.ts'
import { WebSeeds } from '../../../src/swarm/web-seeds.ts'

const cid = 'ab'.repeat(32)
const torrent = makeTorrent({ cid, kind: 'z', size: 300_000, pieces: new Uint8Array(40).fill(7) })
const { signal } = new AbortController()
const file: FetchedFile = { cid, kind: 'z', infohash: torrent.infohash, size: 300_000, info: null, bitfield: null, path: 'x', give: true }
const settled = async (): Promise<void> => { await new Promise(done => { setTimeout(done) }) }

/** A relay that gives this body under every path, or 404. */
async function relayWith(body: Uint8Array | null): Promise<string> {
  const server = createServer((_, response) => {
    if (body === null) response.writeHead(404).end()
    else response.end(body)
  })
  await new Promise<void>(done => { server.listen(0, '127.0.0.1', done) })
  onTestFinished(() => { server.close() })
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`
}

test('the info dictionary is that of the first relay whose word has the right infohash', async () => {
  const other = makeTorrent({ cid, kind: 'z', size: 300_000, pieces: new Uint8Array(40).fill(8) })
  const right = torrentFile(torrent, ['ws://relay.example/announce'], [`https://relay.example/${contentPath('z', cid)}`])
  const bases = [await relayWith(null), await relayWith(torrentFile(other, [])), await relayWith(new TextEncoder().encode('d4:infoi5ee')), await relayWith(new Uint8Array(3_000_000)), 'http://127.0.0.1:9/', await relayWith(right)]
  const seeds = new WebSeeds()
  seeds.setBases(bases)
  expect(await seeds.info(file, signal)).toEqual(torrent.info)
  seeds.setBases(bases.slice(0, -1))
  expect(await seeds.info(file, signal)).toBeNull()
})

class Search {
  now = 0
  asked: string[] = []
  info: Uint8Array<ArrayBuffer> | null = null
  urls: readonly string[] = []
  learned: Uint8Array[] = []
  seeds: string[] = []
  readonly sought = { learned: false, supplied: false }
  private readonly search = new RelaySearch({
    info: async () => {
      this.asked.push(`info ${String(this.now)}`)
      return this.info
    },
    find: async () => {
      this.asked.push(`find ${String(this.now)}`)
      return this.urls
    },
  }, { now: () => this.now }, file, signal)

  async tick(seconds: number): Promise<void> {
    const sought: RelaySought = { ...this.sought, learn: info => { this.learned.push(info) }, addWebSeed: url => { this.seeds.push(url) } }
    for (let i = 0; i < seconds; i++) {
      this.search.tick(sought)
      await settled()
      this.now += 1000
    }
  }
}

test('while nobody says what describes the pieces, relays are asked at once and ever more seldom', async () => {
  const search = new Search()
  await search.tick(100)
  expect(search.asked).toEqual(['info 0', 'info 10000', 'info 30000', 'info 70000'])
  search.info = torrent.info
  await search.tick(60)
  expect(search.learned).toEqual([torrent.info])
})

test('somebody who is connected has a few seconds to say it first', async () => {
  const search = new Search()
  search.info = torrent.info
  search.sought.supplied = true
  await search.tick(4)
  expect(search.learned).toEqual([])
  await search.tick(1)
  expect(search.learned).toEqual([torrent.info])
  const quick = new Search()
  quick.info = torrent.info
  quick.sought.supplied = true
  await quick.tick(2)
  quick.sought.learned = true
  await quick.tick(9)
  expect(quick.learned).toEqual([])
})

test('once it is known relays are asked for the bytes while nobody gives them', async () => {
  const search = new Search()
  search.urls = ['https://relay.example/x']
  search.sought.learned = true
  search.sought.supplied = true
  await search.tick(100)
  expect(search.asked).toEqual([])
  search.sought.supplied = false
  await search.tick(15)
  expect(search.asked).toEqual(['find 100000', 'find 110000'])
  expect(search.seeds).toEqual(['https://relay.example/x', 'https://relay.example/x'])
})
