import { limits } from '../../base/index.ts'
import { relayBytes } from './byte-relay.ts'
import { channelInfo, descriptionNames, plainError, plainEvents, type Call, type PlainCertificate, type PlainConfiguration, type Snapshot, type ToPage, type ToWorker } from './messages.ts'

/** The peer connections that a page holds for its network worker. */
export interface PeerConnectionHost {
  readonly live: number
  /** How many were ever made: a page is given about 500, and closed ones count until they are collected. */
  readonly made: number
  onchange: (() => void) | null
  /** Closes them all. A page must call it when its worker is gone: nothing else tells of that reliably. */
  dispose(): void
}

export interface PeerConnectionHostOptions {
  /** Live connections at most; the worker gets an error for more. */
  readonly limit?: number
}

/** Page side: makes and owns every RTCPeerConnection of the worker at the other end of `port`. */
export function servePeerConnections(port: MessagePort, { limit = limits.peerConnections }: PeerConnectionHostOptions = {}): PeerConnectionHost {
  return new Host(port, limit)
}

class Host implements PeerConnectionHost {
  made = 0
  onchange: (() => void) | null = null
  private readonly connections = new Map<number, RTCPeerConnection>()
  private readonly certificates: RTCCertificate[] = []
  private canTransfer = false

  constructor(private readonly port: MessagePort, private readonly limit: number) {
    port.onmessage = ({ data }: MessageEvent<ToPage>) => { this.take(data) }
  }

  get live(): number {
    return this.connections.size
  }

  dispose(): void {
    for (const connection of this.connections.values()) connection.close()
    this.connections.clear()
    this.port.close()
    this.onchange?.()
  }

  private take(message: ToPage): void {
    switch (message.kind) {
      case 'hello': this.canTransfer = message.transfer; break
      case 'open': this.open(message.connection, message.configuration); break
      case 'close': this.close(message.connection); break
      case 'channel': this.createChannel(message); break
      case 'call': void this.answer(message.connection, message.call, async connection => await call(connection, message.request, this.configured)); break
      case 'certificate': void this.answer(null, message.call, async () => await this.certify(message.algorithm)); break
    }
  }

  private open(id: number, configuration: PlainConfiguration): void {
    let connection: RTCPeerConnection
    try {
      if (this.connections.size >= this.limit) throw new DOMException(`more than ${String(this.limit)} peer connections`, 'OperationError')
      connection = new RTCPeerConnection(this.configured(configuration))
    } catch (error) {
      this.post({ kind: 'refused', connection: id, error: plainError(error) })
      return
    }
    this.connections.set(id, connection)
    this.made++
    this.onchange?.()
    for (const event of plainEvents) connection.addEventListener(event, () => { this.post({ kind: 'event', connection: id, snapshot: snapshot(connection), event }) })
    connection.onicecandidate = ({ candidate }) => { this.post({ kind: 'candidate', connection: id, snapshot: snapshot(connection), candidate: candidate?.toJSON() ?? null }) }
    connection.onicecandidateerror = ({ errorCode, errorText, url, address, port }) => {
      this.post({ kind: 'candidateerror', connection: id, snapshot: snapshot(connection), error: { errorCode, errorText, url, address, port } })
    }
    connection.ondatachannel = ({ channel }) => { this.give(id, null, channel) }
  }

  private close(id: number): void {
    this.connections.get(id)?.close()
    this.connections.delete(id)
    this.onchange?.()
  }

  private createChannel({ connection: id, channel, label, init }: ToPage & { kind: 'channel' }): void {
    try {
      const connection = this.connections.get(id)
      if (connection === undefined) throw new DOMException('the connection is closed', 'InvalidStateError')
      this.give(id, channel, connection.createDataChannel(label, init))
    } catch (error) {
      this.post({ kind: 'nochannel', connection: id, channel, error: plainError(error) })
    }
  }

  /** Hands a channel over in the task that made or announced it: one task later it can no longer be transferred. */
  private give(connection: number, number: number | null, channel: RTCDataChannel): void {
    const message = { kind: 'channel', connection, channel: number, info: channelInfo(channel) } as const
    if (this.canTransfer) {
      try {
        this.post({ ...message, body: channel }, [channel])
        return
      } catch { this.canTransfer = false } // an engine that transfers none: this one and all later ones are relayed
    }
    const { port1, port2 } = new MessageChannel()
    relayBytes(channel, port1)
    this.post({ ...message, body: port2 }, [port2])
  }

  private async answer(id: number | null, number: number, work: (connection: RTCPeerConnection) => Promise<unknown>): Promise<void> {
    const connection = id === null ? undefined : this.connections.get(id)
    const now = () => connection === undefined ? null : snapshot(connection)
    try {
      if (id !== null && connection === undefined) throw new DOMException('the connection is closed', 'InvalidStateError')
      const value = await work(connection as RTCPeerConnection)
      this.post({ kind: 'reply', connection: id, call: number, snapshot: now(), value })
    } catch (error) {
      this.post({ kind: 'failure', connection: id, call: number, snapshot: now(), error: plainError(error) })
    }
  }

  private async certify(algorithm: AlgorithmIdentifier): Promise<PlainCertificate> {
    const certificate = await RTCPeerConnection.generateCertificate(algorithm)
    this.certificates.push(certificate)
    return { certificate: this.certificates.length - 1, expires: certificate.expires, fingerprints: certificate.getFingerprints() }
  }

  private readonly configured = ({ certificates, ...rest }: PlainConfiguration): RTCConfiguration =>
    certificates === undefined ? rest : { ...rest, certificates: certificates.flatMap(number => this.certificates[number] ?? []) }

  private post(message: ToWorker, transfer: Transferable[] = []): void {
    this.port.postMessage(message, transfer)
  }
}

/** Runs one method; resolves with plain data. */
async function call(connection: RTCPeerConnection, request: Call, configured: (plain: PlainConfiguration) => RTCConfiguration): Promise<unknown> {
  switch (request.method) {
    case 'createOffer': return plain(await connection.createOffer(request.options))
    case 'createAnswer': return plain(await connection.createAnswer())
    case 'setLocalDescription': await connection.setLocalDescription(request.description); return null
    case 'setRemoteDescription': await connection.setRemoteDescription(request.description); return null
    case 'addIceCandidate': await connection.addIceCandidate(request.candidate); return null
    case 'getStats': return [...(await connection.getStats() as unknown as Map<string, object>).values()]
    case 'restartIce': connection.restartIce(); return null
    case 'setConfiguration': connection.setConfiguration(configured(request.configuration)); return null
  }
}

function snapshot(connection: RTCPeerConnection): Snapshot {
  const { signalingState, iceGatheringState, iceConnectionState, connectionState, canTrickleIceCandidates, sctp } = connection
  const descriptions = descriptionNames.flatMap(name => connection[name] === null ? [] : [[name, plain(connection[name])] as const])
  return {
    signalingState, iceGatheringState, iceConnectionState, connectionState, canTrickleIceCandidates,
    sctp: sctp === null ? null : { maxMessageSize: sctp.maxMessageSize, maxChannels: sctp.maxChannels, state: sctp.state },
    descriptions: Object.fromEntries(descriptions),
  }
}

function plain({ type, sdp }: RTCSessionDescriptionInit): RTCSessionDescriptionInit {
  return sdp === undefined ? { type } : { type, sdp }
}
