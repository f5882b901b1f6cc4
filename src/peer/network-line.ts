import { HoldfastError, fromHex, limits, reject, type Judged } from '../base/index.ts'
import type { NetworkId } from '../ledger/index.ts'
import type { EntryShelf, RecordAccount } from '../net/index.ts'
import { answerOver, askOver, type Neighbour, type StateNetwork, type Sync } from '../sync/index.ts'
import type { VolumeSource } from './chain-volumes.ts'
import type { DeskPart, MakePart } from './desk-parts.ts'
import type { Duties, HeldReport, KeyCame, UploadEvent } from './duty-api.ts'
import type { FileNamed, LedgerEnd, NetworkEnd } from './ledger-line.ts'
import type { EntryHash } from './record-api.ts'
import type { LeafAnswer } from './proof-desk.ts'
import { offer, wrapPort, type Remote } from './rpc.ts'
import { unlessAborted } from './unless-aborted.ts'

interface Line { readonly network: Remote<NetworkEnd>, readonly cut: AbortController }

/** The ledger worker's end of the line to the network worker: other peers, as far as they can be asked now. Where nobody is at the other end there are none. */
export class NetworkLine implements StateNetwork {
  #line: Line | null = null
  #neighbours: readonly Neighbour[] = []
  #device: Uint8Array<ArrayBuffer> | null = null
  #answer: LedgerEnd['answer'] = nobody
  #attachments: Pick<LedgerEnd, 'receipt' | 'visitors'> | null = null
  #entries: EntryShelf | null = null
  #network: NetworkId | null = null
  #account: RecordAccount | null = null
  #duties: Duties | null = null
  #sync: Pick<Sync, 'nudge'> | null = null

  /** Told what became of files of uploads. */
  onHeld: (report: HeldReport) => void = () => {}
  /** Answers questions for keys. */
  onKeyQuestion: LedgerEnd['answerKeys'] = nobody
  /** Others came or went. */
  onMet: () => void = () => {}
  /** A network worker is at the other end, which knows nothing yet. */
  onJoined: () => void = () => {}

  /** `changed`: this device's key became known, or is another. */
  constructor(private readonly changed: () => void) {}

  /** Answers others, and asks them for one network, as long as its ledger is open. */
  readonly part: MakePart = ({ sync, network }): DeskPart => {
    this.#sync = sync
    this.#network = network
    this.#answer = answerOver(async (question, from) => await sync.answer(question, from))
    this.#tell()
    return {
      close: () => {
        this.#sync = null
        this.#network = null
        this.#answer = nobody
      },
    }
  }

  readonly attachments = {
    serve: (handlers: Pick<LedgerEnd, 'receipt' | 'visitors'> | null): void => { this.#attachments = handlers },
    receipts: async (wish: Parameters<NetworkEnd['receipts']>[0]): Promise<readonly Uint8Array[]> => {
      const line = this.#line
      return line === null ? [] : await unlessAborted<readonly Uint8Array[]>(line.network.receipts(wish), line.cut.signal)
    },
  }

  /** Entries of records: those that lie here are given to whoever asks, others are asked of who has them. */
  readonly entries = {
    /** Null: none lie here any more. */
    serve: (shelf: EntryShelf | null): void => { this.#entries = shelf },
    /** Those that came, each what its hash says, in the order they were asked for; none where nobody can be asked. Never rejects. */
    fetch: async (hashes: readonly EntryHash[]): Promise<readonly Uint8Array<ArrayBuffer>[]> => {
      const came: Uint8Array<ArrayBuffer>[] = []
      for (let at = 0; at < hashes.length; at += limits.entriesAsked) came.push(...await this.#askLine<readonly Uint8Array<ArrayBuffer>[]>([], async network => await network.fetchEntries(hashes.slice(at, at + limits.entriesAsked))))
      return came
    },
    /** How many other peers said lately that they have each; null where nobody was asked. Never rejects. */
    holders: async (hashes: readonly EntryHash[]): Promise<readonly (number | null)[]> =>
      await this.#askLine<readonly (number | null)[]>(hashes.map(() => null), async network => await network.entryHolders(hashes)),
  }

  /** Volumes of chains, as the network worker has and shares them. Nothing of it rejects. */
  readonly volumes: VolumeSource = {
    has: async (chain, number) => await this.#askLine(false, async network => await network.hasVolume(chain, number)),
    share: async (chain, number, volume) => await this.#askLine(false, async network => {
      await Promise.resolve(network.shareVolume(chain, number, volume)).catch(() => {}) // a full disk is told where it hurts
      return true
    }),
    fetch: async (chain, number) => await this.#askLine<Uint8Array | null>(null, async network => await network.fetchVolume(chain, number)),
  }

  /** Of this device's libp2p identity, Ed25519; null before it was ever told. */
  get device(): Uint8Array<ArrayBuffer> | null { return this.#device }

  neighbours(): readonly Neighbour[] { return this.#neighbours }

  readonly ask: StateNetwork['ask'] = askOver(async (id, question, signal) => {
    const line = this.#line
    if (line === null) return reject('peer-unreachable', 'the network is not there')
    return await unlessAborted<Judged<Uint8Array>>(line.network.ask(id, question), AbortSignal.any([signal, line.cut.signal]))
  })

  /** Asks a peer for a key of a file; never rejects. */
  async askKeys(id: string, question: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Judged<Uint8Array>> {
    const line = this.#line
    if (line === null) return reject('peer-unreachable', 'the network is not there')
    try { return await unlessAborted<Judged<Uint8Array>>(line.network.askKeys(id, question), AbortSignal.any([signal, line.cut.signal])) } catch (error) {
      const { code, message } = HoldfastError.from(error)
      return reject(code, message)
    }
  }

  /** Bytes of a file, from here or from whoever has it. */
  async readFile(file: FileNamed, at: number, length: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const line = this.#line
    if (line === null) throw new HoldfastError('not-found', 'the network is not there')
    return await unlessAborted<Uint8Array<ArrayBuffer>>(line.network.readFile(file, at, length), AbortSignal.any([signal, line.cut.signal]))
  }

  /** Never rejects: where nobody is at the other end this device rests. */
  async proveLeaf(...asked: Parameters<NetworkEnd['proveLeaf']>): Promise<LeafAnswer> {
    return await this.#askLine<LeafAnswer>('resting', async network => await network.proveLeaf(...asked))
  }

  /** Null where nobody can be asked. */
  async probe(...asked: Parameters<NetworkEnd['probe']>): Promise<boolean | null> { return await this.#askLine<boolean | null>(null, async network => await network.probe(...asked)) }

  /** Whoever joins later is told of all by who keeps them (`onJoined`). */
  keyCame(keys: readonly KeyCame[]): void { this.#say(async ({ keyCame }) => { await keyCame(keys) }) }

  distrust(id: string): void { this.#say(async ({ distrust }) => { await distrust(id) }) }

  setAccount(account: RecordAccount | null): void {
    this.#account = account
    this.#say(async ({ setAccount }) => { await setAccount(account) })
  }

  setDuties(duties: Duties | null): void {
    this.#duties = duties
    this.#say(async ({ setDuties }) => { await setDuties(duties) })
  }

  /** Whoever joins later reads them off the duties. */
  uploadEvents(events: readonly UploadEvent[]): void { this.#say(async ({ uploadEvents }) => { await uploadEvents(events) }) }

  /** `port` leads to the network worker; null: it is gone. */
  join(port: MessagePort | null): void {
    this.#line?.cut.abort()
    this.#line = null
    this.#neighbours = []
    if (port === null) return
    const cut = new AbortController()
    this.#line = { network: wrapPort<NetworkEnd>(port), cut }
    cut.signal.addEventListener('abort', () => { port.close() })
    const met: LedgerEnd['met'] = (neighbours, device) => { if (!cut.signal.aborted) this.#met(neighbours, device) }
    const held: LedgerEnd['held'] = report => { if (!cut.signal.aborted) this.onHeld(report) }
    const attachments: Pick<LedgerEnd, 'receipt' | 'visitors'> = {
      receipt: async words => await this.#attachments?.receipt(words) ?? await nobody(),
      visitors: async name => {
        if (this.#attachments === null) throw new HoldfastError('not-found', 'no ledger is open here')
        return await this.#attachments.visitors(name)
      },
    }
    this.#say(async ({ follow }) => { await follow(offer({
      met, held, ...attachments,
      answer: async (question: Uint8Array, from: string) => await this.#answer(question, from),
      ...attachments,
      entries: async (hashes: readonly EntryHash[]) => await this.#entries?.read(hashes) ?? hashes.map(() => null),
      answerKeys: async (question: Uint8Array, from: string) => await this.onKeyQuestion(question, from),
    })) })
    this.#tell()
    this.onJoined()
  }

  #met(neighbours: readonly Neighbour[], device: Uint8Array<ArrayBuffer>): void {
    const [alone, isNew] = [this.#neighbours.length === 0, this.#device?.join() !== device.join()]
    this.#neighbours = neighbours
    this.#device = device
    if (isNew) this.changed()
    if (alone && neighbours.length > 0) this.#sync?.nudge()
    this.onMet()
  }

  #tell(): void {
    const id = this.#network === null ? null : fromHex(this.#network)
    if (id === null) return
    this.#say(async ({ setNetworkId }) => { await setNetworkId(id) })
    this.setAccount(this.#account)
    this.setDuties(this.#duties)
  }

  /** What the network worker says, or `none` where it is not there or goes meanwhile. */
  async #askLine<T>(none: T, ask: (network: Remote<NetworkEnd>) => Promise<unknown>): Promise<T> {
    const line = this.#line
    if (line === null) return none
    try { return await unlessAborted(ask(line.network) as Promise<T>, line.cut.signal) } catch { return none }
  }

  /** What nobody hears now is said to whoever joins next. */
  #say(what: (network: Remote<NetworkEnd>) => Promise<void>): void {
    if (this.#line !== null) what(this.#line.network).catch(() => {})
  }
}

async function nobody(): Promise<Judged<Uint8Array>> {
  return await Promise.resolve(reject('unsupported', 'no ledger is open here'))
}
