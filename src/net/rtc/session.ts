/** `RTCSessionDescription` where the platform has none. */
export class WorkerSessionDescription {
  readonly type: RTCSdpType
  readonly sdp: string

  constructor({ type, sdp = '' }: RTCSessionDescriptionInit) {
    this.type = type
    this.sdp = sdp
  }

  toJSON(): { type: RTCSdpType, sdp: string } {
    return { type: this.type, sdp: this.sdp }
  }
}

/** `RTCIceCandidate` where the platform has none; its parts are read from the candidate line (RFC 8839, section 5.1). */
export class WorkerIceCandidate {
  readonly candidate: string
  readonly sdpMid: string | null
  readonly sdpMLineIndex: number | null
  readonly usernameFragment: string | null
  readonly foundation: string | null
  readonly component: 'rtp' | 'rtcp' | null
  readonly protocol: string | null
  readonly priority: number | null
  readonly address: string | null
  readonly port: number | null
  readonly type: string | null
  readonly tcpType: string | null
  readonly relatedAddress: string | null
  readonly relatedPort: number | null

  constructor({ candidate = '', sdpMid = null, sdpMLineIndex = null, usernameFragment = null }: RTCIceCandidateInit = {}) {
    const parts = candidate.replace(/^(a=)?candidate:/, '').split(' ')
    const part = (at: number) => parts.length < 8 ? null : parts[at] ?? null
    const extension = (name: string) => { const at = parts.indexOf(name, 8); return at < 0 ? null : part(at + 1) }
    const number = (text: string | null) => text === null ? null : Number(text)
    this.candidate = candidate
    this.sdpMid = sdpMid
    this.sdpMLineIndex = sdpMLineIndex
    this.usernameFragment = usernameFragment ?? extension('ufrag')
    this.foundation = part(0)
    this.component = part(1) === null ? null : part(1) === '1' ? 'rtp' : 'rtcp'
    this.protocol = part(2)?.toLowerCase() ?? null
    this.priority = number(part(3))
    this.address = part(4)
    this.port = number(part(5))
    this.type = part(7)
    this.tcpType = extension('tcptype')
    this.relatedAddress = extension('raddr')
    this.relatedPort = number(extension('rport'))
  }

  toJSON(): RTCIceCandidateInit {
    return { candidate: this.candidate, sdpMid: this.sdpMid, sdpMLineIndex: this.sdpMLineIndex, usernameFragment: this.usernameFragment }
  }
}
