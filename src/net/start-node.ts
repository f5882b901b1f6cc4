import type { NetNode, NodeOptions } from './node-api.ts'

/**
 * Starts the device's libp2p node; resolves when it runs, reached or not: `onChange` tells how far it is. In a worker only after
 * `installPeerConnections`. The libraries are loaded here, so that a page can import this room without them.
 */
export async function startNode(options: NodeOptions): Promise<NetNode> {
  const node = await import('./node.ts')
  return await node.startNode(options)
}
