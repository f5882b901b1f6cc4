import type { PeerState } from './api.ts'

/** What this browser, or this way of opening the page, lacks for a peer to run in it. */
export function missingHere(): PeerState['missing'] {
  if (!isSecureContext) return 'secure-context'
  if (!('storage' in navigator) || typeof navigator.storage.getDirectory !== 'function' || !('indexedDB' in globalThis)) return 'storage'
  const needed = ['Worker', 'RTCPeerConnection', 'MessageChannel', 'DecompressionStream']
  return needed.every(name => name in globalThis) && 'locks' in navigator && 'serviceWorker' in navigator ? null : 'workers'
}
