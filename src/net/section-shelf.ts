import { HoldfastError, RateLimiter, equalBytes, limits, type Cid, type Clock } from '../base/index.ts'
import { SectionIndex, sectionCount, sectionRange } from '../content/index.ts'
import type { ContentRow } from '../store/index.ts'
import type { SectionPart, SectionQuestion } from './section-exchange.ts'

/** A file of the bucket. */
export type ShelvedFile = Pick<ContentRow, 'cid' | 'path' | 'size'>

export interface ShelfParts {
  readonly clock: Clock
  /** The SHA-256 of each section of a file of the bucket, one after the other; reads all of it. */
  digests(file: ShelvedFile): Promise<Uint8Array>
  read(file: ShelvedFile, at: number, length: number): Promise<Uint8Array<ArrayBuffer>>
  /** A stored file is not what was placed. */
  damaged(cid: Cid, problem: HoldfastError): void
}

interface Shelved { readonly digests: Uint8Array, readonly index: SectionIndex }

/** Sections of stored files, for those who ask: the trie over them is made of the file's bytes when the first one is asked for, one file at a time, and kept. */
export class SectionShelf {
  private readonly files = new Map<Cid, Promise<Shelved>>()
  private making: Promise<unknown> = Promise.resolve()
  private rate: RateLimiter | null = null

  constructor(private readonly parts: ShelfParts) {}

  /** Bytes a second for all together, null for no limit. */
  setRate(perSecond: number | null): void {
    this.rate = perSecond === null ? null : new RateLimiter({ burst: Math.max(perSecond, 2 * limits.sectionPartBytes), perSecond }, this.parts.clock)
  }

  async root(row: ShelvedFile): Promise<Cid> { return (await this.file(row)).index.root }

  /** Bytes of a section, with its proof where they are its first; null where there is no such part. `rate-limited` above the limit of speed. */
  async part(row: ShelvedFile, { index, at }: Pick<SectionQuestion, 'index' | 'at'>): Promise<SectionPart | null> {
    if (index > sectionCount(row.size)) return null
    const { at: from, length } = sectionRange(row.size, index)
    if (at >= length) return null
    const size = Math.min(limits.sectionPartBytes, length - at)
    if (this.rate?.take('', size) === false) throw new HoldfastError('rate-limited', 'as much as may be given now')
    const file = await this.file(row)
    const section = await this.parts.read(row, from, length)
    const digest = file.digests.subarray(32 * (index - 1), 32 * index)
    if (!equalBytes(new Uint8Array(await crypto.subtle.digest('SHA-256', section)), digest)) {
      const problem = new HoldfastError('storage-damaged', 'the stored file is not what was placed')
      this.parts.damaged(row.cid, problem)
      throw problem
    }
    return { bytes: section.subarray(at, at + size), nodes: at === 0 ? await file.index.prove(index) : [] }
  }

  private async file(row: ShelvedFile): Promise<Shelved> {
    const known = this.files.get(row.cid)
    if (known !== undefined) return await known
    const made = this.making.then(async () => await this.make(row))
    this.making = made.catch(() => {})
    this.files.set(row.cid, made)
    for (const oldest of this.files.keys()) {
      if (this.files.size <= limits.sectionFiles) break
      this.files.delete(oldest)
    }
    made.catch(() => { this.files.delete(row.cid) }) // the next one who asks tries again
    return await made
  }

  private async make(file: ShelvedFile): Promise<Shelved> {
    const digests = await this.parts.digests(file)
    const index = await SectionIndex.of(Array.from({ length: digests.length / 32 }, (_, i) => digests.subarray(32 * i, 32 * i + 32)))
    return { digests, index }
  }
}
