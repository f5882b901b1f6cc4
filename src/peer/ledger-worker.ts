import { HoldfastError, limits } from '../base/index.ts'
import { blockHash } from '../content/index.ts'
import type { IdentityState, KeyService } from '../keys/index.ts'
import { parametersToJson } from '../ledger/index.ts'
import { ledgerOf } from '../net/index.ts'
import { openDatabase, type Database } from '../store/index.ts'
import { startSync } from '../sync/index.ts'
import { followService } from './followed-service.ts'
import { AccessPart } from './access-part.ts'
import { AttachmentPart } from './attachment-part.ts'
import { BookPart, bookMethods } from './book-part.ts'
import type { Book } from './book.ts'
import { together, type DeskPart, type DeskParts } from './desk-parts.ts'
import type { LedgerHost, LedgerService, LedgerUpdate } from './ledger-api.ts'
import { LedgerDesk } from './ledger-desk.ts'
import { MetPart } from './met-part.ts'
import { Mining } from './mining.ts'
import { keysChannel } from './network-api.ts'
import { NetworkLine } from './network-line.ts'
import { followNetworkFile } from './network-place.ts'
import { TabStandings } from './tab-standings.ts'
import { RecordPart, recordMethods } from './record-part.ts'
import { UploadsPart, uploadMethods } from './uploads-part.ts'
import { VoterPart } from './voter-part.ts'
import { workerAlarm, workerRandom } from './worker-alarm.ts'

/** Everything that lives in the ledger worker, put together: the ledger of the network and its peer, whose they are, and whether blocks are made. */
export class LedgerWorker {
  /** To the network worker. */
  readonly line = new NetworkLine(() => { this.voter?.onDevice() })
  readonly mining: Mining
  private readonly tabs = new TabStandings(() => {
    this.mining.look()
    this.uploads?.charges()
  })
  private readonly person = followService<KeyService, IdentityState | null>({
    channel: keysChannel, everything: 'identity', learn: identity => { this.desk.setIdentity(identity) },
  })
  private readonly desk: LedgerDesk
  private voter: VoterPart | null = null
  private book: BookPart | null = null
  private uploads: UploadsPart | null = null
  private records: RecordPart | null = null
  private base = ''

  private constructor(private readonly database: Database, host: LedgerHost, tell: (update: LedgerUpdate) => void) {
    this.mining = new Mining({ tabs: this.tabs, memory: database, host, changed: () => { this.desk.changed() } })
    this.desk = new LedgerDesk({
      clock: workerAlarm, random: workerRandom, network: this.line, keys: this.person.service.call, startSync, tell,
      mining: () => this.mining.state,
      parts: [
        this.line.part, this.mining.part, parts => new AttachmentPart(parts, this.line.attachments, workerAlarm), parts => new MetPart(parts, () => this.line.neighbours()), parts => this.voter = new VoterPart(parts, this.line),
        parts => this.book = new BookPart(parts, { base: this.base, clock: workerAlarm, random: workerRandom }), parts => this.makeUploads(parts), parts => this.makeRecords(parts),
      ],
    })
  }

  static async open(host: LedgerHost, tell: (update: LedgerUpdate) => void): Promise<LedgerWorker> {
    const worker = new LedgerWorker(await openDatabase(), host, tell)
    await worker.mining.load()
    worker.person.join()
    return worker
  }

  /** What all tabs may ask. */
  get methods(): LedgerService {
    const { desk, mining, tabs } = this
    const { account, decideAlert, judge, offer, prove } = desk
    return {
      account, decideAlert, judge, offer, prove,
      ...bookMethods(async () => await this.openBook()),
      ...uploadMethods(async () => {
        if (this.uploads === null) throw new HoldfastError('not-found', 'no ledger is open yet')
        return await this.uploads.uploads()
      }),
      ...recordMethods(async () => {
        if (this.records === null) throw new HoldfastError('not-found', 'no ledger is open yet')
        return await this.records.service()
      }),
      state: async () => await desk.state(),
      snapshot: async () => await desk.snapshot(),
      stand: async (tab, standing) => { tabs.stand(tab, standing) },
      consentToMining: async agreed => { await mining.consent(agreed) },
      sayCharging: async on => { await mining.sayCharging(on) },
    }
  }

  private async openBook(): Promise<Book> {
    if (this.book === null) throw new HoldfastError('not-found', 'no ledger is open yet')
    return await this.book.book()
  }

  /** Uploads, and keys of them. */
  private makeUploads(parts: DeskParts): DeskPart {
    const access = new AccessPart(parts, { line: this.line, random: workerRandom, outbox: async () => (await this.openBook()).outbox, changed: () => { uploads.changed() } })
    const uploads = new UploadsPart(parts, {
      clock: workerAlarm, line: this.line, access, charging: () => this.tabs.charging, book: async () => await this.openBook(),
      isBlocked: async ({ cid, owner }) => await this.database.get('blocked', blockHash(cid)) !== null || await this.database.get('blocked', owner) !== null,
    })
    this.uploads = uploads
    return together([access, uploads])
  }

  private makeRecords(parts: DeskParts): DeskPart {
    return this.records = new RecordPart(parts, { clock: workerAlarm, book: async () => await this.openBook(), entries: this.line.entries, volumes: this.line.volumes })
  }

  /** Opens the ledger of the network that the site of the app tells of, and another when it tells of another. */
  follow(base: string): void {
    this.base = base
    const memory = {
      load: async () => await this.database.setting('ledger'),
      save: async (ledger: Readonly<Record<string, unknown>>) => { await this.database.set('ledger', ledger) },
    }
    let latest: unknown = null
    const use = (json: unknown): void => {
      latest = json
      this.desk.use(json).catch(() => { // told as the ledger's state
        setTimeout(() => { if (latest === json) use(json) }, limits.ledgerAgainMs)
      })
    }
    void followNetworkFile({ base, read: ledgerJson, memory, onProblem: () => {}, signal: new AbortController().signal }, use)
  }
}

function ledgerJson(file: unknown): Readonly<Record<string, unknown>> {
  const parameters = ledgerOf(file)
  if (parameters === null) throw new HoldfastError('network-file', 'the network has no ledger')
  return parametersToJson(parameters)
}
