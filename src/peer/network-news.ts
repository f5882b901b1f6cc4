import type { HoldfastError } from '../base/index.ts'
import type { ConnectionState } from '../net/index.ts'
import type { Choices } from './choices.ts'
import type { NetworkUpdate } from './network-api.ts'

/** The choices as pages are told them. `metered`: the connection is paid by the byte now; `blocked`: how many contents are. */
export function settingsNews({ consent, sharing, rates, metered: rule, 'extra-relays': extraRelays, listed, 'false-attachments': falseAttachments, 'reconcile-ms': every, rechecks: daily, follows, samaritan }: Choices, { metered, blocked }: { readonly metered: boolean, readonly blocked: number }): NonNullable<NetworkUpdate['settings']> {
  return { consent, sharing, rates, metered: { now: metered, rule }, extraRelays, blocked, listed, falseAttachments, looks: { every, daily }, follows, samaritan }
}

/** Before there is a node, the way to a relay is stuck at its first step. */
export function stuckConnection(problem: HoldfastError, online: boolean): ConnectionState {
  const waiting: ConnectionState['steps'] = (['reserved', 'signalling', 'direct'] as const).map(name => ({ name, state: 'waiting', reason: null }))
  return { peerId: '', online, relays: [], peers: [], rtc: { live: 0, made: 0 }, steps: [{ name: 'relay', state: 'stuck', reason: problem.code }, ...waiting] }
}
