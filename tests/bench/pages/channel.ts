/*
 * The physical limit of anything that sends over WebRTC: one data channel, page to page, nothing else. Descriptions are carried
 * by whoever drives both pages, so they hold all candidates.
 */

const messageBytes = 64 * 1024
// Filled to the upper mark, refilled from the lower: a larger burst slows a young connection down.
const highWater = 1024 * 1024
const lowWater = 256 * 1024

const connection = new RTCPeerConnection({ iceServers: [] })
const channel = connection.createDataChannel('bench', { negotiated: true, id: 0 })
channel.binaryType = 'arraybuffer'
channel.bufferedAmountLowThreshold = lowWater

/** Our description once candidates are known; where gathering does not end by itself, what is there after 2 s. */
async function described(): Promise<string> {
  await connection.setLocalDescription()
  await new Promise<void>(done => {
    const look = () => { if (connection.iceGatheringState === 'complete') done() }
    connection.addEventListener('icegatheringstatechange', look)
    setTimeout(done, 2000)
    look()
  })
  return JSON.stringify(connection.localDescription)
}

const page = {
  offer: described,
  async answer(offer: string): Promise<string> {
    await connection.setRemoteDescription(JSON.parse(offer) as RTCSessionDescriptionInit)
    return await described()
  },
  async accept(answer: string): Promise<void> {
    await connection.setRemoteDescription(JSON.parse(answer) as RTCSessionDescriptionInit)
    if (channel.readyState !== 'open') await new Promise(open => { channel.addEventListener('open', open, { once: true }) })
  },
  async send(bytes: number): Promise<void> {
    const message = crypto.getRandomValues(new Uint8Array(messageBytes))
    for (let left = bytes; left > 0; left -= messageBytes) {
      if (channel.bufferedAmount > highWater) await new Promise(low => { channel.addEventListener('bufferedamountlow', low, { once: true }) })
      channel.send(left >= messageBytes ? message : message.subarray(0, left))
    }
  },
  /** Bytes a second from the first message to the last. */
  async receive(bytes: number): Promise<number> {
    return await new Promise(done => {
      let begin = 0, first = 0, here = 0
      channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
        if (here === 0) [begin, first] = [performance.now(), data.byteLength]
        here += data.byteLength
        if (here >= bytes) done((here - first) / (performance.now() - begin) * 1000)
      }
    })
  },
  /** Sends back whatever comes, from now on. */
  echo(): void {
    channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => { channel.send(data) }
  },
  /** Answers a second, sending `count` messages of `bytes`, `atOnce` of them on their way at any time. */
  async ask(count: number, bytes: number, atOnce: number): Promise<number> {
    const message = crypto.getRandomValues(new Uint8Array(bytes))
    return await new Promise(done => {
      const begin = performance.now()
      let [sent, back] = [0, 0]
      const send = () => { if (sent++ < count) channel.send(message) }
      channel.onmessage = () => {
        if (++back === count) done(count / (performance.now() - begin) * 1000)
        send()
      }
      for (let n = 0; n < atOnce; n++) send()
    })
  },
}

export type ChannelPage = typeof page
declare global { var channelPage: ChannelPage }
globalThis.channelPage = page
