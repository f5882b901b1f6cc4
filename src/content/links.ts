import { base32 } from 'multiformats/bases/base32'
import {
  HoldfastError, accept, fromBase64Url, isCid, isInfohash, limits, reject, sha256, toBase64Url, toHex, utf8, type Cid, type Judged,
} from '../base/index.ts'
import { cleanName, cutToBytes } from './names.ts'
import type { CidAlone, Kind, Link } from './types.ts'

/*
 * A link is a fragment, which no server ever sees:
 *
 *   #/get/<cid>?[k=<key>&]i=<infohash>&s=<size>&t=<a|i|z>[&r=<relay>][&r=<relay>][&n=<name>]&c=<checksum>
 *
 * `c`, always last, is the first 4 bytes of SHA-256 of the text from `#` to before `&c=`: a link cut short lacks it, and a link
 * with any other change passes once in 2^32. An archive with a key is a protected one. Readers ignore parameters they do not know.
 */

const checksumDigits = 8
const keyBytes = 32

/**
 * The fragment for `link`; it goes after the address of any copy of the app. A name is cut where the whole would be too long. `bad-input` for
 * a protected archive without its key, a picture with one, and relays that are none or leave no room.
 */
export function formatLink(link: Link): string {
  const { cid, infohash, size, kind, key, relays, name } = link
  if ((kind === 'p' && key === null) || (kind === 'i' && key !== null) || (kind === 'z' && key !== null)) throw new HoldfastError('bad-input', 'a key belongs to protected files')
  if (relays.length > limits.linkRelays || relays.some(relay => readRelay(relay) !== relay)) throw new HoldfastError('bad-input', 'not relays for a link')
  const text = [
    `#/get/${cid}?`, key === null ? '' : `k=${toBase64Url(key)}&`,
    `i=${infohash}&s=${size}&t=${kind === 'p' ? 'z' : kind}`, ...relays.map(relay => `&r=${encodeValue(relay)}`),
  ].join('')
  const room = limits.linkChars - text.length - '&c='.length - checksumDigits
  if (room < 0) throw new HoldfastError('bad-input', 'its relays have names too long for a link')
  const named = text + namePart(name, room)
  return `${named}&c=${checksum(named)}`
}

/**
 * Reads a whole URL, its fragment, the `web+holdfast:` form of it, or a content id alone: 64 hex digits or CIDv1 (raw, SHA-256). `link-cut`: the end is
 * missing; `link-unknown-kind`: well, but for another version; `link-invalid`: anything else, damaged links among it.
 */
export function parseLink(text: string): Judged<Link | CidAlone> {
  const trimmed = text.trim()
  const fragment = fragmentOf(trimmed)
  const alone = readCid(fragment?.slice('#/get/'.length) ?? trimmed)
  if (alone !== null) return accept({ cid: alone, infohash: null })
  if (fragment === null) return reject('link-invalid', 'not a Holdfast link')
  if (fragment.length > limits.linkChars) return reject('link-invalid', 'longer than a link can be')
  const end = fragment.lastIndexOf('&c=')
  const sum = fragment.slice(end + 3)
  if (end < 0 || (sum.length < checksumDigits && /^[0-9a-f]*$/.test(sum))) return reject('link-cut', 'the end of the link is missing')
  if (sum !== checksum(fragment.slice(0, end))) return reject('link-invalid', 'the link is damaged: its checksum does not fit')
  return judgeFields(fragment.slice(0, end))
}

/** A content id as people write it: hex in any case, or the CIDv1 of a raw block, in base32. Null for anything else. */
function readCid(text: string): Cid | null {
  if (isCid(text.toLowerCase())) return text.toLowerCase()
  if (!/^bafkrei[a-z2-7]{52}$/.test(text)) return null
  try {
    const hex = toHex(base32.decode(text)) // 01 55 12 20: version 1, raw, SHA-256, 32 bytes
    return hex.startsWith('01551220') && hex.length === 72 ? hex.slice(8) : null
  } catch { return null }
}

function fragmentOf(text: string): string | null {
  const [, foreign] = /^web\+holdfast:(?:\/\/)?\/?(get\/.*)$/is.exec(text) ?? []
  if (foreign !== undefined) return `#/${foreign}`
  const at = text.indexOf('#/get/')
  return at < 0 ? null : text.slice(at)
}

/** Judges what a correct checksum covers; not everybody who computes one writes sense. */
function judgeFields(text: string): Judged<Link> {
  const refuse = (reason: string) => reject('link-invalid', reason)
  const [, cid, query] = /^#\/get\/([^?]*)\?(.*)$/s.exec(text) ?? []
  if (!isCid(cid) || query === undefined) return refuse('no content id')
  const fields = new Map([['c', 'taken off before']])
  const relays: string[] = []
  for (const part of query.split('&')) {
    const [, field = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(part) ?? []
    if (field === 'r') {
      const relay = readRelay(decodeValue(value) ?? '')
      if (relay === null || relays.includes(relay) || relays.length === limits.linkRelays) return refuse('not relays')
      relays.push(relay)
      continue
    }
    if (fields.has(field)) return refuse(`${JSON.stringify(field.slice(0, 10))} stands in it twice`)
    fields.set(field, value)
  }
  const [infohash, size, letter, name] = [fields.get('i'), fields.get('s') ?? '', fields.get('t') ?? '', decodeValue(fields.get('n') ?? '')]
  if (!isInfohash(infohash)) return refuse('no infohash')
  if (!/^[1-9]\d{0,15}$/.test(size) || !Number.isSafeInteger(Number(size))) return refuse('no size')
  if (name === null || utf8(name).length > limits.linkNameBytes) return refuse('not a name')
  const digits = fields.get('k')
  const key = digits === undefined ? null : fromBase64Url(digits)
  if (digits !== undefined && key?.length !== keyBytes) return refuse('not a key')
  const kind = kindOf(letter, key !== null)
  if (kind === null) return reject('link-unknown-kind', 'a kind of file that needs a newer version of Holdfast')
  if (kind === 'i' && key !== null) return refuse('a picture has no key')
  return accept({ cid, infohash, size: Number(size), kind, key, relays, name: linkName(name) })
}

/** Archives are one letter in links, protected or not: the key says which. */
function kindOf(letter: string, protect: boolean): Kind | null {
  if (letter === 'z') return protect ? 'p' : 'z'
  return letter === 'a' || letter === 'i' ? letter : null
}

/** A name as DNS has it: labels of at most 63 letters, digits and hyphens within. */
const hostName = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/
const hostNameChars = 253

/** `host` or `host:port`, in small letters: a name, an IPv4 address, or an IPv6 one in brackets. Null for anything else. */
function readRelay(text: string): string | null {
  const [, host = '', port] = /^(.*?)(?::([1-9]\d{0,4}))?$/.exec(text.toLowerCase()) ?? []
  if (port !== undefined && Number(port) > 65_535) return null
  const name = host.length <= hostNameChars && hostName.test(host)
  const numbered = /^[\d.]+$/.test(host)
  const address = numbered ? /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(host) : /^\[[0-9a-f:]{2,39}\]$/.test(host)
  return (name && !numbered) || address ? text.toLowerCase() : null
}

/** `&n=..` with as much of the name as fits `room` characters; nothing where there is none. */
function namePart(name: string, room: number): string {
  for (let shown = linkName(name); shown !== ''; shown = cutToBytes(shown, utf8(shown).length - 1).trim()) {
    const part = `&n=${encodeValue(shown)}`
    if (part.length <= room) return part
  }
  return ''
}

function linkName(name: string): string {
  return cutToBytes(cleanName(name), limits.linkNameBytes).trim()
}

function checksum(text: string): string {
  return toHex(sha256(utf8(text)).subarray(0, checksumDigits / 2))
}

/** Like `encodeURIComponent`, with `!'()*` too: messengers end a link at these. */
function encodeValue(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function decodeValue(text: string): string | null {
  try { return decodeURIComponent(text) } catch { return null }
}
