import { HoldfastError, limits, type Infohash } from '../base/index.ts'
import { judgeInfo, pieceLength } from '../content/index.ts'
import { PieceMap, hasPiece } from './bitfield.ts'
import { bucketBacking } from './bucket-backing.ts'
import { FileChunkStore } from './chunk-store.ts'
import { Membership, type SwarmHost } from './membership.ts'
import type { PieceCache } from './piece-cache.ts'
import { RangeReads } from './range-reads.ts'
import { RelaySearch } from './relay-search.ts'
import { SectionPeers } from './section-peers.ts'
import { SectionSocket } from './section-socket.ts'
import { StagedFile } from './staged-file.ts'
import type { FetchedFile, SeededFile, TorrentPhase, TorrentStatus } from './types.ts'
import type { WebSeeds } from './web-seeds.ts'
import { Wires } from './wires.ts'

export interface TorrentHost extends SwarmHost {
  readonly cache: PieceCache
  readonly webSeeds: WebSeeds
  giving(): boolean
  /** Something to be shown changed; `now` where it is more than a figure. */
  changed(now: boolean): void
}

/**
 * One file on its way from being wanted to being given. It owns its membership in the swarm and its staging file, and all that
 * takes time (opening, saving, leaving) happens in `enqueue`'s order, each step looking at the phase anew. Invariants: nothing is
 * written before the info dictionary is judged; the bitfield told to the owner never claims a piece that is not flushed;
 * blocks leave only while `gives`; connections outlive the change from fetching to seeding.
 */
export class SwarmTorrent {
  readonly infohash: Infohash
  private readonly pieces: PieceMap
  private readonly wires: Wires
  private wanted: FetchedFile | SeededFile
  private give: boolean
  private phase: TorrentPhase
  private failed = false
  private info: Uint8Array<ArrayBuffer> | null
  /** What is flushed, as last told to the owner. */
  private bitfield: Uint8Array
  private member: Membership | null = null
  private staged: StagedFile | null = null
  private readonly reads: RangeReads
  private sections: SectionPeers | null = null
  private sectionSocket: SectionSocket | null = null
  private unsaved = false
  private readonly leaving = new AbortController()
  private readonly relays: RelaySearch | null
  private work: Promise<void>
  private timer: ReturnType<typeof setTimeout> | undefined
  private lonelySince = 0
  private shown: { readonly status: TorrentStatus, readonly text: string } | null = null

  /** `after`: when another one has let go of the same file. */
  constructor(readonly host: TorrentHost, wanted: FetchedFile | SeededFile, after: Promise<void> = Promise.resolve()) {
    this.infohash = wanted.infohash
    this.wanted = wanted
    this.work = after
    this.pieces = new PieceMap(wanted.size, pieceLength(wanted.size))
    this.info = wanted.info
    this.give = 'give' in wanted ? wanted.give : true
    this.phase = 'key' in wanted ? 'stopped' : 'queued'
    const claimed = 'bitfield' in wanted && wanted.info !== null ? wanted.bitfield : null
    this.bitfield = claimed?.length === this.pieces.empty().length ? claimed : this.pieces.empty()
    this.relays = 'key' in wanted ? null : new RelaySearch(host.webSeeds, host.options.clock, wanted, this.leaving.signal)
    this.reads = new RangeReads(this.pieces, () => this.member, () => 'key' in this.wanted || this.phase === 'complete')
    this.wires = new Wires(this.pieces, host.options.clock, () => this.gives, () => { host.changed(false) })
  }

  /** Waits for a place among the downloads. */
  get queued(): boolean { return this.phase === 'queued' }

  /** Has one. */
  get active(): boolean { return this.phase === 'finding' || this.phase === 'metadata' || this.phase === 'getting' }

  /** For how long nobody who has it has been connected; ms. */
  get lonelyMs(): number { return this.phase === 'finding' ? this.host.options.clock.now() - this.lonelySince : 0 }

  /** A problem ended it, or nothing may be given: it holds nothing open. */
  get stopped(): boolean { return this.phase === 'stopped' }

  fetch(): void {
    this.lonelySince = this.host.options.clock.now()
    this.enter('finding')
    this.enqueue(async () => {
      if (!this.active || this.member !== null) return
      const store = new FileChunkStore(this.infohash, this.pieces, this.host.cache)
      if (this.info !== null) await this.stage(this.info, store)
      if (this.active) this.join(store, this.bitfield)
    })
  }

  /** Does what is due from time to time; to be called about every second. */
  tick(): void {
    const { member } = this
    if (!this.active || member === null) return
    this.relays?.tick({
      learned: this.info !== null,
      supplied: this.info === null ? member.supplied : !member.lonely(),
      learn: info => { this.learn(info) },
      addWebSeed: url => { if (this.member === member) member.addWebSeed(url) },
    })
  }

  /** Verified bytes, as soon as they are here; see `Swarm.read`. */
  async read(at: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    if (this.stopped) throw new HoldfastError('aborted', 'the file is stopped')
    return await this.reads.read(at, length, signal)
  }

  /** As connected peers see it; null while it is in no swarm. */
  get linked(): Membership | null { return this.member }

  /** Gives its place to another download; `fetch` goes on. */
  park(): void {
    this.enter('queued')
    this.enqueue(() => this.leave())
  }

  /** Gives the placed file; one just fetched keeps its connections. */
  seed(file: SeededFile): void {
    const store = this.phase === 'complete' ? this.member?.member.store : undefined
    this.wanted = file
    this.info = file.info
    this.failed = false
    if (this.phase === 'seeding') return
    if (store === undefined) {
      this.enter('stopped')
      this.enqueue(() => this.leave())
    } else {
      this.enter('seeding')
      this.place(store, file)
    }
    this.settle()
    this.reads.look()
  }

  setGive(on: boolean): void {
    this.give = on
    this.settle()
  }

  /** Makes what is given agree with what may be. A file that is here only to be given leaves the swarm when it may not. */
  settle(): void {
    this.wires.gate()
    const wanted = this.wanted
    if (!('key' in wanted) || this.failed) return
    const may = this.give && this.host.giving()
    if (!may && this.phase === 'seeding') {
      this.enter('stopped')
      this.enqueue(() => this.leave())
    } else if (may && this.phase === 'stopped') {
      this.enter('seeding')
      this.enqueue(() => {
        if (this.phase !== 'seeding' || this.member !== null) return
        const store = new FileChunkStore(this.infohash, this.pieces, this.host.cache)
        this.place(store, wanted)
        this.join(store, null)
      })
    }
  }

  /** Leaves for good; resolves when what came is flushed, told to the owner and closed. */
  async end(): Promise<void> {
    this.failed = true
    this.leaving.abort()
    this.enter('stopped')
    this.enqueue(() => this.leave())
    await this.work
  }

  status(): TorrentStatus {
    this.look()
    const { infohash } = this
    const status: TorrentStatus = {
      infohash, phase: this.phase, received: this.received, given: this.wires.given, sectioned: this.sections?.came ?? 0,
      ...this.wires.snapshot(), tracker: this.host.announcer.state(infohash),
    }
    const text = JSON.stringify(status)
    if (this.shown?.text !== text) this.shown = { status: Object.freeze(status), text }
    return this.shown.status
  }

  private get gives(): boolean {
    return this.give && this.host.giving() && (this.active || this.phase === 'seeding')
  }

  private get received(): number {
    if ('key' in this.wanted || this.phase === 'complete') return this.pieces.size
    return this.staged !== null && this.member !== null ? this.member.received : this.pieces.bytes(index => hasPiece(this.bitfield, index))
  }

  /** Adds a step to what this torrent does one after the other. */
  private enqueue(step: () => void | Promise<void>): void {
    this.work = this.work.then(step).catch((error: unknown) => { this.fail(error) })
  }

  private enter(phase: TorrentPhase): void {
    if (this.phase === phase) return
    this.phase = phase
    if (phase === 'stopped') this.reads.fail(new HoldfastError('aborted', 'the file stopped'))
    this.host.changed(true)
  }

  /** Which of the phases of an active download it is in. */
  private look(): void {
    if (!this.active) return
    const supplied = this.member?.supplied === true
    if (!supplied && this.phase !== 'finding') this.lonelySince = this.host.options.clock.now()
    this.phase = !supplied ? 'finding' : this.staged === null ? 'metadata' : 'getting'
  }

  /** Judges the info dictionary and opens the staging file for it. */
  private async stage(info: Uint8Array<ArrayBuffer>, store: FileChunkStore): Promise<void> {
    const wanted = this.wanted
    if ('key' in wanted) return
    const { cid, kind, size, infohash, path } = wanted
    const judged = judgeInfo(info, { cid, kind, size, infohash })
    if (!judged.ok) throw new HoldfastError('wrong-info', judged.reason, { infohash })
    const staged = this.staged = await StagedFile.open(this.host.options.staging, path, judged.value, this.pieces, this.bitfield)
    this.bitfield = staged.bitfield
    store.use(staged)
  }

  private place(store: FileChunkStore, file: SeededFile): void {
    store.use(bucketBacking(this.host.options.bucket, file, error => { this.fail(error) }))
  }

  /** Of a file that comes. */
  private async webSeeds(): Promise<readonly string[]> {
    const { wanted } = this
    return 'key' in wanted ? [] : await this.host.webSeeds.find(wanted, this.leaving.signal)
  }

  private join(store: FileChunkStore, bitfield: Uint8Array | null): void {
    const { infohash } = this
    const member = this.member = new Membership(this.host, {
      infohash, pieces: this.pieces, info: this.info, bitfield, store, wires: this.wires, onGiver: peerId => { this.askSections(peerId) }, webSeeds: async () => await this.webSeeds(),
    }, {
      onInfo: info => {
        this.enqueue(async () => {
          if (!this.active || this.member !== member) return
          await this.stage(info, store)
          this.info = info // from here on the claims about its pieces mean something
          this.host.options.onInfo(infohash, info)
          if (this.active) member.select()
          this.host.changed(true)
        })
      },
      onPiece: () => {
        this.reads.look()
        if (this.staged === null) return
        this.unsaved = true
        this.timer ??= setTimeout(() => { this.enqueue(() => this.save()) }, limits.bitfieldMs)
      },
      onDone: () => { this.enqueue(() => this.complete()) },
      onError: error => { this.fail(error) },
      onChange: () => { this.host.changed(true) },
    })
    this.reads.look()
  }

  /** A relay said what describes the pieces, and nobody else did: the swarm is joined anew with it. */
  private learn(info: Uint8Array<ArrayBuffer>): void {
    this.enqueue(async () => {
      if (!this.active || this.info !== null || this.member === null) return
      await this.leave()
      const store = new FileChunkStore(this.infohash, this.pieces, this.host.cache)
      await this.stage(info, store)
      this.info = info
      this.host.options.onInfo(this.infohash, info)
      if (this.active) this.join(store, this.bitfield)
    })
  }

  private async complete(): Promise<void> {
    if (!this.active || this.staged === null) return
    await this.save()
    this.member?.member.store.suspend()
    await this.close()
    this.enter('complete')
    this.wires.gate()
    this.host.options.onComplete(this.infohash)
  }

  /** A peer that gives the file is asked for its sections as well, where they can be proved. */
  private askSections(peerId: string): void {
    const { wanted, info, infohash, pieces, member, host: { options: { links, clock } } } = this
    if (member === null || info === null || this.staged === null || !this.active || links === null || 'key' in wanted || wanted.root === undefined || wanted.root === null) return
    const { cid, size, root } = wanted
    const sections = this.sections ??= new SectionPeers(links, clock, { cid, infohash, size, root, info }, pieces)
    sections.add(peerId)
    if (sections.size === 0 || this.sectionSocket?.destroyed === false) return
    this.sectionSocket = new SectionSocket(infohash, pieces, sections, error => { if (error.code === 'attachment-false') this.fail(error) })
    member.onSocket(this.sectionSocket, true)
  }

  private async save(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    if (!this.unsaved || this.staged === null || this.member === null) return
    this.unsaved = false
    const bitfield = this.member.bitfield
    await this.staged.flush()
    this.bitfield = bitfield
    this.host.options.onPieces(this.infohash, bitfield, this.pieces.bytes(index => hasPiece(bitfield, index)))
  }

  private async leave(): Promise<void> {
    const member = this.member
    this.reads.left()
    member?.leave()
    await this.save().catch(() => {}) // what cannot be flushed is not claimed, and comes again
    this.member = null
    member?.member.store.fail(new HoldfastError('aborted'))
    this.host.cache.forget(`${this.infohash}/`)
    await this.close().catch(() => {}) // it is of no more use to us open
  }

  private async close(): Promise<void> {
    const staged = this.staged
    this.staged = null
    await staged?.close()
  }

  private fail(error: unknown): void {
    if (this.failed) return
    this.failed = true
    this.reads.fail(HoldfastError.from(error))
    this.enter('stopped')
    this.enqueue(async () => {
      await this.leave()
      this.host.changed(true)
      this.host.options.onProblem(this.infohash, HoldfastError.from(error))
    })
  }
}
