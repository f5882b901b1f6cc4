import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { TrackerSocket } from '../../../src/swarm/tracker-socket.ts'

/** A WebSocket to a tracker that answers what `tracker` says, or to nobody. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1
  static made: FakeSocket[] = []
  static tracker: (message: { action: string }) => object | null = () => null
  static reachable = true
  readyState = 0
  readonly sent: { action: string, info_hash: unknown }[] = []

  constructor(readonly url: string) {
    super()
    FakeSocket.made.push(this)
    if (FakeSocket.reachable) setTimeout(() => { this.readyState = 1; this.dispatchEvent(new Event('open')) }, 10)
  }

  send(text: string): void {
    const message = JSON.parse(text) as { action: string, info_hash: unknown }
    this.sent.push(message)
    const answer = FakeSocket.tracker(message)
    if (answer !== null) setTimeout(() => { this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(answer) })) }, 10)
  }

  /** As in browsers: with nobody there, the close takes its time. */
  close(): void {
    const connecting = this.readyState === 0
    this.readyState = 2
    setTimeout(() => { this.readyState = 3; this.dispatchEvent(new Event('close')) }, connecting ? 0 : 10_000)
  }
}

const file = 'f'.repeat(20)
const scraping = ({ action }: { action: string }) => action === 'scrape' ? { action: 'scrape', files: {} } : { action: 'announce', info_hash: file, interval: 120, complete: 0, incomplete: 1 }
const seen: string[] = []
let online: () => void = () => {}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('addEventListener', (_: string, listener: () => void) => { online = listener })
  vi.stubGlobal('removeEventListener', () => {})
  Object.assign(FakeSocket, { made: [], tracker: scraping, reachable: true })
  seen.length = 0
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function announced(): Promise<TrackerSocket> {
  const socket: TrackerSocket = new TrackerSocket('ws://tracker/announce', {
    onOpen: () => { seen.push('open'); socket.send(JSON.stringify({ action: 'announce', info_hash: file })) },
    onDown: () => { seen.push('down') },
    onMessage: ({ kind }) => { seen.push(kind) },
  })
  await vi.advanceTimersByTimeAsync(100)
  return socket
}

const hung = limits.trackerQuietMs + limits.trackerSilenceMs + 5000

test('a tracker that hangs is noticed, and used again when it is back', async () => {
  const socket = await announced()
  expect(seen).toEqual(['open', 'counts'])
  FakeSocket.tracker = () => null
  FakeSocket.reachable = false
  await vi.advanceTimersByTimeAsync(hung)
  expect([seen, socket.open]).toEqual([['open', 'counts', 'down'], false])
  await vi.advanceTimersByTimeAsync(60_000)
  Object.assign(FakeSocket, { tracker: scraping, reachable: true })
  await vi.advanceTimersByTimeAsync(limits.requestMs + 2 * limits.trackerRetryMs)
  expect([seen, socket.open]).toEqual([['open', 'counts', 'down', 'open', 'counts'], true])
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  expect(seen.filter(word => word === 'down')).toHaveLength(1)
  socket.close()
})

test('a quiet tracker that answers is asked seldom, and never hears of it as an announcement', async () => {
  const socket = await announced()
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  expect(FakeSocket.made).toHaveLength(1)
  const { sent } = FakeSocket.made[0]!
  expect(sent.filter(({ action }) => action === 'announce')).toHaveLength(1)
  expect(sent.length).toBeLessThan(2 + 600_000 / limits.trackerQuietMs)
  expect(sent.at(-1)).toEqual({ action: 'scrape', info_hash: [file] })
  expect(seen).toEqual(['open', 'counts'])
  socket.close()
})

test('a tracker that does not answer scrapes is left alone', async () => {
  FakeSocket.tracker = message => message.action === 'scrape' ? null : scraping(message)
  const socket = await announced()
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  expect([FakeSocket.made.length, seen]).toEqual([1, ['open', 'counts']])
  socket.close()
})

test('back online it is asked at once', async () => {
  const socket = await announced()
  FakeSocket.tracker = () => null
  online()
  await vi.advanceTimersByTimeAsync(limits.trackerSilenceMs + 3000)
  expect(seen).toEqual(['open', 'counts', 'down', 'open'])
  socket.close()
})
