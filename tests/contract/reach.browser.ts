import { afterEach, expect, inject, test } from 'vitest'
import { canonical, freshBytes, type CanonicalFile } from './support/canonical.ts'
import { labPeer, pathOf, seedOf, wanted, type LabOptions, type LabPeer } from './support/swarm-peers.ts'

const MiB = 1024 * 1024
const patience = { timeout: 40_000, interval: 50 }
const open: LabPeer[] = []
const keep = (peer: LabPeer): LabPeer => { open.push(peer); return peer }
const Native = RTCPeerConnection
afterEach(() => {
  globalThis.RTCPeerConnection = Native
  for (const peer of open.splice(0)) peer.end()
})

const last = (peer: LabPeer, file: CanonicalFile) => async () => (await peer.lab.heard(file.infohash)).at(-1)?.name
/** Peers that meet through a relay, and no tracker. */
const apart = (relay: 'relay' | 'narrowRelay' = 'relay'): LabOptions => ({ trackers: [], relays: [inject(relay)] })

/** From now on no connection of this page finds a way: as behind networks that let nothing through. */
function noDirectWay(): void {
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) { super({ ...configuration, iceTransportPolicy: 'relay' }) }
  }
}

test('with no tracker a file comes from a connected peer, directly', async () => {
  const file = await canonical(freshBytes(5 * MiB))
  const seed = keep(await seedOf(file, apart()))
  const peer = keep(await labPeer(apart()))
  await peer.lab.fetch(wanted(file))
  await expect.poll(last(peer, file), patience).toBe('complete')
  expect(await peer.lab.sha256(pathOf(file))).toBe(file.cid)
  expect(await peer.lab.wasRelayed(file.infohash)).toBe(false)
  await expect.poll(async () => (await seed.lab.status(file.infohash))?.given, patience).toBe(file.bytes.length)
  expect(await peer.lab.info(await seed.lab.peerId(), file.cid)).toBe(file.infohash)
}, 60_000)

test('where no direct way is found 5 MB come through the relay, and the status says so', async () => {
  noDirectWay()
  const file = await canonical(freshBytes(5 * MiB))
  keep(await seedOf(file, { ...apart(), trackers: [inject('tracker')] }))
  const peer = keep(await labPeer({ ...apart(), trackers: [inject('tracker')] }))
  await peer.lab.fetch(wanted(file))
  await expect.poll(last(peer, file), patience).toBe('complete')
  expect(await peer.lab.sha256(pathOf(file))).toBe(file.cid)
  expect(await peer.lab.wasRelayed(file.infohash)).toBe(true)
}, 60_000)

test('when a direct way is found in the middle, the wire moves there', async () => {
  noDirectWay()
  const file = await canonical(freshBytes(24 * MiB))
  const seed = keep(await seedOf(file, apart()))
  await seed.lab.setRates({ up: MiB / 2, down: null })
  const peer = keep(await labPeer(apart()))
  await peer.lab.fetch(wanted(file))
  await expect.poll(async () => (await peer.lab.status(file.infohash))?.relayed, patience).toBe(true)
  globalThis.RTCPeerConnection = Native
  await Promise.all([seed, peer].map(async ({ lab }) => { await lab.nudge() }))
  await expect.poll(async () => {
    const status = await peer.lab.status(file.infohash)
    return [status?.relayed, (status?.sources ?? 0) > 0]
  }, { ...patience, timeout: 60_000 }).toEqual([false, true])
  expect((await peer.lab.status(file.infohash))?.received).toBeLessThan(file.bytes.length)
  await seed.lab.setRates({ up: null, down: null })
  await expect.poll(last(peer, file), patience).toBe('complete')
  await expect.poll(async () => (await seed.lab.status(file.infohash))?.keepers, patience).toBe(1)
}, 120_000)

test('a circuit that ends in the middle is opened anew', async () => {
  noDirectWay()
  const file = await canonical(freshBytes(5 * MiB))
  keep(await seedOf(file, apart('narrowRelay')))
  const peer = keep(await labPeer(apart('narrowRelay')))
  await peer.lab.fetch(wanted(file))
  await expect.poll(last(peer, file), { ...patience, timeout: 80_000 }).toBe('complete')
  expect(await peer.lab.sha256(pathOf(file))).toBe(file.cid)
}, 120_000)

test('a peer met at the tracker and among the connected ones has one connection', async () => {
  const file = await canonical(freshBytes(20 * MiB))
  const both = { relays: [inject('relay')] }
  const seed = keep(await seedOf(file, both))
  await seed.lab.setRates({ up: 2 * MiB, down: null }) // so that both ways are there before the end
  const peer = keep(await labPeer(both))
  await peer.lab.fetch(wanted(file))
  await expect.poll(async () => await peer.lab.paths(), patience).toContain('direct')
  for (let look = 0; look < 10; look++) {
    await new Promise(done => { setTimeout(done, 200) })
    expect((await peer.lab.status(file.infohash))?.keepers).toBeLessThanOrEqual(1)
  }
  await seed.lab.setRates({ up: null, down: null })
  await expect.poll(last(peer, file), patience).toBe('complete')
  await expect.poll(async () => await seed.lab.status(file.infohash), patience).toMatchObject({ given: file.bytes.length, keepers: 1 })
}, 90_000)

test.each(['up', 'down'] as const)('speed %s is what it is set to, also for connections there are', async way => {
  const file = await canonical(freshBytes(24 * MiB))
  const seed = keep(await seedOf(file))
  const peer = keep(await labPeer())
  const side = way === 'up' ? seed : peer
  await side.lab.setRates({ up: null, down: null, [way]: MiB })
  await peer.lab.fetch(wanted(file))
  const received = async () => (await peer.lab.status(file.infohash))?.received ?? 0
  await expect.poll(received, patience).toBeGreaterThan(MiB)
  /** Bytes a second while so many bytes come. */
  const measure = async (bytes: number) => {
    const [at, from] = [performance.now(), await received()]
    await expect.poll(received, patience).toBeGreaterThan(from + bytes)
    return 1000 * (await received() - from) / (performance.now() - at)
  }
  const slow = await measure(4 * MiB)
  await side.lab.setRates({ up: null, down: null, [way]: 2 * MiB })
  await new Promise(done => { setTimeout(done, 1000) })
  const faster = await measure(6 * MiB)
  await side.lab.setRates({ up: null, down: null })
  await expect.poll(last(peer, file), patience).toBe('complete')
  expect(slow / MiB).toBeGreaterThan(0.75)
  expect(slow / MiB).toBeLessThan(1.25)
  expect(faster / MiB / 2).toBeGreaterThan(0.75)
  expect(faster / MiB / 2).toBeLessThan(1.25)
}, 90_000)

test('pieces come from the front, the last one early, and those somebody waits for before others', async () => {
  const file = await canonical(freshBytes(24 * MiB))
  const seed = keep(await seedOf(file))
  await seed.lab.setRates({ up: 2 * MiB, down: null })
  const peer = keep(await labPeer())
  await peer.lab.fetch(wanted(file))
  const middle = peer.lab.read(file.infohash, 12 * MiB - 1000, 2000)
  expect(await middle).toEqual(file.bytes.slice(12 * MiB - 1000, 12 * MiB + 1000))
  expect((await peer.lab.status(file.infohash))!.received).toBeLessThan(6 * MiB)
  expect(await peer.lab.read(file.infohash, 24 * MiB - 10, 10)).toEqual(file.bytes.slice(-10))
  expect((await peer.lab.status(file.infohash))!.received).toBeLessThan(8 * MiB)
  const has = async () => {
    const bitfield = (await peer.lab.heard(file.infohash)).findLast(({ name }) => name === 'pieces')?.bytes ?? new Uint8Array()
    return Array.from({ length: 8 * bitfield.length }, (_, index) => index).filter(index => ((bitfield[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0)
  }
  await expect.poll(async () => (await has()).length, patience).toBeGreaterThan(20)
  const gaps = (await has()).filter((piece, at) => piece !== at)
  expect(gaps.length).toBeLessThan(9) // what was waited for, the last, and those under way
  await expect(peer.lab.read(file.infohash, 24 * MiB - 10, 11)).rejects.toMatchObject({ message: expect.stringContaining('range') as string })
  const waiting = peer.lab.read(file.infohash, 20 * MiB, 10).then(() => 'read', () => 'ended')
  await peer.lab.drop(file.infohash)
  expect(await waiting).toBe('ended')
}, 60_000)

test('whoever knows nothing but the content id meets those who offer it, and learns the rest', async () => {
  const file = await canonical(freshBytes(MiB))
  const seed = keep(await seedOf(file))
  await seed.lab.setOffers([{ cid: file.cid, infohash: file.infohash, length: file.bytes.length }])
  const peer = keep(await labPeer())
  await peer.lab.seek(file.cid)
  await expect.poll(async () => await peer.lab.heardAnswers(), patience).toEqual([{ infohash: file.infohash, length: file.bytes.length }])
  expect(await peer.lab.inspect(file.cid, file.infohash, 20_000)).toMatchObject({ kind: 'z', length: file.bytes.length, info: file.info })
  expect(await seed.lab.inspect(file.cid, file.infohash, 20_000)).toBe('internal') // we are there already, and stay there
  expect(await peer.lab.inspect('0'.repeat(64), file.infohash, 20_000)).toBe('wrong-info')
  await peer.lab.fetch(wanted(file))
  await expect.poll(last(peer, file), patience).toBe('complete')
}, 60_000)
