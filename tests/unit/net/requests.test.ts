import '../../../src/relay/node20.ts'
import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { streamPair } from '@libp2p/utils'
import { expect, test } from 'vitest'
import { HoldfastError, accept, limits, reject, type Clock, type ErrorCode } from '../../../src/base/index.ts'
import { FrameReader, encodeFrame, openRequests, requestRates, serveRequests, type Frame, type Handler, type Requests } from '../../../src/net/index.ts'

const peer = { toString: () => 'peer', equals: () => true } as unknown as PeerId
const wait = async (ms: number) => { await new Promise(resolve => { setTimeout(resolve, ms) }) }

/** A link between an asker and a server in one process; `serve` takes over the far ends of the streams the asker opens. */
class Wire {
  readonly connections: Connection[] = []
  readonly opened: Stream[] = []
  readonly aborted: string[] = []
  dials = 0

  constructor(private readonly serve: (stream: Stream, connection: Connection) => void) {}

  connect(name = 'direct', limited = false): Connection {
    let status = 'open'
    const connection = {
      remotePeer: peer,
      ...limited ? { limits: {} } : {},
      get status() { return status },
      newStream: async () => {
        const [near, far] = await streamPair()
        this.opened.push(near)
        this.serve(far, connection as unknown as Connection)
        return near
      },
      abort: (error: Error) => {
        status = 'aborted'
        this.aborted.push(name)
        for (const stream of this.opened) stream.abort(error)
      },
    }
    this.connections.push(connection as unknown as Connection)
    return connection as unknown as Connection
  }

  ask(options?: Parameters<typeof openRequests>[3]): Requests {
    const node = {
      getConnections: () => this.connections.filter(({ status }) => status === 'open'),
      dial: async () => { this.dials++; return await Promise.resolve(this.connect('dialled')) },
    }
    return openRequests(node, peer, '/echo', options)
  }
}

/** The far end as `serveRequests` makes it. */
async function serving(handler: Handler, onFault: (peerId: string, fault: HoldfastError) => void = () => {}, clock: Clock = { now: () => Date.now() }): Promise<(stream: Stream, connection: Connection) => void> {
  let serve: (stream: Stream, connection: Connection) => void = () => {}
  const node = { handle: async (_: string, given: typeof serve) => { serve = given; await Promise.resolve() }, unhandle: async () => { await Promise.resolve() } }
  await serveRequests(node, '/echo', handler, { rates: requestRates(clock), onFault })
  return serve
}

const echo: Handler = request => accept(request)
const codeOf = async (promise: Promise<unknown>) => await promise.then(() => 'no error', (error: unknown) => (error as HoldfastError).code)

test('a question is answered, over one stream however many there are', async () => {
  const wire = new Wire(await serving(echo))
  const asking = wire.ask()
  expect(asking.rtt).toBeNull()
  expect(await Promise.all(Array.from({ length: 200 }, async (_, n) => await asking.request({ n })))).toEqual(Array.from({ length: 200 }, (_, n) => ({ n })))
  expect([wire.opened.length, wire.dials]).toEqual([1, 1])
  expect(asking.rtt).toBeGreaterThan(0)
  asking.close()
  expect(await codeOf(asking.request(1))).toBe('stream-closed')
})

test('questions of one moment travel as one write, and so do their answers', async () => {
  const wire = new Wire(await serving(echo))
  const asking = wire.ask()
  await asking.request('the stream opens')
  let [sent, heard] = [0, 0]
  const stream = wire.opened[0]!
  const send = stream.send.bind(stream)
  stream.send = data => { sent++; return send(data) }
  stream.addEventListener('message', () => { heard++ })
  await Promise.all(Array.from({ length: limits.requestsAtWork }, async (_, n) => await asking.request(n)))
  expect([sent, heard]).toEqual([1, 1])
})

test('what the server rejects or throws arrives as its code', async () => {
  const answers: Record<string, Handler> = {
    'not-found': () => reject('not-found', 'no such thing'),
    'storage-busy': () => { throw new HoldfastError('storage-busy') },
    'internal': () => accept(undefined),
    'too-large': () => accept(new Uint8Array(limits.frameBytes)),
  }
  const wire = new Wire(await serving((request, from) => answers[request as string]?.(null, from) ?? accept(null)))
  const asking = wire.ask()
  for (const code of Object.keys(answers)) expect(await codeOf(asking.request(code))).toBe(code)
  expect(wire.opened).toHaveLength(1)
})

test('the largest reply and the largest request go through, larger ones are refused before they are sent', async () => {
  const wire = new Wire(await serving(request => accept(typeof request === 'number' ? new Uint8Array(request) : (request as Uint8Array).length)))
  const asking = wire.ask()
  const overhead = encodeFrame({ id: 1, reply: new Uint8Array(70_000) }).length - 70_000
  expect((await asking.request(limits.frameBytes - overhead) as Uint8Array).length).toBe(limits.frameBytes - overhead)
  expect(await asking.request(new Uint8Array(limits.requestBytes - 30))).toBe(limits.requestBytes - 30)
  expect(await codeOf(asking.request(new Uint8Array(limits.requestBytes)))).toBe('too-large')
  expect(await codeOf(asking.request(() => 1))).toBe('bad-input')
  expect(wire.opened).toHaveLength(1)
})

test('a silent peer is a timeout, its connections are closed, and the next question dials anew', async () => {
  let silent = true
  const serve = await serving(async request => { if (silent) await wait(1e6); return accept(request) })
  const wire = new Wire(serve)
  wire.connect('stale')
  const asking = wire.ask()
  expect(await codeOf(asking.request(1, { timeoutMs: 60 }))).toBe('timeout')
  expect(wire.aborted).toEqual(['stale'])
  silent = false
  expect(await asking.request(2)).toBe(2)
  expect(wire.dials).toBe(1)
})

test('one slow answer among quick ones ends the stream, not the connection; the others are asked again', async () => {
  const wire = new Wire(await serving(async request => { if (request === 'slow') await wait(1e6); return accept(request) }))
  wire.connect()
  const asking = wire.ask()
  const slow = codeOf(asking.request('slow', { timeoutMs: 100 }))
  for (let n = 0; n < 5; n++) { expect(await asking.request(n)).toBe(n); await wait(15) }
  expect(await slow).toBe('timeout')
  expect(await asking.request('after')).toBe('after')
  expect([wire.aborted, wire.opened.length]).toEqual([[], 2])
})

test('a question that is given up keeps its place, and its answer ends nothing', async () => {
  let release: (() => void) | null = null
  const wire = new Wire(await serving(async request => { if (request === 'wait') await new Promise<void>(resolve => { release = resolve }); return accept(request) }))
  const asking = wire.ask()
  const ending = new AbortController()
  const given = codeOf(asking.request('wait', { signal: ending.signal }))
  await expect.poll(() => release).not.toBeNull()
  ending.abort()
  expect(await given).toBe('aborted')
  release!()
  expect(await asking.request('next')).toBe('next')
  expect(wire.opened).toHaveLength(1)
  expect(await codeOf(asking.request('never', { signal: ending.signal }))).toBe('aborted')
})

test('more questions than may be in flight wait their turn, and can be given up there', async () => {
  const releases: (() => void)[] = []
  const wire = new Wire(await serving(async request => { await new Promise<void>(resolve => { releases.push(resolve) }); return accept(request) }))
  const asking = wire.ask()
  const first = Array.from({ length: limits.requestsInFlight }, async (_, n) => await asking.request(n))
  await expect.poll(() => releases.length).toBe(limits.requestsAtWork)
  const ending = new AbortController()
  const waiting = codeOf(asking.request('waits', { signal: ending.signal }))
  const last = asking.request('last')
  await wait(20)
  ending.abort()
  expect(await waiting).toBe('aborted')
  const pump = setInterval(() => { for (const release of releases.splice(0)) release() }, 5)
  expect(await Promise.all([...first, last])).toEqual([...first.map((_, n) => n), 'last'])
  clearInterval(pump)
  expect(wire.opened).toHaveLength(1)
})

test('a lost stream is opened again and the question asked once more, but not for ever', async () => {
  const serve = await serving(echo)
  let losses = 1
  const wire = new Wire((stream, connection) => {
    if (losses-- > 0) stream.abort(new Error('lost'))
    else serve(stream, connection)
  })
  wire.connect()
  expect(await wire.ask().request('again')).toBe('again')
  losses = 100
  const calls = wire.opened.length
  expect(await codeOf(wire.ask().request('never'))).toBe('stream-closed')
  expect(wire.opened.length - calls).toBe(2)
})

test('questions move to a direct connection as soon as there is one, and none is lost', async () => {
  const seen: boolean[] = []
  let release: (() => void) | null = null
  const wire = new Wire(await serving(async (request, { limited }) => {
    seen.push(limited)
    if (request === 'long') await new Promise<void>(resolve => { release = resolve })
    return accept(request)
  }))
  wire.connect('relayed', true)
  const asking = wire.ask()
  await asking.request('over the relay')
  const long = asking.request('long')
  await expect.poll(() => release).not.toBeNull()
  wire.connect('direct')
  await asking.request('direct')
  expect(seen).toEqual([true, true, false])
  release!()
  expect(await long).toBe('long')
  await expect.poll(() => wire.opened[0]?.writeStatus).not.toBe('writable')
})

test('connections that are not to be used are not', async () => {
  const wire = new Wire(await serving(echo))
  const halfOpen = wire.connect('half open')
  const asking = wire.ask({ isUsable: connection => connection !== halfOpen, connect: async () => await Promise.resolve(wire.connect('other')) })
  expect(await asking.request(1)).toBe(1)
})

test('who cannot be reached is unreachable', async () => {
  const wire = new Wire(() => {})
  expect(await codeOf(wire.ask({ connect: async () => await Promise.reject(new Error('no route')) }).request(1))).toBe('peer-unreachable')
})

const answered: [string, (id: number) => Uint8Array, ErrorCode][] = [
  ['garbage', () => new Uint8Array(50).fill(0xff), 'bad-reply'],
  ['bytes that are no CBOR', () => Uint8Array.of(2, 0xff, 0xff), 'bad-reply'],
  ['an answer to nothing', id => encodeFrame({ id: id + 1, reply: 1 }), 'bad-reply'],
  ['a question', () => encodeFrame({ id: 1, request: 1 }), 'bad-reply'],
  ['a code nobody knows', id => encodeFrame({ id, error: 'from-the-future' }), 'internal'],
]
test.each(answered)('a server that answers with %s is found out', async (_, answer, code) => {
  const wire = new Wire(stream => { stream.addEventListener('message', () => { stream.send(answer(1)) }) })
  const faults: string[] = []
  expect(await codeOf(wire.ask({ onFault: fault => { faults.push(fault.code) } }).request(1))).toBe(code)
  expect(faults).toEqual(code === 'bad-reply' ? [code] : [])
})

test('a second answer to the same question ends the stream', async () => {
  const wire = new Wire(stream => {
    const reader = new FrameReader(limits.requestBytes)
    stream.addEventListener('message', ({ data }) => {
      for (const { id } of reader.push(data.subarray()).frames) { stream.send(encodeFrame({ id, reply: 1 })); stream.send(encodeFrame({ id, reply: 2 })) }
    })
  })
  expect(await wire.ask().request(1)).toBe(1)
  await expect.poll(() => wire.opened[0]?.status).toBe('aborted')
})

/** A raw asker: what the server answers to these bytes, and how it ends. */
async function raw(...chunks: Uint8Array[]): Promise<{ stream: Stream, frames: Frame[], faults: string[] }> {
  const faults: string[] = []
  const serve = await serving(async request => { if (request === 'slow') await wait(1e6); return accept(request) }, (peerId, { code }) => { faults.push(`${peerId} ${code}`) })
  const [near, far] = await streamPair()
  serve(far, { remotePeer: peer } as unknown as Connection)
  const reader = new FrameReader(limits.frameBytes)
  const frames: Frame[] = []
  near.addEventListener('message', ({ data }) => { frames.push(...reader.push(data.subarray()).frames) })
  for (const chunk of chunks) near.send(chunk)
  return { stream: near, frames, faults }
}

test.each([
  ['garbage', [new Uint8Array(100).fill(0xee)], 'too-large'],
  ['a frame above the limit', [Uint8Array.of(0x81, 0x80, 0x04)], 'too-large'],
  ['an answer', [encodeFrame({ id: 1, reply: 1 })], 'bad-frame'],
  ['an id used twice', [encodeFrame({ id: 2, request: 1 }), encodeFrame({ id: 2, request: 1 })], 'bad-frame'],
  ['an id going back', [encodeFrame({ id: 2, request: 1 }), encodeFrame({ id: 1, request: 1 })], 'bad-frame'],
  ['too many at once', Array.from({ length: limits.requestsInFlight + limits.requestsAtWork + 1 }, (_, n) => encodeFrame({ id: n + 1, request: 'slow' })), 'too-many'],
])('an asker who sends %s is cut off', async (_, chunks, code) => {
  const { stream, faults } = await raw(...chunks)
  await expect.poll(() => faults).toEqual([`peer ${code}`])
  await expect.poll(() => stream.status).toBe('reset')
})

test('an asker who goes away is no fault', async () => {
  const { stream, faults } = await raw(encodeFrame({ id: 1, request: 'slow' }))
  await wait(30)
  stream.abort(new Error('gone'))
  await wait(30)
  expect(faults).toEqual([])
})

test('a stream that its asker is done with is closed at both ends', async () => {
  const far: Stream[] = []
  const serve = await serving(echo)
  const wire = new Wire((stream, connection) => { far.push(stream); serve(stream, connection) })
  const asking = wire.ask()
  expect(await asking.request(1)).toBe(1)
  asking.close()
  await expect.poll(() => [...wire.opened, ...far].map(({ status }) => status)).toEqual(['closed', 'closed'])
})

test('who asks too often is told so, and is answered again later', async () => {
  let time = 0
  const asking = new Wire(await serving(echo, () => {}, { now: () => time })).ask()
  const codes = await Promise.all(Array.from({ length: limits.requestBurst + 50 }, async (_, n) => await codeOf(asking.request(n))))
  expect([codes.filter(code => code === 'no error').length, codes.filter(code => code === 'rate-limited').length]).toEqual([limits.requestBurst, 50])
  time = 1000 / limits.requestsPerSecond
  expect([await codeOf(asking.request('later')), await codeOf(asking.request('too soon'))]).toEqual(['no error', 'rate-limited'])
})

test('a reader that takes nothing makes the server hold no more than it answers at once', async () => {
  let made = 0
  const serve = await serving(() => { made++; return accept(new Uint8Array(500_000)) })
  const [near, far] = await streamPair({ capacity: 2 })
  serve(far, { remotePeer: peer } as unknown as Connection)
  Object.assign(far, { send: () => false })
  for (let n = 1; n <= 60; n++) near.send(encodeFrame({ id: n, request: 1 }))
  await wait(200)
  expect(made).toBe(limits.requestsAtWork)
})
