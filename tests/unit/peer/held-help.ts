import { HoldfastError, type Cid } from '../../../src/base/index.ts'
import { openArchive as openPlain } from '../../../src/media/index.ts'
import type { ContentFrom } from '../../../src/peer/content-response.ts'
import type { StoredItem } from '../../../src/peer/network-api.ts'
import { keysOf } from '../../support/tdf.ts'

export interface Holding {
  readonly item: StoredItem
  /** All bytes, of which `here` can be read while it still comes. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly here?: number
  /** Of a protected file. */
  readonly key?: Uint8Array<ArrayBuffer>
}

/** A browser that holds these files; `leads`: whether a tab is open, `local`: whether its files lie where the service worker finds them. */
export function browser(holdings: readonly Holding[], { leads = true, local = true } = {}): ContentFrom & { readonly asked: string[] } {
  const asked: string[] = []
  const find = (cid: Cid) => holdings.find(({ item }) => item.cid === cid)
  const tab = (cid: Cid): Holding => {
    if (!leads) throw new HoldfastError('timeout', 'no tab of Holdfast answers')
    const holding = find(cid)
    if (holding === undefined) throw new HoldfastError('not-found')
    return holding
  }
  return {
    asked,
    async row(cid) {
      const holding = find(cid)
      if (holding === undefined) return null
      const { item: { kind, title, path, members } } = holding
      return { kind, title, members: path === null ? null : members, path: path ?? 'none yet', status: path === null ? 'DOWNLOADING' : 'SEEDING' }
    },
    async file(path) {
      const holding = holdings.find(({ item }) => item.path === path)
      if (!local || holding === undefined) throw new HoldfastError('not-found')
      return new Blob([holding.bytes])
    },
    async describe(cid) {
      asked.push('describe')
      return tab(cid).item
    },
    async read(cid, at, length) {
      const { bytes, here = bytes.length } = tab(cid)
      if (at + length > here) throw new HoldfastError('aborted', 'not here yet')
      return bytes.slice(at, at + length)
    },
    async openKey() {
      asked.push('key')
      const key = holdings.find(holding => holding.key !== undefined)?.key
      if (key === undefined) throw new HoldfastError('storage-lost')
      return await keysOf(key)
    },
    openPlain,
    safeImage: head => head[0] === 0x89,
  }
}
