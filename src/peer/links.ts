import type { Cid } from '../base/index.ts'
import { formatLink } from '../content/index.ts'
import type { ItemUpdate, SealedKey } from './network-api.ts'

interface Known { readonly title: string, readonly infohash: string, readonly link: string }

/**
 * Links of items. The key of a protected one is asked for once and stays in the memory of this page; until it is here the link is
 * empty, as a link without its key would open nothing.
 */
export class Links {
  private readonly keys = new Map<Cid, Uint8Array<ArrayBuffer> | 'asked'>()
  private readonly links = new Map<Cid, Known>()

  /** `base`: address of the app, without a fragment. `changed`: a key came. */
  constructor(private readonly base: string, private readonly reveal: (sealed: SealedKey) => Promise<Uint8Array<ArrayBuffer>>, private readonly changed: () => void) {}

  of({ cid, infohash, size, kind, title, sealed }: Pick<ItemUpdate, 'cid' | 'infohash' | 'size' | 'kind' | 'title' | 'sealed'>): string {
    if (kind === 'p' && sealed === null) return `${this.base}#/get/${cid}` // found by its content id, which is all that can be passed on
    const key = sealed === null ? null : this.key(cid, sealed)
    if (key === 'asked') return ''
    const known = this.links.get(cid)
    if (known?.title === title && known.infohash === infohash) return known.link
    const link = this.base + formatLink({ cid, infohash, size, kind, name: title, key, relays: [] })
    this.links.set(cid, { title, infohash, link })
    return link
  }

  forget(cid: Cid): void {
    this.keys.delete(cid)
    this.links.delete(cid)
  }

  private key(cid: Cid, sealed: SealedKey): Uint8Array<ArrayBuffer> | 'asked' {
    const known = this.keys.get(cid)
    if (known !== undefined) return known
    this.keys.set(cid, 'asked')
    this.reveal(sealed).then(key => {
      if (this.keys.has(cid)) this.keys.set(cid, key)
      this.changed()
    }).catch(() => { this.keys.delete(cid) }) // asked for again with the next change of the item; until then there is no link to show
    return 'asked'
  }
}
