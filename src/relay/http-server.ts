import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { limits } from '../base/index.ts'
import { AddressCount, addressKey } from './addresses.ts'
import { refusal, send, type Answer } from './http.ts'
import type { Metrics } from './metrics.ts'

/** What becomes of a request and of an upgrade: `upgrade` is false where nobody serves the path. */
export interface Handlers {
  answer(request: IncomingMessage): Answer | Promise<Answer>
  upgrade(path: string, request: IncomingMessage, socket: Duplex, head: Buffer): boolean
}

export interface ServerParts {
  /** What comes before everything is ready waits for this. */
  readonly ready: Promise<Handlers>
  readonly metrics: Metrics
  readonly perAddress: number
  /** How long a client may take over its headers, in ms. */
  readonly headerMs: number
}

/**
 * An HTTP server that is hard to exhaust: so many sockets in all and for each address, none that dawdles over its headers
 * or takes nothing of its answer. `sockets` holds all that are open, upgraded ones too, for the end.
 */
export function openHttpServer({ ready, metrics, perAddress, headerMs }: ServerParts): { server: Server, sockets: ReadonlySet<Socket> } {
  const sockets = new Set<Socket>()
  const addresses = new AddressCount(perAddress)
  const server = createServer({
    headersTimeout: headerMs,
    requestTimeout: limits.httpRequestMs,
    connectionsCheckingInterval: headerMs / 4,
    keepAliveTimeout: limits.httpHeaderMs,
    maxHeaderSize: 8192,
  })
  server.maxConnections = limits.relaySockets
  server.setTimeout(limits.httpIdleMs)
  metrics.gauge('sockets', () => sockets.size)

  server.on('drop', () => { metrics.count('refused_total', 'sockets') })
  server.on('connection', socket => {
    const address = addressKey(socket.remoteAddress ?? '')
    if (!addresses.take(address)) {
      metrics.count('refused_total', 'address')
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.on('close', () => {
      sockets.delete(socket)
      addresses.release(address)
    })
  })
  server.on('request', (request, response) => {
    void ready.then(({ answer }) => answer(request), () => refusal(503)).then(back => send(back, request, response, metrics))
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => { socket.destroy() })
    const path = request.url?.replace(/\?.*$/s, '') ?? ''
    void ready.then(({ upgrade }) => upgrade(path, request, socket, head), () => false).then(served => served || endWith(socket, 404, metrics))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
    else endWith(socket, error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400, metrics)
  })
  return { server, sockets }
}

/** The last words on a socket that is no HTTP conversation any more. */
function endWith(socket: Duplex, status: number, metrics: Metrics): void {
  metrics.count('http_requests_total', String(status))
  const { headers, body } = refusal(status)
  const lines = Object.entries({ ...headers, connection: 'close', 'content-length': String(Buffer.byteLength(body)) }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${body.trim()}\r\n${lines.join('')}\r\n${body}`, () => { socket.destroy() })
}
