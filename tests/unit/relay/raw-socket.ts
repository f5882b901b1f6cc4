import { createHash, randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** What a TCP peer answered to `bytes` until it closed the connection, or until `ms` passed. */
export async function talk(port: number, bytes: Uint8Array | string, ms = 400): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', (data: Buffer) => { heard += data.toString('latin1') }).on('error', () => {})
  socket.write(bytes)
  await Promise.race([new Promise(done => { socket.once('close', done) }), new Promise(done => { setTimeout(done, ms) })])
  socket.destroy()
  return heard
}

/** Asks for a WebSocket on `path`; the socket after a 101, with what came behind it, and the status line. */
export async function upgrade(port: number, path: string): Promise<{ socket: Socket, rest: Buffer, status: string }> {
  const key = randomBytes(16).toString('base64')
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`GET ${path} HTTP/1.1\r\nhost: relay\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`)
  let head = Buffer.alloc(0)
  while (!head.includes('\r\n\r\n')) {
    const data = await new Promise<Buffer | null>(done => { socket.once('data', done).once('close', () => { done(null) }) })
    if (data === null) return { socket, rest: Buffer.alloc(0), status: head.toString().split('\r\n')[0] ?? '' }
    head = Buffer.concat([head, data])
  }
  socket.pause()
  const end = head.indexOf('\r\n\r\n') + 4
  const expected = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  const status = head.toString().split('\r\n')[0] ?? ''
  if (status.includes('101') && !head.includes(expected)) throw new Error('the WebSocket key was not answered')
  return { socket, rest: head.subarray(end), status }
}

/** One frame as a client sends it (RFC 6455 5.2): final, masked. */
export function frame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const size = length < 126 ? Buffer.of(0x80 | length) : length < 65536 ? Buffer.of(0xfe, length >>> 8, length & 255) : Buffer.concat([Buffer.of(0xff), big(length)])
  const mask = randomBytes(4)
  return Buffer.concat([Buffer.of(0x80 | opcode), size, mask, payload.map((byte, i) => byte ^ (mask[i & 3] ?? 0))])
}

function big(length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(length))
  return bytes
}

/**
 * The part of the browser's `WebSocket` that libp2p and a tracker client use, for Node 20, which has none. Servers here send
 * whole messages, so fragments are not joined.
 */
export class RawWebSocket extends EventTarget {
  static latest: RawWebSocket | null = null
  binaryType = 'arraybuffer'
  readonly bufferedAmount = 0
  private socket: Socket | null = null
  private heard = Buffer.alloc(0)

  constructor(url: string) {
    super()
    RawWebSocket.latest = this
    const { port, pathname } = new URL(url)
    void upgrade(Number(port), pathname).then(({ socket, rest, status }) => {
      if (!status.includes('101')) return this.dispatchEvent(new Event('error'))
      this.socket = socket
      socket.on('data', (data: Buffer) => { this.take(data) })
      socket.on('close', () => { this.dispatchEvent(Object.assign(new Event('close'), { code: 1006, reason: '', wasClean: false })) })
      this.dispatchEvent(new Event('open'))
      this.take(rest)
      return socket.resume()
    })
  }

  send(data: string | ArrayBufferView): void {
    this.socket?.write(typeof data === 'string' ? frame(1, Buffer.from(data)) : frame(2, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)))
  }

  close(): void {
    this.socket?.end(frame(8, Buffer.of(3, 232)))
  }

  /** Cuts the line without a word, as a tab that is killed. */
  cut(): void {
    this.socket?.destroy()
  }

  /** Hears nothing more and keeps the line, as a machine whose network went away. */
  freeze(): void {
    this.socket?.pause()
  }

  private take(data: Buffer): void {
    this.heard = Buffer.concat([this.heard, data])
    for (;;) {
      const [first = 0, second = 0] = this.heard
      const extra = second < 126 ? 0 : second === 126 ? 2 : 8
      if (this.heard.length < 2 + extra) return
      const length = extra === 0 ? second : extra === 2 ? this.heard.readUInt16BE(2) : Number(this.heard.readBigUInt64BE(2))
      if (this.heard.length < 2 + extra + length) return
      const payload = this.heard.subarray(2 + extra, 2 + extra + length)
      this.heard = this.heard.subarray(2 + extra + length)
      const opcode = first & 15
      if (opcode === 9) this.socket?.write(frame(10, payload))
      if (opcode === 1) this.dispatchEvent(new MessageEvent('message', { data: payload.toString() }))
      if (opcode === 2) this.dispatchEvent(new MessageEvent('message', { data: Uint8Array.from(payload).buffer }))
    }
  }
}
