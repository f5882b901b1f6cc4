import type { ConnectionState, PeerLink, RelayState, Step, StepName, StepReason, StepState } from './types.ts'

export interface Standing {
  readonly peerId: string
  readonly online: boolean
  readonly relays: readonly RelayState[]
  readonly peers: readonly PeerLink[]
  /** How many others we have heard of. */
  readonly known: number
  readonly webrtc: boolean
  readonly dialling: boolean
  /** Why the last attempt at a peer failed. */
  readonly failure: StepReason | null
  readonly rtc: ConnectionState['rtc']
}

/** The whole state as a page is told of it. */
export function connectionState(standing: Standing): ConnectionState {
  const { peerId, online, relays, peers, rtc } = standing
  const steps = [relayStep(standing), reservedStep(standing), signallingStep(standing), directStep(standing)]
  return Object.freeze({ peerId, online, steps: Object.freeze(steps), relays: Object.freeze(relays), peers: Object.freeze(peers), rtc: Object.freeze(rtc) })
}

const has = (relays: readonly RelayState[], ...states: readonly RelayState['state'][]) => relays.some(({ state }) => states.includes(state))
const answered = (relays: readonly RelayState[]) => has(relays, 'connected', 'reserved', 'full')

function relayStep({ online, relays }: Standing): Step {
  if (answered(relays)) return step('relay', 'done')
  if (!online) return step('relay', 'stuck', 'offline')
  if (relays.length === 0) return step('relay', 'stuck', 'no-relay')
  return has(relays, 'dialling', 'idle') ? step('relay', 'working') : step('relay', 'stuck', 'relay-unreachable')
}

function reservedStep({ relays }: Standing): Step {
  if (has(relays, 'reserved')) return step('reserved', 'done')
  if (!answered(relays)) return step('reserved', 'waiting')
  return has(relays, 'connected', 'dialling') ? step('reserved', 'working') : step('reserved', 'stuck', 'relay-full')
}

function signallingStep({ relays, peers, known, dialling, failure }: Standing): Step {
  if (peers.length > 0) return step('signalling', 'done')
  if (!answered(relays)) return step('signalling', 'waiting')
  if (known === 0) return step('signalling', 'waiting', 'no-peers')
  if (dialling || failure === null) return step('signalling', 'working')
  return failure === 'direct-failed' ? step('signalling', 'done') : step('signalling', 'stuck', failure)
}

function directStep({ peers, webrtc, dialling, failure }: Standing): Step {
  if (peers.some(({ path }) => path === 'direct')) return step('direct', 'done')
  if (failure === 'direct-failed' && !dialling) return step('direct', 'stuck', failure)
  if (peers.length === 0) return step('direct', 'waiting')
  if (!webrtc) return step('direct', 'stuck', 'no-webrtc')
  return dialling || failure === null ? step('direct', 'working') : step('direct', 'stuck', failure)
}

function step(name: StepName, state: StepState, reason: StepReason | null = null): Step {
  return Object.freeze({ name, state, reason })
}
