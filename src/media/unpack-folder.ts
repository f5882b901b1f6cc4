import { HoldfastError } from '../base/index.ts'
import { freeName, safePaths, type Member } from '../content/index.ts'
import type { PlainSource } from './byte-source.ts'
import { gunzip } from './gunzip.ts'
import type { Progress } from './pack-archive.ts'

/** What was written: whole files only, into a folder of this name. */
export interface Unpacked { readonly folder: string, readonly files: number, readonly bytes: number }

const progressBytes = 1024 * 1024
/** A small file is mostly waiting, to be opened and to be closed: several are written at once. */
const smallBytes = 256 * 1024
const smallAtOnce = 8
/** Two seconds in all. */
const [removals, removalMs] = [40, 50]

/**
 * Unpacks all `members` of an archive, which come in its own order, into a fresh folder in `parent` named by `title`: nothing that is there is
 * touched. Reads the archive once. Throws `archive-damaged` where it ends early, `aborted`, and `storage-full`, whose data say what was
 * written all the same; the file that was being written is removed, and the folder where nothing is in it. `onProgress` is told the bytes written.
 */
export async function unpackFolder(archive: Pick<PlainSource, 'stream'>, members: readonly Member[], parent: FileSystemDirectoryHandle, title: string, { signal, onProgress }: Progress = {}): Promise<Unpacked> {
  const folder = await freshFolder(parent, title)
  const paths = safePaths(withoutTop(members.map(({ path }) => path), title))
  const tar = new Forward(gunzip(archive))
  const stop = () => { void tar.end() }
  signal?.addEventListener('abort', stop)
  if (signal?.aborted === true) stop() // while the folder was made
  let [files, bytes, shown] = [0, 0, 0]
  const note = (written: number) => {
    bytes += written
    if (bytes - shown < progressBytes) return
    shown = bytes
    onProgress?.(bytes)
  }
  const small = new AtOnce(smallAtOnce)
  try {
    for (const [i, member] of members.entries()) {
      const path = paths[i] ?? []
      await tar.skipTo(member.offset)
      if (member.size <= smallBytes) {
        const content = await tar.whole(member.size)
        await small.start(async () => {
          await writeFile(folder, path, async out => { if (content.length > 0) await out.write(content) })
          files++
          note(content.length)
        })
        continue
      }
      await writeFile(folder, path, async out => {
        for (let left = member.size; left > 0;) {
          const part = await tar.next(left)
          await out.write(part)
          left -= part.length
          note(part.length)
        }
      })
      files++
    }
    await small.end()
    onProgress?.(bytes)
    return { folder: folder.name, files, bytes }
  } catch (error) {
    await small.end().catch(() => {}) // the first failure is the one to tell
    if (files === 0) await removeCut(parent, folder.name)
    const { code, message, data } = HoldfastError.from(signal?.aborted === true ? signal.reason : error)
    throw new HoldfastError(code, message, { ...data, folder: folder.name, files }, { cause: error })
  } finally {
    signal?.removeEventListener('abort', stop)
    await tar.end()
  }
}

/** At most so many pieces of work at once; the first failure is thrown where the next begins or all end. */
class AtOnce {
  private readonly running = new Set<Promise<void>>()
  private failure: { readonly error: unknown } | null = null

  constructor(private readonly most: number) {}

  async start(work: () => Promise<void>): Promise<void> {
    while (this.running.size >= this.most) await Promise.race(this.running)
    if (this.failure !== null) throw this.failure.error
    const task = work().catch((error: unknown) => { this.failure ??= { error } }).finally(() => { this.running.delete(task) })
    this.running.add(task)
  }

  async end(): Promise<void> {
    await Promise.all(this.running)
    if (this.failure !== null) throw this.failure.error
  }
}

/** Makes a folder that was not there. */
async function freshFolder(parent: FileSystemDirectoryHandle, title: string): Promise<FileSystemDirectoryHandle> {
  const taken = new Set<string>()
  for await (const name of parent.keys()) taken.add(name.toLowerCase())
  return await parent.getDirectoryHandle(freeName(title, name => taken.has(name.toLowerCase())), { create: true })
}

/** A folder that was shared bears the title already: its name is not repeated inside. */
function withoutTop(paths: readonly string[], title: string): readonly string[] {
  const top = `${title}/`
  return paths.every(path => path.startsWith(top)) ? paths.map(path => path.slice(top.length)) : paths
}

/** Writes one file with its folders; what is cut off is removed. */
async function writeFile(root: FileSystemDirectoryHandle, path: readonly string[], fill: (out: FileSystemWritableFileStream) => Promise<void>): Promise<void> {
  let folder = root
  for (const name of path.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true })
  const file = await makeFile(folder, path.at(-1) ?? '')
  const out = await file.createWritable()
  try {
    await fill(out)
    await out.close()
  } catch (error) {
    await out.abort().catch(() => {}) // a failed close has ended it already
    await removeCut(folder, file.name)
    throw error
  }
}

/** What failed is what is to be told: where the browser holds the file for a moment after its end (seen in Chromium under load) it is tried again, and what cannot be removed stays, empty. */
async function removeCut(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  for (let tries = 0; tries < removals; tries++) {
    try {
      await folder.removeEntry(name, { recursive: true })
      return
    } catch {
      await new Promise(done => { setTimeout(done, removalMs) })
    }
  }
}

/** Browsers let no page make shortcuts (`.lnk`, `.url`): these get a harmless name. */
async function makeFile(folder: FileSystemDirectoryHandle, name: string): Promise<FileSystemFileHandle> {
  try {
    return await folder.getFileHandle(name, { create: true })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return await folder.getFileHandle(`${name}_`, { create: true })
  }
}

/** Reads a stream from its front to places further on. */
class Forward {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>
  private chunk = new Uint8Array(0)
  private at = 0

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.reader = stream.getReader()
  }

  async skipTo(offset: number): Promise<void> {
    while (this.at < offset) await this.next(offset - this.at)
    if (this.at > offset) throw new HoldfastError('archive-damaged', 'the list of files is not that of the archive')
  }

  /** At least one and at most `most` of the next bytes. */
  async next(most: number): Promise<Uint8Array<ArrayBuffer>> {
    while (this.chunk.length === 0) {
      const { done, value } = await this.reader.read()
      if (done) throw new HoldfastError('archive-damaged', 'the archive ends before its files do')
      this.chunk = value
    }
    const part = this.chunk.subarray(0, most)
    this.chunk = this.chunk.subarray(part.length)
    this.at += part.length
    return part
  }

  /** Exactly the next `length` bytes. */
  async whole(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length)
    for (let done = 0; done < length;) {
      const part = await this.next(length - done)
      bytes.set(part, done)
      done += part.length
    }
    return bytes
  }

  async end(): Promise<void> {
    await this.reader.cancel().catch(() => {}) // a stream that failed has nothing left to end
  }
}
