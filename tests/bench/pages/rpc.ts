import type { Connection } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { RateLimiter, accept, type Clock } from '../../../src/base/index.ts'
import { openRequests, serveRequests, type Requests } from '../../../src/net/index.ts'
import { dialDirect, startExample } from './libp2p-node.ts'

/*
 * Questions of 1 KiB that come back as they were, over one direct libp2p connection: over our long stream, and with a new stream for
 * each as libp2p's own protocols do it.
 */

const longProtocol = '/holdfast/echo/1/bench'
const eachProtocol = '/bench/echo/1.0.0'
const streams = 256
const clock: Clock = { now: () => Date.now() }
const unlimited = () => new RateLimiter({ burst: 1e9, perSecond: 1e9 }, clock)

let asking: { readonly requests: Requests, readonly connection: Connection } | null = null

const page = {
  /** Answers; resolves with the address to dial. */
  async serve(relay: string): Promise<string> {
    const { node, address } = await startExample(relay)
    await serveRequests(node, longProtocol, request => accept(request), { rates: { peer: unlimited(), all: unlimited() } })
    await node.handle(eachProtocol, async stream => {
      const frames = lpStream(stream)
      await frames.write(await frames.read())
      await stream.close()
    }, { maxInboundStreams: streams })
    return address
  },

  async connect(relay: string, address: string): Promise<void> {
    const { node } = await startExample(relay)
    const { connection } = await dialDirect(node, address)
    asking = { connection, requests: openRequests(node, connection.remotePeer, longProtocol, { isUsable: each => each === connection }) }
  },

  /** Answers a second, asking `count` questions, `atOnce` of them on their way at any time. */
  async ask(way: 'long' | 'each', count: number, atOnce: number): Promise<number> {
    if (asking === null) throw new Error('not connected')
    const { requests, connection } = asking
    const question = crypto.getRandomValues(new Uint8Array(1024))
    const once = way === 'long'
      ? async () => { if ((await requests.request(question) as Uint8Array).length !== question.length) throw new Error('another answer') }
      : async () => {
        const stream = await connection.newStream(eachProtocol, { maxOutboundStreams: streams })
        const frames = lpStream(stream)
        await frames.write(question)
        if ((await frames.read()).byteLength !== question.length) throw new Error('another answer')
        void stream.close().catch((error: unknown) => { stream.abort(error as Error) })
      }
    let left = count
    const begin = performance.now()
    await Promise.all(Array.from({ length: atOnce }, async () => { while (left-- > 0) await once() }))
    return count / (performance.now() - begin) * 1000
  },
}

export type RpcPage = typeof page
declare global { var rpcPage: RpcPage }
globalThis.rpcPage = page
