import { equalBytes } from '../../base/index.ts'
import type { RunningCrc32 } from '../crc32.ts'
import type { Span } from './find-entries.ts'
import { tagBytes } from './manifest.ts'
import type { Tdf } from './open-tdf.ts'

/**
 * What of a TDF can be judged without its key, while its bytes pass by from the first to the last: the check sums of both entries, and where its segments are hashed
 * by their tags, that each ends with the tag its manifest has. A file that fails opens for nobody.
 */
export class TdfSums {
  readonly #payload: Sum
  readonly #manifest: Sum
  readonly #tags: Tags | null

  /** `crc`: fresh ones. */
  constructor({ manifest, spans }: Pick<Tdf, 'manifest' | 'spans'>, crc: () => RunningCrc32) {
    this.#payload = new Sum(spans.payload, crc())
    this.#manifest = new Sum(spans.manifest, crc())
    this.#tags = manifest.segmentHash === 'GMAC' ? new Tags(manifest.segments.map(({ sealedAt, sealed, hash }) => ({ at: spans.payload.at + sealedAt + sealed - tagBytes, hash }))) : null
  }

  push(bytes: Uint8Array): void {
    this.#payload.push(bytes)
    this.#manifest.push(bytes)
    this.#tags?.push(bytes)
  }

  /** Whether all of it was right. */
  end(): boolean {
    return this.#payload.right && this.#manifest.right && this.#tags?.right !== false
  }
}

class Sum {
  #at = 0

  constructor(private readonly span: Span & { readonly crc: number }, private readonly crc: RunningCrc32) {}

  push(bytes: Uint8Array): void {
    const [from, to] = [this.span.at - this.#at, this.span.at + this.span.length - this.#at]
    if (from < bytes.length && to > 0) this.crc.update(bytes.subarray(Math.max(0, from), to))
    this.#at += bytes.length
  }

  get right(): boolean { return this.crc.digest() === this.span.crc }
}

class Tags {
  #at = 0
  #next = 0
  #right = true
  readonly #tag = new Uint8Array(tagBytes)

  constructor(private readonly tags: readonly { readonly at: number, readonly hash: Uint8Array }[]) {}

  push(bytes: Uint8Array): void {
    for (let due = this.tags[this.#next]; due !== undefined; due = this.tags[this.#next]) {
      const from = due.at - this.#at
      if (from >= bytes.length) break
      this.#tag.set(bytes.subarray(Math.max(0, from), from + tagBytes), Math.max(0, -from))
      if (from + tagBytes > bytes.length) break // the rest is in the next chunk
      if (!equalBytes(this.#tag, due.hash)) this.#right = false
      this.#next++
    }
    this.#at += bytes.length
  }

  get right(): boolean { return this.#right && this.#next === this.tags.length }
}
