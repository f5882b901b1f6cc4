import type { PeerState } from './state-api.ts'

/** What this browser, or this way of opening the page, lacks for a peer to run in it. */
export function missingHere(): PeerState['missing'] {
  if (!isSecureContext) return 'secure-context'
  if (!('storage' in navigator) || !('indexedDB' in globalThis)) return 'storage' // without OPFS, files lie in IndexedDB too
  const needed = ['Worker', 'RTCPeerConnection', 'MessageChannel', 'DecompressionStream']
  return needed.every(name => name in globalThis) && 'locks' in navigator && 'serviceWorker' in navigator ? null : 'workers'
}
