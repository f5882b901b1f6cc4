import { AwsV4Signer } from 'aws4fetch'
import { HoldfastError, limits } from '../../base/index.ts'
import type { Bucket } from '../bucket.ts'
import type { CloudApi, CloudFile, CloudPage, CloudParts, PutOptions } from './cloud-api.ts'
import { CloudBucket } from './cloud-bucket.ts'
import { askCloud, cloudFailure, type CloudRequest } from './cloud-request.ts'
import { encodeKey, encodeStrictly, type S3Place } from './cloud-url.ts'
import { keysOf, type Credentials } from './credentials.ts'
import { elements, escape, textOf, unescape } from './xml.ts'

/** The bucket at `place`, over the REST API of S3, version 4 signatures. */
export function openS3Bucket(place: S3Place, credentials: Credentials | undefined): Bucket {
  return new CloudBucket(new S3Api(place, keysOf(credentials)), place.prefix)
}

type Query = Readonly<Record<string, string>>

class S3Api implements CloudApi {
  readonly ordered = true
  /** Signing keys by day. */
  private readonly cache = new Map<string, ArrayBuffer>()

  constructor(private readonly place: S3Place, private readonly keys: ReturnType<typeof keysOf>) {}

  async head(key: string, signal?: AbortSignal): Promise<CloudFile | null> {
    const response = await this.ask({ method: 'HEAD', url: this.url(key), signal })
    if (response.status === 404) return null
    if (!response.ok) throw await cloudFailure(response, { key })
    return fileOf(response)
  }

  async get(key: string, range: { readonly at: number, readonly end: number | null } | null, signal?: AbortSignal): Promise<Response> {
    return await this.ask({ method: 'GET', url: this.url(key), signal, headers: range === null ? {} : { range: rangeHeader(range) } })
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>, options: PutOptions): Promise<void> {
    tagOf(await this.ask({ method: 'PUT', url: this.url(key), body: bytes, headers: { 'content-type': options.type, ...this.condition(options) }, signal: options.signal, again: !options.fresh }, options.fresh))
  }

  async beginParts(key: string, options: PutOptions): Promise<CloudParts> {
    const { fresh, type, signal } = options
    const begun = await this.ask({ method: 'POST', url: this.url(key, { uploads: '' }), headers: { 'content-type': type }, signal, again: false })
    const uploadId = textOf(await begun.text(), 'UploadId')
    if (uploadId === null) throw new HoldfastError('store-refused', 'the store begins no file in parts')
    const tags: string[] = []
    return {
      add: async bytes => {
        tags.push(tagOf(await this.ask({ method: 'PUT', url: this.url(key, { partNumber: String(tags.length + 1), uploadId }), body: bytes, signal })))
      },
      finish: async () => {
        const list = tags.map((tag, i) => `<Part><PartNumber>${String(i + 1)}</PartNumber><ETag>${escape(tag)}</ETag></Part>`).join('')
        const done = await this.ask({ method: 'POST', url: this.url(key, { uploadId }), body: `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`, headers: this.condition(options), signal, again: false }, fresh)
        await refuseError(done)
      },
      abandon: async () => { await this.ask({ method: 'DELETE', url: this.url(key, { uploadId }) }) },
    }
  }

  async remove(key: string): Promise<boolean> {
    if (await this.head(key) === null) return false // the store itself does not tell
    await this.ask({ method: 'DELETE', url: this.url(key) })
    return true
  }

  async copy(destination: string, { key, size }: CloudFile & { readonly key: string }): Promise<boolean> {
    if (size > limits.cloudCopyBytes) return false
    await refuseError(await this.ask({ method: 'PUT', url: this.url(destination), headers: { 'x-amz-copy-source': `/${this.place.bucket}/${encodeKey(key)}` } }))
    return true
  }

  async page({ prefix, delimited, token, most }: Parameters<CloudApi['page']>[0]): Promise<CloudPage> {
    const response = await this.ask({
      method: 'GET',
      url: this.url('', { 'list-type': '2', 'max-keys': String(most), ...prefix === '' ? {} : { prefix }, ...delimited ? { delimiter: '/' } : {}, ...token === null ? {} : { 'continuation-token': token } }),
    })
    if (!response.ok) throw await cloudFailure(response)
    const xml = await response.text()
    if (!xml.includes('ListBucketResult')) throw new HoldfastError('store-refused', 'the store answers with no list')
    return {
      files: elements(xml, 'Contents').map(({ inner }) => ({ key: textOf(inner, 'Key') ?? '', size: Number(textOf(inner, 'Size')) })),
      folders: elements(xml, 'CommonPrefixes').flatMap(({ inner }) => elements(inner, 'Prefix').map(each => unescape(each.inner))),
      next: textOf(xml, 'IsTruncated') === 'true' ? textOf(xml, 'NextContinuationToken') : null,
    }
  }

  /** Every answer but a refusal; that of GET as it comes, and a HEAD that finds nothing. */
  private async ask(request: CloudRequest, fresh = false): Promise<Response> {
    const response = await askCloud(request, async each => await this.sign(each))
    const asIs = request.method === 'HEAD' || (request.method === 'GET' && [404, 416].includes(response.status))
    if (!response.ok && !asIs) throw await cloudFailure(response, { fresh })
    return response
  }

  private async sign({ method, url, headers = {}, body }: CloudRequest): Promise<Request> {
    const { keyId, secret, session } = this.keys
    const signed = await new AwsV4Signer({
      method, url, headers: { ...headers }, ...body === undefined ? {} : { body },
      accessKeyId: keyId, secretAccessKey: secret, ...session === undefined ? {} : { sessionToken: session }, service: 's3', region: this.place.region, cache: this.cache,
    }).sign()
    return new Request(url, { method, headers: signed.headers, ...body === undefined ? {} : { body } })
  }

  /** Google takes none from who signs as for S3: its conditions have headers of its own, and it refuses both kinds in one request. */
  private condition({ fresh }: PutOptions): Readonly<Record<string, string>> {
    return fresh && !this.place.google ? { 'if-none-match': '*' } : {}
  }

  private url(key: string, query: Query = {}): string {
    const text = Object.entries(query).map(([name, value]) => `${name}=${encodeStrictly(value)}`).join('&')
    return `${this.place.base}${encodeKey(key)}${text === '' ? '' : `?${text}`}`
  }
}

export function rangeHeader({ at, end }: { readonly at: number, readonly end: number | null }): string {
  return `bytes=${String(at)}-${end === null ? '' : String(end - 1)}`
}

export function fileOf({ headers }: Response): CloudFile {
  const length = headers.get('content-length')
  if (length === null) throw new HoldfastError('store-cors', 'the store does not let a page read how long a file is', { header: 'Content-Length' })
  return { size: Number(length), modified: Date.parse(headers.get('last-modified') ?? '') || 0 }
}

function tagOf({ headers }: Response): string {
  const tag = headers.get('etag')
  if (tag === null) throw new HoldfastError('store-cors', 'the store does not let a page read the tag of what was written', { header: 'ETag' })
  return tag
}

/** Some answers begin as a success before it is one. */
async function refuseError(response: Response): Promise<void> {
  const xml = await response.text()
  if (/<Error[\s>]/.test(xml)) throw new HoldfastError('store-refused', `the store answered ${textOf(xml, 'Code') ?? 'an error'}`)
}
