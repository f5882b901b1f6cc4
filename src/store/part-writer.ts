import { HoldfastError } from '../base/index.ts'
import { throwIfAborted } from './bucket-help.ts'
import type { BlobWriter } from './bucket.ts'

/** Where a driver keeps what is being written until it is whole. `discard` also follows a `publish` that failed. */
export interface Part {
  append(bytes: Uint8Array): void | Promise<void>
  publish(): Promise<void>
  discard(): Promise<void>
}

/** The life of a writer, the same for every driver: open, until it is published or discarded, once. */
export class PartWriter implements BlobWriter {
  private ended = false
  private failure: HoldfastError | null = null
  private readonly onAbort = (): void => {
    // A part that could not be discarded now is dropped once it is old.
    this.abort().catch(() => undefined)
  }

  constructor(private readonly part: Part, private readonly signal: AbortSignal | undefined) {
    signal?.addEventListener('abort', this.onAbort, { once: true })
    if (signal?.aborted === true) this.onAbort() // while the part was made
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.mustBeOpen()
    try {
      await this.part.append(bytes)
    } catch (error) {
      this.failure = HoldfastError.from(error)
      throw this.failure
    }
  }

  async close(): Promise<void> {
    this.mustBeOpen()
    this.end()
    try {
      if (this.failure !== null) throw this.failure
      await this.part.publish()
    } catch (error) {
      await this.part.discard().catch(() => undefined) // why it was not published is what counts; what is left is dropped once it is old
      throw HoldfastError.from(error)
    }
  }

  async abort(): Promise<void> {
    if (this.ended) return
    this.end()
    await this.part.discard()
  }

  private mustBeOpen(): void {
    throwIfAborted(this.signal)
    if (this.ended) throw new HoldfastError('bad-input', 'the writer has ended')
  }

  private end(): void {
    this.ended = true
    this.signal?.removeEventListener('abort', this.onAbort)
  }
}
