import { HoldfastError, concat, limits } from '../base/index.ts'
import type { PieceMap } from './bitfield.ts'
import type { Membership } from './membership.ts'

interface Waiter { readonly first: number, readonly last: number, release: (() => void) | null, readonly done: PromiseWithResolvers<void> }

/** Reads of a file that may still be coming: each waits until all its pieces are verified, and has them fetched first. */
export class RangeReads {
  private readonly waiters = new Set<Waiter>()

  /** `whole`: all of it is here, whatever the membership knows. */
  constructor(readonly pieces: PieceMap, readonly member: () => Membership | null, readonly whole: () => boolean) {}

  async read(at: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { size, pieceLength } = this.pieces
    if (!(Number.isSafeInteger(at) && Number.isSafeInteger(length) && at >= 0 && length >= 1 && length <= limits.readBytes && at + length <= size)) {
      throw new HoldfastError('bad-input', 'no such range', { at, length })
    }
    const [first, last] = [Math.floor(at / pieceLength), Math.floor((at + length - 1) / pieceLength)]
    await this.arrival(first, last, signal)
    const parts = Array.from({ length: last - first + 1 }, async (_, number) => {
      const index = first + number
      const from = Math.max(at - index * pieceLength, 0)
      const to = Math.min(at + length - index * pieceLength, this.pieces.length(index))
      return await this.block(index, from, to - from)
    })
    return concat(...await Promise.all(parts))
  }

  /** Something came, or another membership took over. */
  look(): void {
    for (const waiter of this.waiters) {
      if (this.here(waiter)) this.settle(waiter, () => { waiter.done.resolve() })
      else waiter.release ??= this.member()?.prefer(waiter.first, waiter.last) ?? null
    }
  }

  /** The membership ends; those who wait go on with the next one. */
  left(): void {
    for (const waiter of this.waiters) waiter.release = null
  }

  fail(problem: HoldfastError): void {
    for (const waiter of this.waiters) this.settle(waiter, () => { waiter.done.reject(problem) })
  }

  private async arrival(first: number, last: number, signal?: AbortSignal): Promise<void> {
    const waiter: Waiter = { first, last, release: null, done: Promise.withResolvers() }
    const aborted = (): void => { this.settle(waiter, () => { waiter.done.reject(new HoldfastError('aborted', 'given up')) }) }
    this.waiters.add(waiter)
    this.look()
    if (signal?.aborted === true) aborted()
    signal?.addEventListener('abort', aborted)
    try { await waiter.done.promise } finally { signal?.removeEventListener('abort', aborted) }
  }

  private here({ first, last }: Waiter): boolean {
    const member = this.member()
    if (member === null) return false
    for (let index = first; index <= last; index++) if (!this.whole() && !member.has(index)) return false
    return true
  }

  private settle(waiter: Waiter, tell: () => void): void {
    if (!this.waiters.delete(waiter)) return
    waiter.release?.()
    tell()
  }

  private async block(index: number, offset: number, length: number): Promise<Uint8Array> {
    const store = this.member()?.member.store
    if (store === undefined) throw new HoldfastError('aborted', 'the file stopped')
    return await new Promise((resolve, reject) => {
      store.get(index, { offset, length }, (error, bytes) => {
        if (error === null && bytes !== undefined) resolve(bytes)
        else reject(HoldfastError.from(error))
      })
    })
  }
}
