import { HoldfastError, limits, type Address, type Cid, type Infohash, type Judged } from '../base/index.ts'
import {
  contentProtocol, entriesQuestion, hasQuestion, holdsQuestion, infoQuestion, judgeEntries, judgeHas, judgeHolds, judgeInfoReply, judgeReceiptReply, judgeSectionReply, judgeVolumeReply, receiptQuestion, sectionQuestion, serveContent, volumeQuestion,
  type ByteStream, type ContentDesk, type ContentSource, type FoundInfo, type NetNode, type ReceiptQuestion, type SectionPart, type SectionQuestion, type VolumeFile, type VolumeQuestion,
} from '../net/index.ts'
import type { SwarmLinks } from '../swarm/index.ts'

/** The BitTorrent wire between two peers. */
function swarmProtocol(network: string): string {
  return `/holdfast/swarm/1/${network}`
}

/** Devices of people who are sought and not connected, that are asked over a relay. */
const soughtMost = 16

/** Connected peers as the swarm meets them; nobody is connected until the node is there. */
export class NodeLinks implements SwarmLinks {
  private node: NetNode | null = null
  private taker: ((stream: ByteStream) => void) | null = null
  private sought: ReadonlySet<Address> = new Set()

  /** `onSection`: a peer gave a section of this content. */
  constructor(private readonly onSection: (peerId: string, cid: Cid) => void = () => {}) {}

  /** From now on peers are answered what `source` admits, and come and are visited for its files. */
  async attach(node: NetNode, source: ContentSource, desk: ContentDesk): Promise<void> {
    this.node = node
    const { name } = node.places
    await node.handle(contentProtocol(name), serveContent(source, desk))
    await node.handleStream(swarmProtocol(name), stream => {
      if (this.taker === null) stream.abort()
      else this.taker(stream)
    })
  }

  /** Devices of these people are asked for what is missing before others, connected or not. */
  seek(people: Iterable<Address>): void { this.sought = new Set(people) }

  peers(): ReturnType<SwarmLinks['peers']> {
    const { node, sought } = this
    if (node === null) return []
    const connected = node.state.peers.map(({ peerId, path }) => ({ peerId, direct: path === 'direct' }))
    if (sought.size === 0) return connected
    const theirs = new Set(node.neighbours().filter(({ address }) => address !== null && sought.has(address)).map(({ id }) => id))
    const reachable = [...theirs].filter(id => !connected.some(({ peerId }) => peerId === id)).slice(0, soughtMost).map(peerId => ({ peerId, direct: false }))
    return [...connected.filter(({ peerId }) => theirs.has(peerId)), ...reachable, ...connected.filter(({ peerId }) => !theirs.has(peerId))]
  }

  /** Devices of an account that are connected, or can be. */
  devicesOf(account: Address): readonly string[] { return this.node?.neighbours().filter(({ address }) => address === account).slice(0, soughtMost).map(({ id }) => id) ?? [] }

  /** Of these torrents those that other devices of an account give, as far as they are connected or can be. */
  async given(account: Address, infohashes: readonly Infohash[]): Promise<ReadonlySet<Infohash>> {
    const found = new Set<Infohash>()
    for (const id of this.devicesOf(account)) {
      for (let at = 0; at < infohashes.length; at += limits.contentQuestions) {
        const asked = infohashes.slice(at, at + limits.contentQuestions).filter(infohash => !found.has(infohash))
        for (const infohash of asked.length === 0 ? [] : await this.ask(id, asked).catch(() => [])) found.add(infohash)
      }
    }
    return found
  }

  /** The account a peer says it is of. */
  accountOf(peerId: string): Address | null { return this.node?.neighbours().find(({ id }) => id === peerId)?.address ?? null }

  async section(peerId: string, question: SectionQuestion, length: number): Promise<SectionPart> {
    const node = this.running()
    const judged = judgeSectionReply(await node.request(peerId, contentProtocol(node.places.name), sectionQuestion(question)), length, question.at === 0)
    if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
    this.onSection(peerId, question.cid)
    return judged.value
  }

  async receipt(peerId: string, question: ReceiptQuestion): Promise<Uint8Array> {
    const node = this.running()
    const judged = judgeReceiptReply(await node.request(peerId, contentProtocol(node.places.name), receiptQuestion(question)))
    if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
    return judged.value
  }

  /** Relays, whose anchors give entries of blocks they have, and keep none for anybody. */
  entryRelays(): readonly string[] { return this.node?.neighbours().filter(({ id, relays }) => relays.includes(id)).map(({ id }) => id) ?? [] }

  /** Whom entries of records may be asked of, and who counts as one who has them. */
  entryPeers(): readonly { readonly id: string, readonly connected: boolean }[] {
    const { node } = this
    if (node === null) return []
    const connected = new Set(node.state.peers.map(({ peerId }) => peerId))
    return [...connected, ...node.neighbours().filter(({ id, relays }) => !connected.has(id) && !relays.includes(id)).map(({ id }) => id)].map(id => ({ id, connected: connected.has(id) }))
  }

  /** Entries a peer has, each what its hash says; `bad-reply` is held against it. */
  async entries(peerId: string, hashes: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    return this.judged(peerId, judgeEntries(await this.question(peerId, entriesQuestion(hashes)), hashes))
  }

  /** Those of these entries that a peer says it has. */
  async entriesHeld(peerId: string, hashes: readonly string[]): Promise<readonly string[]> {
    return this.judged(peerId, judgeHolds(await this.question(peerId, holdsQuestion(hashes), limits.entryHoldsMs), hashes))
  }

  /** Where a peer says a volume of a chain is; `not-found` where it gives none. */
  async volume(peerId: string, question: VolumeQuestion): Promise<VolumeFile> {
    return this.judged(peerId, judgeVolumeReply(await this.question(peerId, volumeQuestion(question), limits.entryHoldsMs)))
  }

  private async question(peerId: string, value: unknown, timeoutMs: number = limits.requestMs): Promise<unknown> {
    const node = this.running()
    return await node.request(peerId, contentProtocol(node.places.name), value, { timeoutMs })
  }

  private judged<T>(peerId: string, judged: Judged<T>): T {
    if (judged.ok) return judged.value
    this.node?.distrust(peerId)
    throw new HoldfastError(judged.code, judged.reason)
  }

  async ask(peerId: string, infohashes: readonly Infohash[]): Promise<readonly Infohash[]> {
    const node = this.running()
    const asked = { cids: [], infohashes }
    const judged = judgeHas(await node.request(peerId, contentProtocol(node.places.name), hasQuestion(asked)), asked)
    if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
    return judged.value.infohashes
  }

  /** What a peer says of a content of which nothing but the id is known; rejects where it says nothing, or nothing sensible. */
  async info(peerId: string, cid: Cid): Promise<FoundInfo> {
    const node = this.running()
    const judged = judgeInfoReply(await node.request(peerId, contentProtocol(node.places.name), infoQuestion(cid, null)), cid, null)
    if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
    return judged.value
  }

  async open(peerId: string, signal: AbortSignal): Promise<ByteStream> {
    const node = this.running()
    return await node.openStream(peerId, swarmProtocol(node.places.name), signal)
  }

  take(handler: ((stream: ByteStream) => void) | null): void {
    this.taker = handler
  }

  private running(): NetNode {
    if (this.node === null) throw new HoldfastError('peer-unreachable', 'the node has not begun')
    return this.node
  }
}
