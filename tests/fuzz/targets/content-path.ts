import { utf8 } from '../../../src/base/index.ts'
import { matchesAny, readRange } from '../../../src/content/byte-range.ts'
import { isContentPath } from '../../../src/content/index.ts'
import { answerContent } from '../../../src/peer/content-response.ts'
import { handedRoute } from '../../../src/peer/incoming.ts'
import { noisy } from '../../unit/content/archive-help.ts'
import { browser } from '../../unit/peer/held-help.ts'
import { textOf } from '../text.ts'
import type { Target } from '../types.ts'

const ids = { z: 'ab'.repeat(32), i: 'cd'.repeat(32) } as const
const bytes = noisy(1000)
const from = browser((['z', 'i'] as const).map(kind => ({ bytes, item: { cid: ids[kind], kind, size: bytes.length, title: 'a', path: ids[kind], sealed: null, members: null, readable: 0 } })))
const archive = `content/archives/${ids.z}`
const statuses: Readonly<Record<number, 'not-found' | 'bad-input'>> = { 404: 'not-found', 405: 'bad-input', 416: 'bad-input' }

/** What the service worker is asked for below `content/`: path, method, `Range`, `If-None-Match` and `If-Range`, a line each. */
export const contentPath: Target = {
  name: 'content-path',
  corpus: () => [`${archive}\nGET\nbytes=0-99\n"x", W/"y"\n"${ids.z}"`, `${archive}\nGET\n`, `content/images/${ids.i}\nHEAD\n\n"${ids.i}"`, `${archive}\nGET\nbytes=-10`, `${archive}\nGET\nbytes=990-`].map(utf8),
  dictionary: ['bytes=', 'Bytes= ', 'bytes', '-', '-0', '0-', '999-', '1000-', ',', '0-0,5-9', '9007199254740993', '9999999999999999', '99999999999999999', '*', 'W/', '"', '\n', '\nGET\n', 'HEAD', 'content/', 'archives', 'images', 'audio', '/', '..', '%2f', '\0', ids.z, ids.i, `"${ids.z}"`, '__proto__', 'constructor'],
  maxBytes: 8192,
  async run(input) {
    const [path = '', method = '', range, noneMatch, ifRange] = textOf(input).split('\n')
    const headers = new Map([['range', range], ['if-none-match', noneMatch], ['if-range', ifRange]])
    for (const size of [0, 1, 1000, Number.MAX_SAFE_INTEGER]) checkRange(range ?? null, size)
    const response = await answerContent({ method, headers: { get: (name: string) => headers.get(name) ?? null } as unknown as Headers }, path, false, from)
    const { status } = response
    const given = new Uint8Array(await response.arrayBuffer())
    if (status === 404 || status === 405) return statuses[status] ?? 'internal'
    if (!isContentPath(path) || !(path === archive || path === `content/images/${ids.i}`)) throw new Error('answered a path that names nothing')
    if (response.headers.get('content-security-policy')?.startsWith('sandbox') !== true || response.headers.get('content-disposition')?.startsWith('attachment') !== true) throw new Error('given to be opened')
    if ((status === 304) !== matchesAny(noneMatch ?? null, `"${path.slice(-64)}"`)) throw new Error('a condition that was not heard')
    if (status === 304) return 'accepted'
    if (status === 416) return statuses[status] ?? 'internal'
    const [, at = '0', end = String(bytes.length - 1)] = /^bytes (\d+)-(\d+)\/1000$/.exec(response.headers.get('content-range') ?? '') ?? []
    const part = bytes.subarray(Number(at), Number(end) + 1)
    if ((status === 206) !== response.headers.has('content-range') || response.headers.get('content-length') !== String(part.length)) throw new Error('headers of another answer')
    if (method === 'HEAD' ? given.length > 0 || status !== 200 : Buffer.compare(given, part) !== 0) throw new Error('other bytes than it says')
    return status === 200 || status === 206 ? 'accepted' : 'internal'
  },
}

/** As RFC 9110 has it, with numbers of any length. */
function checkRange(header: string | null, size: number): void {
  const range = readRange(header, size)
  if (range === null) return
  const [, first = '', last = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '') ?? []
  const outside = first === '' ? size === 0 || BigInt(last) === 0n : BigInt(first) >= BigInt(size)
  if ((range === 'unsatisfiable') !== outside) throw new Error(`of ${String(size)} bytes it cannot be so`)
  if (range === 'unsatisfiable') return
  const [at, end] = first === '' ? [BigInt(size) - BigInt(last), BigInt(size)] : [BigInt(first), last === '' ? BigInt(size) : BigInt(last) + 1n]
  if (BigInt(range.at) !== (at < 0n ? 0n : at) || BigInt(range.end) !== (end > BigInt(size) ? BigInt(size) : end)) throw new Error(`another part of ${String(size)} bytes`)
}

/** What the system hands over as an address of `web+holdfast:`. */
export const handedAddress: Target = {
  name: 'handed-address',
  corpus: () => [`#/get?u=${encodeURIComponent(`web+holdfast:get/${ids.z}?i=1&n=a%20b`)}`, `#/get?u=${encodeURIComponent('web+holdfast://get/x')}`, '#/get'].map(utf8),
  dictionary: ['#/get?u=', 'web+holdfast:', 'web%2Bholdfast%3A', '//', '%2F%2F', 'get/', 'get%2F', '%', '%ff', '%00', '%0A', '%23', '#', '?', 'javascript:', 'https://x.example/', '..', '\\', '\n'],
  maxBytes: 4096,
  run(input) {
    const route = handedRoute(textOf(input))
    if (route === null) return 'ignored'
    const { origin, pathname } = new URL(route, 'https://app.example/holdfast/')
    if (origin !== 'https://app.example' || pathname !== '/holdfast/' || !/^#\/get(?:\/|$)/.test(route)) throw new Error(`leads elsewhere: ${route}`)
    return route === '#/get' ? 'ignored' : 'accepted'
  },
}
