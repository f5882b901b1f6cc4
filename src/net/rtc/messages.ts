/**
 * What a worker and the page that owns its peer connections say to each other over one MessagePort. Everything is plain data but
 * the channels themselves: descriptions, candidates and statistics are rebuilt on the other side, certificates stay on the page
 * and go by number.
 */
export type ToPage =
  /** First of all. `transfer`: whether this worker can be handed an RTCDataChannel; a page cannot find out by trying. */
  | { readonly kind: 'hello', readonly transfer: boolean }
  | { readonly kind: 'open', readonly connection: number, readonly configuration: PlainConfiguration }
  | { readonly kind: 'close', readonly connection: number }
  | { readonly kind: 'channel', readonly connection: number, readonly channel: number, readonly label: string, readonly init: RTCDataChannelInit }
  | { readonly kind: 'call', readonly connection: number, readonly call: number, readonly request: Call }
  | { readonly kind: 'certificate', readonly call: number, readonly algorithm: AlgorithmIdentifier }

export type Call =
  | { readonly method: 'createOffer', readonly options: RTCOfferOptions | undefined }
  | { readonly method: 'createAnswer' | 'getStats' | 'restartIce' }
  | { readonly method: 'setLocalDescription', readonly description: RTCLocalSessionDescriptionInit | undefined }
  | { readonly method: 'setRemoteDescription', readonly description: RTCSessionDescriptionInit }
  | { readonly method: 'addIceCandidate', readonly candidate: RTCIceCandidateInit | null }
  | { readonly method: 'setConfiguration', readonly configuration: PlainConfiguration }

export type ToWorker =
  | { readonly kind: 'event', readonly connection: number, readonly snapshot: Snapshot, readonly event: PlainEvent }
  | { readonly kind: 'candidate', readonly connection: number, readonly snapshot: Snapshot, readonly candidate: RTCIceCandidateInit | null }
  | { readonly kind: 'candidateerror', readonly connection: number, readonly snapshot: Snapshot, readonly error: CandidateError }
  /** `channel`: its number where the worker asked for it, null where the other side opened it. `body`: the channel, or the port that relays it. */
  | { readonly kind: 'channel', readonly connection: number, readonly channel: number | null, readonly info: ChannelInfo, readonly body: RTCDataChannel | MessagePort }
  | { readonly kind: 'reply', readonly connection: number | null, readonly call: number, readonly snapshot: Snapshot | null, readonly value: unknown }
  | { readonly kind: 'failure', readonly connection: number | null, readonly call: number, readonly snapshot: Snapshot | null, readonly error: PlainError }
  | { readonly kind: 'nochannel', readonly connection: number, readonly channel: number, readonly error: PlainError }
  /** The page could not make the connection at all. */
  | { readonly kind: 'refused', readonly connection: number, readonly error: PlainError }

export const plainEvents = ['signalingstatechange', 'icegatheringstatechange', 'iceconnectionstatechange', 'connectionstatechange', 'negotiationneeded'] as const
export type PlainEvent = typeof plainEvents[number]

export interface PlainError { readonly name: string, readonly message: string }

export interface CandidateError { readonly errorCode: number, readonly errorText: string, readonly url: string, readonly address: string | null, readonly port: number | null }

export type PlainConfiguration = Omit<RTCConfiguration, 'certificates'> & { readonly certificates?: readonly number[] }

export interface PlainCertificate { readonly certificate: number, readonly expires: number, readonly fingerprints: readonly RTCDtlsFingerprint[] }

export const descriptionNames = ['localDescription', 'currentLocalDescription', 'pendingLocalDescription', 'remoteDescription', 'currentRemoteDescription', 'pendingRemoteDescription'] as const
export type DescriptionName = typeof descriptionNames[number]

/** Everything a connection's getters answer with, as it was when the message was sent. */
export interface Snapshot {
  readonly signalingState: RTCSignalingState
  readonly iceGatheringState: RTCIceGatheringState
  readonly iceConnectionState: RTCIceConnectionState
  readonly connectionState: RTCPeerConnectionState
  readonly canTrickleIceCandidates: boolean | null
  readonly sctp: { readonly maxMessageSize: number, readonly maxChannels: number | null, readonly state: RTCSctpTransportState } | null
  readonly descriptions: Readonly<Partial<Record<DescriptionName, RTCSessionDescriptionInit>>>
}

export interface ChannelInfo {
  readonly label: string
  readonly protocol: string
  readonly id: number | null
  readonly ordered: boolean
  readonly negotiated: boolean
  readonly maxRetransmits: number | null
  readonly maxPacketLifeTime: number | null
}

export function channelInfo(channel: RTCDataChannel): ChannelInfo {
  const { label, protocol, id, ordered, negotiated, maxRetransmits, maxPacketLifeTime } = channel
  return { label, protocol, id, ordered, negotiated, maxRetransmits, maxPacketLifeTime }
}

export function plainError(error: unknown): PlainError {
  const { name = 'OperationError', message = String(error) } = (error ?? {}) as Partial<Error>
  return { name, message }
}
