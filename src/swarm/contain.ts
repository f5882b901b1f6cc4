import type { Wire } from 'webtorrent/dist/webtorrent.min.js'
import { limits } from '../base/index.ts'

/**
 * Keeps what a peer's messages do within its own wire. WebTorrent calls handlers that throw on some (metadata asked for by a peer
 * that does not speak that extension, a piece of it outside of all, metadata that is no bencode) from streams and promises of its
 * own, where nobody catches it; and it makes room for 10 MB of metadata for each peer that says so.
 */
export function contain(wire: Wire, fault: () => void): void {
  const { ut_metadata: metadata } = wire
  const { onExtendedHandshake, setMetadata } = metadata
  const { _onMessage: onMessage } = wire
  wire._onMessage = message => { try { onMessage.call(wire, message) } catch { fault() } }
  metadata.onExtendedHandshake = handshake => {
    if (typeof handshake.metadata_size === 'number' && handshake.metadata_size > limits.infoBytes) fault()
    else onExtendedHandshake.call(metadata, handshake)
  }
  metadata.setMetadata = async bytes => {
    try { return await setMetadata.call(metadata, bytes) } catch {
      fault()
      return true // asking again would bring the same
    }
  }
}
