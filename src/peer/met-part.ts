import { KeyedLock } from '../base/index.ts'
import { Hamt } from '../hamt/index.ts'
import { StateView, addPeer, addRelay } from '../state/index.ts'
import type { Neighbour } from '../sync/index.ts'
import type { DeskPart, DeskParts } from './desk-parts.ts'

/** Writes relays and peers that this device meets into its own trie, the seed's "local trie": each once, who has an account by its address. */
export class MetPart implements DeskPart {
  readonly #noted = new Set<string>()
  readonly #lock = new KeyedLock()

  constructor(private readonly parts: Pick<DeskParts, 'store'>, private readonly neighbours: () => readonly Neighbour[]) {}

  onStatus(): void {
    const fresh = this.neighbours().filter(neighbour => namesOf(neighbour).some(name => !this.#noted.has(name)))
    if (fresh.length === 0) return
    for (const neighbour of fresh) for (const name of namesOf(neighbour)) this.#noted.add(name)
    void this.#lock.run('', async () => { await this.#note(fresh) }).catch(() => {}) // noted again at the next start
  }

  async #note(met: readonly Neighbour[]): Promise<void> {
    const { local } = this.parts.store
    const trie = local.root === null ? Hamt.empty(local.nodes) : await Hamt.open(local.nodes, local.root)
    const view = new StateView(trie)
    for (const { id, address, relays } of met) {
      for (const relay of relays) await addRelay(view, multiaddrOf(relay))
      if (address !== null) await addPeer(view, address, id)
    }
    const changes = view.changes()
    if (changes.length === 0) return
    await trie.update(changes)
    await local.commit(trie.commit(local.nextPack))
  }
}

function namesOf({ id, address, relays }: Neighbour): readonly string[] {
  return [...address === null ? [] : [`${address} ${id}`], ...relays]
}

/** Where a relay is to be found changes; who it is does not. */
function multiaddrOf(peerId: string): string { return `/p2p/${peerId}` }
