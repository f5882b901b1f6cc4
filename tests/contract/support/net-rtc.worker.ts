import { installPeerConnections } from '../../../src/net/index.ts'

/** A worker with peer connections of its page, driven by the test: every message names a step, every answer its result. */
export type Step =
  | { readonly do: 'install', readonly port: MessagePort, readonly relayBytes: boolean }
  | { readonly do: 'open' }
  | { readonly do: 'channel', readonly label: string, readonly init?: RTCDataChannelInit }
  | { readonly do: 'offer' }
  | { readonly do: 'answer', readonly description: RTCSessionDescriptionInit }
  | { readonly do: 'accept', readonly description: RTCSessionDescriptionInit }
  | { readonly do: 'candidate', readonly candidate: RTCIceCandidateInit | null }
  | { readonly do: 'until', readonly label: string, readonly state: RTCDataChannelState }
  | { readonly do: 'echo', readonly label: string }
  | { readonly do: 'send', readonly label: string, readonly chunks: number, readonly size: number }
  | { readonly do: 'sendMixed', readonly label: string }
  | { readonly do: 'received', readonly label: string, readonly bytes: number }
  | { readonly do: 'texts', readonly label: string, readonly count: number }
  | { readonly do: 'lowEvents', readonly label: string, readonly chunks: number, readonly size: number }
  | { readonly do: 'log', readonly label: string }
  | { readonly do: 'closeChannel', readonly label: string }
  | { readonly do: 'close' }
  | { readonly do: 'state' }
  | { readonly do: 'many', readonly count: number }
  | { readonly do: 'stats' }
  | { readonly do: 'busy', readonly label: string }
  | { readonly do: 'certificate' }

const channels = new Map<string, RTCDataChannel>()
const logs = new Map<string, string[]>()
const received = new Map<string, (string | Uint8Array)[]>()
let connection: RTCPeerConnection | null = null

const pc = () => {
  if (connection === null) throw new Error('not open')
  return connection
}
const channelOf = (label: string) => {
  const channel = channels.get(label)
  if (channel === undefined) throw new Error(`no channel ${label}`)
  return channel
}

function keep(channel: RTCDataChannel): void {
  const { label } = channel
  const log: string[] = []
  const got: (string | Uint8Array)[] = []
  channels.set(label, channel)
  logs.set(label, log)
  received.set(label, got)
  for (const name of ['open', 'closing', 'close', 'error']) channel.addEventListener(name, () => { log.push(`${name} (${channel.readyState})`) })
  channel.addEventListener('open', () => { if (pc().connectionState !== 'connected') log.push('too early') })
  for (const name of ['open', 'close']) channel.addEventListener(name, () => { if (calls > 0) log.push(`${name} in the middle of a call`) })
  channel.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    log.push(`message (${channel.readyState})`)
    got.push(typeof data === 'string' ? data : new Uint8Array(data))
    if (echoing.has(label)) channel.send(data as string)
  })
}
const echoing = new Set<string>()
let calls = 0

async function until(condition: () => boolean, what: string, ms = 20_000): Promise<void> {
  for (const end = performance.now() + ms; !condition();) {
    if (performance.now() > end) throw new Error(`never: ${what}`)
    await new Promise(resolve => { setTimeout(resolve, 5) })
  }
}

/** Bytes that differ from chunk to chunk, so that a lost or swapped one is seen. */
export function chunk(number: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i++) bytes[i] = number * 31 + i * 7
  return bytes
}

async function run(step: Step): Promise<unknown> {
  switch (step.do) {
    case 'install': installPeerConnections(step.port, { relayBytes: step.relayBytes }); return null
    case 'open':
      connection = new RTCPeerConnection({ iceServers: [] })
      connection.onicecandidate = ({ candidate }) => { postMessage({ candidate: candidate?.toJSON() ?? null }) }
      connection.ondatachannel = ({ channel }) => { keep(channel); if (channel.label.startsWith('echo')) echoing.add(channel.label) }
      return null
    case 'channel': keep(pc().createDataChannel(step.label, step.init)); return channelOf(step.label).readyState
    case 'offer': await pc().setLocalDescription(await pc().createOffer()); return pc().localDescription?.toJSON()
    case 'answer':
      await pc().setRemoteDescription(new RTCSessionDescription(step.description))
      await pc().setLocalDescription(await pc().createAnswer())
      return pc().localDescription?.toJSON()
    case 'accept': await pc().setRemoteDescription(step.description); return pc().signalingState
    case 'candidate': await pc().addIceCandidate(step.candidate === null ? null : new RTCIceCandidate(step.candidate)); return null
    case 'until': await until(() => channels.get(step.label)?.readyState === step.state, `${step.label} ${step.state}`); return null
    case 'echo': echoing.add(step.label); return null
    case 'send':
      for (let i = 0; i < step.chunks; i++) {
        const channel = channelOf(step.label)
        if (channel.bufferedAmount > 1 << 20) await new Promise(resolve => { channel.bufferedAmountLowThreshold = 1 << 18; channel.addEventListener('bufferedamountlow', resolve, { once: true }) })
        channel.send(chunk(i, step.size))
      }
      return null
    case 'sendMixed': {
      const channel = channelOf(step.label)
      channel.send('one')
      channel.send(new Blob(['two']))
      channel.send(new TextEncoder().encode('three'))
      channel.send(new TextEncoder().encode('four').buffer)
      channel.send(new Uint8Array(new TextEncoder().encode('[five]').buffer, 1, 4))
      return null
    }
    case 'received': {
      const got = received.get(step.label) ?? []
      const size = () => got.reduce((sum, part) => sum + part.length, 0)
      await until(() => size() >= step.bytes, `${String(step.bytes)} bytes on ${step.label}, got ${String(size())}`)
      return got.every((part, number) => typeof part !== 'string' && sameBytes(part, chunk(number, part.length))) ? size() : 'other bytes'
    }
    case 'texts': {
      const got = received.get(step.label) ?? []
      await until(() => got.length >= step.count, `${String(step.count)} messages`)
      return got.map(part => typeof part === 'string' ? part : new TextDecoder().decode(part))
    }
    case 'lowEvents': {
      const channel = channelOf(step.label)
      channel.bufferedAmountLowThreshold = 0
      const amounts: number[] = []
      for (let i = 0; i < step.chunks; i++) {
        const low = new Promise<number>(resolve => { channel.addEventListener('bufferedamountlow', () => { resolve(channel.bufferedAmount) }, { once: true }) })
        channel.send(chunk(i, step.size))
        amounts.push(await low)
      }
      return amounts
    }
    case 'log': return logs.get(step.label)
    case 'closeChannel': channelOf(step.label).close(); return null
    case 'close': pc().close(); return [pc().signalingState, pc().connectionState]
    case 'state': return { signaling: pc().signalingState, connection: pc().connectionState, local: pc().localDescription?.type ?? null, sctp: pc().sctp?.maxMessageSize ?? null }
    case 'many': {
      const made: RTCPeerConnection[] = []
      try {
        while (made.length < step.count) made.push(new RTCPeerConnection())
        await Promise.allSettled(made.map(async each => await each.createOffer()))
        return made.map(({ signalingState }) => signalingState)
      } catch (error) {
        return [(error as { code?: string }).code, (error as Error).message]
      } finally {
        for (const each of made) each.close()
      }
    }
    case 'busy':
      while (channelOf(step.label).readyState !== 'closed') {
        calls++
        await pc().getStats()
        calls--
        await new Promise(resolve => { setTimeout(resolve, 10) })
      }
      return logs.get(step.label)
    case 'stats': return [...(await pc().getStats() as unknown as Map<string, RTCStats>).values()].map(({ type }) => type)
    case 'certificate': {
      const certificate = await RTCPeerConnection.generateCertificate({ name: 'ECDSA', namedCurve: 'P-256' } as AlgorithmIdentifier)
      new RTCPeerConnection({ certificates: [certificate] }).close()
      return certificate.getFingerprints().length
    }
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

addEventListener('message', ({ data: { id, step } }: MessageEvent<{ id: number, step: Step }>) => {
  void answer(id, step)
})

async function answer(id: number, step: Step): Promise<void> {
  try { postMessage({ id, result: await run(step) }) } catch (error) { postMessage({ id, error: String(error) }) }
}
