import { addressField, textString, u32, type Address, type Codec } from '../base/index.ts'
import type { StateKey } from './keys.ts'
import type { StateView } from './view.ts'

/**
 * The trie of this device, the seed's "local trie": relays and peers it has met, each once, at most 1,000 of both; a newer one takes the place of the
 * one that came first. Same trie, another root, never told to anybody.
 *
 * | key | value | the seed's name |
 * |---|---|---|
 * | `relay/total`, `relay/<i>` | number; multiaddr | `TminerRelaysTotal`, `TminerRelay<i>` |
 * | `peer/total`, `peer/<i>/tau`, `peer/<i>/ipld` | number; address; peer id | `TminerPeersTotal`, `TminerPeerTAU<i>`, `TminerPeerIPLD<i>` |
 * | `ipld/<T..>` | peer id | `TAUDavid123..xIPLD` |
 * | `relay/next`, `peer/next`, `relay/at/<multiaddr>`, `peer/at/<T..>` | where the next one goes; where one stands | |
 */
const most = 1_000
const longestText = 512

const number = (name: string): StateKey<number> => ({ name, codec: u32 })
const text = (name: string): StateKey<string> => ({ name, codec: textString(longestText) })

interface List<T> {
  readonly total: StateKey<number>
  readonly next: StateKey<number>
  row(index: number): StateKey<T>
  at(row: T): StateKey<number>
}

const listOf = <T extends string>(name: string, row: (index: number) => string, codec: Codec<T>): List<T> => ({
  total: number(`${name}/total`), next: number(`${name}/next`), row: index => ({ name: row(index), codec }), at: each => number(`${name}/at/${each}`),
})

const relays = listOf('relay', index => `relay/${index}`, textString(longestText))
const peers = listOf<Address>('peer', index => `peer/${index}/tau`, addressField)
const peerId = (index: number): StateKey<string> => text(`peer/${index}/ipld`)
const peerIdOf = (address: Address): StateKey<string> => text(`ipld/${address}`)

/** Notes a relay by its multiaddr. */
export async function addRelay(view: StateView, multiaddr: string): Promise<void> {
  await place(view, relays, multiaddr)
}

/** Notes a peer by its address, with the peer id it has now. */
export async function addPeer(view: StateView, address: Address, id: string): Promise<void> {
  const { index, gone } = await place(view, peers, address)
  if (gone !== null) await write(view, peerIdOf(gone), null)
  await write(view, peerId(index), id)
  await write(view, peerIdOf(address), id)
}

export async function relayTotal(view: StateView): Promise<number> { return await view.get(relays.total) ?? 0 }
/** The relay at an index below the total. */
export async function relayAt(view: StateView, index: number): Promise<string | null> { return await view.get(relays.row(index)) }

export async function peerTotal(view: StateView): Promise<number> { return await view.get(peers.total) ?? 0 }
/** The peer at an index below the total. */
export async function peerAt(view: StateView, index: number): Promise<{ readonly address: Address, readonly peerId: string } | null> {
  const [address, id] = [await view.get(peers.row(index)), await view.get(peerId(index))]
  return address === null || id === null ? null : { address, peerId: id }
}

export async function peerIdAt(view: StateView, address: Address): Promise<string | null> { return await view.get(peerIdOf(address)) }

/** Where a row stands, after it was put there if it stood nowhere, and which one had to go for it. */
async function place<T>(view: StateView, list: List<T>, row: T): Promise<{ readonly index: number, readonly gone: T | null }> {
  const known = await view.get(list.at(row))
  if (known !== null) return { index: known, gone: null }
  const [total, index] = [await view.get(list.total) ?? 0, await view.get(list.next) ?? 0]
  const gone = await view.get(list.row(index))
  if (gone !== null) await write(view, list.at(gone), null)
  await write(view, list.row(index), row)
  await write(view, list.at(row), index)
  await write(view, list.next, (index + 1) % most)
  if (total < most) await write(view, list.total, total + 1)
  return { index, gone }
}

async function write<T>(view: StateView, key: StateKey<T>, value: T | null): Promise<void> {
  await view.get(key)
  view.set(key, value)
}
