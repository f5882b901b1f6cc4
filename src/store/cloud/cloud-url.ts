import { HoldfastError } from '../../base/index.ts'
import { splitPath } from '../paths.ts'

/** Where a cloud bucket answers: `base` ends in a slash, and a key follows it. `prefix` comes before every key. */
export interface CloudPlace { readonly base: string, readonly prefix: string }
/** `google`: it speaks S3's API, but for conditions. */
export interface S3Place extends CloudPlace { readonly bucket: string, readonly region: string, readonly google: boolean }

/** `s3://bucket?region=..`: AWS itself, or with `endpoint` whoever speaks its API; `use_path_style=true` puts the bucket into the path. */
export function s3Place(url: URL): S3Place {
  const bucket = bucketName(url, /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
  const region = pattern(url, 'region', 'us-east-1', /^[a-z0-9-]{1,32}$/)
  const given = url.searchParams.get('endpoint')
  const endpoint = given === null ? new URL(`https://s3.${region}.amazonaws.com`) : httpUrl(given)
  // With a dot in its name a bucket has no certificate of its own.
  const inPath = flag(url, 'use_path_style') || bucket.includes('.')
  const base = inPath ? `${withSlash(endpoint.href)}${bucket}/` : `${endpoint.protocol}//${bucket}.${endpoint.host}${withSlash(endpoint.pathname)}`
  return { base, bucket, region, prefix: prefixOf(url), google: false }
}

/** `gs://bucket`: the XML API of Google Cloud Storage with HMAC keys, which is what S3 speaks. */
export function gsPlace(url: URL): S3Place {
  const bucket = bucketName(url, /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/)
  const endpoint = httpUrl(url.searchParams.get('endpoint') ?? 'https://storage.googleapis.com')
  return { base: `${withSlash(endpoint.href)}${bucket}/`, bucket, region: 'auto', prefix: prefixOf(url), google: true }
}

/** `azblob://container?storage_account=..`; with `local_emu=true` the account stands in the path, as emulators have it. */
export function azurePlace(url: URL): CloudPlace {
  const container = bucketName(url, /^(\$root|[a-z0-9](-?[a-z0-9]){2,62})$/)
  const account = pattern(url, 'storage_account', null, /^[a-z0-9]{3,24}$/)
  const emulated = flag(url, 'local_emu')
  const domain = pattern(url, 'domain', emulated ? '127.0.0.1:10000' : 'blob.core.windows.net', /^[a-z0-9.-]{1,253}(:\d{1,5})?$/)
  const protocol = pattern(url, 'protocol', emulated ? 'http' : 'https', /^https?$/)
  const host = httpUrl(`${protocol}://${emulated ? domain : `${account}.${domain}`}`)
  return { base: `${withSlash(host.href)}${emulated ? `${account}/` : ''}${container}/`, prefix: prefixOf(url) }
}

function bucketName({ host, pathname }: URL, form: RegExp): string {
  if (!form.test(host) || !['', '/'].includes(pathname)) throw new HoldfastError('bad-input', 'not a name of a bucket', { name: `${host}${pathname}`.slice(0, 100) })
  return host
}

function pattern(url: URL, name: string, fallback: string | null, form: RegExp): string {
  const value = url.searchParams.get(name) ?? fallback
  if (value === null || !form.test(value)) throw new HoldfastError('bad-input', value === null ? 'the bucket URL lacks a parameter' : 'a parameter of the bucket URL is not of its form', { parameter: name })
  return value
}

function flag(url: URL, name: string): boolean {
  return pattern(url, name, 'false', /^(true|false)$/) === 'true'
}

/** Keys and signatures in plain text are for nobody but this machine. */
function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  const local = url !== null && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && local)) || url.search + url.hash + url.username + url.password !== '') {
    throw new HoldfastError('bad-input', 'the address of a bucket begins with https', { address: text.slice(0, 100) })
  }
  return url
}

function prefixOf({ searchParams }: URL): string {
  const prefix = searchParams.get('prefix') ?? ''
  if (prefix === '') return ''
  splitPath(prefix.replace(/\/$/, ''))
  return withSlash(prefix)
}

function withSlash(text: string): string {
  return text.endsWith('/') ? text : `${text}/`
}

/** A key as it stands in a URL: every character but the unreserved ones of RFC 3986 is escaped, as signatures want it. */
export function encodeKey(key: string): string {
  return key.split('/').map(encodeStrictly).join('/')
}

export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
