/*
 * WebTorrent as people use it: its own bundle on the page, its own store, its defaults. Only the public STUN servers it would
 * ask are left out, for this must run without the internet.
 */

interface StockTorrent {
  readonly magnetURI: string
  readonly downloaded: number
  readonly length: number
  on(event: 'download' | 'done' | 'verified', listener: () => void): void
  on(event: 'error', listener: (error: Error) => void): void
}
interface StockClient {
  seed(file: File, options: { announce: string[] }, done: (torrent: StockTorrent) => void): StockTorrent
  add(magnet: string): StockTorrent
  on(event: 'error', listener: (error: Error) => void): void
}
interface Got { begin: number, verified: number, end: number, before: number, bytes: number }
export type WebtorrentPage = typeof page
declare global {
  var WebTorrent: new (options: { tracker: { rtcConfig: { iceServers: [] } } }) => StockClient
  var webtorrentPage: WebtorrentPage
}

const client = new globalThis.WebTorrent({ tracker: { rtcConfig: { iceServers: [] } } })
const failure = new Promise<never>((_done, reject) => { client.on('error', reject) })

const page = {
  /** Seeds `bytes` of noise and resolves with the magnet link. */
  async seed(bytes: number, tracker: string): Promise<string> {
    const noise = Array.from({ length: Math.ceil(bytes / 65536) }, (_, i) => crypto.getRandomValues(new Uint8Array(Math.min(65536, bytes - i * 65536))))
    const torrent = await Promise.race([failure, new Promise<StockTorrent>(done => { client.seed(new File(noise, 'noise.bin'), { announce: [tracker] }, done) })])
    return torrent.magnetURI
  },
  /** When the first bytes, the first whole piece and the last were here, in ms since the page began; `before` is what had come at the first look. */
  async get(magnet: string): Promise<Got> {
    return await Promise.race([failure, new Promise<Got>((done, reject) => {
      let first: { begin: number, before: number } | null = null
      let verified: number | null = null
      const torrent = client.add(magnet)
      torrent.on('download', () => { first ??= { begin: performance.now(), before: torrent.downloaded } })
      torrent.on('verified', () => { verified ??= performance.now() })
      torrent.on('error', reject)
      torrent.on('done', () => {
        if (first === null) reject(new Error('done before anything came'))
        else done({ ...first, verified: verified ?? performance.now(), end: performance.now(), bytes: torrent.length })
      })
    })])
  },
}
globalThis.webtorrentPage = page
