import { limits, type Address, type Clock } from '../base/index.ts'
import type { Ledger } from '../ledger/index.ts'
import { keys } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { HeldReport } from './duty-api.ts'
import type { DutyDesk } from './duty-desk.ts'
import { byItself } from './outbox-rules.ts'
import type { Outbox } from './outbox.ts'
import type { UploadName } from './upload-api.ts'
import type { UploadDesk } from './upload-desk.ts'
import { refOf } from './upload-index.ts'
import type { UploadNotes } from './upload-notes.ts'

export interface KeeperDeskParts {
  readonly ledger: Pick<Ledger, 'head' | 'values'>
  readonly sync: Pick<Sync, 'status'>
  readonly notes: UploadNotes
  readonly clock: Clock
  readonly duties: Pick<DutyDesk, 'offersAtHead'>
  readonly outbox: Pick<Outbox, 'open'>
  readonly desk: Pick<UploadDesk, 'take' | 'release'>
}

/** Accepts, for this account, offers whose files are here and right, and lets go of what nobody has any more: by itself, since the person agreed when it became a keeper. */
export class KeeperDesk {
  /** Fetched and checked by the network worker, which says so again after each start. */
  readonly #verified = new Map<string, UploadName>()
  /** To be let go by itself, and why. */
  readonly #going = new Map<string, { readonly name: UploadName, readonly reason: 'lost' | 'legal' }>()

  constructor(private readonly parts: KeeperDeskParts) {}

  /** Whether a verdict is another now. */
  async held({ verified, verdicts, lost, refused = [], declined = [], forgiven = [] }: HeldReport): Promise<boolean> {
    const { notes, clock } = this.parts
    let changed = false
    for (const name of verified) {
      this.#verified.set(refOf(name), name)
      this.#going.delete(refOf(name))
      changed = await notes.judge(name, null, clock.now()) || changed
    }
    for (const name of forgiven) {
      changed = await notes.judge(name, null, clock.now()) || changed
      await notes.letGo(name, null)
    }
    for (const { verdict, ...name } of verdicts) {
      this.#verified.delete(refOf(name))
      changed = await notes.judge(name, verdict, clock.now()) || changed
    }
    for (const [names, reason] of [[lost, 'lost'], [refused, 'legal']] as const) {
      for (const name of names) {
        this.#verified.delete(refOf(name))
        this.#going.set(refOf(name), { name, reason })
      }
    }
    for (const name of declined) {
      this.#verified.delete(refOf(name))
      await notes.letGo(name, clock.now())
    }
    return changed
  }

  /** Sends what is to be sent by how the head stands; what is on its way already is not sent again. */
  async tend(me: Address): Promise<void> {
    const { stage, mode } = this.parts.sync.status
    if (stage !== 'following' || mode !== 'full') return
    await this.#release(me)
    await this.#accept(me)
  }

  async #accept(me: Address): Promise<void> {
    const under = this.#underWay(me, 'accept')
    const candidates = [...this.#verified].filter(([ref]) => !under.has(ref)).map(([, name]) => name)
    if (candidates.length === 0) return
    // What is under way takes its room first.
    const offers = (await this.parts.duties.offersAtHead(me, [...under.values(), ...candidates])).filter(offer => !under.has(refOf(offer))).slice(0, limits.uploadsNamed)
    if (offers.length > 0) await this.parts.desk.take(`${byItself}${crypto.randomUUID()}`, offers).catch(() => {}) // without coins, or locked: looked at again with the next head
  }

  async #release(me: Address): Promise<void> {
    const under = this.#underWay(me, 'release')
    const waiting = [...this.#going].filter(([ref]) => !under.has(ref)).map(([, going]) => going)
    if (waiting.length === 0) return
    const { ledger, desk } = this.parts
    const kept = await ledger.values(waiting.map(({ name: { cid, owner } }) => keys.kept(cid, owner, me).name), ledger.head.root)
    for (const [i, { name }] of waiting.entries()) if (kept[i] === null) this.#going.delete(refOf(name))
    for (const why of ['lost', 'legal'] as const) {
      const mine = waiting.filter(({ reason }, i) => kept[i] !== null && reason === why).map(({ name }) => name).slice(0, limits.uploadsNamed)
      if (mine.length > 0) await desk.release(`${byItself}${crypto.randomUUID()}`, mine, why).catch(() => {}) // as above
    }
  }

  #underWay(me: Address, what: 'accept' | 'release'): ReadonlyMap<string, UploadName> {
    const names = new Map<string, UploadName>()
    for (const wish of this.parts.outbox.open(me)) {
      if (wish.op !== 5 || 'open' in wish.body) continue
      const named = what === 'accept' ? 'accept' in wish.body ? wish.body.accept.uploads : [] : 'release' in wish.body ? wish.body.release.uploads : []
      for (const [cid, owner] of named) names.set(refOf({ cid, owner }), { cid, owner })
    }
    return names
  }
}
