import { afterEach, describe, expect, test } from 'vitest'
import { servePeerConnections, type PeerConnectionHost } from '../../src/net/index.ts'
import type { Step } from './support/net-rtc.worker.ts'

/** A worker with a page's peer connections, and what its connection says on the way. */
interface Side {
  readonly host: PeerConnectionHost
  readonly run: (step: Step, transfer?: Transferable[]) => Promise<unknown>
  onCandidate: (candidate: RTCIceCandidateInit | null) => void
  end(): void
}

const sides: Side[] = []
afterEach(() => { for (const each of sides.splice(0)) each.end() })

async function side(relayBytes: boolean, limit?: number): Promise<Side> {
  const worker = new Worker(new URL('support/net-rtc.worker.ts', import.meta.url), { type: 'module' })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const { port1, port2 } = new MessageChannel()
  const host = servePeerConnections(port1, limit === undefined ? {} : { limit })
  let last = 0
  const made: Side = {
    host,
    async run(step, transfer = []) {
      const answer = Promise.withResolvers<unknown>()
      waiting.set(++last, answer)
      worker.postMessage({ id: last, step }, transfer)
      return await answer.promise
    },
    onCandidate: () => {},
    end() { worker.terminate(); host.dispose() },
  }
  worker.addEventListener('message', ({ data }: MessageEvent<{ id: number, result?: unknown, error?: string } | { candidate: RTCIceCandidateInit | null }>) => {
    if ('candidate' in data) { made.onCandidate(data.candidate); return }
    if (data.error === undefined) waiting.get(data.id)?.resolve(data.result)
    else waiting.get(data.id)?.reject(new Error(data.error))
  })
  await made.run({ do: 'install', port: port2, relayBytes }, [port2])
  sides.push(made)
  return made
}

/** Two workers whose connections are joined; the first opened `labels`. */
async function pair(relayBytes: boolean, ...labels: string[]): Promise<[Side, Side]> {
  const [a, b] = await Promise.all([side(relayBytes), side(relayBytes)])
  const early: [Side, RTCIceCandidateInit | null][] = []
  a.onCandidate = candidate => { early.push([b, candidate]) }
  b.onCandidate = candidate => { early.push([a, candidate]) }
  await Promise.all([a.run({ do: 'open' }), b.run({ do: 'open' })])
  for (const label of labels) expect(await a.run({ do: 'channel', label })).toBe('connecting')
  const offer = await a.run({ do: 'offer' }) as RTCSessionDescriptionInit
  const answer = await b.run({ do: 'answer', description: offer }) as RTCSessionDescriptionInit
  await a.run({ do: 'accept', description: answer })
  a.onCandidate = candidate => { void b.run({ do: 'candidate', candidate }) }
  b.onCandidate = candidate => { void a.run({ do: 'candidate', candidate }) }
  for (const [to, candidate] of early) await to.run({ do: 'candidate', candidate })
  for (const label of labels) await Promise.all([a.run({ do: 'until', label, state: 'open' }), b.run({ do: 'until', label, state: 'open' })])
  return [a, b]
}

describe.each([['handed over', false], ['relayed', true]])('data channels %s', (_, relayBytes) => {
  test('two workers connect, and their getters say so', async () => {
    const [a, b] = await pair(relayBytes, 'first')
    expect(await a.run({ do: 'state' })).toEqual({ signaling: 'stable', connection: 'connected', local: 'offer', sctp: 262_144 })
    expect(await b.run({ do: 'state' })).toMatchObject({ signaling: 'stable', local: 'answer' })
    expect(await a.run({ do: 'stats' })).toContain('local-candidate')
  })

  test('a channel opens after its connection says so, and none opens or closes in the middle of a call', async () => {
    for (let i = 0; i < 3; i++) {
      const [a, b] = await pair(relayBytes, 'init')
      const busy = a.run({ do: 'busy', label: 'init' })
      await b.run({ do: 'closeChannel', label: 'init' })
      expect((await busy as string[]).filter(line => !line.startsWith('closing'))).toEqual(['open (open)', 'close (closed)'])
      expect((await b.run({ do: 'log', label: 'init' }) as string[])[0]).toBe('open (open)')
      expect(await b.run({ do: 'log', label: 'init' })).not.toContain('too early')
    }
  }, 30_000)

  test('5 MB go each way at once, byte for byte', async () => {
    const [a, b] = await pair(relayBytes, 'bulk')
    const send = { do: 'send', label: 'bulk', chunks: 320, size: 16_384 } as const
    const bytes = send.chunks * send.size
    const results = await Promise.all([a.run(send), b.run(send), a.run({ do: 'received', label: 'bulk', bytes }), b.run({ do: 'received', label: 'bulk', bytes })])
    expect(results).toEqual([null, null, bytes, bytes])
  }, 60_000)

  test('text, blobs, buffers and views arrive in order', async () => {
    const [a, b] = await pair(relayBytes, 'mixed')
    await a.run({ do: 'sendMixed', label: 'mixed' })
    expect(await b.run({ do: 'texts', label: 'mixed', count: 5 })).toEqual(['one', 'two', 'three', 'four', 'five'])
  })

  test('no message is seen before the channel is open, however early it was sent', async () => {
    const [a, b] = await pair(relayBytes, 'echo 0')
    for (let i = 1; i <= 20; i++) {
      const label = `echo ${String(i)}`
      await a.run({ do: 'channel', label })
      await a.run({ do: 'until', label, state: 'open' })
      await a.run({ do: 'send', label, chunks: 3, size: 100 })
      expect(await a.run({ do: 'received', label, bytes: 300 })).toBe(300)
      expect((await b.run({ do: 'log', label }) as string[]).slice(0, 4)).toEqual(['open (open)', 'message (open)', 'message (open)', 'message (open)'])
    }
  }, 30_000)

  test('a drained channel says so at the threshold 0, every time', async () => {
    const [a] = await pair(relayBytes, 'low')
    expect(await a.run({ do: 'lowEvents', label: 'low', chunks: 30, size: 60_000 })).toEqual(Array.from({ length: 30 }, () => 0))
  }, 30_000)

  test('closing a channel on either side closes it on both', async () => {
    const [a, b] = await pair(relayBytes, 'by a', 'by b')
    await Promise.all([a.run({ do: 'closeChannel', label: 'by a' }), b.run({ do: 'closeChannel', label: 'by b' })])
    for (const label of ['by a', 'by b']) {
      await Promise.all([a.run({ do: 'until', label, state: 'closed' }), b.run({ do: 'until', label, state: 'closed' })])
      for (const each of [a, b]) expect((await each.run({ do: 'log', label }) as string[]).filter(line => line.startsWith('close '))).toEqual(['close (closed)'])
    }
  })

  test('closing the connection closes its channels on both sides', async () => {
    const [a, b] = await pair(relayBytes, 'last')
    expect(await a.run({ do: 'close' })).toEqual(['closed', 'closed'])
    await Promise.all([a.run({ do: 'until', label: 'last', state: 'closed' }), b.run({ do: 'until', label: 'last', state: 'closed' })])
    await expect(a.run({ do: 'offer' })).rejects.toThrow('InvalidStateError')
    await expect(a.run({ do: 'channel', label: 'late' })).rejects.toThrow('InvalidStateError')
    expect([a.host.live, a.host.made, b.host.live]).toEqual([0, 1, 1])
  })
})

test('a page makes no more connections than its limit, and made ones are counted', async () => {
  const { run, host } = await side(false, 5)
  expect(await run({ do: 'many', count: 5 })).toEqual(['stable', 'stable', 'stable', 'stable', 'stable'])
  expect(await run({ do: 'many', count: 6 })).toEqual(['stable', 'stable', 'stable', 'stable', 'stable', 'closed'])
  await expect.poll(() => [host.live, host.made]).toEqual([0, 10])
})

test('the worker knows the limit of a page', async () => {
  const { run } = await side(false)
  expect(await run({ do: 'many', count: 301 })).toEqual(['too-many', 'more than 300 peer connections'])
}, 30_000)

test('certificates are made on the page and used by number', async () => {
  const { run } = await side(false)
  expect(await run({ do: 'certificate' })).toBe(1)
})

test('a page that disposes of its host ends every connection', async () => {
  const [a, b] = await pair(false, 'cut')
  a.host.dispose()
  await b.run({ do: 'until', label: 'cut', state: 'closed' })
  expect(a.host.live).toBe(0)
})
