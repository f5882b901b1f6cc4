import { HoldfastError, limits, type Cid } from '../../base/index.ts'
import { contentAnswer, contentKey, judgePngHeader, pngHeadBytes, readContentPath, type ContentQuestion, type Kind } from '../../content/index.ts'
import { readRange, type Bucket } from '../../store/index.ts'
import { securityHeaders } from '../headers.ts'
import { refusal, type Answer } from '../http.ts'
import type { Metrics } from '../metrics.ts'
import type { Blocked } from './blocked.ts'

/** What is known of a file of the bucket; it never changes. */
interface KnownFile { readonly kind: Kind, readonly size: number, readonly shown: boolean }

/** Any page may read what anybody may fetch: a browser of another network, a web seed of a torrent. */
const openToAll: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'accept-ranges, content-disposition, content-length, content-range, etag',
}

const statuses: Readonly<Record<string, number>> = { 'not-found': 404, 'store-unreachable': 503, 'storage-busy': 503 }

/** Answers `/content/..` from the relay's own bucket, which its operator fills. To WebTorrent clients each of its URLs is a web seed (BEP 19). */
export class ContentDesk {
  private readonly known = new Map<Cid, KnownFile>()
  private streams = 0

  constructor(private readonly bucket: Bucket, private readonly blocked: Blocked | null, private readonly metrics: Metrics) {
    metrics.gauge('content_streams', () => this.streams)
  }

  async answer(question: ContentQuestion, path: string): Promise<Answer> {
    if (question.method === 'OPTIONS') {
      return {
        status: 204, body: '',
        headers: { ...securityHeaders, ...openToAll, 'access-control-allow-methods': 'GET, HEAD', 'access-control-allow-headers': 'range, if-none-match, if-range, cache-control, user-agent', 'access-control-max-age': '86400' },
      }
    }
    const answer = await this.find(question, path.slice(1)).catch((error: unknown) => refusal(statuses[HoldfastError.from(error).code] ?? 502))
    this.metrics.count('content_requests_total', String(answer.status))
    return { ...answer, headers: { ...answer.headers, ...openToAll } }
  }

  private async find(question: ContentQuestion, path: string): Promise<Answer> {
    if (!['GET', 'HEAD'].includes(question.method)) return refusal(405, { allow: 'GET, HEAD, OPTIONS' })
    const wanted = readContentPath(path)
    if (wanted === null) return refusal(404)
    const { cid, kinds } = wanted
    if (await this.blocked?.has(cid) === true) return refusal(451)
    const file = this.known.get(cid) ?? await this.look(cid, kinds)
    if (file === null || !kinds.includes(file.kind)) return refusal(404)
    const { status, headers, body } = contentAnswer(question, { cid, title: '', ...file })
    if (body !== null && this.streams >= limits.contentStreams) return refusal(503, { 'retry-after': '10' })
    return { status, headers: { ...securityHeaders, ...headers }, body: body === null ? '' : await this.open(cid, file, body.at, body.end) }
  }

  private async look(cid: Cid, kinds: readonly Kind[]): Promise<KnownFile | null> {
    for (const kind of kinds) {
      const key = contentKey(kind, cid)
      const attributes = await this.bucket.attributes(key).catch(absent)
      if (attributes === null) continue
      const { size } = attributes
      const shown = kind === 'i' && size >= pngHeadBytes && judgePngHeader(await readRange(this.bucket, key, 0, pngHeadBytes)).ok
      const file = { kind, size, shown }
      if (this.known.size >= limits.contentKnown) this.known.clear()
      this.known.set(cid, file)
      return file
    }
    return null
  }

  private async open(cid: Cid, { kind, size }: KnownFile, at: number, end: number): Promise<Answer['body']> {
    try {
      const reader = await this.bucket.newRangeReader(contentKey(kind, cid), at, end - at)
      if (reader.size !== size) {
        await reader.stream.cancel()
        throw new HoldfastError('not-found', 'another file is there now')
      }
      return { stream: this.counted(reader.stream) }
    } catch (error) {
      this.known.delete(cid) // it may have been taken away
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
            this.metrics.count('content_bytes_total', '', value.length)
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
