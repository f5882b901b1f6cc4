import { HoldfastError, limits, type ErrorCode } from '../../base/index.ts'
import { throwIfAborted } from '../bucket-help.ts'
import { textOf } from './xml.ts'

/** One request to a store. `again`: it may be repeated when its answer did not come. */
export interface CloudRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer> | string
  readonly signal?: AbortSignal | undefined
  readonly again?: boolean
}

/** Signs a request at the moment it leaves. */
export type Sign = (request: CloudRequest) => Promise<Request>

/** Answers that pass by themselves. */
const passing = new Set([429, 500, 502, 503, 504])
const firstPauseMs = 200

/**
 * Sends a request, and again up to `limits.cloudTries` times where the store is busy or does not answer. Gives every answer but those; `aborted`,
 * `store-unreachable`.
 */
export async function askCloud(request: CloudRequest, sign: Sign): Promise<Response> {
  for (let left = limits.cloudTries, pause = firstPauseMs; ; left--, pause *= 2) {
    const last = left === 1 || request.again === false
    try {
      const response = await send(request, sign)
      if (last || !passing.has(response.status)) return response
      await response.body?.cancel()
    } catch (error) {
      throwIfAborted(request.signal)
      if (last) throw await unreachable(request.url, error)
    }
    await new Promise(done => { setTimeout(done, pause) })
    throwIfAborted(request.signal)
  }
}

async function send(request: CloudRequest, sign: Sign): Promise<Response> {
  throwIfAborted(request.signal)
  const signed = await sign(request)
  // Only until the answer begins: how long its body takes is up to the reader.
  const silence = new AbortController()
  const timer = setTimeout(() => { silence.abort(new HoldfastError('timeout', 'the store does not answer')) }, request.body === undefined ? limits.cloudAnswerMs : limits.cloudUploadMs)
  try {
    return await fetch(signed, { signal: request.signal === undefined ? silence.signal : AbortSignal.any([request.signal, silence.signal]), cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' })
  } finally {
    clearTimeout(timer)
  }
}

/** A browser does not say why a request failed; but to one that takes no answer even a store that lets no pages in does answer. */
async function unreachable(url: string, error: unknown): Promise<HoldfastError> {
  const { location } = globalThis as { location?: unknown }
  const there = location !== undefined && await fetch(new URL(url).origin, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(limits.cloudAnswerMs) }).then(() => true, () => false)
  return there
    ? new HoldfastError('store-cors', 'the store answers, but not to this page', {}, { cause: error })
    : new HoldfastError('store-unreachable', 'the store does not answer', {}, { cause: error })
}

/** The failure that an answer tells of; takes its body. `fresh`: only a new key was to be written. */
export async function cloudFailure(response: Response, { fresh = false, key = '' } = {}): Promise<HoldfastError> {
  const text = (await response.text().catch(() => '')).slice(0, limits.cloudErrorChars) // why is told by the status, too
  const reason = (textOf(text, 'Code') ?? response.headers.get('x-ms-error-code') ?? '').slice(0, 100)
  return new HoldfastError(codeOf(response.status, reason, fresh), `the store answered ${String(response.status)} ${reason}`.trimEnd(), { status: response.status, ...reason === '' ? {} : { reason }, ...key === '' ? {} : { key } })
}

function codeOf(status: number, reason: string, fresh: boolean): ErrorCode {
  if (/^(NoSuchBucket|ContainerNotFound|ResourceNotFound)$/.test(reason)) return 'store-missing'
  if (status === 404) return 'not-found'
  if (fresh && (status === 409 || status === 412)) return 'already-exists'
  if (status === 507 || /^(QuotaExceeded|InsufficientStorage|XMinioStorageFull|AccountLimitExceeded)$/.test(reason)) return 'storage-full'
  if (status === 409 || status === 429 || status === 503) return 'storage-busy'
  if (status >= 500) return 'store-unreachable'
  return 'store-refused'
}
