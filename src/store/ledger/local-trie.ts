import type { KeyedLock } from '../../base/index.ts'
import type { Commit, NodeRef, NodeStore } from '../../hamt/index.ts'
import { PackShelf } from './pack-shelf.ts'
import { putMeta, type DeadRow, type LocalRow, type Records } from './records.ts'
import { take, type Step } from './step.ts'

/** Where the trie of this device lies. Only its latest root is kept, so what a commit replaces is dead at once. */
export class LocalTrie {
  private readonly shelf: PackShelf

  private constructor(private readonly records: Records, private readonly lock: KeyedLock, private row: LocalRow | null, dead: DeadRow | null) {
    this.shelf = new PackShelf(records, 'local', dead)
  }

  /** `lock`: held under '' by whoever writes to the records. */
  static async read(records: Records, lock: KeyedLock): Promise<LocalTrie> {
    const [row = null, dead = null] = await records.get('meta', ['local', 'dead local'])
    return new LocalTrie(records, lock, row as LocalRow | null, dead as DeadRow | null)
  }

  get nodes(): NodeStore { return this.shelf }
  /** Null where there is none yet. */
  get root(): NodeRef | null { return this.row }
  /** The number from which the packs of the next commit count. */
  get nextPack(): number { return this.row?.nextPack ?? 0 }

  async commit({ root, packs, replaced }: Commit): Promise<void> {
    await this.lock.run('', async () => {
      const row: LocalRow = { digest: root.digest.slice(), place: root.place, nextPack: this.nextPack + packs.length }
      await take(this.records, [this.shelf.adding(packs), this.shelf.burying(replaced), { edits: [putMeta('local', row)], done: () => { this.row = row } }])
    })
  }

  async tidying(): Promise<readonly Step[] | null> {
    return await this.shelf.tidying()
  }
}
