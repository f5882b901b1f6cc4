import { readFile, stat } from 'node:fs/promises'
import { HoldfastError, type Address, type Cid, type Clock } from '../../base/index.ts'
import { blockHash, readBlockList } from '../../content/index.ts'

/** How soon a changed list counts. */
const lookMs = 5000

/** The list of `--blocklist`, in the form that browsers import. It is read again when its file was changed; one that cannot be read any more goes on as it was. */
export class Blocked {
  private entries: ReadonlySet<string> = new Set()
  private modified = 0
  private looked = 0

  private constructor(private readonly file: string, private readonly clock: Clock) {}

  /** `bad-input` where the file is not there, or has lines that are none: a list that blocks less than its author thinks is worse than none. */
  static async open(file: string, clock: Clock): Promise<Blocked> {
    const blocked = new Blocked(file, clock)
    try { await blocked.read() } catch (error) {
      throw new HoldfastError('bad-input', `--blocklist: ${HoldfastError.from(error).message}`, {}, { cause: error })
    }
    return blocked
  }

  async has(cid: Cid): Promise<boolean> {
    if (this.clock.now() - this.looked > lookMs) await this.read().catch(() => {}) // half written, or moved away: looked at again soon
    return this.entries.has(blockHash(cid))
  }

  /** Whether the list as it was last read has it. */
  lists(cid: Cid): boolean { return this.entries.has(blockHash(cid)) }

  /** Whether nothing of this person is kept; by the list as it was last read. */
  hasOwner(owner: Address): boolean { return this.entries.has(owner) }

  private async read(): Promise<void> {
    this.looked = this.clock.now()
    const { mtimeMs } = await stat(this.file)
    if (mtimeMs === this.modified) return
    const { entries, refused } = readBlockList(await readFile(this.file, 'utf8'))
    if (refused > 0) throw new HoldfastError('bad-input', `${this.file}: ${String(refused)} lines are neither the SHA-256 of a content id in 64 hexadecimal digits nor an address`)
    this.entries = entries
    this.modified = mtimeMs
  }
}
