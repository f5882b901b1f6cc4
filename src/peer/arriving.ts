import { HoldfastError, limits, type Cid } from '../base/index.ts'
import { RatioGuard, TarLister, type Kind, type Member } from '../content/index.ts'
import { gunzip, readSource, type ByteSource, type PlainSource } from '../media/index.ts'
import type { FileKey, SealedKey } from './stored-item.ts'

export interface ArrivingFile { readonly cid: Cid, readonly kind: Kind, readonly size: number, readonly sealed: SealedKey | null }

export interface ArrivingOptions {
  /** Bytes of a file that is still coming, once their pieces are here and right. */
  read(cid: Cid, at: number, length: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
  openKey(sealed: SealedKey): Promise<FileKey>
  /** What a protected file holds. */
  openPlain(stored: ByteSource, key: FileKey): Promise<PlainSource>
  /** At most once in `limits.arrivingTellMs` for each. */
  changed(cid: Cid): void
}

/**
 * Looks into archives while they arrive, so that their first files can be saved before the last ones are here. Each is read from the front as
 * far as it came, unpacked and listed once; nothing is kept of it but the list. What is wrong with an archive is for the check of the whole to
 * say: here it only ends the looking.
 */
export class ArrivingFiles {
  private readonly files = new Map<Cid, Arriving>()

  constructor(private readonly options: ArrivingOptions) {}

  /** Begins to look into a file, or begins anew where reading it failed; one that is looked into already, or was judged, stays as it is. */
  follow(file: ArrivingFile): void {
    const protectedArchive = file.kind === 'p' && file.sealed !== null
    const known = this.files.get(file.cid)
    if (file.kind !== 'z' && !protectedArchive || known?.running === true || known?.judged === true) return
    known?.stop()
    this.files.set(file.cid, new Arriving(file, this.options, known))
  }

  /** Ends it: the file is whole, removed, or no longer fetched. */
  drop(cid: Cid): void {
    this.files.get(cid)?.stop()
    this.files.delete(cid)
  }

  /** The plain files as far as they are known; null before the first, and where something is wrong. */
  members(cid: Cid): readonly Member[] | null {
    return this.files.get(cid)?.members ?? null
  }

  /** Bytes of the unpacked archive that can be read by now: a member can be saved when it ends there or before. */
  readable(cid: Cid): number {
    return this.files.get(cid)?.readable ?? 0
  }

  /** Why it is no longer looked into: `wrong-key` is known long before the last byte. Null while nothing is wrong. */
  problem(cid: Cid): HoldfastError | null {
    return this.files.get(cid)?.problem ?? null
  }
}

/** What the bytes of an archive can be guilty of; anything else is a failure to read them. */
const verdicts = ['archive-', 'tdf-', 'wrong-key'] as const

class Arriving {
  running = true
  members: readonly Member[] | null
  readable: number
  problem: HoldfastError | null = null
  private readonly stopped = new AbortController()
  private readonly lister = new TarLister()
  private readonly pace = new Pace()
  private telling: ReturnType<typeof setTimeout> | null = null

  /** `before`: an earlier look, whose list holds until this one knows more. */
  constructor(private readonly file: ArrivingFile, private readonly options: ArrivingOptions, before?: Arriving) {
    this.members = before?.members ?? null
    this.readable = before?.readable ?? 0
    void this.look()
  }

  /** Whether its bytes themselves decided: all of them were listed, or something is wrong with them. */
  get judged(): boolean {
    return !this.running && (this.problem === null || verdicts.some(code => this.problem?.code.startsWith(code)))
  }

  stop(): void {
    this.running = false
    this.stopped.abort(new HoldfastError('aborted', 'no longer looked into'))
    if (this.telling !== null) clearTimeout(this.telling)
  }

  private async look(): Promise<void> {
    try {
      await this.list(await this.open())
      const judged = this.lister.end()
      if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
    } catch (error) {
      if (this.stopped.signal.aborted) return
      this.problem = HoldfastError.from(error)
    }
    this.running = false
    if (this.judged && this.problem !== null) [this.members, this.readable] = [null, 0]
    this.tell()
  }

  private async open(): Promise<PlainSource> {
    const { cid, size, sealed } = this.file
    const { signal } = this.stopped
    const stored = readSource(size, async (at, length) => await this.options.read(cid, at, length, signal))
    return sealed === null ? stored : await this.options.openPlain(stored, await this.options.openKey(sealed))
  }

  private async list(archive: PlainSource): Promise<void> {
    const reader = gunzip(archive, async bytes => { await this.pace.spend(bytes) }).getReader()
    const guard = new RatioGuard(this.file.size)
    this.stopped.signal.addEventListener('abort', () => { reader.cancel().catch(() => {}) }) // it is over either way
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      if (value === undefined) continue
      this.lister.push(value)
      const { position, members, refused } = this.lister
      if (!guard.take(value.length)) {
        await reader.cancel()
        throw new HoldfastError('archive-bomb', 'it unpacks to far more than its size')
      }
      if (refused) return await reader.cancel()
      this.readable = Math.max(this.readable, position)
      if (members.length > (this.members?.length ?? 0)) this.members = members.slice()
      this.tell()
    }
  }

  private tell(): void {
    if (this.stopped.signal.aborted) return
    this.telling ??= setTimeout(() => {
      this.telling = null
      this.options.changed(this.file.cid)
    }, limits.arrivingTellMs)
  }
}

/** Holds up whoever took `limits.arrivingBytesPerSecond` in less than a second: much may be here already when the looking begins. */
class Pace {
  private begun = performance.now()
  private spent = 0

  async spend(bytes: number): Promise<void> {
    this.spent += bytes
    if (this.spent < limits.arrivingBytesPerSecond) return
    const rest = this.begun + 1000 - performance.now()
    if (rest > 0) await new Promise(done => { setTimeout(done, rest) })
    this.begun = performance.now()
    this.spent = 0
  }
}
