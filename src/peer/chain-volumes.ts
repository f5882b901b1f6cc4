import { entryHash, decodeVolume, encodeVolume, volumeEntries } from '../records/index.ts'
import type { Sync } from '../sync/index.ts'
import type { EntryIndex } from './entry-index.ts'
import type { ChainId, EntryHash } from './record-api.ts'

/** Volumes as others have them, and as this device gives them: the line to the network worker, of which nothing rejects. */
export interface VolumeSource {
  /** Whether the file of a volume is here. */
  has(chain: ChainId, number: number): Promise<boolean>
  /** False where nobody is there to do it. */
  share(chain: ChainId, number: number, volume: Uint8Array<ArrayBuffer>): Promise<boolean>
  /** Null where nobody has it. */
  fetch(chain: ChainId, number: number): Promise<Uint8Array | null>
}

export interface ChainVolumesParts {
  readonly sync: Pick<Sync, 'status'>
  readonly index: EntryIndex
  readonly volumes: VolumeSource
  readonly signal: AbortSignal
}

/** So many entries of a volume have to be missing before the whole of it is fetched: it may have 10 MB. */
const worthwhile = volumeEntries / 4

/** The volumes of chains that are followed: each that is whole here and beyond doubt is shared, and what is missing of one is read out of it. */
export class ChainVolumes {
  /** Looked at in this session. */
  readonly #shared = new Set<string>()
  readonly #asked = new Set<string>()

  constructor(private readonly parts: ChainVolumesParts) {}

  /** Shares those of a chain with so many entries that are not shared yet. */
  async share(chain: ChainId, count: number): Promise<void> {
    const { index, volumes, sync, signal } = this.parts
    for (let number = 0; (number + 1) * volumeEntries <= count && !signal.aborted; number++) {
      const name = `${chain} ${number}`
      const [from, end] = [number * volumeEntries, (number + 1) * volumeEntries]
      if (this.#shared.has(name) || await index.here(chain, from, end) < volumeEntries) continue
      const copies = await index.range(chain, from, end)
      if (copies.length < volumeEntries || copies.some(({ place }) => place.number > sync.status.safe.header.number)) continue
      const entries = await index.rows.entries(copies.map(({ row }) => row.hash))
      if (!entries.every(entry => entry !== null)) continue
      if (await volumes.has(chain, number) || await volumes.share(chain, number, encodeVolume(entries))) this.#shared.add(name)
    }
  }

  /** Entries of a volume by their hashes, where so many of it are missing that it is worth it: whether the chain has them is for who asks to say. */
  async entriesOf(chain: ChainId, number: number, missing: number): Promise<ReadonlyMap<EntryHash, Uint8Array>> {
    const name = `${chain} ${number}`
    if (missing < worthwhile || this.#asked.has(name)) return new Map()
    const volume = await this.parts.volumes.fetch(chain, number)
    const read = volume === null ? null : decodeVolume(volume)
    if (read?.ok !== true) return new Map() // asked again the next time
    this.#asked.add(name)
    return new Map(read.value.map(entry => [entryHash(entry), entry]))
  }
}
