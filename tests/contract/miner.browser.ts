import { afterEach, expect, test } from 'vitest'
import { HoldfastError } from '../../src/base/index.ts'
import type { UnsignedHeader } from '../../src/ledger/index.ts'
import { MinerKeeper } from '../../src/peer/miner-keeper.ts'
import { keysChannel } from '../../src/peer/network-api.ts'
import { exposeOn } from '../../src/peer/rpc.ts'
import { serveTabs, type TabServer } from '../../src/peer/tab-rpc.ts'
import { minerWorkerLock } from '../../src/peer/worker-locks.ts'
import type { MiningDesk } from '../../src/sync/index.ts'

/* The miner's own worker, as the page that leads keeps it, against a desk and keys that this page serves. */

const ends: (() => void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) end()
  await expect.poll(lives).toBe(false)
})

const lives = async () => ((await navigator.locks.query()).held ?? []).some(({ name }) => name === minerWorkerLock)

/** A desk whose every turn has come: as fast as a miner goes. */
function ledger() {
  const [asked, sealed, ports] = [[] as number[], [] as unknown[], [] as MessagePort[]]
  let block = 0
  const desk: MiningDesk = {
    turn: async () => { asked.push(performance.now()); return await Promise.resolve({ parent: `root ${block}`, sealAt: Date.now() + 20 }) },
    changed: async () => { await new Promise<never>(() => {}) },
    draft: async parent => await Promise.resolve({ network: '00112233445566ff', previousRoot: parent } as unknown as UnsignedHeader),
    seal: async (header, signature) => { sealed.push([header, signature]); block++; await Promise.resolve() },
  }
  const joinMiner = async (port: MessagePort | null) => {
    for (const old of ports.splice(0)) old.close()
    if (port === null) return
    ports.push(port)
    exposeOn(port, { ...desk })
    await Promise.resolve()
  }
  return { asked, sealed, joinMiner }
}

function keys(sign: (kind: string, network: string, value: unknown) => Promise<Uint8Array>): TabServer {
  const server = serveTabs(keysChannel, { sign })
  ends.push(() => { server.stop() })
  return server
}

function keeper(parts: ReturnType<typeof ledger>): MinerKeeper {
  const miner = new MinerKeeper()
  miner.setLedger(parts as unknown as Parameters<MinerKeeper['setLedger']>[0])
  ends.push(() => { miner.mine(false) })
  return miner
}

test('it makes blocks while it may, signed by the keys worker, and ends at once when it may not', async () => {
  const parts = ledger()
  keys(async (kind, network, value) => await Promise.resolve(Uint8Array.of(kind === 'header' ? 1 : 0, network.length, (value as UnsignedHeader).previousRoot === null ? 0 : 1)))
  const miner = keeper(parts)
  miner.mine(true)
  await expect.poll(() => parts.sealed.length, { timeout: 10_000 }).toBeGreaterThan(2)
  expect(parts.sealed.slice(0, 2)).toEqual([0, 1].map(n => [{ network: '00112233445566ff', previousRoot: `root ${n}` }, Uint8Array.of(1, 16, 1)]))
  const begin = performance.now()
  miner.mine(false)
  await expect.poll(lives, { interval: 10 }).toBe(false)
  expect(performance.now() - begin).toBeLessThan(1000)
  const [count, last] = [parts.sealed.length, parts.asked.length]
  await new Promise(done => { setTimeout(done, 500) })
  expect([parts.sealed.length - count, parts.asked.length - last].every(more => more <= 1)).toBe(true) // what was on its way
  miner.mine(true)
  await expect.poll(() => parts.sealed.length, { timeout: 10_000 }).toBeGreaterThan(count + 2)
})

test('a key that is locked makes no block, and the next turn asks again', async () => {
  const parts = ledger()
  let asked = 0
  keys(async () => {
    if (++asked === 1) throw new HoldfastError('locked')
    return await Promise.resolve(Uint8Array.of(9))
  })
  keeper(parts).mine(true)
  await expect.poll(() => parts.sealed.length, { timeout: 10_000 }).toBeGreaterThan(0)
  expect(asked).toBeGreaterThan(1)
})

test('it ends with the ledger worker it worked for', async () => {
  const parts = ledger()
  keys(async () => await Promise.resolve(Uint8Array.of(9)))
  const miner = keeper(parts)
  miner.mine(true)
  await expect.poll(() => parts.sealed.length, { timeout: 10_000 }).toBeGreaterThan(0)
  miner.setLedger(null)
  await expect.poll(lives, { interval: 10, timeout: 1000 }).toBe(false)
})
