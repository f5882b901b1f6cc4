import { afterEach, expect, test } from 'vitest'
import { localNetwork, type Link, type Parameters } from '../../../src/ledger/index.ts'
import type { DeskParts } from '../../../src/peer/desk-parts.ts'
import type { IdentityState } from '../../../src/keys/index.ts'
import { Mining, type MiningMemory } from '../../../src/peer/mining.ts'
import { wrapPort } from '../../../src/peer/rpc.ts'
import type { MiningDesk } from '../../../src/sync/index.ts'
import { scriptedSync } from './scripted-sync.ts'

const person: IdentityState = { address: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb', backedUp: null, passphrase: false, locked: false }
const ports: MessagePort[] = []
afterEach(() => { for (const port of ports.splice(0)) port.close() })

function channel(): readonly [MessagePort, MessagePort] {
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  return [port1, port2]
}

/** Everything around it, as a test sets it: at first a person in front of a page of a charging machine, on a network where all trust each other. */
function around(parameters: Partial<Parameters> = {}) {
  const tabs = { visible: true, charging: true as boolean | null, metered: false }
  const kept = new Map<string, unknown>()
  const memory = {
    setting: async (name: string) => await Promise.resolve(kept.get(name) ?? null),
    set: async (name: string, value: unknown) => { kept.set(name, value) },
  } as unknown as MiningMemory
  const hosted: boolean[] = []
  const seen = { identity: person as IdentityState | null, ensured: 0, changes: 0 }
  const sync = scriptedSync({ root: 'a' } as Link)
  const keys = { ensureIdentity: async () => { seen.ensured++ } }
  const open = { sync, keys, ledger: { parameters: { ...localNetwork(0), ...parameters } }, identity: () => seen.identity } as unknown as DeskParts
  const mining = new Mining({ tabs, memory, host: { mine: on => { hosted.push(on) } }, changed: () => { seen.changes++ } })
  return { tabs, kept, hosted, seen, sync, open, mining }
}

test('a miner is wanted as soon as all conditions hold, blocks are made once it is there', () => {
  const { mining, open, sync, hosted } = around()
  expect(mining.state.rests).toBe('beginning')
  mining.part(open)
  expect(hosted).toEqual([true])
  expect(mining.state).toEqual({ rests: 'beginning', consent: 'agreed', saidCharging: false })
  expect(sync.told).toEqual(['full', 'quick', 'not mining'])
  mining.join(channel()[0])
  expect(sync.told.at(-1)).toBe('mining')
  expect(mining.state.rests).toBeNull()
  expect(hosted).toEqual([true])
})

test('its thread may ask what a miner asks, as long as it is wanted', async () => {
  const { mining, open, tabs } = around()
  mining.part(open)
  const [here, there] = channel()
  mining.join(here)
  const desk = wrapPort<MiningDesk>(there)
  expect(await desk.turn()).toEqual({ parent: 'a', sealAt: 7 })
  tabs.visible = false
  mining.look()
  const answered = await Promise.race([desk.turn().then(() => true), new Promise(done => { setTimeout(() => { done(false) }, 200) })])
  expect(answered).toBe(false)
})

test('a lost condition ends it in the same task, whichever it is, and tells the reason', () => {
  for (const [lose, reason] of [
    [{ visible: false }, 'hidden'], [{ charging: false }, 'battery'], [{ charging: null }, 'unknown-power'], [{ metered: true }, 'metered'],
  ] as const) {
    const { mining, open, sync, tabs, hosted, seen } = around()
    mining.part(open)
    mining.join(channel()[0])
    const before = seen.changes
    Object.assign(tabs, lose)
    mining.look()
    expect(mining.state.rests).toBe(reason)
    expect(hosted).toEqual([true, false])
    expect(sync.told.at(-1)).toBe('not mining')
    expect(seen.changes).toBe(before + 1)
  }
})

test('what the peer itself says keeps a thread from beginning, and one that is there from nothing but its turns', () => {
  const { mining, open, sync, hosted, tabs } = around()
  sync.status = { ...sync.status, rests: 'behind' }
  const part = mining.part(open)
  expect([mining.state.rests, hosted]).toEqual(['behind', []])
  sync.status = { ...sync.status, rests: 'resting' }
  part.onStatus?.()
  mining.join(channel()[0])
  expect([mining.state.rests, hosted]).toEqual([null, [true]])
  sync.status = { ...sync.status, rests: 'behind' } // a block of somebody else comes
  part.onStatus?.()
  expect([mining.state.rests, hosted, sync.told.at(-1)]).toEqual(['behind', [true], 'mining'])
  tabs.charging = false
  mining.look()
  expect([mining.state.rests, hosted, sync.told.at(-1)]).toEqual(['battery', [true, false], 'not mining'])
  tabs.charging = true
  mining.look()
  expect([mining.state.rests, hosted]).toEqual(['behind', [true, false]]) // a new one begins with all of them
})

test('a miner that comes too late is sent away', () => {
  const { mining, open, tabs, sync } = around()
  mining.part(open)
  tabs.visible = false
  mining.look()
  mining.join(channel()[0])
  expect(sync.told).not.toContain('mining')
  expect(mining.state.rests).toBe('hidden')
})

test('a miner that died leaves nothing made in its name', () => {
  const { mining, open, sync } = around()
  mining.part(open)
  mining.join(channel()[0])
  mining.join(null)
  expect(sync.told.slice(-2)).toEqual(['mining', 'not mining'])
  expect(mining.state.rests).toBe('beginning')
})

test('out of sight the peer is slow, in sight quick and at once; on a line paid by the byte it keeps to headers', () => {
  const { mining, open, tabs, sync } = around()
  mining.part(open)
  sync.told.length = 0
  Object.assign(tabs, { visible: false })
  mining.look()
  expect(sync.told).toEqual(['slow'])
  mining.look()
  Object.assign(tabs, { visible: true, metered: true })
  mining.look()
  expect(sync.told).toEqual(['slow', 'headers', 'quick', 'nudge'])
})

test('consent is asked for where power is earned, kept, and withdrawn at once', async () => {
  const { mining, open, hosted, kept } = around({ minimumPower: 0 })
  await mining.load()
  mining.part(open)
  expect(mining.state).toMatchObject({ consent: 'unasked', rests: 'unasked' })
  await mining.consent(true)
  expect(hosted).toEqual([true])
  const declined = mining.consent(false)
  expect(hosted).toEqual([true, false]) // before it is written
  await declined
  expect(mining.state).toMatchObject({ consent: 'declined', rests: 'declined' })
  expect(kept.get('mining')).toBe('declined')
  await mining.load()
  expect(mining.state.consent).toBe('declined')
})

test('the word that it charges counts where no browser says otherwise, and is kept', async () => {
  const { mining, open, tabs, kept } = around()
  tabs.charging = null
  mining.part(open)
  expect(mining.state.rests).toBe('unknown-power')
  await mining.sayCharging(true)
  expect(mining.state).toMatchObject({ rests: 'beginning', saidCharging: true })
  expect(kept.get('said-charging')).toBe(true)
})

test('where all trust each other an identity is made when nothing else is missing, and nowhere else', async () => {
  const { mining, open, seen, sync, tabs } = around()
  seen.identity = null
  sync.status = { ...sync.status, stage: 'voting', rests: 'no-identity' }
  const part = mining.part(open)
  expect([mining.state.rests, seen.ensured]).toEqual(['beginning', 0])
  sync.status = { ...sync.status, stage: 'following' }
  tabs.visible = false
  part.onStatus?.()
  expect([mining.state.rests, seen.ensured]).toEqual(['hidden', 0])
  tabs.visible = true
  mining.look()
  mining.look()
  expect([mining.state.rests, seen.ensured]).toEqual(['no-identity', 1])

  const main = around({ minimumPower: 0 })
  main.seen.identity = null
  main.mining.part(main.open)
  await main.mining.consent(true)
  expect([main.mining.state.rests, main.seen.ensured]).toEqual(['no-identity', 0])
})

test('another network begins anew: the miner of the one before ends, the next peer is told all', () => {
  const { mining, open, hosted } = around()
  const part = mining.part(open)
  mining.join(channel()[0])
  part.close?.()
  expect(hosted).toEqual([true, false])
  const next = around()
  mining.part(next.open)
  expect(next.sync.told).toEqual(['full', 'quick', 'not mining'])
  expect(hosted).toEqual([true, false, true])
})
