import { HoldfastError, limits, type Cid } from '../../base/index.ts'
import { attachment, contentAnswer, contentKey, contentName, contentPath, judgePngHeader, pngHeadBytes, readContentPath, readTorrentPath, torrentFile, type ContentQuestion, type Kind } from '../../content/index.ts'
import { readRange, type Bucket } from '../../store/index.ts'
import { securityHeaders } from '../headers.ts'
import { refusal, type Answer } from '../http.ts'
import type { Metrics } from '../metrics.ts'
import type { Blocked } from './blocked.ts'
import { TorrentShelf } from './torrent-shelf.ts'

/** What is known of a file of a bucket; it never changes. */
interface KnownFile { readonly kind: Kind, readonly size: number, readonly shown: boolean, readonly bucket: Bucket }

export interface ContentParts {
  /** Where files lie: the first that has one gives it. */
  readonly buckets: readonly Bucket[]
  readonly blocked: Blocked | null
  readonly metrics: Metrics
  /** The info dictionary of a file that is known without reading it; null for any other. */
  readonly infoOf?: (cid: Cid) => Uint8Array<ArrayBuffer> | null
  /** Where people find the relay; null: wherever who asks found it. */
  readonly publicUrl?: string | null
}

/** Any page may read what anybody may fetch: a browser of another network, a web seed of a torrent. */
const openToAll: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'accept-ranges, content-disposition, content-length, content-range, etag',
}

const statuses: Readonly<Record<string, number>> = { 'not-found': 404, 'store-unreachable': 503, 'storage-busy': 503, 'rate-limited': 503 }

/** Answers `/content/..` from the relay's own buckets: one that its operator fills, one of what it keeps. To WebTorrent clients each of its URLs is a web seed (BEP 19), and with `.torrent` behind it the torrent that says so. */
export class ContentDesk {
  private readonly known = new Map<Cid, KnownFile>()
  private readonly torrents = new TorrentShelf()
  private streams = 0

  constructor(private readonly parts: ContentParts) {
    parts.metrics.gauge('content_streams', () => this.streams)
  }

  /** A file that was there is not there any more. */
  forget(cid: Cid): void {
    this.known.delete(cid)
    this.torrents.forget(cid)
  }

  async answer(question: ContentQuestion, path: string): Promise<Answer> {
    if (question.method === 'OPTIONS') {
      return {
        status: 204, body: '',
        headers: { ...securityHeaders, ...openToAll, 'access-control-allow-methods': 'GET, HEAD', 'access-control-allow-headers': 'range, if-none-match, if-range, cache-control, user-agent', 'access-control-max-age': '86400' },
      }
    }
    const answer = await this.find(question, path.slice(1)).catch((error: unknown) => refusal(statuses[HoldfastError.from(error).code] ?? 502))
    this.parts.metrics.count('content_requests_total', String(answer.status))
    return { ...answer, headers: { ...answer.headers, ...openToAll } }
  }

  private async find(question: ContentQuestion, path: string): Promise<Answer> {
    if (!['GET', 'HEAD'].includes(question.method)) return refusal(405, { allow: 'GET, HEAD, OPTIONS' })
    const described = readTorrentPath(path)
    const wanted = described ?? readContentPath(path)
    if (wanted === null) return refusal(404)
    const { cid, kinds } = wanted
    if (await this.parts.blocked?.has(cid) === true) return refusal(451)
    const file = this.known.get(cid) ?? await this.look(cid, kinds)
    if (file === null || !kinds.includes(file.kind)) return refusal(404)
    if (described !== null) return await this.describe(question, cid, file)
    const { status, headers, body } = contentAnswer(question, { cid, title: '', kind: file.kind, size: file.size, shown: file.shown })
    if (body !== null && this.streams >= limits.contentStreams) return refusal(503, { 'retry-after': '10' })
    return { status, headers: { ...securityHeaders, ...headers }, body: body === null ? '' : await this.open(cid, file, body.at, body.end) }
  }

  /** The torrent of a file, with this relay as its tracker and web seed. */
  private async describe({ header }: ContentQuestion, cid: Cid, { kind, size, bucket }: KnownFile): Promise<Answer> {
    const info = this.parts.infoOf?.(cid) ?? (await this.torrents.torrent({ cid, kind, size, bucket })).info
    const asked = `http://${header('host') ?? ''}/`
    const base = this.parts.publicUrl ?? (URL.canParse(asked) ? asked : null)
    const body = base === null ? torrentFile({ info }, []) : torrentFile({ info }, [new URL('announce', base.replace(/^http/, 'ws')).href], [new URL(contentPath(kind, cid), base).href])
    return { status: 200, headers: { ...securityHeaders, ...attachment(`${contentName(kind, cid)}.torrent`), 'content-type': 'application/x-bittorrent', 'cache-control': 'private, no-cache' }, body }
  }

  private async look(cid: Cid, kinds: readonly Kind[]): Promise<KnownFile | null> {
    for (const bucket of this.parts.buckets) for (const kind of kinds) {
      const key = contentKey(kind, cid)
      const attributes = await bucket.attributes(key).catch(absent)
      if (attributes === null) continue
      const { size } = attributes
      const shown = kind === 'i' && size >= pngHeadBytes && judgePngHeader(await readRange(bucket, key, 0, pngHeadBytes)).ok
      const file = { kind, size, shown, bucket }
      if (this.known.size >= limits.contentKnown) this.known.clear()
      this.known.set(cid, file)
      return file
    }
    return null
  }

  private async open(cid: Cid, { kind, size, bucket }: KnownFile, at: number, end: number): Promise<Answer['body']> {
    try {
      const reader = await bucket.newRangeReader(contentKey(kind, cid), at, end - at)
      if (reader.size !== size) {
        await reader.stream.cancel()
        throw new HoldfastError('not-found', 'another file is there now')
      }
      return { stream: this.counted(reader.stream) }
    } catch (error) {
      this.forget(cid) // it may have been taken away
      throw error
    }
  }

  private counted(stream: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
    this.streams++
    let open = true
    const ended = (): void => {
      if (open) this.streams--
      open = false
    }
    const reader = stream.getReader()
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: async out => {
        try {
          const { done, value } = await reader.read()
          if (done) {
            ended()
            out.close()
          } else {
            this.parts.metrics.count('content_bytes_total', '', value.length)
            out.enqueue(value)
          }
        } catch (error) {
          ended()
          throw error
        }
      },
      cancel: async reason => {
        ended()
        await reader.cancel(reason)
      },
    }, { highWaterMark: 0 })
  }
}

function absent(error: unknown): null {
  const failure = HoldfastError.from(error)
  if (failure.code === 'not-found') return null
  throw failure
}
