import { afterEach, expect, test, vi } from 'vitest'
import { Badge } from '../../src/peer/badge.ts'
import { cleanIncoming, keepIncoming, takeIncoming } from '../../src/peer/incoming-store.ts'
import { Incoming } from '../../src/peer/incoming.ts'
import type { Item } from '../../src/peer/item-api.ts'
import { answerShareTarget } from '../../src/peer/share-target.ts'
import { freshBytes } from './support/canonical.ts'

/* What the system hands to the app, and what the app shows on its icon. The system's own parts are played by the test. */

const day = 86_400_000
const restores: (() => void)[] = []
const told = vi.fn<ConstructorParameters<typeof Incoming>[0]>()

afterEach(async () => {
  for (const restore of restores.splice(0)) restore()
  told.mockReset()
  history.replaceState(null, '', location.pathname + location.search)
  for (const batch of await takeIncoming()) await batch.remove()
})

function play(target: object, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(target, name)
  Object.defineProperty(target, name, { configurable: true, writable: true, value })
  restores.push(() => {
    if (before === undefined) Reflect.deleteProperty(target, name)
    else Object.defineProperty(target, name, before)
  })
}

/** A launch queue; the returned function launches. */
function launchQueue(): (params: { targetURL?: string, files?: FileSystemFileHandle[] }) => void {
  let launch: (params: object) => void = () => { throw new Error('nobody listens') }
  play(globalThis, 'launchQueue', { setConsumer(consumer: typeof launch) { launch = consumer } })
  return params => { launch(params) }
}

const post = async (...files: File[]) => {
  const form = new FormData()
  form.append('title', 'a title')
  for (const file of files) form.append('files', file)
  return await answerShareTarget(new Request('./share-target', { method: 'POST', body: form }), 'https://app.example/sub/')
}

test('files of the share dialog are there for the next page, once, until it lets go of them', async () => {
  const answer = await post(new File(['one'], 'a.txt'), new File([freshBytes(200_000)], '../../b?.bin'), new File(['three'], 'CON'))
  expect([answer.status, answer.headers.get('location')]).toEqual([303, 'https://app.example/sub/#/share'])
  const incoming = new Incoming(told)
  await incoming.look()
  const files = incoming.take()
  expect(told.mock.calls.map(([list]) => list.map(({ path }) => path))).toEqual([['a.txt', '.._.._b_.bin', '_CON'], []])
  expect(incoming.take()).toEqual([])
  const other = new Incoming(told)
  await other.look()
  expect(other.take()).toEqual([])
  await cleanIncoming(Date.now() + 2 * day)
  expect(await files[0]!.file.text()).toBe('one')
  await incoming.release(files.slice(0, 2))
  expect(await files[2]!.file.text()).toBe('three')
  await incoming.release(files.slice(2))
  await expect(files[2]!.file.text()).rejects.toThrow()
  expect(await takeIncoming()).toEqual([])
})

test('what nobody took for a day is removed', async () => {
  await keepIncoming([{ name: 'old', file: new Blob(['old']) }])
  await cleanIncoming(Date.now() + day - 60_000)
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast')
  const folder = await root.getDirectoryHandle('incoming')
  expect((await folder.keys().next()).done).toBe(false)
  await cleanIncoming(Date.now() + day + 60_000)
  expect((await folder.keys().next()).done).toBe(true)
})

test('no room for what is shared: said, and nothing half-kept', async () => {
  const writes = vi.spyOn(FileSystemFileHandle.prototype, 'createWritable').mockRejectedValue(new DOMException('full', 'QuotaExceededError'))
  restores.push(() => { writes.mockRestore() })
  const answer = await post(new File(['one'], 'a.txt'))
  expect([answer.status, await answer.text()]).toEqual([507, 'There is no room for this on this device.'])
  expect(await takeIncoming()).toEqual([])
})

test('files the app is opened with', async () => {
  const launch = launchQueue()
  const incoming = new Incoming(told)
  const root = await navigator.storage.getDirectory()
  const handle = await root.getFileHandle('opened.txt', { create: true })
  launch({ targetURL: location.href, files: [handle] })
  await vi.waitFor(() => { expect(told).toHaveBeenCalled() })
  expect(incoming.take().map(({ path }) => path)).toEqual(['opened.txt'])
  expect(location.hash).toBe('#/share')
  await root.removeEntry('opened.txt')
})

test('a link that is opened in a running app leads there, and its own first address is left alone', async () => {
  history.replaceState(null, '', `#/get?u=${encodeURIComponent('web+holdfast:get/abc?i=1&k=secret&c=2')}`)
  const first = location.href
  const launch = launchQueue()
  const moved = vi.fn<() => void>()
  window.addEventListener('hashchange', moved)
  restores.push(() => { window.removeEventListener('hashchange', moved) })
  void new Incoming(told)
  expect(location.hash).toBe('#/get/abc?i=1&k=secret&c=2')
  history.replaceState(null, '', '#/get/abc') // what the page does once it has the key
  launch({ targetURL: first })
  expect(location.hash).toBe('#/get/abc')
  launch({ targetURL: `${location.origin}/#/get?u=${encodeURIComponent('web+holdfast:get/def?c=3')}` })
  expect(location.hash).toBe('#/get/def?c=3')
  launch({ targetURL: `${location.origin}/` })
  expect(location.hash).toBe('#/get/def?c=3')
  expect(moved).toHaveBeenCalledTimes(2)
})

test('the badge counts what happened out of sight, and goes when somebody looks', async () => {
  const [set, clear] = [vi.fn(async () => {}), vi.fn(async () => {})]
  play(navigator, 'setAppBadge', set)
  play(navigator, 'clearAppBadge', clear)
  play(document, 'visibilityState', 'hidden')
  const item = (state: Item['state']) => ({ cid: 'a', state, job: null }) as Item
  const badge = new Badge()
  badge.update({ jobs: [], items: [item('getting')] })
  badge.update({ jobs: [], items: [item('here')] })
  badge.update({ jobs: [], items: [item('here')] })
  expect(set.mock.calls).toEqual([[1]])
  play(document, 'visibilityState', 'visible')
  document.dispatchEvent(new Event('visibilitychange'))
  expect(clear).toHaveBeenCalledTimes(1)
})

test('where there are no badges, nothing happens', () => {
  play(navigator, 'setAppBadge', undefined)
  play(document, 'visibilityState', 'hidden')
  const badge = new Badge()
  expect(() => { badge.update({ jobs: [], items: [{ cid: 'a', state: 'failed', job: null } as Item] }) }).not.toThrow()
})
