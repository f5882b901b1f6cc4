import { addressOfBytes, encode, oncePer, sha256, toHex, type Cid } from '../base/index.ts'
import { Hamt, type Change } from '../hamt/index.ts'
import { keyBytes, keys, stateRoot, type StateKey } from '../state/index.ts'
import { bodyId, emptyBody, encodeBody } from './body.ts'
import { noNetwork, type NetworkId } from './fields.ts'
import { blockId, header as headerCodec, type Header } from './header.ts'
import { genesisPower, parametersDigest, type Parameters } from './parameters.ts'
import type { NewBlock } from './ports.ts'
import { genesisTarget } from './pot/base-target.ts'

export interface Genesis {
  readonly header: Header
  readonly body: Uint8Array<ArrayBuffer>
  /** The first state, as changes to an empty trie. */
  readonly state: readonly Change[]
}

/**
 * The beginning of a network. Its header names nothing that is made from it, is signed by nobody and is accepted by its content id alone; its
 * generation is the hash of all parameters, so two networks that differ in one of them differ from the first block on.
 */
export function genesisOf(parameters: Parameters): Genesis {
  const body = encodeBody(emptyBody)
  return {
    header: {
      version: 1, network: noNetwork, number: 0, time: parameters.time, previousRoot: null, powerRoot: null,
      baseTarget: genesisTarget(parameters.blockTime, genesisPower(parameters)), difficulty: 0n, generation: parametersDigest(parameters),
      miner: addressOfBytes(new Uint8Array(20)), nonce: 0n, profile: null, body: bodyId(body), signature: new Uint8Array(65),
    },
    body,
    state: [...firstState(parameters)],
  }
}

/** The content id of its header. */
export const genesisId: (parameters: Parameters) => Cid = oncePer((parameters: Parameters) => blockId(genesisOf(parameters).header))

function* firstState({ allocations }: Parameters): Generator<Change> {
  const row = <T>(key: StateKey<T>, value: T): Change => ({ key: keyBytes(key), value: encode(key.codec, value) })
  const miners = allocations.filter(({ power }) => power > 0n)
  for (const { address, balance, power } of allocations) yield row(keys.account(address), { balance, nonce: 0n, mined: 0n, power })
  for (const [index, { address }] of miners.entries()) yield row(keys.miner(index), address)
  if (miners.length > 0) yield row(keys.minerTotal, miners.length)
}

/** The genesis as a block to be kept, in packs from `firstPack` on. */
export async function firstBlock(parameters: Parameters, firstPack: number): Promise<NewBlock> {
  const { header, body, state } = genesisOf(parameters)
  const trie = Hamt.empty({ load: async refs => refs.map(() => null) })
  await trie.update(state)
  const commit = trie.commit(firstPack)
  const { root } = rootOf(header, commit.root.digest)
  return { root, block: blockId(header), parent: null, number: 0, header: encode(headerCodec, header), power: 0n, body: { cid: header.body, bytes: body }, state: commit }
}

/** The id of the network with these parameters. */
export async function networkOf(parameters: Parameters): Promise<NetworkId> {
  return networkIdOf((await firstBlock(parameters, 0)).root)
}

/** The root of a block and the trie after it. */
export function rootOf(header: Header, state: Uint8Array): { readonly root: Cid, readonly bytes: Uint8Array<ArrayBuffer> } {
  const bytes = encode(stateRoot, { block: blockId(header), state: toHex(state) })
  return { root: toHex(sha256(bytes)), bytes }
}

/** A network's id: the first 8 bytes of its genesis root. */
export function networkIdOf(genesisRoot: Cid): NetworkId { return genesisRoot.slice(0, 16) }
