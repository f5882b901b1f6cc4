import { HoldfastError, type Clock } from '../base/index.ts'
import type { IdentityState, KeyService } from '../keys/index.ts'
import { followService } from './followed-service.ts'
import { Known, reconnecting } from './known.ts'
import { runPeer } from './leader.ts'
import { lead } from './leadership.ts'
import { ledgerChannel, type LedgerService, type LedgerUpdate } from './ledger-api.ts'
import { Links } from './links.ts'
import { keysChannel, networkChannel, type NetworkService, type NetworkUpdate } from './network-api.ts'
import { OwnStanding } from './own-standing.ts'
import type { PageState } from './page-state.ts'
import { Presence, standing } from './presence.ts'
import { PublishJobs } from './publish-jobs.ts'
import { ShareJobs } from './share-jobs.ts'
import type { PeerState } from './state-api.ts'
import type { Served, TabService } from './tab-rpc.ts'

const clock: Clock = { now: () => Date.now() }

/**
 * This tab among the tabs of its browser: a window onto the one peer that they are. It asks the workers over channels and hears their news
 * there, whichever tab runs them; when its turn comes to lead, it runs them itself and otherwise goes on as before. It owns the share
 * jobs of the files it was given, and what only a page knows of the person and the machine. It holds no payload.
 */
export class Tab {
  readonly jobs: ShareJobs
  readonly publishes: PublishJobs
  readonly known: Known
  readonly presence: Presence
  private readonly base = location.href.replace(/#.*$/, '')
  private readonly networkService: TabService<NetworkService>
  private readonly keysService: TabService<KeyService>
  private readonly ledgerService: TabService<LedgerService>
  private readonly standing: OwnStanding
  private persistAsked = false
  /** Whose account was asked for last, and at which head. */
  private accountAt = ''

  constructor(private readonly page: PageState) {
    const person = followService<KeyService, IdentityState | null>({ channel: keysChannel, everything: 'identity', learn: identity => { this.learnOfAccount({ identity }) } })
    const ledger = followService<LedgerService, LedgerUpdate>({ channel: ledgerChannel, everything: 'snapshot', learn: (update, whole) => { this.learnOfLedger(update, whole) } })
    const network = followService<NetworkService, NetworkUpdate>({
      channel: networkChannel, everything: 'snapshot', learn: (update, whole) => { this.learn(update, whole) },
      failed: error => { if (error.code !== 'timeout' && page.state.phase === 'starting') this.fail(error) },
    })
    this.keysService = person.service
    this.ledgerService = ledger.service
    this.networkService = network.service
    this.standing = new OwnStanding(ledger.service.call)
    const links = new Links(this.base, async sealed => await this.keysService.call.reveal(sealed), () => { this.assemble() })
    this.known = new Known(item => links.of(item), cid => { links.forget(cid) })
    this.jobs = new ShareJobs(this.networkService.call, this.keysService.call, clock, () => { this.assemble() })
    this.publishes = new PublishJobs({ network: this.networkService.call, keys: this.keysService.call, ledger: this.ledgerService.call, clock, changed: () => { this.assemble() } })
    this.presence = new Presence(moved => { if (!moved || page.state.leads) this.nudge() })
    window.addEventListener('pageshow', event => { if (event.persisted) location.reload() }) // it resigned, and missed whatever was told
    for (const { join } of [network, person, ledger]) join()
    this.waitForTurn()
    this.watchPersistence().catch(() => {}) // told by the next answer to `persist`
  }

  /** The network worker's service; throws what this tab broke of. */
  get network(): Served<NetworkService> {
    this.check()
    return this.networkService.call
  }

  get keys(): Served<KeyService> {
    this.check()
    return this.keysService.call
  }

  get ledger(): Served<LedgerService> {
    this.check()
    return this.ledgerService.call
  }

  async persist(): Promise<void> {
    this.tellPersisted(await navigator.storage.persist())
  }

  private waitForTurn(): void {
    lead(async signal => { await this.takeTurn(signal) }).catch((error: unknown) => { this.fail(HoldfastError.from(error)) })
  }

  private async takeTurn(signal: AbortSignal): Promise<void> {
    this.page.set({ leads: true })
    if (this.page.state.phase === 'running') this.page.set({ connection: reconnecting(this.page.state.connection) })
    this.assemble()
    await runPeer({
      base: this.base,
      keys: this.keysService.call,
      onBegun: () => { this.nudge() },
      onEnded: () => { this.page.set({ connection: reconnecting(this.page.state.connection) }) },
    }, signal)
    this.page.set({ leads: false })
  }

  /** The peer cannot run here. Another tab may yet do it, and then this one shows it again. */
  private fail(error: HoldfastError): void {
    this.page.set({ phase: 'broken', failure: error.toObject(), leads: false })
    this.networkService.giveUp(error)
    this.keysService.giveUp(error)
    this.ledgerService.giveUp(error)
  }

  private check(): void {
    const { phase, failure } = this.page.state
    if (phase === 'broken' && failure !== null) throw HoldfastError.fromObject(failure)
  }

  private nudge(): void {
    this.networkService.call.nudge(standing()).catch(() => {}) // nobody serves: who begins to is told anew
  }

  private learn(update: NetworkUpdate, whole: boolean): void {
    const { storage, cancelled = [] } = update
    this.page.set(this.known.learn(update, whole))
    if (storage !== undefined) this.page.set({ storage: { ...this.page.state.storage, ...storage } })
    if (whole) {
      if (this.page.state.phase === 'broken') this.waitForTurn() // another tab could do it, so this one may be able to next time
      this.page.set({ phase: 'running', failure: null })
    }
    for (const id of cancelled) if (!this.jobs.cancel(id)) this.publishes.cancel(id)
    this.publishes.watch(this.known.jobs)
    this.assemble()
  }

  private learnOfLedger({ ledger, wallet = this.page.state.wallet, threads = this.page.state.threads, uploads = this.page.state.uploads, records = this.page.state.records }: LedgerUpdate, whole: boolean): void {
    if (whole) this.standing.tell() // whoever serves now was not told yet
    this.page.set({ wallet, threads, uploads, records })
    if (ledger === undefined) return
    this.presence.setBusy('mining', { guard: false, awake: ledger.phase === 'open' && ledger.mining.rests === null })
    this.learnOfAccount({ ledger })
  }

  /** Whose account it is and how the ledger stands: with either, what the account holds may be another. */
  private learnOfAccount(change: Partial<Pick<PeerState, 'identity' | 'ledger'>>): void {
    this.page.set(change)
    const { identity, ledger } = this.page.state
    const at = identity === null || ledger.phase !== 'open' ? '' : `${identity.address} ${ledger.mode} ${ledger.head.id}`
    if (at === this.accountAt) return
    this.accountAt = at
    if (identity === null || ledger.phase !== 'open') { this.page.set({ account: null }); return }
    // Where no states are kept nobody has named that of the head yet: others prove the last one they can.
    const root = ledger.mode === 'full' ? ledger.head.root : undefined
    this.ledgerService.call.account(identity.address, root).then(account => { if (this.accountAt === at) this.page.set({ account }) }).catch(() => {}) // the next head is asked about
  }

  /** Puts together what comes from several places, and does what follows from it. */
  private assemble(): void {
    const { leads } = this.page.state
    const [items, jobs] = [this.known.list(), this.publishes.list(this.jobs.list(this.known.jobs))]
    const { keeping } = this.known
    this.page.set({ items, jobs, keeping: keeping === null ? null : { ...keeping, held: items } })
    const coming = items.some(({ state, receivers }) => state === 'getting' || state === 'checking' || receivers.length > 0)
    const busy = coming || jobs.some(({ state }) => state !== 'failed')
    this.presence.setBusy('transfers', { guard: this.jobs.active || this.publishes.active || (leads && coming), awake: busy })
    if (!leads || this.persistAsked || !items.some(({ state }) => state === 'here')) return
    this.persistAsked = true
    this.persist().catch(() => {}) // the browser said no in its own way; the Library shows it
  }

  private async watchPersistence(): Promise<void> {
    this.tellPersisted(await navigator.storage.persisted())
    const permission = await navigator.permissions.query({ name: 'persistent-storage' })
    permission.onchange = () => { void navigator.storage.persisted().then(persisted => { this.tellPersisted(persisted) }) }
  }

  private tellPersisted(persisted: boolean): void {
    this.page.set({ storage: { ...this.page.state.storage, persisted } })
  }
}
