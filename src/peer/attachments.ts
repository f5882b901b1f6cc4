import { HoldfastError, limits, type Address, type Cid, type Clock } from '../base/index.ts'
import type { ContentRow } from '../store/index.ts'
import type { AttachmentName } from './attachment-name.ts'
import { AttachmentTurns } from './attachment-turns.ts'

const tickMs = 1000
/** How long people who have an attachment are looked for before the ledger is read again. */
const seekMs = 5 * 60 * 1000

export interface AttachmentsParts {
  readonly clock: Clock
  rows(): readonly ContentRow[]
  received(cid: Cid): number
  change(cid: Cid, edit: (row: ContentRow) => ContentRow): Promise<void>
  engage(cid: Cid): Promise<void>
  /** Root of the sections of a stored file. */
  root(row: ContentRow): Promise<Cid>
  /** Messages found to be false, as they are kept. */
  falseOnes(): readonly string[]
  setFalse(refs: readonly string[]): Promise<void>
  /** Who holds it, as the logs in the ledger say: its author's, and those of who is in them. */
  visitors(name: AttachmentName): Promise<readonly Address[]>
  /** Devices of these people are asked first. */
  seek(people: readonly Address[]): void
}

/** Files that come because a message names them: whose turn it is, whom to ask, and whether what the message says is true. */
export class Attachments {
  private readonly turns: AttachmentTurns
  private readonly people = new Map<Cid, { readonly at: number, found: readonly Address[] }>()
  private sought = ''
  private timer: ReturnType<typeof setInterval> | undefined
  private busy = false
  private checking = false

  constructor(private readonly parts: AttachmentsParts) {
    const { clock, rows, received, change, engage } = parts
    this.turns = new AttachmentTurns({ clock, chance: Math.random, rows, received, change, engage, isFalse: from => this.isFalse(from) })
  }

  start(): void { this.timer ??= setInterval(() => { void this.tick() }, tickMs) }

  stop(): void { clearInterval(this.timer) }

  mayCome(row: ContentRow): boolean { return this.turns.mayCome(row) }

  isFalse(from: string): boolean { return this.parts.falseOnes().includes(from) }

  /** Throws `attachment-false` for what is never fetched again. */
  refuseFalse(name: AttachmentName | undefined): void {
    if (name !== undefined && this.isFalse(name.from)) throw new HoldfastError('attachment-false', 'its message was found to be false')
  }

  async nudge(): Promise<void> { await this.turns.nudge() }

  /** One look at all of them; of several at once the later ones do nothing. */
  async tick(): Promise<void> {
    if (this.busy) return
    this.busy = true
    try {
      for (const row of this.parts.rows()) if (row.status === 'FAILED' && isFalsehood(row)) await this.findFalse(row)
      await this.turns.tick()
      this.seek()
      if (!this.checking) void this.check()
    } catch {} finally { this.busy = false } // the store failed: told where somebody waits, looked at again in a second
  }

  /** A file that is here whole, compared with the root its message says. */
  private async check(): Promise<void> {
    this.checking = true
    try {
      const row = this.parts.rows().find(({ status, attachment }) => status === 'SEEDING' && attachment?.checked === false)
      if (row?.attachment === undefined) return
      if (await this.parts.root(row) !== row.attachment.root) await this.findFalse(row)
      const { from } = row.attachment
      await this.parts.change(row.cid, now => now.attachment?.from === from ? { ...now, attachment: { ...now.attachment, checked: true } } : now)
    } catch {} finally { this.checking = false } // it could not be read just now
  }

  private async findFalse({ attachment }: ContentRow): Promise<void> {
    const refs = this.parts.falseOnes()
    if (attachment === undefined || refs.includes(attachment.from)) return
    await this.parts.setFalse([...refs, attachment.from].slice(-limits.falseAttachments))
  }

  private seek(): void {
    const now = this.parts.clock.now()
    const coming = this.parts.rows().filter(row => row.attachment !== undefined && (row.status === 'PENDING' || row.status === 'DOWNLOADING') && this.turns.mayCome(row))
    for (const cid of this.people.keys()) if (!coming.some(row => row.cid === cid)) this.people.delete(cid)
    for (const { cid, attachment } of coming) {
      const known = this.people.get(cid)
      if (attachment === undefined || (known !== undefined && now - known.at < seekMs)) continue
      const asked = { at: now, found: known?.found ?? [] }
      this.people.set(cid, asked)
      this.parts.visitors(attachment).then(found => { asked.found = found }).catch(() => { this.people.delete(cid) }) // no ledger is there yet
    }
    const people = [...new Set([...this.people.values()].flatMap(({ found }) => found))].sort()
    if (people.join() === this.sought) return
    this.sought = people.join()
    this.parts.seek(people)
  }
}

/** All pieces were right and the whole is not, the info dictionary is of another content, or proven sections are not its torrent's bytes: root, content id and infohash are not of one file. */
function isFalsehood({ attachment, problem }: ContentRow): boolean {
  return attachment !== undefined && (problem?.code === 'attachment-false' || problem?.code === 'wrong-bytes' || problem?.code === 'wrong-info')
}
