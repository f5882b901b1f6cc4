import { Bridge } from './bridge.ts'
import { peerConnectionClass } from './peer-connection.ts'
import { WorkerIceCandidate, WorkerSessionDescription } from './session.ts'

let installed: Bridge | null = null

/**
 * Worker side: gives this worker `RTCPeerConnection`, `RTCSessionDescription` and `RTCIceCandidate`, which only pages have;
 * the page at the other end of `port` runs `servePeerConnections`. To be called before anything is imported that reads these
 * globals while it loads (@libp2p/webrtc, WebTorrent). `relayBytes` relays even where channels could be handed over.
 */
export function installPeerConnections(port: MessagePort, { relayBytes = false }: { readonly relayBytes?: boolean } = {}): void {
  installed = new Bridge(port, !relayBytes && typeof RTCDataChannel === 'function')
  Object.assign(globalThis, { RTCPeerConnection: peerConnectionClass(installed), RTCSessionDescription: WorkerSessionDescription, RTCIceCandidate: WorkerIceCandidate })
}

/** What this worker has installed, to be counted; null on a page and in Node. */
export function installedPeerConnections(): Pick<Bridge, 'live' | 'made' | 'onchange'> | null {
  return installed
}
