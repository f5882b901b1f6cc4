import { HoldfastError, toHex } from '../../base/index.ts'
import type { Bucket } from '../bucket.ts'
import type { CloudApi, CloudFile, CloudPage, CloudParts, PutOptions } from './cloud-api.ts'
import { CloudBucket } from './cloud-bucket.ts'
import { askCloud, cloudFailure, type CloudRequest } from './cloud-request.ts'
import { encodeKey, encodeStrictly, type CloudPlace } from './cloud-url.ts'
import { sasOf, type Credentials } from './credentials.ts'
import { fileOf, rangeHeader } from './s3-bucket.ts'
import { elements, textOf, unescape } from './xml.ts'

/** The container at `place`, over the REST API of Azure Blob Storage, by a shared access signature. */
export function openAzureBucket(place: CloudPlace, credentials: Credentials | undefined): Bucket {
  return new CloudBucket(new AzureApi(place, sasOf(credentials)), place.prefix)
}

/** What we speak of the API. */
const version = '2021-12-02'

class AzureApi implements CloudApi {
  /** It lists by the alphabet, and does not say by which above U+FFFF. */
  readonly ordered = false
  private readonly sas: string

  constructor(private readonly place: CloudPlace, sas: URLSearchParams) {
    this.sas = [...sas].map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`).join('&')
  }

  async head(key: string, signal?: AbortSignal): Promise<CloudFile | null> {
    const response = await this.ask({ method: 'HEAD', url: this.url(key), signal })
    if (response.status === 404) return null
    if (!response.ok) throw await cloudFailure(response, { key })
    return fileOf(response)
  }

  async get(key: string, range: { readonly at: number, readonly end: number | null } | null, signal?: AbortSignal): Promise<Response> {
    return await this.ask({ method: 'GET', url: this.url(key), signal, headers: range === null ? {} : { range: rangeHeader(range) } })
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>, { type, fresh, signal }: PutOptions): Promise<void> {
    await this.ask({ method: 'PUT', url: this.url(key), body: bytes, headers: { 'x-ms-blob-type': 'BlockBlob', 'content-type': type, ...condition(fresh) }, signal, again: !fresh }, fresh)
  }

  /** Blocks that no list names are dropped by the store after a week; there is no other way to be rid of them. */
  async beginParts(key: string, { type, fresh, signal }: PutOptions): Promise<CloudParts> {
    const writer = toHex(crypto.getRandomValues(new Uint8Array(8))) // all ids of one blob are of one length
    const ids: string[] = []
    return {
      add: async bytes => {
        const id = btoa(`${writer}${String(ids.length).padStart(8, '0')}`)
        await this.ask({ method: 'PUT', url: this.url(key, { comp: 'block', blockid: id }), body: bytes, signal })
        ids.push(id)
      },
      finish: async () => {
        const list = `<?xml version="1.0" encoding="utf-8"?><BlockList>${ids.map(id => `<Latest>${id}</Latest>`).join('')}</BlockList>`
        await this.ask({ method: 'PUT', url: this.url(key, { comp: 'blocklist' }), body: list, headers: { 'x-ms-blob-content-type': type, ...condition(fresh) }, signal, again: false }, fresh)
      },
      abandon: async () => {},
    }
  }

  async remove(key: string): Promise<boolean> {
    const response = await askCloud({ method: 'DELETE', url: this.url(key) }, signed)
    if (response.status === 404) return false
    if (!response.ok) throw await cloudFailure(response, { key })
    return true
  }

  /** Its own copies may go on after the answer, and want the source's signature in a header. */
  async copy(): Promise<boolean> {
    return false
  }

  async page({ prefix, delimited, token, most }: Parameters<CloudApi['page']>[0]): Promise<CloudPage> {
    const response = await this.ask({
      method: 'GET',
      url: this.url('', { restype: 'container', comp: 'list', maxresults: String(most), ...prefix === '' ? {} : { prefix }, ...delimited ? { delimiter: '/' } : {}, ...token === null ? {} : { marker: token } }),
    })
    if (!response.ok) throw await cloudFailure(response)
    const xml = await response.text()
    const next = textOf(xml, 'NextMarker')
    return {
      files: elements(xml, 'Blob').map(({ inner }) => ({ key: nameOf(inner), size: Number(textOf(inner, 'Content-Length')) })),
      folders: elements(xml, 'BlobPrefix').map(({ inner }) => nameOf(inner)),
      next: next === null || next === '' ? null : next,
    }
  }

  private async ask(request: CloudRequest, fresh = false): Promise<Response> {
    const response = await askCloud(request, signed)
    const asIs = request.method === 'HEAD' || request.method === 'GET'
    if (!response.ok && !asIs) throw await cloudFailure(response, { fresh })
    return response
  }

  private url(key: string, query: Readonly<Record<string, string>> = {}): string {
    const text = Object.entries(query).map(([name, value]) => `${name}=${encodeStrictly(value)}&`).join('')
    const base = key === '' ? this.place.base.slice(0, -1) : this.place.base + encodeKey(key)
    return `${base}?${text}${this.sas}`
  }
}

async function signed({ method, url, headers = {}, body }: CloudRequest): Promise<Request> {
  return new Request(url, { method, headers: { ...headers, 'x-ms-version': version }, ...body === undefined ? {} : { body } })
}

function condition(fresh: boolean): Readonly<Record<string, string>> {
  return fresh ? { 'if-none-match': '*' } : {}
}

function nameOf(inner: string): string {
  const [name] = elements(inner, 'Name')
  if (name === undefined) throw new HoldfastError('store-refused', 'the store lists a file without a name')
  const text = unescape(name.inner)
  return name.attributes.includes('Encoded="true"') ? decodeURIComponent(text) : text
}
