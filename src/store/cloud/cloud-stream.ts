import { HoldfastError, limits } from '../../base/index.ts'
import { throwIfAborted } from '../bucket-help.ts'

/** The size of the whole file, by an answer that gives all of it or a part. */
export function sizeOf(response: Response, whole: boolean): number {
  if (!whole && response.status !== 206) throw new HoldfastError('unsupported', 'the store gives no parts of files')
  const text = whole ? response.headers.get('content-length') : /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]
  if (text === null || text === undefined || !/^\d{1,15}$/.test(text)) throw new HoldfastError('store-cors', 'the store does not let a page read how long a file is', { header: whole ? 'Content-Length' : 'Content-Range' })
  return Number(text)
}

/** The `length` bytes of an answer as they are asked for: `aborted`, or `store-unreachable` where they stop coming; it never ends short. */
export function bodyOf(response: Response, length: number, signal: AbortSignal | undefined): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = (response.body ?? new Blob().stream()).getReader()
  let left = length
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(out) {
      throwIfAborted(signal)
      const bytes = await next(reader, signal)
      left -= bytes?.length ?? 0
      if (left < 0 || (bytes === null && left > 0)) throw new HoldfastError('store-unreachable', 'the store gave another number of bytes than it said')
      if (bytes === null) out.close()
      else out.enqueue(bytes)
    },
    async cancel(reason) { await reader.cancel(reason) },
  }, { highWaterMark: 0 })
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer> | null> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      fail(new HoldfastError('store-unreachable', 'the store stopped in the middle of a file'))
      void reader.cancel().catch(() => {}) // said already
    }, limits.cloudAnswerMs)
  })
  try {
    const { done, value } = await Promise.race([reader.read(), silence])
    return done ? null : value
  } catch (error) {
    throwIfAborted(signal)
    throw error instanceof HoldfastError ? error : new HoldfastError('store-unreachable', 'the store broke off in the middle of a file', {}, { cause: error })
  } finally { clearTimeout(timer) }
}
