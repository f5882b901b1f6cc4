import type { BrowserContext } from '@playwright/test'
import { decode, fromHex, utf8 } from '../../src/base/index.ts'
import { ledgerShape, verifyProof } from '../../src/hamt/index.ts'
import type { Peer, PeerState } from '../../src/peer/index.ts'
import type { OpenLedger, StateProof } from '../../src/peer/ledger-api.ts'
import type { StateKey } from '../../src/state/index.ts'
import { askWorker } from './ask-worker.ts'
import { expect, type Page } from './people.ts'

/** The app, as it stands on a page. */
export type App = HTMLElement & { readonly peer: Peer }

/** Until the next few blocks are there, in a network with one in five seconds on average: the one after which somebody's rescue is due comes after a minute. */
export const blocksMost = 75_000

/** One part of what a page knows, as soon as its app was handed the peer: after a reload that takes a moment. */
export async function stateOf<Name extends keyof PeerState>(page: Page, name: Name): Promise<PeerState[Name]> {
  return await page.evaluate(async each => {
    const peer = () => document.querySelector<HTMLElement & { readonly peer: Peer | null }>('holdfast-app')?.peer ?? null
    while (peer() === null) await new Promise(done => { setTimeout(done, 20) })
    return peer()!.state[each as 'version']
  }, name) as unknown as PeerState[Name]
}

/** How the ledger stands in this browser; null before it is open. */
export async function ledgerOf(page: Page): Promise<OpenLedger | null> {
  const state = await askWorker<OpenLedger>(page, 'ledger', 'state')
  return state.phase === 'open' ? state : null
}

/** The person's address; null where there is none yet. */
export async function addressOf(page: Page): Promise<string | null> {
  return (await askWorker<{ readonly address: string } | null>(page, 'keys', 'identity'))?.address ?? null
}

/** The address of somebody for whom one is made, as where blocks are. */
export async function somebody(page: Page): Promise<string> {
  await expect.poll(async () => await addressOf(page), { timeout: blocksMost }).not.toBeNull()
  return await addressOf(page) ?? ''
}

export async function coinsOf(page: Page, address: string): Promise<number> {
  return (await askWorker<{ readonly balance: number }>(page, 'ledger', 'account', address)).balance
}

/** Coins that left somebody who alone makes blocks, each for this reward: every fee comes back to them. */
export async function spent(page: Page, address: string, reward: number): Promise<number> {
  const { balance, mined } = await askWorker<{ readonly balance: number, readonly mined: bigint }>(page, 'ledger', 'account', address)
  return Number(mined) * reward - balance
}

/** Rows of the state, proved from the head of this device's ledger; null for those that are not there. */
export async function provedRows<T>(page: Page, rows: readonly StateKey<T>[]): Promise<readonly (T | null)[]> {
  if (rows.length === 0) return []
  const { state, nodes } = await askWorker<Pick<StateProof, 'state'> & { readonly nodes: readonly number[][] }>(page, 'ledger', 'prove', rows.map(({ name }) => name))
  const proven = verifyProof(fromHex(state)!, ledgerShape, rows.map(({ name }) => utf8(name)), nodes.map(node => Uint8Array.from(node)))
  if (!proven.ok) throw new Error(proven.reason)
  return proven.value.map((bytes, i) => {
    const judged = bytes === null ? null : decode(rows[i]!.codec, bytes)
    if (judged?.ok === false) throw new Error(judged.reason)
    return judged?.value ?? null
  })
}

/** Waits until all have one head, of at least this number; returns it as it was then. */
export async function oneHead(pages: readonly Page[], least: number): Promise<OpenLedger['head']> {
  let agreed: OpenLedger['head'] | null = null
  await expect.poll(async () => {
    const heads = (await Promise.all(pages.map(ledgerOf))).map(state => state?.head)
    const [first] = heads
    if (first === undefined || first.number < least || heads.some(head => head?.root !== first.root)) return heads.map(head => head?.number)
    agreed = first
    return 'one head'
  }, { timeout: blocksMost }).toBe('one head')
  return agreed!
}

/** A machine that does not charge, from the first moment on: it makes no blocks. */
export async function onBattery(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const battery = Object.assign(new EventTarget(), { charging: false, level: 0.5 })
    Object.defineProperty(navigator, 'getBattery', { value: async () => await Promise.resolve(battery) })
  })
}

/** Says on the Network place that this device is to make no blocks. */
export async function noBlocks(page: Page): Promise<void> {
  const make = page.getByRole('switch', { name: 'Make blocks on this device' })
  await make.click()
  await expect(make).not.toBeChecked()
}
