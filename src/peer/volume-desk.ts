import { equalBytes, fromHex, limits, sha256, type Random } from '../base/index.ts'
import type { VolumeFile } from '../net/index.ts'
import { decodeEntry, decodeVolume } from '../records/index.ts'
import type { Staging } from '../store/index.ts'
import type { FileNamed, NetworkEnd } from './ledger-line.ts'
import type { NodeLinks } from './swarm-links.ts'
import type { Transfers } from './transfers.ts'
import { packVolume, unpackVolume, volumeName } from './volume-archive.ts'

export interface VolumeDeskParts {
  readonly staging: Staging
  readonly random: Random
  readonly transfers: Pick<Transfers, 'all' | 'row' | 'place' | 'given'>
  readonly links: Pick<NodeLinks, 'entryPeers' | 'volume'>
  /** Bytes of a file, from here or from whoever has it. */
  read(file: FileNamed, at: number, length: number): Promise<Uint8Array<ArrayBuffer>>
}

/** Volumes of chains, in the network worker: made into files that are shared as any other is, found with others, and read back. */
export class VolumeDesk implements Pick<NetworkEnd, 'hasVolume' | 'shareVolume' | 'fetchVolume'> {
  /** Content ids by the names of volumes; null before anybody wanted one. */
  #known: Map<string, string> | null = null

  constructor(private readonly parts: VolumeDeskParts) {}

  /** The file of a volume that is given to others now; null where there is none. */
  find(chain: string, number: number): VolumeFile | null {
    const { transfers } = this.parts
    const cid = this.#names().get(volumeName(chain, number))
    const row = cid === undefined ? undefined : transfers.row(cid)
    const given = cid === undefined ? null : transfers.given.byCid(cid)
    return row === undefined || given?.findable !== true ? null : { cid: row.cid, infohash: given.infohash, size: row.size }
  }

  async hasVolume(chain: string, number: number): Promise<boolean> {
    const cid = this.#names().get(volumeName(chain, number))
    return await Promise.resolve(cid !== undefined && this.parts.transfers.row(cid) !== undefined)
  }

  async shareVolume(chain: string, number: number, volume: Uint8Array<ArrayBuffer>): Promise<void> {
    const { staging, transfers } = this.parts
    const name = volumeName(chain, number)
    const path = `tmp/volumes/${name}`
    await staging.remove(path)
    const out = await staging.open(path, { create: true })
    let packed
    try { packed = await packVolume(name, volume, out) } finally { await out.close() }
    await transfers.place(name, { ...packed, staging: path, sealed: null, options: { findable: true, protect: false } })
    this.#names().set(name, packed.cid)
  }

  async fetchVolume(chain: string, number: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const own = this.find(chain, number)
    for (const file of own === null ? await this.#ask(chain, number) : [own]) {
      try {
        const archive = await this.parts.read({ ...file, kind: 'archive', protected: false }, 0, file.size)
        if (!equalBytes(sha256(archive), fromHex(file.cid)!)) continue
        const volume = await unpackVolume(volumeName(chain, number), archive)
        const entries = decodeVolume(volume)
        const first = entries.ok ? decodeEntry(entries.value[0]!) : null
        if (first?.ok === true && first.value.chainId === chain) return volume
      } catch { /* what the next one names is tried */ }
    }
    return null
  }

  /** Files that others name, those first that most of them do. */
  async #ask(chain: string, number: number): Promise<readonly VolumeFile[]> {
    const { links, random } = this.parts
    const peers = links.entryPeers()
    const lots = random.bytes(peers.length)
    const some = peers.map(({ id, connected }, i) => ({ id, lot: lots[i]! + (connected ? 0 : 256) })).sort((a, b) => a.lot - b.lot).slice(0, limits.entryAsks)
    const said = await Promise.all(some.map(async ({ id }) => { try { return await links.volume(id, { chain, number }) } catch { return null } }))
    const named = new Map<string, { readonly file: VolumeFile, count: number }>()
    for (const file of said) {
      if (file === null) continue
      const before = named.get(`${file.cid} ${file.infohash}`)
      if (before === undefined) named.set(`${file.cid} ${file.infohash}`, { file, count: 1 })
      else before.count++
    }
    return [...named.values()].sort((a, b) => b.count - a.count).map(({ file }) => file)
  }

  #names(): Map<string, string> {
    const { transfers } = this.parts
    return this.#known ??= new Map(transfers.all().flatMap(cid => { const row = transfers.row(cid); return row === undefined ? [] : [[row.title, cid] as const] }))
  }
}
