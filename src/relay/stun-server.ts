import type { Socket } from 'node:dgram'
import { RateLimiter, limits, type Clock } from '../base/index.ts'
import { addressBytes, addressKey } from './addresses.ts'
import type { Metrics } from './metrics.ts'
import { decodeBindingRequest, encodeBindingAnswer } from './stun.ts'

/**
 * Answers binding requests that come to `udp`, each with one datagram of at most 52 bytes. Everything else is met with silence, and so are
 * those who ask too often: the sender of a datagram may be forged.
 */
export function serveStun(udp: Socket, clock: Clock, metrics: Metrics): void {
  const perAddress = new RateLimiter({ burst: limits.stunBurst, perSecond: limits.stunPerSecond }, clock)
  const total = new RateLimiter({ burst: limits.stunTotalPerSecond, perSecond: limits.stunTotalPerSecond }, clock, 1)
  udp.on('message', (datagram, { address, port }) => {
    const request = decodeBindingRequest(datagram)
    const bytes = addressBytes(address)
    if (request === null || bytes === null) return metrics.count('stun_requests_total', 'malformed')
    if (!perAddress.take(addressKey(address)) || !total.take('')) return metrics.count('stun_requests_total', 'limited')
    metrics.count('stun_requests_total', request.unknown.length === 0 ? 'answered' : 'unknown-attribute')
    // A refused or unreachable sender is no business of ours; UDP promises nothing.
    udp.send(encodeBindingAnswer(request, bytes, port), port, address, () => {})
  })
  udp.on('error', () => { metrics.count('stun_requests_total', 'failed') })
}
