import { isAddress, limits, HoldfastError, type Address, type Cid, type Clock } from '../base/index.ts'
import { blockHash, dutiesOf, readBlockList, type Duty, type UploadName } from '../content/index.ts'
import { deleting, putting, type Database } from '../store/index.ts'

/** So many rows go into one transaction of an imported list. */
const batchRows = 1000

/**
 * Content this device never takes, holds or gives, and people nothing of whom it does. Of contents it knows hashes of their ids, not the ids, so that a list leads
 * nobody to what it names; people by their addresses. All of them are in memory, since every question of a peer asks; a row is written before it counts.
 */
export class Blocklist {
  private hashes = new Set<string>()

  constructor(private readonly database: Database, private readonly clock: Clock) {}

  async open(): Promise<void> {
    this.hashes = new Set((await this.database.getAll('blocked')).map(({ hash }) => hash))
  }

  get size(): number {
    return this.hashes.size
  }

  has(cid: Cid): boolean {
    return this.hashes.size > 0 && this.hashes.has(blockHash(cid))
  }

  hasOwner(owner: Address): boolean {
    return this.hashes.has(owner)
  }

  /** Whether an upload, its owner or any of its files is blocked. */
  hasUpload(upload: UploadName | Duty): boolean {
    const { cid, owner } = upload
    return this.size > 0 && (this.has(cid) || this.hasOwner(owner) || ('files' in upload && upload.files.some(file => this.has(file.cid))))
  }

  /** Whether something is kept for these reasons, and so for nobody but people who are blocked. */
  hasAllOwners(cid: Cid, reasons: readonly string[]): boolean {
    const duties = dutiesOf(reasons, cid)
    return duties.length > 0 && duties.length === reasons.length && duties.every(({ upload }) => this.hasOwner(upload.owner))
  }

  async add(cid: Cid): Promise<void> {
    await this.put([blockHash(cid)])
  }

  async addOwner(owner: Address): Promise<void> {
    if (!isAddress(owner)) throw new HoldfastError('bad-input', 'not an address')
    await this.put([owner])
  }

  /** Takes the lines of a list; those that are neither a hash nor an address nor empty nor a comment are counted as refused. */
  async import(text: string): Promise<{ readonly added: number, readonly refused: number }> {
    const { entries, refused } = readBlockList(text)
    const fresh = [...entries].filter(entry => !this.hashes.has(entry))
    if (this.hashes.size + fresh.length > limits.blockedContents) throw new HoldfastError('too-many', 'more blocked contents than are kept', { most: limits.blockedContents })
    await this.put(fresh)
    return { added: fresh.length, refused }
  }

  async clear(): Promise<void> {
    await this.database.write([...this.hashes].map(hash => deleting('blocked', hash)))
    this.hashes.clear()
  }

  private async put(hashes: readonly string[]): Promise<void> {
    for (let at = 0; at < hashes.length; at += batchRows) {
      const batch = hashes.slice(at, at + batchRows)
      await this.database.write(batch.map(hash => putting('blocked', { hash, addedAt: this.clock.now() })))
      for (const hash of batch) this.hashes.add(hash)
    }
  }
}
