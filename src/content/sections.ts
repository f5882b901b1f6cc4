import { HoldfastError, accept, concat, equalBytes, fromHex, reject, sha256, toHex, utf8, type Cid, type Judged } from '../base/index.ts'
import { Hamt, ledgerShape, verifyProof } from '../hamt/index.ts'

/*
 * The trie an attachment is named by: from the index of each section, decimal from 1, to a link to the section's bytes (CIDv1, raw, SHA-256). A function of
 * the file's bytes alone, so the same file has one root everywhere, and any section is proved by a few nodes.
 */

const leastBytes = 256 * 1024
const mostSections = 10_000
/** The largest file a message may name: `attachment.size` is below 2^36. */
const mostBytes = 2 ** 36

/** Bytes of each section but the last, of a file of `size`: 256 KiB, doubled until there are at most 10,000. `bad-input` for a file that cannot be attached. */
export function sectionBytes(size: number): number {
  if (!Number.isSafeInteger(size) || size < 1 || size > mostBytes) throw new HoldfastError('bad-input', `not a file of 1 to ${mostBytes} bytes`)
  let bytes = leastBytes
  while (Math.ceil(size / bytes) > mostSections) bytes *= 2
  return bytes
}

export function sectionCount(size: number): number { return Math.ceil(size / sectionBytes(size)) }

/** Where section `index`, from 1, lies in a file of `size`. */
export function sectionRange(size: number, index: number): { readonly at: number, readonly length: number } {
  const bytes = sectionBytes(size)
  const at = (index - 1) * bytes
  return { at, length: Math.min(bytes, size - at) }
}

/** The root over the SHA-256 of each section, in their order. */
export async function sectionsRoot(digests: readonly Uint8Array[]): Promise<Cid> {
  return (await SectionIndex.of(digests)).root
}

/** The trie of a file's sections, for whoever gives them to others. */
export class SectionIndex {
  private constructor(private readonly trie: Hamt, readonly count: number) {}

  /** Over the SHA-256 of each section, in their order. */
  static async of(digests: readonly Uint8Array[]): Promise<SectionIndex> {
    const trie = Hamt.empty({ load: async refs => refs.map(() => null) })
    await trie.update(digests.map((digest, i) => ({ key: sectionKey(i + 1), value: rawLink(digest) })))
    trie.commit(0)
    return new SectionIndex(trie, digests.length)
  }

  get root(): Cid { return toHex(this.trie.root.digest) }

  /** The nodes that prove section `index`, from the root on. `bad-input` where there is none. */
  async prove(index: number): Promise<readonly Uint8Array<ArrayBuffer>[]> {
    if (!Number.isInteger(index) || index < 1 || index > this.count) throw new HoldfastError('bad-input', 'no such section')
    return await this.trie.prove([sectionKey(index)])
  }
}

/** What is said to be one section: which, of a file of so many bytes, and the nodes of its proof. */
export interface SaidSection { readonly index: number, readonly bytes: Uint8Array, readonly nodes: readonly Uint8Array[] }

/**
 * Whether these bytes are that section of the file with this root. `bad-frame` where there is none of that length, or the nodes are not exactly those on its
 * path; `wrong-bytes` where the root, or its section, is another. `hash`: the SHA-256 of the bytes, for who has it made faster.
 */
export function judgeSection(root: Cid, size: number, { index, bytes, nodes }: SaidSection, hash: Uint8Array | null = null): Judged<Uint8Array> {
  const digest = fromHex(root)
  if (digest?.length !== 32 || !Number.isInteger(index) || index < 1 || index > sectionCount(size)) return reject('bad-frame', 'no such section')
  if (bytes.length !== sectionRange(size, index).length) return reject('bad-frame', 'not as long as that section')
  const proven = verifyProof(digest, ledgerShape, [sectionKey(index)], nodes)
  if (!proven.ok) return proven
  const [link = null] = proven.value
  return link !== null && equalBytes(link, rawLink(hash ?? sha256(bytes))) ? accept(bytes) : reject('wrong-bytes', 'not the section its root names')
}

function sectionKey(index: number): Uint8Array<ArrayBuffer> { return utf8(String(index)) }

/** Tag 42, 37 bytes: 0, version 1, raw, SHA-256, 32 bytes. */
const rawHead = Uint8Array.of(0xd8, 0x2a, 0x58, 0x25, 0, 1, 0x55, 0x12, 0x20)

function rawLink(digest: Uint8Array): Uint8Array {
  if (digest.length !== 32) throw new HoldfastError('bad-input', 'a digest has 32 bytes')
  return concat(rawHead, digest)
}

/** A hash over what passes by, one after the other. */
export interface RunningHash {
  update(bytes: Uint8Array): void
  /** What passed since it was made or since the last digest. */
  digest(): Uint8Array
}

/** Takes the bytes of a file as they come, in any pieces, and keeps 32 of each section. */
export class SectionPass {
  readonly #bytes: number
  readonly #digests: Uint8Array[] = []
  #room: number
  #left: number

  constructor(size: number, private readonly hash: RunningHash) {
    this.#bytes = sectionBytes(size)
    this.#room = Math.min(this.#bytes, size)
    this.#left = size
  }

  push(bytes: Uint8Array): void {
    if (bytes.length > this.#left) throw new HoldfastError('file-changed', 'more bytes than the file has')
    for (let at = 0; at < bytes.length;) {
      const taken = Math.min(this.#room, bytes.length - at)
      this.hash.update(bytes.subarray(at, at + taken))
      at += taken
      this.#room -= taken
      this.#left -= taken
      if (this.#room > 0) continue
      this.#digests.push(this.hash.digest().slice())
      this.#room = Math.min(this.#bytes, this.#left)
    }
  }

  /** The SHA-256 of each section. `file-changed` where bytes are missing. */
  get digests(): readonly Uint8Array[] {
    if (this.#left > 0) throw new HoldfastError('file-changed', 'fewer bytes than the file has')
    return this.#digests
  }

  /** `file-changed` where bytes are missing. */
  async root(): Promise<Cid> { return await sectionsRoot(this.digests) }
}
