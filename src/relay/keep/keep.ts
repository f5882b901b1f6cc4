import { join } from 'node:path'
import { HoldfastError, type Alarm, type Cid } from '../../base/index.ts'
import type { Anchor } from '../anchor/anchor.ts'
import type { Blocked } from '../content/blocked.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { RelayNode } from '../peers.ts'
import { keptContent, type KeptContent } from './kept-content.ts'
import { KeptFiles } from './kept-files.ts'
import { Volunteer } from './volunteer.ts'

/** What the relay says of what it keeps. */
export type KeepReport = { readonly running: boolean, readonly files: number, readonly bytes: number, readonly room: number } | null

export interface KeepParts {
  readonly files: KeptFiles
  readonly room: number
  readonly node: RelayNode
  readonly name: string
  /** Null where the ledger could not be opened: what is here is given, and nothing changes. */
  readonly anchor: Anchor | null
  readonly blocked: Blocked | null
  readonly clock: Alarm
  readonly metrics: Metrics
  readonly log: Log
  readonly dropped: (cid: Cid) => void
}

/** The folder of what is kept, or null where it cannot be used: a relay goes on without. */
export async function openKept(data: string, log: Log): Promise<KeptFiles | null> {
  try { return await KeptFiles.open(join(data, 'kept')) } catch (error) {
    const { code, message } = HoldfastError.from(error)
    log.error('keep-failed', { code, message })
    return null
  }
}

/** What keeps, while it runs. */
export interface Keeping { readonly content: KeptContent, report(): KeepReport, stop(): Promise<void> }

/** Keeps from now on; `content` is for whoever serves it. */
export function startKeeping({ files, room, node, name, anchor, blocked, clock, metrics, log, dropped }: KeepParts): Keeping {
  metrics.gauge('kept_files', () => files.all().length)
  metrics.gauge('kept_bytes', () => files.bytes)
  const volunteer = anchor === null ? null : new Volunteer({ node, name, files, room, ledger: anchor.ledger, status: () => anchor.status, blocked, clock, metrics, log, dropped })
  const content = keptContent({
    files, clock,
    gives: file => volunteer?.gives(file) ?? blocked?.lists(file.cid) !== true,
    damaged: file => { void volunteer?.damaged(file) },
  })
  if (anchor !== null) anchor.onMove = () => { volunteer?.ask() }
  volunteer?.start()
  log.info('keeping', { files: files.all().length, bytes: files.bytes, room })
  return {
    content,
    report: () => ({ running: volunteer !== null, files: files.all().length, bytes: files.bytes, room }),
    async stop() {
      await volunteer?.stop()
      await files.close()
    },
  }
}
