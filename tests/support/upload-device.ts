import { boxOf, envelopeScope, keyCommitment, openEnvelope, sealEnvelope, type Publication, type PublishedFile } from '../../src/content/index.ts'
import { concat, fromHex, sha256, toHex, utf8, type Address, type Cid } from '../../src/base/index.ts'
import { ancestor, type Parameters as Network } from '../../src/ledger/index.ts'
import type { Duties, UploadEvent } from '../../src/peer/duty-api.ts'
import type { UploadName, UploadNews } from '../../src/peer/upload-api.ts'
import type { AccessDesk } from '../../src/peer/upload-desk.ts'
import { Uploads, type UploadsParts } from '../../src/peer/uploads.ts'
import type { SealedKey } from '../../src/store/index.ts'
import type { LeafAnswer } from '../../src/peer/proof-desk.ts'
import type { Neighbour } from '../../src/sync/index.ts'
import { Device, networkWith } from './book-device.ts'

/** A network with uploads, where keepers put up nothing and a period is ten blocks. */
export async function uploadNetwork(coins: Readonly<Record<string, number>>, change: Partial<Network> = {}): Promise<Network> {
  return await networkWith(coins, { ops: [1, 2, 3, 4, 5, 7, 8, 9, 10], keeperPeriod: 10, keeperBond: 0, keeperBondPerGiB: 0, ...change })
}

/** Numbers that follow from a name. */
const hashOf = (name: string): string => toHex(sha256(utf8(name)))
export const cidOf = (name: string): Cid => hashOf(`file ${name}`)
export const keyOfFile = (name: string): Uint8Array<ArrayBuffer> => sha256(utf8(`key of ${name}`))
const secretOf = (name: string): Uint8Array<ArrayBuffer> => sha256(utf8(`box of ${name}`))
/** X25519 key of somebody by name, as op 5 or 7 tells it. */
export const boxOfName = (name: string): string => toHex(boxOf(secretOf(name)))

export function fileOf(name: string, size = 1_000): PublishedFile { return { cid: cidOf(name), size, infohash: hashOf(name).slice(0, 40), audit: hashOf(`audit ${name}`) } }

export type Wanted = Omit<Publication, 'keyCommit' | 'holders'> & { readonly holders: readonly Address[] }

/** An archive anybody may have. */
export function openRecord(name: string, change: Partial<Wanted> = {}): Wanted {
  return {
    kind: 'archive', protected: false, file: fileOf(name), images: [], title: name, about: '', tags: [], plain: null, maker: 'test', policy: { open: null }, holders: [], keepers: [], rent: null, until: 2, ...change,
  }
}

/** A track whose key is locked. */
export function lockedRecord(name: string, change: Partial<Wanted> = {}): Wanted {
  return openRecord(name, { kind: 'audio', protected: true, policy: { owner: null }, ...change })
}

/** A key as a device keeps it: here its bytes are what it is. */
export function sealedKey(name: string): SealedKey { return { iv: new Uint8Array(12), ct: keyOfFile(name) } }

/** What the keys worker does, of somebody by name. */
export function uploadKeys(name: string): UploadsParts['keys'] {
  const purchase = (cid: Cid, owner: Address): Uint8Array<ArrayBuffer> => sha256(concat(utf8(`${name} ${owner}`), fromHex(cid)!))
  return {
    keyCommit: async (cid, { ct }) => keyCommitment(cid, ct),
    reveal: async ({ ct }) => ct.slice(),
    sealFor: async ({ ct }, _, scope) => (await sealEnvelope(sha256(utf8(scope.box)), fromHex(scope.box)!, ct, envelopeScope(scope)))!,
    async openEnvelope(envelope, keyCommit, scope) {
      const key = await openEnvelope(purchase(scope.cid, scope.owner), envelope, envelopeScope(scope))
      return key !== null && keyCommitment(scope.cid, key) === keyCommit ? { iv: new Uint8Array(12), ct: key } : null
    },
    purchaseBox: async (cid, owner) => toHex(boxOf(purchase(cid, owner))),
    purchaseSecret: async (cid, owner) => purchase(cid, owner),
    publicKeys: async () => await Promise.resolve({ box: boxOf(secretOf(name)) } as never),
  }
}

/** A device of somebody with uploads over its book. */
export class UploadDevice {
  readonly news: UploadNews[] = []
  readonly duties: (Duties | null)[] = []
  readonly events: UploadEvent[] = []
  /** Who can be met. */
  neighbours: readonly Neighbour[] = []
  /** What a keeper gives who is asked for a piece. */
  probes: (keeper: Address) => boolean | null = () => null
  /** What the network worker says of a leaf. */
  proves: (...asked: Parameters<UploadsParts['line']['proveLeaf']>) => LeafAnswer = () => 'resting'
  readonly blocked = new Set<Cid>()
  readonly sealed = new Map<Cid, SealedKey>()
  uploads!: Uploads

  private constructor(readonly device: Device) {}

  static async of(name: string, parameters: Network, kept: Parameters<typeof Device.of>[2] = {}): Promise<UploadDevice> {
    const device = new UploadDevice(await Device.of(name, parameters, kept))
    await device.start()
    return device
  }

  async start(): Promise<void> {
    const { device, device: { ledger, sync, store, clock, book, name } } = this
    const access: AccessDesk = {
      accessOf: (_, { publication: { keyCommit } }) => ({ state: keyCommit === null ? 'open' : 'may', reason: null, refundAt: null, holders: [] }),
      sealedOf: async ({ cid }) => await Promise.resolve(this.sealed.get(cid) ?? null),
      keep: async ({ cid }, key) => { await Promise.resolve(this.sealed.set(cid, key)) },
      ask: async () => { await Promise.resolve() },
      stopAsking: async () => { await Promise.resolve() },
    }
    this.uploads = await Uploads.open({
      ledger, sync, network: ledger.network, keys: uploadKeys(name), store, clock, book, access,
      line: { setDuties: duties => { this.duties.push(duties) }, uploadEvents: events => { this.events.push(...events) }, neighbours: () => this.neighbours, probe: async keeper => await Promise.resolve(this.probes(keeper)), proveLeaf: async (...asked) => await Promise.resolve(this.proves(...asked)) },
      isBlocked: async ({ cid }) => await Promise.resolve(this.blocked.has(cid)), tell: news => { this.news.push(news) },
    })
    device.onHead = () => { this.uploads.moved() }
    this.uploads.setPerson({ address: device.key.address, backedUp: null, passphrase: false, locked: false })
    await this.settle()
  }

  get address(): Address { return this.device.key.address }
  named(name: string): UploadName { return { cid: cidOf(name), owner: this.address } }

  /** Waits until nothing is under way. */
  async settle(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      await this.device.settle()
      await this.uploads.settle()
    }
  }

  /** A block of what all these offer, which all of them get. */
  async block(others: readonly UploadDevice[] = [], pool = 'miner'): Promise<void> {
    const all = [this, ...others]
    const fresh = await Promise.all(all.map(async ({ device }) => {
      const { nonce } = await device.ledger.account(device.key.address)
      return device.offered().filter(each => each.nonce > nonce)
    }))
    await this.device.block(others.map(({ device }) => device), fresh.flat(), pool)
    for (const each of all) await each.settle()
  }

  /** Empty ones. */
  async blocks(count: number, others: readonly UploadDevice[] = []): Promise<void> {
    await this.device.blocks(count, others.map(({ device }) => device))
    for (const each of [this, ...others]) await each.settle()
  }

  /** The safety root is the block so many below the head. */
  async safeBelow(blocks: number): Promise<void> {
    const { device } = this
    const { head, chain } = device.ledger
    device.status = { stage: 'following', safe: ancestor(chain, head, head.header.number - blocks)! }
    this.uploads.moved()
    await this.settle()
  }

  get last(): UploadNews { return this.news.at(-1)! }
  get duty(): Duties { return this.duties.at(-1)! }

  async titles(text = '', change: Partial<Parameters<Uploads['search']>[0]> = {}): Promise<readonly string[]> {
    const { uploads } = await this.uploads.search({ text, kind: null, owner: null, own: false, from: 0, most: 50, ...change })
    return uploads.map(({ title }) => title)
  }

  async stop(): Promise<void> {
    this.uploads.close()
    await this.device.stop()
  }
}
