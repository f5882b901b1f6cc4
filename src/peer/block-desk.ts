import type { Address, Cid } from '../base/index.ts'
import type { Blocklist } from './blocklist.ts'
import type { NetworkService } from './network-api.ts'
import type { Transfers } from './transfers.ts'

export interface BlockDeskParts {
  readonly blocklist: Blocklist
  readonly transfers: Transfers
  /** Other things are blocked than before. */
  changed(): void
}

/** Blocks contents and people: what lies here of theirs goes with it. */
export class BlockDesk implements Pick<NetworkService, 'block' | 'blockOwner' | 'importBlocklist' | 'clearBlocklist'> {
  constructor(private readonly parts: BlockDeskParts) {}

  async block(cid: Cid): Promise<void> {
    await this.parts.blocklist.add(cid)
    await this.drop()
  }

  async blockOwner(owner: Address): Promise<void> {
    await this.parts.blocklist.addOwner(owner)
    await this.drop()
  }

  async importBlocklist(text: string): Promise<{ readonly added: number, readonly refused: number }> {
    const result = await this.parts.blocklist.import(text)
    await this.drop()
    return result
  }

  async clearBlocklist(): Promise<void> {
    await this.parts.blocklist.clear()
    this.parts.changed()
  }

  private async drop(): Promise<void> {
    const { blocklist, transfers, changed } = this.parts
    const going = [...transfers.held.values()].filter(({ cid, reasons }) => blocklist.has(cid) || blocklist.hasAllOwners(cid, reasons))
    const failures: unknown[] = []
    for (const { cid } of going) await transfers.eraseContent(cid).catch((error: unknown) => { failures.push(error) }) // the others go all the same
    changed()
    if (failures.length > 0) throw failures[0]
  }
}
