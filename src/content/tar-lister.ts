import { accept, fromUtf8, limits, reject, type Judged } from '../base/index.ts'
import { ArchiveTree } from './archive-tree.ts'
import { blockBytes, paddedSize } from './tar-header.ts'
import type { Member } from './types.ts'

type Rejection = ReturnType<typeof reject>

/** A header holds a dozen; one of 64 KiB could hold ten thousand, ten thousand times. */
const mostPaxRecords = 64

/** What a pax header says of the member after it. */
interface Pax { path?: string, size?: number }

/**
 * Lists the files of a tar that comes in chunks, judging all of it: only plain files and folders, in names that `ArchiveTree` takes, at most
 * `limits.archiveEntries`, each as long as its header says, the end where it should be. Reads ustar with pax headers, which is what every
 * version of the recipe writes. Keeps one header and the list; what is wrong is kept, too, and nothing after it is looked at.
 */
export class TarLister {
  private readonly found: Member[] = []
  private readonly tree = new ArchiveTree()
  private fault: Rejection | null = null
  private entries = 0
  private pax: Pax | null = null
  /** Bytes of the tar so far. */
  private offset = 0
  /** How many of the next bytes are a member's. */
  private skip = 0
  /** Fills with what is to be read whole: a block, or the body of a pax header. */
  private part = new Uint8Array(blockBytes)
  private filled = 0
  private reading: 'header' | 'pax' = 'header'
  private emptyBlocks = 0

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && this.fault === null;) {
      const skipped = Math.min(this.skip, bytes.length - at)
      const part = bytes.subarray(at + skipped, at + skipped + this.part.length - this.filled)
      this.skip -= skipped
      this.part.set(part, this.filled)
      this.filled += part.length
      this.offset += skipped + part.length
      at += skipped + part.length
      if (this.filled === this.part.length) this.turn()
    }
  }

  /** What was listed so far: the last one's bytes may still be to come. */
  get members(): readonly Member[] {
    return this.found
  }

  /** Bytes of the tar that were looked at. */
  get position(): number {
    return this.offset
  }

  /** Whether something is wrong with it, so that no more will be listed. */
  get refused(): boolean {
    return this.fault !== null
  }

  /** The members in the order of the tar, or why it is refused. */
  end(): Judged<readonly Member[]> {
    const cut = this.emptyBlocks < 2 || this.skip > 0 || this.filled > 0
    return this.fault ?? (cut ? damaged('the archive is cut short') : accept(this.found))
  }

  private turn(): void {
    const part = this.part
    const reading = this.reading
    this.read(blockBytes, 'header')
    this.fault = reading === 'pax' ? this.takePax(part) : this.takeHeader(part)
  }

  private read(length: number, what: 'header' | 'pax'): void {
    this.part = new Uint8Array(length)
    this.filled = 0
    this.reading = what
  }

  private takeHeader(block: Uint8Array): Rejection | null {
    if (block.every(byte => byte === 0)) {
      this.emptyBlocks++
      return this.pax === null ? null : damaged('a pax header without a member')
    }
    if (this.emptyBlocks > 0) return damaged('bytes after the end')
    const size = octal(block, 124, 12)
    if (fromUtf8(block.subarray(257, 265)) !== 'ustar\u000000' || octal(block, 148, 8) !== checksum(block) || size === null) return damaged('a header is damaged')
    const type = String.fromCharCode(block[156] ?? 0)
    if (type === 'x') return this.beginPax(size)
    if (type === '0' || type === '\0') return this.takeMember(block, size, false)
    if (type === '5') return size === 0 ? this.takeMember(block, 0, true) : damaged('a folder with bytes')
    if (/[1-46]/.test(type)) return reject('archive-link', 'it holds a link or a device')
    return damaged('it holds something that is neither file nor folder')
  }

  private beginPax(size: number): Rejection | null {
    if (size > limits.archiveHeaderBytes || this.pax !== null) return damaged('a pax header too long or too many')
    this.pax = {}
    if (size > 0) this.read(paddedSize(size), 'pax')
    return null
  }

  private takePax(body: Uint8Array): Rejection | null {
    this.pax = parsePax(body)
    return this.pax === null ? damaged('a pax header is damaged') : null
  }

  private takeMember(block: Uint8Array, ustarSize: number, folder: boolean): Rejection | null {
    const { path = ustarPath(block), size = ustarSize } = this.pax ?? {}
    this.pax = null
    if (++this.entries > limits.archiveEntries) return reject('archive-entries', `more than ${limits.archiveEntries} entries`)
    if (path === null) return reject('archive-name', 'a name is not text')
    const judged = folder ? this.tree.addFolder(path.replace(/\/$/, '')) : this.tree.addFile(path)
    if (!judged.ok) return judged
    if (!folder) {
      this.found.push({ path: judged.value, size, offset: this.offset })
      this.skip = paddedSize(size)
    }
    return null
  }
}

function damaged(reason: string): Rejection {
  return reject('archive-damaged', reason)
}

/** Octal digits, ended by NUL or space; null for anything else. */
function octal(block: Uint8Array, at: number, length: number): number | null {
  const [, digits] = /^ *([0-7]+)[ \0]*$/.exec(String.fromCharCode(...block.subarray(at, at + length))) ?? []
  return digits === undefined ? null : Number.parseInt(digits, 8)
}

/** Sum of the header's bytes, its own field counted as spaces. */
function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0)
}

function ustarPath(block: Uint8Array): string | null {
  const text = (at: number, length: number) => {
    const field = block.subarray(at, at + length)
    const end = field.indexOf(0)
    return fromUtf8(end < 0 ? field : field.subarray(0, end))
  }
  const [prefix, name] = [text(345, 155), text(0, 100)]
  return prefix === null || name === null ? null : prefix === '' ? name : `${prefix}/${name}`
}

/** The records `length key=value\n` of a pax header; keys other than path and size say nothing to us. Null where they are damaged. */
function parsePax(body: Uint8Array): Pax | null {
  const pax: Pax = {}
  for (let at = 0, records = 0; at < body.length && body[at] !== 0;) {
    if (++records > mostPaxRecords) return null
    const [, digits = ''] = /^([1-9]\d{0,5}) /.exec(String.fromCharCode(...body.subarray(at, at + 7))) ?? []
    const end = at + Number(digits)
    const record = digits === '' || end > body.length ? null : fromUtf8(body.subarray(at + digits.length + 1, end))
    const [, key, value = ''] = /^([^=]+)=(.*)\n$/s.exec(record ?? '') ?? []
    if (key === undefined) return null
    if (key === 'path') pax.path = value
    if (key === 'size') {
      if (!/^\d{1,16}$/.test(value) || !Number.isSafeInteger(Number(value))) return null
      pax.size = Number(value)
    }
    at = end
  }
  return pax
}
