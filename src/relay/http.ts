import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { STATUS_CODES, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { limits } from '../base/index.ts'
import type { AppFiles } from './app-files.ts'
import { securityHeaders } from './headers.ts'
import type { Metrics } from './metrics.ts'

/** What the relay says of itself; asked at each request. `open`: pages of other origins may read it. */
export interface Report { readonly type: string, readonly open: boolean, text(): string }
export type Reports = Readonly<Record<string, Report>>

export interface Question { readonly method: string, readonly url: string, readonly headers: IncomingHttpHeaders }
/** A stream comes with its `content-length`. */
export interface Answer { readonly status: number, readonly headers: Readonly<Record<string, string>>, readonly body: Uint8Array | string | { readonly stream: ReadableStream<Uint8Array<ArrayBuffer>> } }

/** Answers one request: a report, a file of the app, or why not. */
export function answer({ method, url, headers }: Question, files: AppFiles, reports: Reports): Answer {
  if (method !== 'GET' && method !== 'HEAD') return refusal(405, { allow: 'GET, HEAD' })
  if (url.length > limits.urlChars) return refusal(414)
  const path = pathOf(url)
  if (path === null) return refusal(400)
  const report = Object.hasOwn(reports, path) ? reports[path] : undefined
  if (report !== undefined) {
    const open: Record<string, string> = report.open ? { 'access-control-allow-origin': '*' } : {}
    return { status: 200, headers: { ...securityHeaders, ...open, 'content-type': report.type, 'cache-control': 'no-cache' }, body: report.text() }
  }
  const file = files.get(path.endsWith('/') ? `${path}index.html` : path)
  if (file === undefined) return refusal(404)
  const coded = file.brotli !== null && takesBrotli(headers['accept-encoding'])
  const { bytes, etag } = coded ? file.brotli : file.plain
  const shared = { ...securityHeaders, 'cache-control': file.cache, etag, vary: 'accept-encoding' }
  if (matches(headers['if-none-match'], etag)) return { status: 304, headers: shared, body: '' }
  return { status: 200, headers: { ...shared, 'content-type': file.type, ...coded && { 'content-encoding': 'br' } }, body: bytes }
}

/** Sends it, without the body where only the head was asked for; a stream that fails cuts the connection, as there is no other way to say so. */
export async function send({ status, headers, body }: Answer, request: IncomingMessage, response: ServerResponse, metrics: Metrics): Promise<void> {
  metrics.count('http_requests_total', String(status))
  if (typeof body === 'object' && 'stream' in body) {
    response.writeHead(status, headers)
    await pipeline(Readable.fromWeb(body.stream as NodeStream), response).catch(() => { response.destroy() })
    return
  }
  // What has no body says nothing of its length, and the head of a file has said how long that is.
  const length: Record<string, number> = [204, 304].includes(status) || 'content-length' in headers ? {} : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...headers, ...length })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** An answer in a few words, for those who asked for what there is not. */
export function refusal(status: number, headers: Readonly<Record<string, string>> = {}): Answer & { readonly body: string } {
  const body = `${status} ${STATUS_CODES[status] ?? ''}\n`
  return { status, headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache', ...headers }, body }
}

/** The decoded path of a request target; null for what no link of ours holds: bad escapes, controls, `..`, backslashes. */
export function pathOf(url: string): string | null {
  const raw = url.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') // a proxy may send the whole URL (RFC 9112 3.2.2)
  let path: string
  try { path = decodeURIComponent(raw) } catch { return null }
  // oxlint-disable-next-line no-control-regex -- controls are what is looked for
  if (!path.startsWith('/') || /[\0-\x1f\x7f\\]/.test(path) || path.split('/').some(part => part === '..' || part === '.')) return null
  return path
}

function takesBrotli(accepted: string | string[] | undefined): boolean {
  return String(accepted ?? '').split(',').some(coding => /^\s*br\s*(;|$)/i.test(coding) && !/;\s*q=0(\.0*)?\s*$/i.test(coding))
}

function matches(given: string | undefined, etag: string): boolean {
  return given !== undefined && given.split(',').some(one => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag)
}
