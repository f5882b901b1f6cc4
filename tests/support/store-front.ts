import { once } from 'node:events'
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a store does that its emulator does not. */
export interface FrontRules {
  /** Port of the emulator. */
  readonly target: number
  /** Whether pages of other origins are let in. */
  readonly cors: boolean
  /** Who may use it, by signatures of S3; null where the emulator checks by itself. */
  readonly keys: { readonly keyId: string, readonly secret: string } | null
  /** Whether `If-None-Match: *` keeps a write from replacing anything. */
  readonly conditions: boolean
}

export interface StoreFront {
  readonly port: number
  /** Requests taken since the start, as `METHOD path?query`. */
  readonly log: readonly string[]
  /** Answers to the next requests in place of the emulator's: a status, or `cut` for a body that ends in the middle. */
  readonly faults: (number | 'cut')[]
  /** Whether anything is answered at all. */
  up: boolean
  /** How long each write takes more, in ms. */
  slowMs: number
  close(): Promise<void>
}

const exposed = 'etag, content-range, content-length, last-modified, x-ms-error-code'

/** Stands before an emulator as a store stands on the web: CORS, signatures, conditions, and on demand the days when nothing works. */
export async function openStoreFront({ target, cors, keys, conditions }: FrontRules): Promise<StoreFront> {
  const log: string[] = []
  const faults: (number | 'cut')[] = []
  const writing = new Map<string, Promise<void>>()
  const front = { up: true, slowMs: 0 }
  const { isSigned } = await import('./signature.ts')

  const forward = async (request: IncomingMessage, response: ServerResponse, cut: boolean): Promise<void> => {
    const { method, url = '', headers: { origin: _, ...headers } } = request
    const upstream = ask({ port: target, host: '127.0.0.1', method, path: url, headers, agent: false })
    request.pipe(upstream)
    const [answer] = await once(upstream, 'response') as [IncomingMessage]
    response.writeHead(answer.statusCode ?? 502, Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !/^(access-control-|connection|keep-alive|transfer-encoding)/.test(name))))
    if (cut) {
      response.write('x', () => { response.destroy() })
      answer.resume()
    } else answer.pipe(response)
    await once(response, 'close')
  }
  const isThere = async (path: string): Promise<boolean> => (await fetch(`http://127.0.0.1:${String(target)}${path}`, { method: 'HEAD' })).ok

  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    if (!front.up) { request.socket.destroy(); return }
    if (cors) {
      response.setHeader('access-control-allow-origin', '*')
      response.setHeader('access-control-expose-headers', exposed)
    }
    if (method === 'OPTIONS') {
      if (cors) response.writeHead(204, { 'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE', 'access-control-allow-headers': headers['access-control-request-headers'] ?? '*' }).end()
      else response.writeHead(403).end()
      return
    }
    log.push(`${method} ${url}`)
    const refuse = (status: number, code: string): void => {
      request.resume()
      response.writeHead(status, { 'content-type': 'application/xml' }).end(method === 'HEAD' ? undefined : `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`)
    }
    const fault = faults.shift()
    if (typeof fault === 'number') { refuse(fault, fault === 503 ? 'SlowDown' : 'AccessDenied'); return }
    if (keys !== null && !isSigned(request, keys.keyId, keys.secret)) { refuse(403, 'SignatureDoesNotMatch'); return }
    const pass = async (): Promise<void> => {
      if (method === 'PUT' && front.slowMs > 0) await new Promise(done => { setTimeout(done, front.slowMs) })
      await forward(request, response, fault === 'cut')
    }
    if (!conditions || headers['if-none-match'] !== '*') { void pass().catch(() => { response.destroy() }); return }
    const [path = ''] = url.split('?')
    const turn = (writing.get(path) ?? Promise.resolve()).then(async () => {
      if (await isThere(path)) refuse(412, 'PreconditionFailed')
      else await pass()
    }).catch(() => { response.destroy() })
    writing.set(path, turn)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(front, {
    port: (server.address() as AddressInfo).port, log, faults,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}
