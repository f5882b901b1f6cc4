import { limits } from '../../../src/base/index.ts'
import { TdfWriter, makePolicy } from '../../../src/content/index.ts'
import { crcHere } from '../../../src/media/block-hash.ts'

export type Protector = 'ours' | 'cipher' | 'client'

export interface ProtectRequest { readonly protector: Protector, readonly bytes: number }

const segmentBytes = limits.tdfSegmentBytes
/** Bytes that stand for files, over and over. */
const windowBytes = 32 * segmentBytes

function noise(): Uint8Array<ArrayBuffer> {
  const window = new Uint8Array(windowBytes)
  for (let at = 0; at < windowBytes; at += 65_536) crypto.getRandomValues(window.subarray(at, at + 65_536))
  return window
}

/** `bytes` of the window, a segment at a time. */
function* segments(window: Uint8Array<ArrayBuffer>, bytes: number): Generator<Uint8Array<ArrayBuffer>> {
  for (let done = 0; done < bytes; done += segmentBytes) yield window.subarray(done % windowBytes, done % windowBytes + Math.min(segmentBytes, bytes - done))
}

async function prepare({ protector, bytes }: ProtectRequest): Promise<() => Promise<void>> {
  const window = noise()
  if (protector === 'client') return await prepareClient(window, bytes)
  const key = crypto.getRandomValues(new Uint8Array(32))
  const cipher = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  if (protector === 'cipher') {
    return async () => {
      const coming: Promise<ArrayBuffer>[] = []
      for (const segment of segments(window, bytes)) {
        coming.push(crypto.subtle.encrypt({ name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12)) }, cipher, segment))
        if (coming.length > limits.tdfSegmentsInFlight) await coming.shift()
      }
      await Promise.all(coming)
    }
  }
  const mac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const crc = await crcHere()
  return async () => {
    let out = 0
    const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
    const writer = new TdfWriter({ cipher, mac, random, crc, policy: makePolicy(crypto.randomUUID()), keyAccess: {}, mimeType: 'application/gzip', maxBytes: bytes }, part => { out += part.length })
    for (const segment of segments(window, bytes)) {
      writer.write(segment)
      await writer.drain()
    }
    await writer.finish()
    if (out <= bytes) throw new RangeError('too little came out')
  }
}

/** Wraps its key for a key server that is never asked: only reading asks. */
async function prepareClient(window: Uint8Array<ArrayBuffer>, bytes: number): Promise<() => Promise<void>> {
  const { Client } = await import('@opentdf/client')
  const { publicKey } = await crypto.subtle.generateKey({ name: 'RSA-OAEP', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-1' }, true, ['encrypt', 'decrypt'])
  const spki = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))))
  const url = 'https://localhost/kas'
  const client = new Client.Client({
    clientId: 'bench', kasEndpoint: url, allowedKases: [url], kasPublicKey: `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`,
    authProvider: { updateClientPublicKey: async () => {}, withCreds: async request => request },
  })
  return async () => {
    const parts = segments(window, bytes)
    const source = new ReadableStream<Uint8Array>({
      pull(out) {
        const { done, value } = parts.next()
        if (done === true) out.close()
        else out.enqueue(value.slice()) // what comes of a stream is the reader's
      },
    })
    const { stream } = await client.encrypt({ source, offline: true, windowSize: segmentBytes, scope: { attributes: [], dissem: [] } })
    let out = 0
    const reader = stream.getReader()
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) out += value?.length ?? 0
    if (out <= bytes) throw new RangeError('too little came out')
  }
}

async function answer(request: ProtectRequest): Promise<void> {
  try {
    const run = await prepare(request)
    const begin = performance.now()
    await run()
    postMessage({ ms: performance.now() - begin })
  } catch (error) {
    postMessage({ problem: String(error) })
  }
}

addEventListener('message', ({ data }: MessageEvent<ProtectRequest>) => { void answer(data) })
