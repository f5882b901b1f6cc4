import type { Address, Cid } from '../../../src/base/index.ts'
import { judgeHeld, type Duty } from '../../../src/content/index.ts'
import type { UploadRow } from '../../../src/state/index.ts'
import { isOver, isThere, type Person } from './crowd.ts'
import type { SimFile } from './files.ts'
import { namedOf, type Ref } from './view.ts'

/** All files there are, and who has them. */
export class Disks {
  readonly files = new Map<Cid, SimFile>()
  readonly #copies = new Map<Cid, Set<Device>>()
  /** Told where the last copy of a file went. */
  onLast: (cid: Cid) => void = () => {}

  copies(cid: Cid): ReadonlySet<Device> { return this.#copies.get(cid) ?? none }

  add(cid: Cid, device: Device): void {
    const of = this.#copies.get(cid)
    if (of === undefined) this.#copies.set(cid, new Set([device]))
    else of.add(device)
  }

  remove(cid: Cid, device: Device): void {
    const of = this.#copies.get(cid)
    if (of?.delete(device) === true && of.size === 0) this.onLast(cid)
  }
}

const none: ReadonlySet<Device> = new Set()

/** Somebody's device: what is on its disk, and what it knows beside the ledger. */
export class Device {
  readonly disk = new Set<Cid>()
  /** Records whose bytes turned out not to be what they say: never accepted. */
  readonly wrong = new Set<Ref>()
  /** Promised files that are not here and that nobody gave, since when. */
  readonly missing = new Map<Ref, number>()
  /** What an attacker threw away on purpose. */
  readonly dropped = new Set<Cid>()
  /** Promised, and looked at by an attacker. */
  readonly looked = new Set<Ref>()
  /** Not needed any more, since it was tidied last. */
  idle = new Set<Cid>()
  /** Offers changed since it looked. */
  stirred = true
  /** Its people are gone for good. */
  gone = false
  /** How many periods were closed when it looked for rent. */
  periods = 0
  /** For its next look at what it published; what it has yet to publish. */
  lookAt = 0
  toPublish: number
  luckCame = false
  /** A period in which it tried a false proof. */
  triedAt = -1
  /** The next thing it sends is made up. */
  lies = false

  constructor(readonly person: Person, private readonly disks: Disks, toPublish: number) { this.toPublish = toPublish }

  get address(): Address { return this.person.key.address }

  isOn(at: number): boolean { return !this.gone && isThere(this.person, at) }

  has(cid: Cid): boolean { return this.disk.has(cid) }

  keep(cid: Cid): void {
    this.disk.add(cid)
    this.disks.add(cid, this)
  }

  forget(cid: Cid): void {
    this.disk.delete(cid)
    this.disks.remove(cid, this)
  }

  /** Fetches a file from anybody who is on and has it. */
  fetch(cid: Cid, at: number): boolean {
    if (this.has(cid)) return true
    for (const other of this.disks.copies(cid)) {
      if (!other.isOn(at)) continue
      this.keep(cid)
      return true
    }
    return false
  }

  /** What comes over it by itself: its disk is empty one day, or it is gone. */
  live(at: number): void {
    const { luck, luckAt } = this.person
    if (!this.gone && isOver(this.person, at)) this.leave()
    if (luck !== 'disk' || this.luckCame || at < luckAt) return
    this.luckCame = true
    this.stirred = true
    for (const cid of this.disk) this.forget(cid)
  }

  leave(): void {
    this.gone = true
    for (const cid of this.disk) this.forget(cid)
  }

  /** Whether what it has of an upload is what the record says: D1 to D4, as a peer judges what it fetched. */
  finds(ref: Ref, { publication: { file, images, kind, protected: locked, title, keyCommit } }: UploadRow): boolean {
    const [cid, owner] = namedOf(ref)
    const duty: Duty = { cid, owner, kind, protected: locked, title, files: [file, ...images], keyCommit, waits: false }
    return judgeHeld(duty, each => {
      const known = this.disks.files.get(each)
      return known === undefined || !this.has(each) ? undefined
        : { ...known.published, status: 'SEEDING', paused: false, problem: null, reasons: [], facts: { audit: known.audit, dissem: null, sound: true } }
    }) === 'verified'
  }
}
