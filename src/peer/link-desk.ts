import type { Cid } from '../base/index.ts'
import type { Attachments } from './attachments.ts'
import type { CameKeys } from './came-keys.ts'
import type { ChoiceBook } from './choices.ts'
import type { NetworkService, SealedLink } from './network-api.ts'
import type { OpenedLinks } from './opened-links.ts'
import type { Transfers } from './transfers.ts'
import type { Updates } from './updates.ts'

export interface LinkDeskParts {
  readonly opened: OpenedLinks
  /** Keys that came over the ledger. */
  readonly keys: CameKeys
  readonly transfers: Transfers
  readonly attachments: Attachments
  readonly settings: ChoiceBook
  readonly updates: Updates
}

/** The network worker's side of links: opened, fetched by, and the relays they name. */
export class LinkDesk implements Pick<NetworkService, 'open' | 'recall' | 'get' | 'resume' | 'removeRelay'> {
  constructor(private readonly parts: LinkDeskParts) {}

  async open(link: SealedLink): Promise<void> {
    const { opened, transfers, updates } = this.parts
    if (link.sealed !== null && await transfers.rekey(link.cid, link.sealed)) return
    await opened.put(link)
    this.tell()
    updates.flush() // the address bar forgets the key next
  }

  /** Takes in the keys that a backup brought: what lies here locked opens with them, the rest waits to be fetched. */
  async recall(): Promise<void> {
    const { opened, transfers } = this.parts
    await opened.open()
    for (const { cid, sealed } of opened.restored()) if (await transfers.rekey(cid, sealed).catch(() => false)) await opened.drop(cid)
    this.tell()
  }

  async get(link: SealedLink, options: Parameters<NetworkService['get']>[1]): Promise<void> {
    const { opened, keys, transfers, attachments, updates } = this.parts
    attachments.refuseFalse(options.attachment ?? undefined)
    await transfers.get({ ...link, sealed: link.sealed ?? opened.get(link.cid)?.sealed ?? keys.of(link.cid) }, options)
    await opened.drop(link.cid)
    this.tell()
    updates.flush()
    await this.addRelays(options.relays)
    void attachments.tick()
  }

  async resume(cid: Cid): Promise<void> {
    const { transfers, attachments } = this.parts
    attachments.refuseFalse(transfers.row(cid)?.attachment)
    await transfers.resume(cid)
  }

  async removeRelay(host: string): Promise<void> {
    const { settings } = this.parts
    await settings.set('extra-relays', settings.current['extra-relays'].filter(each => each !== host))
  }

  private async addRelays(hosts: readonly string[]): Promise<void> {
    const { settings } = this.parts
    const known = settings.current['extra-relays']
    const fresh = hosts.filter(host => !known.includes(host))
    if (fresh.length > 0) await settings.set('extra-relays', [...known, ...fresh])
  }

  private tell(): void { this.parts.updates.set({ opened: this.parts.opened.list() }) }
}
