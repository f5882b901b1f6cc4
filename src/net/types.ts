import type { ErrorCode } from '../base/index.ts'

/** A step on the way to other people, in the order they are taken. */
export type StepName = 'relay' | 'reserved' | 'signalling' | 'direct'
export type StepState = 'waiting' | 'working' | 'done' | 'stuck'

/**
 * Why a step is stuck or what it waits for; the UI has words for each. `offline`: this device has no connection. `no-relay`: the
 * network lists none. `relay-unreachable`, `relay-full`: none of them answers, or has a place. `no-peers`: nobody else is
 * known. `peer-unreachable`: no relay brings us to those who are known. `no-webrtc`: this engine has no WebRTC.
 * `direct-failed`: the devices met over a relay but find no direct way. `too-many`: no further peer connections for now.
 * Other error codes: why there is no node at all.
 */
export type StepReason = ErrorCode | 'offline' | 'no-relay' | 'no-peers' | 'no-webrtc' | 'direct-failed'

export interface Step { readonly name: StepName, readonly state: StepState, readonly reason: StepReason | null }

/** A relay we know. `retryAt`: milliseconds since 1970 when it is tried again, null while connected or being tried. */
export interface RelayState {
  readonly address: string
  readonly peerId: string
  /** `full`: it answered and gave no place; it still introduces us to others. */
  readonly state: 'idle' | 'dialling' | 'connected' | 'reserved' | 'full' | 'unreachable'
  readonly retryAt: number | null
}

/** A person's device we are connected to. */
export interface PeerLink {
  readonly peerId: string
  readonly path: 'direct' | 'relayed'
  /** Peer ids of the relays it is known to hold. */
  readonly relays: readonly string[]
  readonly since: number
  /** Round trip of the last ping in ms, null before the first. */
  readonly rtt: number | null
}

/** Everything a page needs to say in words where we stand; a new frozen object at every change. */
export interface ConnectionState {
  readonly peerId: string
  readonly online: boolean
  readonly steps: readonly Step[]
  readonly relays: readonly RelayState[]
  readonly peers: readonly PeerLink[]
  /** Live RTCPeerConnections of this page, and how many were ever made. */
  readonly rtc: { readonly live: number, readonly made: number }
}
