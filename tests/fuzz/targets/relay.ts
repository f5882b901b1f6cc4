import { crc32 } from 'node:zlib'
import { concat, fromHex, utf8 } from '../../../src/base/index.ts'
import { answer } from '../../../src/relay/http.ts'
import { parseOptions } from '../../../src/relay/options.ts'
import { decodeBindingRequest, encodeBindingAnswer } from '../../../src/relay/stun.ts'
import { textOf } from '../text.ts'
import type { Target } from '../types.ts'

/** A command line, an argument a line. */
export const relayOptions: Target = {
  name: 'relay-options',
  corpus: () => ['', '--port\n9000\n--host\n0.0.0.0', '--name=a-b\n--relay-bytes=4MiB\n--per-address=9', '--public-url\nhttps://h.example\n--stun\n[::1]:3478\n--relay-peer\nhttps://r.example=12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp', '--help'].map(utf8),
  dictionary: ['\n', '--', '-', '=', '--port', '--data', '--relay-peer', '__proto__', '--__proto__', '--no-help', '\0', 'GiB', '%'],
  maxBytes: 8192,
  run(bytes) {
    const options = parseOptions(bytes.length === 0 ? [] : textOf(bytes).split('\n'))
    if (options !== 'help' && !(options.port >= 0 && options.port <= 65_535 && Number.isSafeInteger(options.relayBytes) && options.perAddress >= 1)) throw new Error('options no relay can run with')
    return 'accepted'
  },
}

const head = '000100002112a442b7e7a701bc34d686fa87dfae'
const named = concat(fromHex('0001002c2112a442b7e7a701bc34d686fa87dfae') ?? new Uint8Array(), fromHex('802200105354554e207465737420636c69656e74002400046e0001ff00030004deadbeef00060003616263') ?? new Uint8Array(), new Uint8Array(1))

/** A datagram; nothing is said to those that are no binding requests. The length, and the fingerprint where there is one, are mostly made right. */
export const stun: Target = {
  name: 'stun',
  corpus: () => [fromHex(head) ?? new Uint8Array(), mended(named, false), mended(named, true)],
  dictionary: [Uint8Array.of(0x80, 0x28, 0, 4), Uint8Array.of(0, 6, 0xff, 0xff), Uint8Array.of(0, 1, 0, 0), Uint8Array.of(0x21, 0x12, 0xa4, 0x42)],
  maxBytes: 1024,
  vary: (base, chance, mutate) => chance.once(3) ? mutate(base) : mended(mutate(base), chance.once(2)),
  run(bytes) {
    const request = decodeBindingRequest(bytes)
    if (request === null) return 'ignored'
    const back = encodeBindingAnswer(request, new Uint8Array(16).fill(1), 65_535)
    if (back.length > 52 || back.length % 4 !== 0 || back[3] !== back.length - 20) throw new Error('an answer that is none')
    return 'accepted'
  },
}

function mended(datagram: Uint8Array, fingerprint: boolean): Uint8Array {
  const message = new Uint8Array(Math.max(20, datagram.length + 3 & ~3) + (fingerprint ? 8 : 0))
  message.set(datagram.subarray(0, message.length))
  const view = new DataView(message.buffer)
  view.setUint16(0, 1)
  view.setUint16(2, message.length - 20)
  view.setUint32(4, 0x2112a442)
  if (!fingerprint) return message
  view.setUint32(message.length - 8, 0x80280004)
  view.setUint32(message.length - 4, (crc32(message.subarray(0, -8)) ^ 0x5354554e) >>> 0)
  return message
}

const file = { type: 'text/html', cache: 'no-cache', plain: { bytes: Buffer.from('app'), etag: '"a"' }, brotli: { bytes: Buffer.from('a'), etag: '"b"' } }
const statuses: Readonly<Record<number, 'bad-input' | 'not-found' | 'too-large'>> = { 400: 'bad-input', 404: 'not-found', 414: 'too-large' }

/** A request target, and after a line end the headers the app looks at. */
export const relayHttp: Target = {
  name: 'relay-http',
  corpus: () => ['/', '/assets/a.js?x#y\nbr;q=0, gzip\n"b"', 'https://h.example/network.json\nbr\n*, W/"a"'].map(utf8),
  dictionary: ['/', '//', '/../', '%2e%2e/', '%00', '%ff', '\\', '?', '#', '__proto__', '/constructor', '\n', 'br', ';q=0', ';q=0.0000', ', ', 'W/', '"', ' '],
  maxBytes: 16 * 1024,
  run(bytes) {
    const [url = '', coding = '', match = ''] = textOf(bytes).split('\n')
    const { status, headers } = answer({ method: 'GET', url, headers: { 'accept-encoding': coding, 'if-none-match': match } }, new Map([['/index.html', file], ['/assets/a.js', file]]),
      { '/network.json': { type: 'application/json', open: true, text: () => '{}' } })
    if (headers['content-security-policy'] === undefined) throw new Error('an answer without the policy')
    if (status === 200 || status === 304) return 'accepted'
    return statuses[status] ?? 'internal'
  },
}
