import { dialDirect, startExample } from './libp2p-node.ts'

const page = {
  /** Resolves with the address to dial, once others can. */
  async listen(relay: string): Promise<string> {
    return (await startExample(relay)).address
  },
  /** Dials until it holds: ms since the page began, and how many dials failed before. */
  async connect(relay: string, address: string): Promise<{ ms: number, failed: number }> {
    const { node } = await startExample(relay)
    const { failed } = await dialDirect(node, address)
    return { ms: performance.now(), failed }
  },
}

export type Libp2pPage = typeof page
declare global { var libp2pPage: Libp2pPage }
globalThis.libp2pPage = page
