import { HoldfastError, limits } from '../base/index.ts'
import { ChannelSocket } from './channel-socket.ts'
import type { DataChannel, Description, MakePeerConnection, PeerConnection } from './rtc.ts'

const ignore = (): void => {}

/**
 * One attempt to connect to a peer met at a tracker: an offer for whoever gets it, or the answer to one. Candidates travel
 * within the descriptions, as trackers carry two messages and no more. An offer is answered within `limits.offerMs`, and an
 * attempt open within `limits.swarmDialMs`, or it is closed.
 */
export class Dial {
  /** The peer's id, set before the socket is handed on. */
  peerId: string
  /** The open channel; fails when the attempt does. */
  readonly opened: Promise<ChannelSocket>
  private open: (socket: ChannelSocket) => void = ignore
  private fail: (error: HoldfastError) => void = ignore
  private connection: PeerConnection
  private socket: ChannelSocket | null = null
  private deadline: ReturnType<typeof setTimeout>

  private constructor(connection: PeerConnection, peerId: string, patienceMs: number) {
    this.connection = connection
    this.peerId = peerId
    this.deadline = setTimeout(() => { this.close() }, patienceMs)
    this.opened = new Promise((open, fail) => {
      this.open = open
      this.fail = fail
    })
    this.opened.catch(ignore) // nobody waits for an offer that no one answers
    connection.addEventListener('connectionstatechange', () => {
      if (connection.connectionState === 'failed' || connection.connectionState === 'closed') this.close()
    })
  }

  static async offer(make: MakePeerConnection): Promise<Dial> {
    const dial = new Dial(make(), '', limits.gatherMs + limits.offerMs)
    dial.attach(dial.connection.createDataChannel('bittorrent'))
    await dial.describe(() => dial.connection.createOffer())
    return dial
  }

  static async answer(make: MakePeerConnection, peerId: string, offer: Description): Promise<Dial> {
    const dial = new Dial(make(), peerId, limits.swarmDialMs)
    dial.connection.addEventListener('datachannel', event => { dial.attach((event as Event & { readonly channel: DataChannel }).channel) })
    await dial.describe(async () => {
      await dial.connection.setRemoteDescription(offer)
      return dial.connection.createAnswer()
    })
    return dial
  }

  get description(): Description {
    const { type, sdp } = this.connection.localDescription ?? { type: '', sdp: '' }
    return { type: type === 'offer' ? 'offer' : 'answer', sdp }
  }

  /** Takes a peer's answer to our offer. */
  async accept(peerId: string, answer: Description): Promise<void> {
    this.peerId = peerId
    clearTimeout(this.deadline)
    this.deadline = setTimeout(() => { this.close() }, limits.swarmDialMs)
    try { await this.connection.setRemoteDescription(answer) } catch (error) { throw this.failed(error) }
  }

  close(): void {
    clearTimeout(this.deadline)
    this.connection.close()
    this.socket?.destroy()
    this.fail(new HoldfastError('peer-unreachable'))
  }

  private attach(channel: DataChannel): void {
    const socket = this.socket = new ChannelSocket(this.peerId, channel, () => { this.connection.close() })
    const open = (): void => {
      clearTimeout(this.deadline)
      socket.id = this.peerId
      this.open(socket)
    }
    if (channel.readyState === 'open') open()
    else channel.addEventListener('open', open, { once: true })
  }

  /** What is asked of a connection that closes meanwhile is never answered; then the attempt is over all the same. */
  private async describe(create: () => Promise<unknown>): Promise<void> {
    const described = async (): Promise<void> => {
      await this.connection.setLocalDescription(await create())
      await gathered(this.connection)
    }
    try { await Promise.race([described(), this.opened]) } catch (error) { throw this.failed(error) }
  }

  private failed(error: unknown): HoldfastError {
    this.close()
    return HoldfastError.from(error)
  }
}

/** Resolves when all candidates are known, or those of the first `limits.gatherMs`: with a dead STUN server it takes much longer. */
function gathered(connection: PeerConnection): Promise<void> {
  return new Promise(resolve => {
    const deadline = setTimeout(resolve, limits.gatherMs)
    const look = (): void => {
      if (connection.iceGatheringState !== 'complete') return
      clearTimeout(deadline)
      resolve()
    }
    connection.addEventListener('icegatheringstatechange', look)
    look()
  })
}
