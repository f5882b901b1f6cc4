import { accept, isCid, isInfohash, limits, reject, sha256, toHex, utf8, type Judged } from '../base/index.ts'
import { cleanName, cutToBytes } from './names.ts'
import type { CidAlone, Kind, Link } from './types.ts'

/*
 * A link is a fragment, which no server ever sees:
 *
 *   #/get/<cid>?i=<infohash>&s=<size>&t=<a|i|z>[&n=<name>]&c=<checksum>
 *
 * `c`, always last, is the first 4 bytes of SHA-256 of the text from `#` to before `&c=`: a link cut short lacks it, and a link
 * with any other change passes once in 2^32. Readers ignore parameters they do not know, but for `k`: it says that the file is
 * protected, so there is no reading it without a newer version.
 */

const checksumDigits = 8

/** The fragment for `link`; it goes after the address of any copy of the app. */
export function formatLink({ cid, infohash, size, kind, name }: Link): string {
  const shown = linkName(name)
  const text = `#/get/${cid}?i=${infohash}&s=${size}&t=${kind}${shown === '' ? '' : `&n=${encodeValue(shown)}`}`
  return `${text}&c=${checksum(text)}`
}

/**
 * Reads a whole URL, its fragment, or the `web+holdfast:` form of it. `link-cut`: the end is missing; `link-unknown-kind`: well, but
 * for another version; `link-invalid`: anything else, damaged links among it.
 */
export function parseLink(text: string): Judged<Link | CidAlone> {
  const trimmed = text.trim()
  if (isCid(trimmed.toLowerCase()) || /^bafkrei[a-z2-7]{52}$/.test(trimmed)) return reject('link-unknown-kind', 'a content id alone does not say where to look; a whole link is needed')
  const fragment = fragmentOf(trimmed)
  if (fragment === null) return reject('link-invalid', 'not a Holdfast link')
  if (fragment.length > limits.linkChars) return reject('link-invalid', 'longer than a link can be')
  const end = fragment.lastIndexOf('&c=')
  const sum = fragment.slice(end + 3)
  if (end < 0 || (sum.length < checksumDigits && /^[0-9a-f]*$/.test(sum))) return reject('link-cut', 'the end of the link is missing')
  if (sum !== checksum(fragment.slice(0, end))) return reject('link-invalid', 'the link is damaged: its checksum does not fit')
  return judgeFields(fragment.slice(0, end))
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
  for (const part of query.split('&')) {
    const [, key = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(part) ?? []
    if (fields.has(key)) return refuse(`${JSON.stringify(key.slice(0, 10))} stands in it twice`)
    fields.set(key, value)
  }
  if (fields.has('k')) return reject('link-unknown-kind', 'protected files need a newer version of Holdfast')
  const [infohash, size, kind, name] = [fields.get('i'), fields.get('s') ?? '', fields.get('t') ?? '', decodeValue(fields.get('n') ?? '')]
  if (!isInfohash(infohash)) return refuse('no infohash')
  if (!/^[1-9]\d{0,15}$/.test(size) || !Number.isSafeInteger(Number(size))) return refuse('no size')
  if (name === null || utf8(name).length > limits.linkNameBytes) return refuse('not a name')
  if (!isKind(kind)) return reject('link-unknown-kind', 'a kind of file that needs a newer version of Holdfast')
  return accept({ cid, infohash, size: Number(size), kind, name: linkName(name), key: null, relays: [] })
}

function isKind(text: string): text is Kind {
  return text === 'a' || text === 'i' || text === 'z'
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
