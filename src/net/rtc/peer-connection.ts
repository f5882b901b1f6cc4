import type { Bridge, BridgedConnection } from './bridge.ts'
import { RelayedChannel } from './byte-relay.ts'
import { WorkerDataChannel } from './data-channel.ts'
import { eventHandlers, eventWith } from './handlers.ts'
import { descriptionNames, plainEvents, type Call, type DescriptionName, type PlainCertificate, type PlainEvent, type PlainConfiguration, type Snapshot, type ToWorker } from './messages.ts'
import { WorkerIceCandidate, WorkerSessionDescription } from './session.ts'

const unopened: Snapshot = {
  signalingState: 'stable', iceGatheringState: 'new', iceConnectionState: 'new', connectionState: 'new', canTrickleIceCandidates: null, sctp: null, descriptions: {},
}

/** A certificate that stays on the page. */
class WorkerCertificate {
  constructor(readonly plain: PlainCertificate) {}
  get expires(): number { return this.plain.expires }
  getFingerprints(): readonly RTCDtlsFingerprint[] { return this.plain.fingerprints }
}

/** An `RTCPeerConnection` for a worker, standing for one that the page at the other end of `bridge` owns. */
export function peerConnectionClass(bridge: Bridge): typeof RTCPeerConnection {
  class WorkerPeerConnection extends EventTarget implements BridgedConnection {
    private readonly id = bridge.number()
    private state = unopened
    private connected = false
    private calls = 0
    private readonly channels = new Set<WorkerDataChannel>()
    private readonly expected = new Map<number, WorkerDataChannel>()

    static async generateCertificate(algorithm: AlgorithmIdentifier): Promise<WorkerCertificate> {
      return new WorkerCertificate(await bridge.call(call => ({ kind: 'certificate', call, algorithm })) as PlainCertificate)
    }

    constructor(private configuration: RTCConfiguration = {}) {
      super()
      bridge.add(this.id, this)
      bridge.post({ kind: 'open', connection: this.id, configuration: plainConfiguration(configuration) })
    }

    get signalingState(): RTCSignalingState { return this.state.signalingState }
    get iceGatheringState(): RTCIceGatheringState { return this.state.iceGatheringState }
    get iceConnectionState(): RTCIceConnectionState { return this.state.iceConnectionState }
    get connectionState(): RTCPeerConnectionState { return this.state.connectionState }
    get canTrickleIceCandidates(): boolean | null { return this.state.canTrickleIceCandidates }
    get sctp(): Snapshot['sctp'] { return this.state.sctp }

    description(name: DescriptionName): WorkerSessionDescription | null {
      const plain = this.state.descriptions[name]
      return plain === undefined ? null : new WorkerSessionDescription(plain)
    }

    getConfiguration(): RTCConfiguration {
      return this.configuration
    }

    setConfiguration(configuration: RTCConfiguration): void {
      this.configuration = configuration
      this.call({ method: 'setConfiguration', configuration: plainConfiguration(configuration) }).catch(() => {}) // the platform's throws at once; here nobody is left to tell
    }

    restartIce(): void {
      this.call({ method: 'restartIce' }).catch(() => {}) // on a closed connection it does nothing
    }

    async createOffer(options?: RTCOfferOptions): Promise<unknown> {
      return await this.call({ method: 'createOffer', options })
    }

    async createAnswer(): Promise<unknown> {
      return await this.call({ method: 'createAnswer' })
    }

    async setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
      await this.call({ method: 'setLocalDescription', description: description === undefined ? undefined : plainDescription(description) })
    }

    async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      await this.call({ method: 'setRemoteDescription', description: plainDescription(description) })
    }

    async addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
      await this.call({ method: 'addIceCandidate', candidate: candidate === undefined || candidate === null ? null : new WorkerIceCandidate(candidate).toJSON() })
    }

    /** Takes no parameters: simple-peer tells by the length which kind of `getStats` it has. */
    async getStats(): Promise<Map<string, RTCStats>> {
      const reports = await this.call({ method: 'getStats' }) as readonly RTCStats[]
      return new Map(reports.map(report => [report.id, report]))
    }

    createDataChannel(label: string, init: RTCDataChannelInit = {}): WorkerDataChannel {
      if (this.state.signalingState === 'closed') throw new DOMException('the connection is closed', 'InvalidStateError')
      const { protocol = '', id = null, ordered = true, negotiated = false, maxRetransmits = null, maxPacketLifeTime = null } = init
      const channel = this.keep(new WorkerDataChannel({ label, protocol, id, ordered, negotiated, maxRetransmits, maxPacketLifeTime }, this.holds))
      const number = bridge.number()
      this.expected.set(number, channel)
      bridge.post({ kind: 'channel', connection: this.id, channel: number, label, init: { ...init } })
      return channel
    }

    close(): void {
      if (this.state.signalingState === 'closed') return
      bridge.post({ kind: 'close', connection: this.id })
      this.end()
    }

    take(message: ToWorker): void {
      if ('snapshot' in message && message.snapshot !== null) this.state = message.snapshot
      switch (message.kind) {
        case 'event': this.tell(message.event); break
        case 'candidate': this.dispatchEvent(eventWith('icecandidate', { candidate: message.candidate === null ? null : new WorkerIceCandidate(message.candidate) })); break
        case 'candidateerror': this.dispatchEvent(eventWith('icecandidateerror', message.error)); break
        case 'channel': this.attach(message); break
        case 'nochannel': this.expect(message.channel)?.end(new DOMException(message.error.message, message.error.name)); break
        case 'refused': this.end(); this.dispatchEvent(new Event('connectionstatechange')); break
        case 'reply': case 'failure': break // the bridge's own
      }
    }

    private tell(event: PlainEvent): void {
      this.dispatchEvent(new Event(event))
      if (this.state.connectionState !== 'connected') return
      this.connected = true
      this.release()
    }

    /** Whether channels wait with opening and closing. */
    private readonly holds = (): boolean => this.state.signalingState !== 'closed' && (!this.connected || this.calls > 0)

    private release(): void {
      for (const channel of this.channels) channel.release()
    }

    private attach({ channel: number, info, body }: ToWorker & { kind: 'channel' }): void {
      const channel = number === null ? this.keep(new WorkerDataChannel(info, this.holds)) : this.expect(number)
      channel?.attach(body instanceof MessagePort ? new RelayedChannel(body) : body, info)
      if (number === null) this.dispatchEvent(eventWith('datachannel', { channel }))
    }

    private expect(number: number): WorkerDataChannel | undefined {
      const channel = this.expected.get(number)
      this.expected.delete(number)
      return channel
    }

    private keep(channel: WorkerDataChannel): WorkerDataChannel {
      this.channels.add(channel)
      channel.addEventListener('close', () => { this.channels.delete(channel) })
      return channel
    }

    /** Channels that were handed over close by themselves; the others have only us to tell them. */
    private end(): void {
      this.state = { ...this.state, signalingState: 'closed', iceConnectionState: 'closed', connectionState: 'closed' }
      bridge.remove(this.id)
      for (const channel of this.channels) if (!channel.transferred) channel.end()
      this.release()
    }

    private async call(request: Call): Promise<unknown> {
      if (this.state.signalingState === 'closed') throw new DOMException('the connection is closed', 'InvalidStateError')
      this.calls++
      try {
        return await bridge.call(call => ({ kind: 'call', connection: this.id, call, request }))
      } finally {
        this.calls--
        this.release()
      }
    }
  }
  for (const name of descriptionNames) {
    Object.defineProperty(WorkerPeerConnection.prototype, name, { configurable: true, enumerable: true, get(this: WorkerPeerConnection) { return this.description(name) } })
  }
  eventHandlers(WorkerPeerConnection.prototype, [...plainEvents, 'icecandidate', 'icecandidateerror', 'datachannel', 'track'])
  return WorkerPeerConnection as unknown as typeof RTCPeerConnection
}

/** Plain data: instances of classes, which callers like to pass, do not cross a port. */
function plainConfiguration({ certificates, ...rest }: RTCConfiguration): PlainConfiguration {
  const plain = JSON.parse(JSON.stringify(rest)) as PlainConfiguration
  return certificates === undefined ? plain : { ...plain, certificates: (certificates as unknown as readonly WorkerCertificate[]).map(certificate => certificate.plain.certificate) }
}

function plainDescription<T extends { readonly type?: RTCSdpType, readonly sdp?: string }>({ type, sdp }: T): T {
  return { ...type === undefined ? {} : { type }, ...sdp === undefined ? {} : { sdp } } as T
}
