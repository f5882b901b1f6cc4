import type { DataChannel } from './rtc.ts'
import { WireSocket } from './wire-socket.ts'

/** Writing goes on below this many bytes not yet sent. */
const lowBytes = 64 * 1024

/** A wire over a data channel. */
export class ChannelSocket extends WireSocket {
  /** `release` ends the connection under the channel. */
  constructor(id: string, readonly channel: DataChannel, readonly release: () => void) {
    super(id)
    channel.binaryType = 'arraybuffer'
    channel.bufferedAmountLowThreshold = lowBytes
    this.carry({
      get buffered() { return channel.bufferedAmount },
      send(bytes) {
        channel.send(bytes)
        return true
      },
      close: release,
    })
    channel.addEventListener('message', event => {
      const { data } = event as MessageEvent<unknown>
      if (data instanceof ArrayBuffer) this.receive(new Uint8Array(data))
    })
    channel.addEventListener('bufferedamountlow', () => { this.drained() })
    channel.addEventListener('close', () => { this.destroy() })
  }
}
