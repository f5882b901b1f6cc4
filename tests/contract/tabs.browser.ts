import { afterEach, expect, test } from 'vitest'
import { HoldfastError, limits } from '../../src/base/index.ts'
import { jobLock, whenOrphaned } from '../../src/peer/job-locks.ts'
import { JobFiles, type JobOrder } from '../../src/peer/job-files.ts'
import { serveTabs, TabService, type News, type TabServer } from '../../src/peer/tab-rpc.ts'
import { keepWorker, type KeptWorker } from '../../src/peer/worker-life.ts'
import type { Remote } from '../../src/peer/rpc.ts'
import type { TabsMethods, TabsWorker } from './support/tabs.worker.ts'

/* A page and workers of its own, over the real BroadcastChannel and the real Web Locks. */

const ends: (() => void)[] = []
afterEach(() => { for (const end of ends.splice(0)) end() })

const freshName = () => `test/${crypto.randomUUID()}`

function spawn(name: string): Worker {
  const worker = new Worker(new URL('./support/tabs.worker.ts', import.meta.url), { type: 'module', name })
  ends.push(() => { worker.terminate() })
  return worker
}

/** A worker kept alive, its service as it is now, and the reasons it could not be kept. */
function keep(change: Partial<KeptWorker<TabsWorker>> = {}, beatMs?: number) {
  const lock = freshName()
  const stop = new AbortController()
  ends.push(() => { stop.abort() })
  const services: Remote<TabsWorker>[] = []
  const kept = keepWorker<TabsWorker>({
    lock,
    start: () => spawn(lock),
    begin: async service => { services.push(service); await Promise.resolve() },
    ...change,
  }, stop.signal, beatMs)
  const result = kept.then(() => 'ended', (error: unknown) => error)
  return { services, result, stop, lock }
}

async function nth<T>(list: readonly T[], n: number): Promise<T> {
  await expect.poll(() => list.length, { interval: 10, timeout: 10_000 }).toBeGreaterThanOrEqual(n)
  return list[n - 1]!
}

async function serving(name: string): Promise<{ end: () => void }> {
  const { services, stop } = keep()
  await (await nth(services, 1)).serve(name)
  return { end: () => { stop.abort() } }
}

function client(name: string, events: { onNews?: (news: News) => void, onHello?: (server: string) => void } = {}): TabService<TabsMethods> {
  const service = new TabService<TabsMethods>(name, events)
  ends.push(() => { service.close() })
  return service
}

function hereServed(name: string, methods: object): TabServer {
  const server = serveTabs(name, methods)
  ends.push(() => { server.stop() })
  return server
}

test('a call is answered from another thread, whatever can be cloned', async () => {
  const name = freshName()
  const { call } = client(name)
  const early = call.add(2, 3) // before anybody serves
  await serving(name)
  expect(await early).toBe(5)
  const bytes = new Uint8Array(1 << 20).fill(9)
  expect(await call.echo({ bytes, none: undefined })).toEqual({ bytes, none: undefined })
  const key = await call.newKey()
  expect([key.extractable, key.type]).toEqual([false, 'secret'])
  expect((await crypto.subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, key, bytes)).byteLength).toBe((1 << 20) + 16)
})

test('errors cross with code, message and data; what cannot be asked or answered is an error too', async () => {
  const channel = freshName()
  const { call } = client(channel)
  await serving(channel)
  await expect(call.refuse()).rejects.toMatchObject({ code: 'wrong-bytes', message: 'not these', data: { at: 7 } })
  await expect(call.strange()).rejects.toMatchObject({ code: 'internal' })
  for (const name of ['nothing', 'toString', '__proto__']) await expect((call as unknown as Record<string, () => Promise<void>>)[name]?.()).rejects.toMatchObject({ code: 'unsupported' })
  await expect(call.echo(() => {})).rejects.toThrow(/clone/)
})

test('a question that is repeated is done once', async () => {
  const name = freshName()
  const asked: unknown[] = []
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }: MessageEvent<object>) => { if ('method' in data) asked.push(data) }
  const { call } = client(name)
  const early = call.count('once') // repeated until the worker is there
  await expect.poll(() => asked.length).toBeGreaterThan(2)
  await serving(name)
  channel.postMessage(asked[0]) // and once more, while it is being done
  expect(await early).toBe(1)
  expect(await call.count('twice')).toBe(2)
  channel.close()
})

test('another one begins to serve: what is open is asked of it, and answered', async () => {
  const name = freshName()
  const hellos: string[] = []
  const { call } = client(name, { onHello: server => { hellos.push(server) } })
  const before = await serving(name)
  expect(await call.add(1, 1)).toBe(2)
  const open = call.never()
  await call.add(1, 1) // so it was taken
  before.end()
  hereServed(name, { never: () => 'at last' })
  expect(await open).toBe('at last')
  expect(hellos.length).toBe(2)
})

test('nobody there: the call fails in time, and another when it is given up', async () => {
  const service = client(freshName())
  const begin = performance.now()
  await expect(service.call.add(1, 1)).rejects.toMatchObject({ code: 'timeout' })
  expect(performance.now() - begin).toBeGreaterThan(limits.tabCallMs - 500)
  const given = service.call.add(2, 2)
  service.giveUp(new HoldfastError('storage-newer'))
  await expect(given).rejects.toMatchObject({ code: 'storage-newer' })
}, 20_000)

test('bytes of an answer go to whoever asked, and to nobody else', async () => {
  const name = freshName()
  await serving(name)
  const heard: unknown[] = []
  const spy = new BroadcastChannel(name)
  spy.onmessage = ({ data }) => { heard.push(data) }
  const other = client(name, { onNews: news => { heard.push(news) } })
  const { call } = client(name)
  expect(await call.echo('secret')).toBe('secret')
  expect(await other.call.add(1, 2)).toBe(3)
  expect(heard.every(each => typeof each === 'object' && each !== null && 'method' in each)).toBe(true)
  expect(heard.some(each => JSON.stringify(each).includes('value'))).toBe(false)
  spy.close()
})

test('whoever has an answer has heard what was told before it', async () => {
  const name = freshName()
  await serving(name)
  const heard: number[] = []
  const { call } = client(name, { onNews: ({ news }) => { heard.push((news as { i: number }).i) } })
  for (let round = 1; round <= 20; round++) {
    expect(await call.tellThenAnswer(5)).toBe('told')
    expect(heard.length).toBe(round * 5)
  }
})

test('a worker that closes itself is noticed and started anew, at once', async () => {
  const ended: number[] = []
  const { services } = keep({ ended: () => { ended.push(performance.now()) } })
  const first = await nth(services, 1)
  const begin = performance.now()
  void first.die()
  await nth(services, 2)
  expect(performance.now() - begin).toBeLessThan(1500)
  expect(ended.length).toBe(1)
})

test('one that hangs is ended and started anew', async () => {
  const { services } = keep({}, 100)
  void (await nth(services, 1)).hang()
  await nth(services, 2)
  expect(services.length).toBe(2)
})

test('an error in it ends nothing', async () => {
  const { services } = keep()
  const service = await nth(services, 1)
  const seen = new Promise(done => { window.addEventListener('error', event => { event.preventDefault(); done(event) }, { once: true }) })
  await service.fail()
  await Promise.race([seen, new Promise(done => { setTimeout(done, 500) })])
  await service.serve(freshName())
  expect(services.length).toBe(1)
})

test('one that dies again and again is given up, with the reason', async () => {
  const { services, result } = keep()
  for (let n = 1; n <= limits.workerDeaths; n++) void (await nth(services, n)).die()
  expect(await result).toMatchObject({ code: 'internal', message: 'the worker died' })
  expect(services.length).toBe(limits.workerDeaths)
}, 20_000)

test('one that cannot begin is not tried again', async () => {
  const { result } = keep({ begin: async service => { await (service as unknown as { nothing(): Promise<void> }).nothing() } })
  expect(await result).toMatchObject({ code: 'internal' })
})

test('two of the same lock never live at once', async () => {
  const first = keep()
  await nth(first.services, 1)
  const stop = new AbortController()
  let begun = false
  void keepWorker<TabsWorker>({ lock: first.lock, start: () => spawn(first.lock), begin: async () => { begun = true; await Promise.resolve() } }, stop.signal)
  ends.push(() => { stop.abort() })
  await new Promise(done => { setTimeout(done, 400) })
  expect(begun).toBe(false)
  first.stop.abort()
  await expect.poll(() => begun).toBe(true)
})

test('files of a job are copied to whoever is there and whoever comes, who do it when its tab is gone', async () => {
  const taken: JobOrder[] = []
  const holder = new JobFiles(async () => { await Promise.resolve() })
  const present = new JobFiles(async order => { taken.push(order); await Promise.resolve() })
  const order: JobOrder = { id: crypto.randomUUID(), title: 'three', options: { protect: true, findable: false }, startedAt: 5, files: Array.from({ length: 120 }, (_, i) => ({ path: `a/${String(i)}.txt`, file: new File([`bytes ${String(i)}`], `${String(i)}.txt`) })) }
  const gone = Promise.withResolvers<void>()
  void holder.hold(order.id, async () => {
    holder.offer(order)
    await gone.promise
  })
  const waiting = async () => ((await navigator.locks.query()).pending ?? []).filter(({ name }) => name === jobLock(order.id)).length
  await expect.poll(waiting).toBe(1)
  const late = new JobFiles(async each => { taken.push(each); await Promise.resolve() })
  await expect.poll(waiting).toBe(2)
  gone.resolve()
  await expect.poll(() => taken.length).toBe(2) // one after the other: the first ended at once
  for (const { title, options, startedAt, files } of taken) {
    expect({ title, options, startedAt }).toEqual({ title: 'three', options: { protect: true, findable: false }, startedAt: 5 })
    expect(files.map(({ path }) => path)).toEqual(order.files.map(({ path }) => path))
    expect(await files[119]!.file.text()).toBe('bytes 119')
  }
  expect([present, late].length).toBe(2)
  holder.over(order.id) // or it offers it to the next test
})

test('a job that is over is done by nobody', async () => {
  const taken: JobOrder[] = []
  const holder = new JobFiles(async () => { await Promise.resolve() })
  void new JobFiles(async order => { taken.push(order); await Promise.resolve() })
  const order: JobOrder = { id: crypto.randomUUID(), title: 'over', options: { protect: false, findable: false }, startedAt: 5, files: [{ path: 'a', file: new File([], 'a') }] }
  const waiting = async () => ((await navigator.locks.query()).pending ?? []).some(({ name }) => name === jobLock(order.id))
  await holder.hold(order.id, async () => {
    holder.offer(order)
    await expect.poll(waiting).toBe(true)
    holder.over(order.id)
    await expect.poll(waiting).toBe(false)
  })
  expect(taken).toEqual([])
})

test('a job is orphaned when nobody does it and nobody waits to, in whatever order they asked', async () => {
  const id = crypto.randomUUID()
  const steps: string[] = []
  const [owner, heir] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  void navigator.locks.request(jobLock(id), async () => { await owner.promise })
  const orphaned = whenOrphaned(id, new AbortController().signal).then(() => { steps.push('orphaned') })
  void navigator.locks.request(jobLock(id), async () => { steps.push('heir'); await heir.promise }) // asked after the watcher
  owner.resolve()
  await expect.poll(() => steps).toEqual(['heir'])
  heir.resolve()
  await orphaned
  expect(steps).toEqual(['heir', 'orphaned'])
})

test('watching for an orphan ends when it is told to', async () => {
  const id = crypto.randomUUID()
  const owner = Promise.withResolvers<void>()
  void navigator.locks.request(jobLock(id), async () => { await owner.promise })
  const stop = new AbortController()
  const watched = whenOrphaned(id, stop.signal)
  stop.abort()
  await expect(watched).rejects.toMatchObject({ name: 'AbortError' })
  owner.resolve()
})
