import { deleteDB } from 'idb'
import { expect } from 'vitest'
import { limits, type Alarm } from '../../../src/base/index.ts'
import { AuditPass, type Duty } from '../../../src/content/index.ts'
import { checkArchive } from '../../../src/media/index.ts'
import { DailyCheck } from '../../../src/peer/daily-check.ts'
import type { HeldReport } from '../../../src/peer/duty-api.ts'
import { Reconciler } from '../../../src/peer/reconciler.ts'
import { Transfers } from '../../../src/peer/transfers.ts'
import { openDatabase, openStoredFile, type Bucket, type Database, type Staging } from '../../../src/store/index.ts'
import { ScriptedSwarm } from '../../unit/peer/scripted-swarm.ts'
import { canonical, type CanonicalFile } from './canonical.ts'
import { RemoteStore, freshRoot, removeRoot } from './remote-store.ts'

/** Who keeps files, as long as it runs. */
export interface FileKeeper { readonly transfers: Transfers, readonly loop: Reconciler, readonly daily: DailyCheck, readonly swarm: ScriptedSwarm, readonly reports: HeldReport[] }

/** Files of a device on the real IndexedDB and OPFS, which are really checked; a test plays the swarm. */
export class KeptFiles {
  time = 1_000_000

  private constructor(private readonly root: string, private readonly stores: RemoteStore, readonly staging: Staging, readonly bucket: Bucket, public database: Database) {}

  static async open(): Promise<KeptFiles> {
    const root = freshRoot()
    const stores = new RemoteStore()
    return new KeptFiles(root, stores, await stores.staging(root), await stores.bucket(`opfs://${root}/content`), await openDatabase({ name: `test-${root}` }))
  }

  /** The database anew, as after a restart. */
  async reopen(): Promise<void> {
    await this.database.close()
    this.database = await openDatabase({ name: `test-${this.root}` })
  }

  async end(): Promise<void> {
    this.stores.terminate()
    await this.database.close()
    await deleteDB(`test-${this.root}`)
    await removeRoot(this.root)
  }

  /** A keeper of a network with what is there. `report`: is told what the ledger worker is told. */
  async begin(network: string, report: (report: HeldReport) => void = () => {}): Promise<FileKeeper> {
    const { database, staging, bucket, root } = this
    const swarm = new ScriptedSwarm()
    const reports: HeldReport[] = []
    const alarm: Alarm = { now: () => this.time, sleep: async () => { await Promise.resolve() } }
    const transfers = new Transfers({
      database, staging, bucket, clock: alarm, trackers: () => [], sharing: () => true, blocked: () => false, mayCome: () => true, distrust: () => {}, changed: () => {},
      arriving: { follow() {}, drop() {}, members: () => null, readable: () => 0 },
      check: async ({ path, cid, size, kind, placed = false, facts = false, bytes = false }) =>
        await checkArchive(await openStoredFile(path, placed ? `${root}/content` : root), { cid, size, kind }, { facts, bytes }),
    })
    await transfers.open()
    await transfers.attach(swarm)
    const loop = new Reconciler({
      database, transfers, alarm, network: () => network, every: () => limits.reconcileMs, here: () => true, online: () => true, blocked: () => false, changed: () => {},
      report: each => {
        reports.push(each)
        report(each)
      },
    })
    await loop.open()
    return { transfers, loop, swarm, reports, daily: new DailyCheck({ held: () => transfers.held, verify: async cid => { await transfers.verify(cid, true) }, alarm }) }
  }

  /** The swarm brings what is missing of it; which pieces these were. */
  async arrive({ transfers, swarm }: FileKeeper, { cid, infohash, info, bytes, pieceLength }: CanonicalFile): Promise<readonly number[]> {
    const { path, bitfield } = swarm.fetches.get(infohash)!
    const file = await this.staging.open(path, { create: true })
    const fetched: number[] = []
    for (let piece = 0; piece * pieceLength < bytes.length; piece++) {
      if (((bitfield?.[piece >> 3] ?? 0) & 0x80 >> (piece & 7)) !== 0) continue
      await file.write(piece * pieceLength, new Uint8Array(bytes.slice(piece * pieceLength, (piece + 1) * pieceLength)))
      fetched.push(piece)
    }
    await file.close()
    transfers.reports.onInfo(infohash, info)
    transfers.reports.onComplete(infohash)
    await expect.poll(() => transfers.row(cid)?.status).toBe('SEEDING')
    return fetched
  }

  /** The file as it lies on the disk, for whoever is not Holdfast. */
  async onDisk(key: string): Promise<FileSystemFileHandle> {
    let folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(this.root)
    const names = `content/${key}`.split('/')
    for (const each of names.slice(0, -1)) folder = await folder.getDirectoryHandle(each)
    return await folder.getFileHandle(names.at(-1)!)
  }

  /** All files are deleted by somebody else. */
  async clear(): Promise<void> {
    const top = await (await navigator.storage.getDirectory()).getDirectoryHandle(this.root)
    await (await top.getDirectoryHandle('content')).removeEntry('archives', { recursive: true })
  }
}

/** An archive as its record names it. */
export async function recordedFile(bytes: Uint8Array<ArrayBuffer>): Promise<{ readonly file: Duty['files'][number], readonly made: CanonicalFile }> {
  const made = await canonical(bytes)
  const audit = new AuditPass(bytes.length)
  audit.push(bytes)
  return { made, file: { cid: made.cid, size: bytes.length, infohash: made.infohash, audit: audit.root() } }
}
