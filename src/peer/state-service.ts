import { HoldfastError, reject, toHex, type Address, type Judged } from '../base/index.ts'
import { askKeys, askState, serveKeys, serveState, type NetNode } from '../net/index.ts'
import type { Duties, HeldReport, KeyCame, UploadEvent } from './duty-api.ts'
import { EverySoOften } from './every-so-often.ts'
import type { FileNamed, LedgerEnd, NetworkEnd } from './ledger-line.ts'
import { exposeOn, type Remote } from './rpc.ts'
import { unlessAborted } from './unless-aborted.ts'

/** Changes of who is there come in crowds, and are told together. */
const tellMs = 250

interface Line { readonly port: MessagePort, readonly cut: AbortController, ledger: Remote<LedgerEnd> | null }
/** `device`: its Ed25519 public key. */
interface Connected { readonly node: NetNode, readonly device: Uint8Array<ArrayBuffer> }

/** The network worker's end of the line to the ledger worker: carries its questions out, and those of others to it. */
export class StateService {
  #line: Line | null = null
  /** Asks those who were given attachments. */
  receipts: NetworkEnd['receipts'] = async () => await Promise.resolve([])
  /** Entries of records that others have. */
  entries: Pick<NetworkEnd, 'fetchEntries' | 'entryHolders'> | null = null
  /** Volumes of chains. */
  volumes: Pick<NetworkEnd, 'hasVolume' | 'shareVolume' | 'fetchVolume'> | null = null
  #connected: Connected | null = null
  /** What the ledger worker said before there was a node. */
  #said: { account: Parameters<NetworkEnd['setAccount']>[0], network: Uint8Array | null } = { account: null, network: null }
  #told = ''
  readonly #telling = new EverySoOften(async () => { await Promise.resolve(this.#tell()) }, tellMs)
  /** Told what this device is to hold; null also while nobody tells. */
  onDuties: (duties: Duties | null) => void = () => {}
  onUploadEvents: (events: readonly UploadEvent[]) => void = () => {}
  /** Told of keys that are here. */
  onKeys: (keys: readonly KeyCame[]) => void = () => {}
  onProbe: NetworkEnd['probe'] = async () => await Promise.resolve(null)
  /** Shows a leaf of a kept file. */
  onProveLeaf: NetworkEnd['proveLeaf'] = async () => await Promise.resolve('resting')
  /** Gives bytes of a file, from wherever they are. */
  onReadFile: (file: FileNamed, at: number, length: number, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>> = async () => await Promise.reject(new HoldfastError('not-found', 'not yet'))

  /** The node that is there from now on. */
  async attach(connected: Connected): Promise<void> {
    this.#connected = connected
    const { node } = connected
    if (this.#said.network !== null) await node.setNetworkId(this.#said.network)
    node.setAccount(this.#said.account)
    await serveState(node, node.places.name, async (question, from) => await this.#answer('answer', question, from))
    await serveKeys(node, node.places.name, async (question, from) => await this.#answer('answerKeys', question, from))
    this.changed()
  }

  /** Which ledger's network this device is of, 16 hex digits; null before anybody said. */
  get network(): string | null { return this.#said.network === null ? null : toHex(this.#said.network) }

  /** Whose device this is. */
  get account(): Address | null { return this.#said.account?.address ?? null }

  /** Tells the ledger worker what became of files of uploads. Where nobody hears it, it is to be told again with the next duties. */
  held(report: HeldReport): void { this.#line?.ledger?.held(report).catch(() => {}) }

  /** Others may have come or gone. */
  changed(): void { if (this.#line !== null) this.#telling.ask() }

  /** What the ledger worker does for this one; `unsupported` while it is not there. */
  async ledger<T>(task: (ledger: Remote<LedgerEnd>) => Promise<T>): Promise<T> {
    const line = this.#line
    if (line?.ledger === null || line === null) throw new HoldfastError('unsupported', 'the ledger is not there')
    return await unlessAborted(task(line.ledger), line.cut.signal)
  }

  /** `port` leads to the ledger worker; null: it is gone. */
  join(port: MessagePort | null): void {
    this.#line?.cut.abort()
    this.#line?.port.close()
    this.#line = null
    this.onDuties(null)
    if (port === null) return
    const line: Line = { port, cut: new AbortController(), ledger: null }
    this.#line = line
    const end: NetworkEnd = {
      follow: ledger => {
        line.ledger = ledger as unknown as Remote<LedgerEnd>
        this.#told = ''
        this.changed()
      },
      ask: async (id, question) => await this.#ask(id, question, line.cut.signal),
      receipts: async wish => await this.receipts(wish),
      askKeys: async (id, question) => {
        if (this.#connected === null) return reject('peer-unreachable', 'not connected yet')
        return await askKeys(this.#connected.node, id, this.#connected.node.places.name, question, line.cut.signal)
      },
      fetchEntries: async hashes => await this.entries?.fetchEntries(hashes) ?? [],
      entryHolders: async hashes => await this.entries?.entryHolders(hashes) ?? hashes.map(() => null),
      hasVolume: async (chain, number) => await this.volumes?.hasVolume(chain, number) ?? false,
      shareVolume: async (chain, number, volume) => { await this.volumes?.shareVolume(chain, number, volume) },
      fetchVolume: async (chain, number) => await this.volumes?.fetchVolume(chain, number) ?? null,
      probe: async (...asked) => await this.onProbe(...asked),
      proveLeaf: async (...asked) => await this.onProveLeaf(...asked),
      readFile: async (file, at, length) => await this.onReadFile(file, at, length, line.cut.signal),
      keyCame: keys => { if (!line.cut.signal.aborted) this.onKeys(keys) },
      distrust: id => { this.#connected?.node.distrust(id) },
      setAccount: account => {
        this.#said.account = account
        this.#connected?.node.setAccount(account)
      },
      setNetworkId: async id => {
        this.#said.network = id
        await this.#connected?.node.setNetworkId(id)
      },
      setDuties: duties => { if (!line.cut.signal.aborted) this.onDuties(duties) },
      uploadEvents: events => { if (!line.cut.signal.aborted) this.onUploadEvents(events) },
    }
    exposeOn(port, end)
  }

  async #ask(id: string, question: Uint8Array, signal: AbortSignal): Promise<Judged<Uint8Array>> {
    if (this.#connected === null) return reject('peer-unreachable', 'not connected yet')
    const { node } = this.#connected
    return await askState(node, id, node.places.name, question, signal)
  }

  async #answer(to: 'answer' | 'answerKeys', question: Uint8Array, from: string): Promise<Judged<Uint8Array>> {
    const line = this.#line
    if (line?.ledger === null || line === null) return reject('unsupported', 'the ledger is not there')
    return await unlessAborted<Judged<Uint8Array>>(line.ledger[to](question, from), line.cut.signal)
  }

  #tell(): void {
    if (this.#connected === null || this.#line?.ledger === null || this.#line === null) return
    const neighbours = this.#connected.node.neighbours()
    const now = JSON.stringify(neighbours)
    if (now === this.#told) return
    this.#told = now
    this.#line.ledger.met([...neighbours], this.#connected.device).catch(() => {}) // the next line begins with all of it
  }
}
