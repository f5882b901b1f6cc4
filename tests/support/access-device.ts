import { accept, fromHex, reject, sha256, utf8, type Address, type Cid, type Random } from '../../src/base/index.ts'
import { boxOf, envelopeScope, keyCommitment, keyReplyDigest, keyRequestDigest, openEnvelope, sealEnvelope, type EnvelopeScope, type UnsignedKeyReply, type UnsignedKeyRequest } from '../../src/content/index.ts'
import type { IdentityState } from '../../src/keys/index.ts'
import { ancestor, type Parameters as Network, type Transaction } from '../../src/ledger/index.ts'
import { AccessPart } from '../../src/peer/access-part.ts'
import type { DeskParts } from '../../src/peer/desk-parts.ts'
import type { KeyCame } from '../../src/peer/duty-api.ts'
import type { FileNamed } from '../../src/peer/ledger-line.ts'
import type { Access, UploadName } from '../../src/peer/upload-api.ts'
import { Uploads } from '../../src/peer/uploads.ts'
import { keys } from '../../src/state/index.ts'
import type { SealedKey } from '../../src/store/index.ts'
import { Device } from './book-device.ts'
import { signatures } from './ledger.ts'
import { random } from './tdf.ts'
import { boxOfName, cidOf, uploadKeys } from './upload-device.ts'

const iv = new Uint8Array(12)
/** Holders do not wait for each other. */
const quick: Random = { bytes: length => length === 1 ? new Uint8Array(1) : random.bytes(length) }

/** What the keys worker does of somebody by name; a sealed key is the key itself. `sealFor` can be made to lie. */
function accessKeys(device: Device, lies: () => Uint8Array<ArrayBuffer> | null) {
  const { name, key: { secret } } = device
  const own = uploadKeys(name)
  const boxSecret = sha256(utf8(`box of ${name}`))
  const taking = (key: Uint8Array<ArrayBuffer> | null, cid: Cid, keyCommit: string): SealedKey | null => key !== null && keyCommitment(cid, key) === keyCommit ? { iv, ct: key } : null
  return {
    ...own,
    sealFor: async ({ ct }: SealedKey, keyCommit: string, scope: EnvelopeScope) => {
      if (lies() === null && keyCommitment(scope.cid, ct) !== keyCommit) throw Object.assign(new Error(), { code: 'wrong-key' })
      return (await sealEnvelope(random.bytes(32), fromHex(scope.box)!, lies() ?? ct, envelopeScope(scope)))!
    },
    openEnvelope: async (envelope: Parameters<typeof own.openEnvelope>[0], keyCommit: string, scope: EnvelopeScope) =>
      scope.box === boxOfName(name) ? taking(await openEnvelope(boxSecret, envelope, envelopeScope(scope)), scope.cid, keyCommit) : await own.openEnvelope(envelope, keyCommit, scope),
    takeKey: async (text: string, cid: Cid, keyCommit: string) => await Promise.resolve(taking(fromHex(text), cid, keyCommit)),
    recoverKey: async (wraps: readonly { readonly kid: string, readonly wrapped: Uint8Array<ArrayBuffer> }[], cid: Cid, keyCommit: string) =>
      await Promise.resolve(taking(wraps.find(({ kid }) => kid === name)?.wrapped ?? null, cid, keyCommit)),
    publicKeys: async () => await Promise.resolve({ box: boxOf(boxSecret) } as never),
    sign: async (kind: string, network: string, value: unknown) => await Promise.resolve(
      signatures.sign(kind === 'keyRequest' ? keyRequestDigest(value as UnsignedKeyRequest) : keyReplyDigest(value as UnsignedKeyReply, network), secret)),
  }
}

/** A device of somebody with keys of uploads over its ledger, among others that it can reach. */
export class AccessDevice {
  readonly came: KeyCame[] = []
  readonly distrusted: string[] = []
  /** Whether others reach it. */
  isThere = true
  locked = false
  /** What it seals in place of the key. */
  lie: Uint8Array<ArrayBuffer> | null = null
  /** Files whose ends can be read. */
  readonly files = new Map<Cid, Uint8Array<ArrayBuffer>>()
  access!: AccessPart
  uploads!: Uploads
  private line!: ConstructorParameters<typeof AccessPart>[1]['line']

  private constructor(readonly device: Device, private readonly others: AccessDevice[]) {}

  /** `others`: who is there besides, who will reach this one too. */
  static async of(name: string, parameters: Network, others: AccessDevice[]): Promise<AccessDevice> {
    const one = new AccessDevice(await Device.of(name, parameters), others)
    others.push(one)
    await one.start()
    return one
  }

  async start(): Promise<void> {
    const { device, device: { ledger, sync, store, clock, book } } = this
    const service = accessKeys(device, () => this.lie)
    this.line = {
      neighbours: () => this.others.flatMap(each => each !== this && each.isThere ? { id: each.device.name, address: each.address, relays: [] } : []),
      askKeys: async (id, question) => {
        const asked = this.others.find(each => each.isThere && each.device.name === id)
        return asked === undefined ? reject('peer-unreachable', 'gone') : await asked.line.onKeyQuestion(question, device.name)
      },
      readFile: async ({ cid }: FileNamed, at, length) => {
        const file = this.files.get(cid)
        if (file === undefined) throw Object.assign(new Error(), { code: 'not-found' })
        return await Promise.resolve(file.slice(at, at + length))
      },
      keyCame: each => { this.came.push(...each) }, distrust: id => { this.distrusted.push(id) },
      onKeyQuestion: async () => await Promise.resolve(accept(new Uint8Array(0))), onMet: () => {}, onJoined: () => {},
    }
    const parts = { ledger, sync, store, network: ledger.network, clock, keys: service, identity: () => this.identity, tell: () => {} } as unknown as DeskParts
    this.access = new AccessPart(parts, { line: this.line, random: quick, clock, outbox: async () => await Promise.resolve(book.outbox), changed: () => {} })
    this.uploads = await Uploads.open({
      ledger, sync, network: ledger.network, keys: service, store, clock, book, access: this.access, line: { setDuties: () => {}, uploadEvents: () => {}, neighbours: () => [], probe: async () => await Promise.resolve(null), proveLeaf: async () => await Promise.resolve('resting' as const) },
      isBlocked: async () => await Promise.resolve(false), tell: () => {},
    })
    device.onHead = () => { this.access.onHead() }
    this.uploads.setPerson(this.identity)
    await this.settle()
  }

  /** The network worker was started anew. */
  rejoined(): void { this.line.onJoined() }

  get identity(): IdentityState { return { address: this.address, backedUp: null, passphrase: false, locked: this.locked } }
  get address(): Address { return this.device.key.address }
  named(name: string): UploadName { return { cid: cidOf(name), owner: this.address } }

  /** Waits until nothing is under way. */
  async settle(): Promise<void> {
    await this.access.settle()
    await this.device.settle()
    await this.access.settle()
  }

  /** Everybody's next block, with what all offer and these; the safety root is `below` blocks under it. */
  async block(transactions: readonly Transaction[] = [], below = 0): Promise<void> {
    const fresh = await Promise.all(this.others.map(async ({ device }) => {
      const { nonce } = await device.ledger.account(device.key.address)
      return device.offered().filter(each => each.nonce > nonce)
    }))
    await this.device.block(this.others.filter(each => each !== this).map(({ device }) => device), [...fresh.flat(), ...transactions])
    await this.safeBelow(below)
  }

  /** For everybody. */
  async safeBelow(blocks: number): Promise<void> {
    for (const { device } of this.others) {
      const { head, chain } = device.ledger
      device.status = { stage: 'following', voted: true, safe: ancestor(chain, head, Math.max(0, head.header.number - blocks))! }
    }
    // What follows on one device follows on another a second later.
    for (let i = 0; i < 2; i++) {
      for (const each of this.others) {
        each.device.now += 2
        each.access.onHead()
      }
      await Promise.all(this.others.map(async each => { await each.settle() }))
    }
  }

  async accessOf(name: UploadName): Promise<Access> {
    const row = await this.device.ledger.read(keys.upload(name.cid, name.owner))
    return await this.access.accessOf(name, row!)
  }

  async stop(): Promise<void> {
    this.access.close()
    this.uploads.close()
    await this.device.stop()
  }
}

