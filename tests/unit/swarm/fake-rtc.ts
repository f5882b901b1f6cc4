import type { DataChannel, Description, PeerConnection } from '../../../src/swarm/rtc.ts'

/** Peer connections without a network: a description names its connection, and an answer that comes home opens both channels. */
export class FakeRtc {
  readonly made: FakeConnection[] = []
  readonly make = (): FakeConnection => {
    const connection = new FakeConnection(this, this.made.length)
    this.made.push(connection)
    return connection
  }

  get live(): number { return this.made.filter(({ connectionState }) => connectionState !== 'closed').length }
}

export class FakeConnection extends EventTarget implements PeerConnection {
  connectionState = 'new'
  iceGatheringState = 'new'
  localDescription: Description | null = null
  channel: FakeChannel | null = null
  #remote: FakeConnection | undefined

  constructor(readonly rtc: FakeRtc, readonly number: number) { super() }

  createDataChannel(): FakeChannel { return this.channel = new FakeChannel() }
  createOffer(): Promise<Description> { return Promise.resolve({ type: 'offer', sdp: String(this.number) }) }
  createAnswer(): Promise<Description> { return Promise.resolve({ type: 'answer', sdp: String(this.number) }) }

  setLocalDescription(description: Description): Promise<void> {
    this.localDescription = description
    this.iceGatheringState = 'complete'
    this.dispatchEvent(new Event('icegatheringstatechange'))
    return Promise.resolve()
  }

  setRemoteDescription({ type, sdp }: Description): Promise<void> {
    this.#remote = this.rtc.made[Number(sdp)]
    if (this.#remote === undefined || this.connectionState === 'closed') return Promise.reject(new Error('no such connection'))
    if (type === 'answer') this.#connect(this.#remote)
    return Promise.resolve()
  }

  close(): void {
    this.connectionState = 'closed'
    this.channel?.other?.dispatchEvent(new Event('close'))
  }

  #connect(remote: FakeConnection): void {
    if (remote.connectionState === 'closed' || this.channel === null) return
    remote.channel = new FakeChannel()
    remote.channel.other = this.channel
    this.channel.other = remote.channel
    remote.dispatchEvent(Object.assign(new Event('datachannel'), { channel: remote.channel }))
    for (const channel of [this.channel, remote.channel]) channel.open()
  }
}

export class FakeChannel extends EventTarget implements DataChannel {
  binaryType = ''
  bufferedAmountLowThreshold = 0
  bufferedAmount = 0
  readyState = 'connecting'
  other: FakeChannel | null = null
  readonly sent: Uint8Array[] = []

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== 'open') throw new Error('InvalidStateError')
    this.sent.push(bytes.slice())
    this.other?.dispatchEvent(new MessageEvent('message', { data: bytes.slice().buffer }))
  }

  open(): void {
    this.readyState = 'open'
    this.dispatchEvent(new Event('open'))
  }
}
