import { HoldfastError, type Cid, type Infohash } from '../base/index.ts'
import { contentProtocol, hasQuestion, infoQuestion, judgeHas, judgeInfoReply, serveContent, type ByteStream, type ContentSource, type FoundInfo, type NetNode } from '../net/index.ts'
import type { SwarmLinks } from '../swarm/index.ts'

/** The BitTorrent wire between two peers. */
function swarmProtocol(network: string): string {
  return `/holdfast/swarm/1/${network}`
}

/** Connected peers as the swarm meets them; nobody is connected until the node is there. */
export class NodeLinks implements SwarmLinks {
  private node: NetNode | null = null
  private taker: ((stream: ByteStream) => void) | null = null

  /** From now on peers are answered what `source` admits, and come and are visited for its files. */
  async attach(node: NetNode, source: ContentSource): Promise<void> {
    this.node = node
    const { name } = node.places
    await node.handle(contentProtocol(name), serveContent(source))
    await node.handleStream(swarmProtocol(name), stream => {
      if (this.taker === null) stream.abort()
      else this.taker(stream)
    })
  }

  peers(): ReturnType<SwarmLinks['peers']> {
    return (this.node?.state.peers ?? []).map(({ peerId, path }) => ({ peerId, direct: path === 'direct' }))
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
