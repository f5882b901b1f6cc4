import { limits, type Cid, type Clock } from '../base/index.ts'
import { isDuty } from '../content/index.ts'
import type { AttachmentRow, ContentRow } from '../store/index.ts'
import { restarted } from './row-edits.ts'

/** Longest pause after the first try that brought nothing; each further one is twice as long. */
const firstPauseMs = 2000

export interface TurnParts {
  readonly clock: Clock
  /** 0 to 1. */
  readonly chance: () => number
  rows(): readonly ContentRow[]
  /** Bytes here. */
  received(cid: Cid): number
  /** Whether this message was found out. */
  isFalse(from: string): boolean
  /** Changes the row, and makes the swarm do what it asks for. */
  change(cid: Cid, edit: (row: ContentRow) => ContentRow): Promise<void>
  /** Makes the swarm do what the row asks for. */
  engage(cid: Cid): Promise<void>
}

type Governed = ContentRow & { readonly attachment: AttachmentRow }
interface Turn { received: number, since: number }

/**
 * Which attachments come now: `limits.activeAttachments` at once, each as long as something comes of it. One of which nothing comes rests, from 2 s to an hour and by lot a little less, and then is tried
 * again, over restarts and for ever: only the person ends it, or that its message was false.
 */
export class AttachmentTurns {
  private readonly active = new Map<Cid, Turn>()

  constructor(private readonly parts: TurnParts) {}

  /** Whether a row may come now; all that are no attachments, or asked for otherwise too, may. */
  mayCome(row: ContentRow): boolean { return !isGoverned(row) || this.active.has(row.cid) }

  /** To be called about every second. */
  async tick(): Promise<void> {
    const now = this.parts.clock.now()
    for (const [cid, turn] of this.active) {
      const row = this.waiting().find(each => each.cid === cid)
      if (row === undefined) this.active.delete(cid)
      else await this.look(row, turn, now)
    }
    const due = this.waiting().filter(row => !this.active.has(row.cid) && row.attachment.nextAt <= now).sort((a, b) => a.attachment.nextAt - b.attachment.nextAt || a.addedAt - b.addedAt)
    for (const row of due.slice(0, Math.max(0, limits.activeAttachments - this.active.size))) await this.begin(row, now)
  }

  /** Connections are back: those that rest are tried at once. */
  async nudge(): Promise<void> {
    for (const { cid, attachment } of this.waiting()) if (attachment.nextAt > this.parts.clock.now()) await this.set(cid, { nextAt: 0 })
  }

  private waiting(): readonly Governed[] { return this.parts.rows().filter(isGoverned).filter(row => !row.paused && !this.parts.isFalse(row.attachment.from)) }

  private async begin(row: ContentRow, now: number): Promise<void> {
    this.active.set(row.cid, { received: this.parts.received(row.cid), since: now })
    if (row.status === 'FAILED') await this.parts.change(row.cid, restarted)
    else await this.parts.engage(row.cid)
  }

  private async look(row: Governed, turn: Turn, now: number): Promise<void> {
    const received = this.parts.received(row.cid)
    if (received !== turn.received) {
      if (received > turn.received && row.attachment.tries > 0) await this.set(row.cid, { tries: 0, nextAt: 0 })
      Object.assign(turn, { received, since: now })
    }
    if (row.status !== 'FAILED' && now - turn.since < limits.attachmentTryMs) return
    this.active.delete(row.cid)
    await this.set(row.cid, { tries: row.attachment.tries + 1, nextAt: now + pauseAfter(row.attachment.tries, this.parts.chance()) })
  }

  private async set(cid: Cid, change: Partial<AttachmentRow>): Promise<void> {
    await this.parts.change(cid, row => row.attachment === undefined ? row : { ...row, attachment: { ...row.attachment, ...change } })
  }
}

/** Milliseconds after so many tries in vain: twice as long each time, an hour at most, of which the last quarter is by lot. */
export function pauseAfter(tries: number, chance: number): number {
  return Math.round(Math.min(firstPauseMs * 2 ** Math.min(tries, 30), limits.attachmentPauseMs) * (0.75 + chance / 4))
}

function isGoverned(row: ContentRow): row is Governed {
  return row.attachment !== undefined && !row.reasons.some(reason => reason === 'wanted' || isDuty(reason)) && (row.status === 'PENDING' || row.status === 'DOWNLOADING' || row.status === 'FAILED')
}
