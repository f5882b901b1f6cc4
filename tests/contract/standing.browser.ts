import { afterEach, expect, test } from 'vitest'
import { OwnStanding } from '../../src/peer/own-standing.ts'
import { watchPower } from '../../src/peer/power.ts'
import { TabStandings } from '../../src/peer/tab-standings.ts'
import { tabLock } from '../../src/peer/tab-lock.ts'
import type { TabStanding } from '../../src/peer/ledger-api.ts'

/* How tabs stand, over the real Web Locks, visibility and battery of this page. */

const ends: (() => void)[] = []
afterEach(() => { for (const end of ends.splice(0)) end() })

/** A tab that lives until its test ends it. */
async function tab(): Promise<{ readonly id: string, readonly end: () => void }> {
  const id = crypto.randomUUID()
  const [held, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  void navigator.locks.request(tabLock(id), async () => {
    held.resolve()
    await gone.promise
  })
  await held.promise
  ends.push(gone.resolve)
  return { id, end: gone.resolve }
}

const inSight: TabStanding = { visible: true, charging: true, metered: false }

test('a browser is in sight as long as any of its tabs is, and the machine is as was told last', async () => {
  let changes = 0
  const standings = new TabStandings(() => { changes++ })
  expect([standings.visible, standings.charging, standings.metered]).toEqual([false, null, false])
  const [one, two] = [await tab(), await tab()]
  standings.stand(one.id, inSight)
  standings.stand(two.id, { ...inSight, visible: false, charging: false, metered: true })
  expect([standings.visible, standings.charging, standings.metered, changes]).toEqual([true, false, true, 2])
  standings.stand(one.id, { ...inSight, visible: false })
  expect([standings.visible, standings.charging, standings.metered]).toEqual([false, true, false])
})

test('a tab that is gone is out of sight at once, however it went', async () => {
  const changed: number[] = []
  const standings = new TabStandings(() => { changed.push(performance.now()) })
  const one = await tab()
  standings.stand(one.id, inSight)
  expect(standings.visible).toBe(true)
  const begin = performance.now()
  one.end()
  await expect.poll(() => standings.visible, { interval: 5 }).toBe(false)
  expect((changed.at(-1) ?? Infinity) - begin).toBeLessThan(500)
  standings.stand(one.id, inSight) // said on its way out
  await expect.poll(() => standings.visible, { interval: 5 }).toBe(false)
})

test('a tab tells how it stands when it comes, when that changes, and whoever serves anew', async () => {
  const told: (readonly [string, TabStanding])[] = []
  const locks = async () => ((await navigator.locks.query()).held ?? []).map(({ name }) => name)
  const battery = Object.assign(new EventTarget(), { charging: true })
  Object.defineProperty(navigator, 'getBattery', { value: async () => await Promise.resolve(battery), configurable: true })
  const own = new OwnStanding({ stand: async (tabId, standing) => { told.push([tabId, standing]); await Promise.resolve() } })
  own.tell() // nothing yet: its lock must be held before it is named
  expect(told).toEqual([])
  await expect.poll(() => told.length).toBe(1)
  const [id, first] = told[0] ?? []
  expect(first).toEqual({ visible: document.visibilityState === 'visible', charging: true, metered: false })
  expect(await locks()).toContain(tabLock(id ?? ''))
  battery.charging = false
  battery.dispatchEvent(new Event('chargingchange'))
  document.dispatchEvent(new Event('visibilitychange'))
  own.tell()
  expect(told.slice(1).map(([tabId, { charging }]) => [tabId, charging])).toEqual([[id, false], [id, false], [id, false]])
})

test('a browser that tells nothing of its power, or keeps it to itself, leaves it open', async () => {
  Object.defineProperty(navigator, 'getBattery', { value: async () => await Promise.reject(new DOMException('no', 'NotAllowedError')), configurable: true })
  expect(await watchPower(() => {})).toBeNull()
  Object.defineProperty(navigator, 'getBattery', { value: undefined, configurable: true })
  expect(await watchPower(() => {})).toBeNull()
})
