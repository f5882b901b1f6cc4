import { concat } from '../../../src/base/index.ts'
import { ArchiveWriter, planArchive } from '../../../src/content/index.ts'

export interface Input { readonly path: string, readonly bytes: Uint8Array }

/** The archive of `files`, its bytes written in chunks of `chunk`. */
export function archiveOf(files: readonly Input[], chunk = Infinity): Uint8Array<ArrayBuffer> {
  const plan = planArchive(files.map(({ path, bytes }) => ({ path, size: bytes.length })))
  const parts: Uint8Array[] = []
  const writer = new ArchiveWriter(plan, part => { parts.push(part.slice()) })
  for (const { source } of plan.members) {
    const { bytes } = files[source]!
    for (let at = 0; at < bytes.length; at += chunk) writer.write(bytes.subarray(at, at + chunk))
  }
  writer.finish()
  return concat(...parts)
}

/** `length` bytes that do not compress, always the same: a xorshift generator. */
export function noisy(length: number): Uint8Array<ArrayBuffer> {
  let state = 0x9e3779b9
  return Uint8Array.from({ length }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 24
  })
}

/** `length` bytes of a text that repeats with small changes. */
export function wordy(length: number): Uint8Array<ArrayBuffer> {
  const text = Array.from({ length: Math.ceil(length / 20) }, (_, i) => `line ${i * 7919 % 1000} of the log\n`).join('')
  return new TextEncoder().encode(text.padEnd(length, ' ').slice(0, length))
}
