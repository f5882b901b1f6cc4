import type { UploadName } from '../../src/peer/upload-api.ts'
import type { OpenKeeping, UploadKeeping } from '../../src/peer/keeping-api.ts'
import { coinsOf, blocksMost, stateOf, type App } from './on-ledger.ts'
import { expect, type Page } from './people.ts'
import { storedFile } from './stored-files.ts'

/* Keepers as journeys see them, and what becomes of their devices. */

/** This account as a keeper; null where it is none, or that is not known yet. */
export async function keeping(page: Page): Promise<OpenKeeping | null> { return (await stateOf(page, 'uploads'))?.keeping.open ?? null }

/** How an upload is kept. */
export async function keepingOf(page: Page, { cid, owner }: UploadName): Promise<UploadKeeping | null> {
  return await page.evaluate(async name => await document.querySelector<App>('holdfast-app')!.peer.publishing.keepingOf(name), { cid, owner })
}

/** What this device holds, in what state and why, pictures with what they belong to; and for how many uploads it has given its word. */
export async function kept(page: Page): Promise<readonly string[]> {
  const [items, uploads] = [await stateOf(page, 'items'), await stateOf(page, 'uploads')]
  const lines = items.flatMap(({ title, state, reasons }) => reasons.map(({ reason }) => `${title} ${state} ${reason}`))
  return [...[...new Set(lines)].toSorted(), `${uploads?.keeping.open?.count ?? 0} accepted`]
}

/** Somebody who begins with so many coins becomes a keeper of locked files. */
export async function becomeKeeper(page: Page, address: string, coins: number): Promise<void> {
  await expect.poll(async () => await coinsOf(page, address).catch(() => 0), { timeout: blocksMost }).toBe(coins)
  await page.evaluate(async () => { await document.querySelector<App>('holdfast-app')!.peer.publishing.openKeeping({ pledged: 10 ** 8, price: 0, public: false }) })
  await expect.poll(async () => (await keeping(page))?.status, { timeout: 2 * blocksMost }).toBe('active')
}

/** Rent of all periods that were proved, claimed or not. */
export function earned({ rent: { due, claiming, paid } }: OpenKeeping): number { return due + claiming + paid }

/** A page of the app's own origin with nothing of the app in it. */
async function leave(page: Page): Promise<void> { await page.goto('./network.json') }

/** The ledger of this browser is gone, as where somebody cleared it, and everything else is as it was. The app is closed. */
export async function forgetLedger(page: Page): Promise<void> {
  await leave(page)
  const left = await page.evaluate(async () => {
    const ledgers = async () => (await indexedDB.databases()).flatMap(({ name }) => name?.startsWith('ledger-') === true ? name : [])
    const names = await ledgers()
    for (const name of names) {
      await new Promise<void>((done, fail) => {
        const request = indexedDB.deleteDatabase(name)
        request.addEventListener('success', () => { done() })
        request.addEventListener('error', () => { fail(request.error ?? new Error(name)) })
      })
    }
    return { before: names.length, after: (await ledgers()).length }
  })
  expect(left).toEqual({ before: 1, after: 0 })
}

/** Every file of this browser is gone. The app is closed. */
export async function loseFiles(page: Page): Promise<void> {
  await leave(page)
  const holds = async () => await page.evaluate(async () => await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast').then(() => true, () => false))
  expect(await holds()).toBe(true)
  await expect.poll(async () => await page.evaluate(async () => { await (await navigator.storage.getDirectory()).removeEntry('holdfast', { recursive: true }) }).then(() => 'gone', String)).toBe('gone') // workers that just ended hold files for a moment
  expect(await holds()).toBe(false)
}

export interface Trace { readonly addedAt: number, readonly written: number }

/** Since when an item is there, and when its locked archive was written: others where it was away in between. Null while it is not here. */
export async function traceOf(page: Page, cid: string): Promise<Trace | null> {
  const item = (await stateOf(page, 'items')).find(each => each.cid === cid)
  if (item?.state !== 'here') return null
  return { addedAt: item.addedAt, written: (await storedFile(page, 'p', cid))!.written }
}

/** Notes from now on every state of this page in which an item is not here, once it was: read by what is returned. */
export async function watchItem(page: Page, cid: string): Promise<() => Promise<readonly string[]>> {
  await stateOf(page, 'items') // the peer is there
  await page.evaluate(id => {
    const seen = { here: false, else: [] as string[] }
    Object.assign(globalThis, { seenOfItem: seen })
    const look = ({ items }: App['peer']['state']) => {
      const state = items.find(each => each.cid === id)?.state ?? 'away'
      if (state === 'here') seen.here = true
      else if (seen.here) seen.else.push(state)
    }
    const { peer } = document.querySelector<App>('holdfast-app')!
    look(peer.state)
    peer.subscribe(look)
  }, cid)
  return async () => await page.evaluate(() => {
    const { here, else: states } = (globalThis as unknown as { seenOfItem: { here: boolean, else: string[] } }).seenOfItem
    return here ? states : ['never here']
  })
}
