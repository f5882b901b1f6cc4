import { afterEach, expect, test } from 'vitest'
import { toHex } from '../../src/base/index.ts'
import { canonical, freshBytes, type CanonicalFile } from './support/canonical.ts'
import { keyOf, labPeer, magnet, pathOf, seedOf, seeded, stockClient, stockSeed, switchTracker, wanted, type LabPeer, type StockClient } from './support/swarm-peers.ts'

const MiB = 1024 * 1024
const patience = { timeout: 20_000, interval: 50 }
const open: (LabPeer | StockClient)[] = []
const keep = <T extends LabPeer | StockClient>(peer: T): T => { open.push(peer); return peer }
afterEach(async () => {
  for (const peer of open.splice(0)) {
    if ('end' in peer) peer.end()
    else await new Promise<void>(done => { peer.destroy(done) })
  }
})

/** The last thing a peer said of a file, for `expect.poll`. */
const last = (peer: LabPeer, file: CanonicalFile) => async () => (await peer.lab.heard(file.infohash)).at(-1)?.name
/** All that it gave, once nobody takes any more: what is shown lags behind while bytes move. */
async function givenBy(peer: LabPeer, file: CanonicalFile): Promise<number> {
  const status = async () => (await peer.lab.status(file.infohash))!
  await expect.poll(async () => { const { given, receivers } = await status(); return given > 0 && receivers.length === 0 }, patience).toBe(true)
  return (await status()).given
}
/** What it last wrote down, as its owner would give it back to it. */
async function written(peer: LabPeer, file: CanonicalFile) {
  const heard = await peer.lab.heard(file.infohash)
  const pieces = heard.findLast(({ name }) => name === 'pieces')
  return { info: heard.find(({ name }) => name === 'info')?.bytes ?? null, bitfield: pieces?.bytes ?? null, received: pieces?.received ?? 0 }
}

const sha256 = async (bytes: ArrayBuffer) => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

test('an unmodified WebTorrent client downloads what we seed, by the magnet link', async () => {
  const file = await canonical(freshBytes(3 * MiB + 12_345))
  const seed = keep(await seedOf(file))
  const stock = keep(stockClient()).add(magnet(file), {})
  await expect.poll(() => stock.done, patience).toBe(true)
  expect(await sha256(await stock.files[0]!.arrayBuffer())).toBe(file.cid)
  await expect.poll(() => seed.lab.status(file.infohash), patience)
    .toMatchObject({ phase: 'seeding', received: file.bytes.length, given: file.bytes.length, tracker: 'ok', keepers: 1, receivers: [] })
})

test('we download what an unmodified client seeds, and its torrent is the canonical one', async () => {
  const file = await canonical(freshBytes(3 * MiB + 1))
  const client = keep(stockClient())
  expect((await stockSeed(client, file)).infoHash).toBe(file.infohash)
  const { lab } = keep(await labPeer())
  await lab.fetch(wanted(file))
  await expect.poll(async () => (await lab.heard(file.infohash)).at(-1)?.name, patience).toBe('complete')
  expect(await lab.sha256(pathOf(file))).toBe(file.cid)
  const heard = await lab.heard(file.infohash)
  expect(heard.find(({ name }) => name === 'info')?.bytes).toEqual(file.info)
  expect(heard.findLast(({ name }) => name === 'pieces')).toMatchObject({ received: file.bytes.length, bytes: Uint8Array.of(0b11111111, 0b11111000) })
})

test('no STUN server is asked but ours, and one that does not answer holds nobody up for long', async () => {
  const asked: unknown[] = []
  const Native = RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      asked.push(configuration?.iceServers)
      super(configuration)
    }
  }
  try {
    const file = await canonical(freshBytes(MiB))
    const stun = ['stun:127.0.0.1:9']
    keep(await seedOf(file, { stun }))
    const peer = keep(await labPeer({ stun }))
    await peer.lab.fetch(wanted(file))
    await expect.poll(last(peer, file), { timeout: 8000 }).toBe('complete')
    expect(asked).toEqual([[{ urls: 'stun:127.0.0.1:9' }], [{ urls: 'stun:127.0.0.1:9' }]])
  } finally { globalThis.RTCPeerConnection = Native }
})

test('a peer that has it gives it on, over the connections it has, when the first one left', async () => {
  const file = await canonical(freshBytes(5 * MiB))
  const first = keep(await seedOf(file))
  const second = keep(await labPeer())
  await second.lab.fetch(wanted(file))
  await expect.poll(last(second, file), patience).toBe('complete')
  const third = keep(await labPeer())
  await third.lab.fetch({ ...wanted(file), give: false })
  await expect.poll(last(third, file), patience).toBe('complete')
  const fourth = keep(await labPeer())
  first.end()
  await fourth.lab.fetch(wanted(file))
  await expect.poll(async () => (await fourth.lab.status(file.infohash))?.keepers, patience).toBe(2)
  expect((await fourth.lab.status(file.infohash))?.received).toBe(0) // they check what they got, and give nothing yet
  await second.lab.adopt(pathOf(file), keyOf(file))
  await second.lab.seed(seeded(file))
  await expect.poll(last(fourth, file), patience).toBe('complete')
  expect(await fourth.lab.sha256(pathOf(file))).toBe(file.cid)
  expect((await third.lab.status(file.infohash))?.given).toBe(0)
  expect(await second.lab.went(file.infohash)).toEqual(expect.arrayContaining(['finding', 'getting', 'complete', 'seeding']))
})

test('a worker killed in mid-download goes on where it was, and asks only for the rest', async () => {
  const file = await canonical(freshBytes(40 * MiB))
  const seed = keep(await seedOf(file))
  const killed = await labPeer()
  await killed.lab.fetch(wanted(file))
  await expect.poll(async () => (await written(killed, file)).received, patience).toBeGreaterThan(0)
  const { info, bitfield, received } = await written(killed, file)
  killed.end()
  expect(received).toBeLessThan(file.bytes.length)
  const before = await givenBy(seed, file)
  const peer = keep(await labPeer({ folder: killed.folder }))
  await peer.lab.fetch({ ...wanted(file), info, bitfield })
  await expect.poll(last(peer, file), patience).toBe('complete')
  expect(await peer.lab.sha256(pathOf(file))).toBe(file.cid)
  await expect.poll(async () => (await seed.lab.status(file.infohash))!.given - before, patience).toBe(file.bytes.length - received)
}, 60_000)

test('dropped or stopped in mid-download, all that came is told and the file is closed', async () => {
  const file = await canonical(freshBytes(30 * MiB))
  keep(await seedOf(file))
  const peer = keep(await labPeer())
  for (const end of ['drop', 'stop'] as const) {
    const before = await written(peer, file)
    await peer.lab.fetch({ ...wanted(file), info: before.info, bitfield: before.bitfield })
    await expect.poll(async () => (await peer.lab.status(file.infohash))?.received, patience).toBeGreaterThan(before.received + 2 * file.pieceLength)
    await peer.lab[end](file.infohash)
    const after = await written(peer, file)
    expect(after.received).toBeGreaterThan(before.received)
    expect(await peer.lab.sha256(pathOf(file))).not.toBe(file.cid) // it could be opened, and is not whole
    await expect.poll(() => peer.lab.status(file.infohash)).toBeNull()
  }
}, 60_000)

test('a staged file that changed is not believed: what is right of it is kept', async () => {
  const file = await canonical(freshBytes(2 * MiB))
  const seed = keep(await seedOf(file))
  const peer = keep(await labPeer())
  await peer.lab.fetch(wanted(file))
  await expect.poll(last(peer, file), patience).toBe('complete')
  await peer.lab.drop(file.infohash)
  for (let piece = 0; piece < 5; piece++) await peer.lab.damage(pathOf(file), piece * file.pieceLength + 17)
  await peer.lab.fetch({ ...wanted(file), info: file.info, bitfield: Uint8Array.of(0xff) })
  await expect.poll(async () => (await peer.lab.heard(file.infohash)).filter(({ name }) => name === 'complete').length, patience).toBe(2)
  expect(await peer.lab.sha256(pathOf(file))).toBe(file.cid)
  await expect.poll(async () => (await seed.lab.status(file.infohash))?.given, patience).toBe(file.bytes.length + 5 * file.pieceLength)
})

test('a full disk stops a download with what came kept; it goes on when there is room', async () => {
  const file = await canonical(freshBytes(6 * MiB))
  const seed = keep(await seedOf(file))
  const full = await labPeer({ room: 2.5 * MiB })
  await full.lab.fetch(wanted(file))
  await expect.poll(last(full, file), patience).toBe('problem')
  expect((await full.lab.heard(file.infohash)).at(-1)).toMatchObject({ code: 'storage-full' })
  await expect.poll(() => full.lab.status(file.infohash), patience).toMatchObject({ phase: 'stopped', received: 2.5 * MiB })
  const { info, bitfield, received } = await written(full, file)
  expect(received).toBe(2.5 * MiB)
  full.end()
  const before = await givenBy(seed, file)
  const peer = keep(await labPeer({ folder: full.folder }))
  await peer.lab.fetch({ ...wanted(file), info, bitfield })
  await expect.poll(last(peer, file), patience).toBe('complete')
  expect(await peer.lab.sha256(pathOf(file))).toBe(file.cid)
  await expect.poll(async () => (await seed.lab.status(file.infohash))!.given - before, patience).toBe(file.bytes.length - received)
})

test('who gives nothing gives nothing, not even to a client that waits for it, until it does', async () => {
  const file = await canonical(freshBytes(6 * MiB))
  const seed = keep(await seedOf(file))
  const peer = keep(await labPeer({ room: 4 * MiB }))
  await peer.lab.fetch({ ...wanted(file), give: false })
  await expect.poll(last(peer, file), patience).toBe('problem')
  seed.end()
  const { info, bitfield } = await written(peer, file)
  await peer.lab.fetch({ ...wanted(file), info, bitfield, give: false })
  const stock = keep(stockClient()).add(magnet(file), {})
  await expect.poll(() => stock.wires.length, patience).toBe(1)
  await expect.poll(async () => (await peer.lab.status(file.infohash))?.receivers.length, patience).toBe(1)
  await new Promise(done => { setTimeout(done, 11_000) }) // longer than a round of WebTorrent's unchoking
  expect([stock.progress, stock.wires[0]?.peerChoking, (await peer.lab.status(file.infohash))?.given]).toEqual([0, true, 0])
  await peer.lab.setGive(file.infohash, true)
  await expect.poll(() => stock.progress, patience).toBeGreaterThan(0)
  await peer.lab.setGiving(false)
  await expect.poll(() => stock.wires[0]?.peerChoking, patience).toBe(true)
}, 60_000)

test('a torrent that is not the one the content id asks for is refused before anything is written', async () => {
  const file = await canonical(freshBytes(MiB), name => `other-${name}`)
  await stockSeed(keep(stockClient()), file)
  const peer = keep(await labPeer())
  await peer.lab.fetch(wanted(file))
  await expect.poll(last(peer, file), patience).toBe('problem')
  expect(await peer.lab.heard(file.infohash)).toEqual([{ name: 'problem', infohash: file.infohash, code: 'wrong-info' }])
  expect(await peer.lab.exists(pathOf(file))).toBe(false)
  expect(await peer.lab.status(file.infohash)).toMatchObject({ phase: 'stopped', received: 0 })
  await peer.lab.fetch({ ...wanted(file), size: 9 * MiB }) // of other pieces than the torrent's
  await expect.poll(async () => (await peer.lab.heard(file.infohash)).map(({ code }) => code), patience).toEqual(['wrong-info', 'wrong-info'])
  await peer.lab.fetch({ ...wanted(file), size: 2 ** 50 })
  expect((await peer.lab.heard(file.infohash)).at(-1)).toMatchObject({ code: 'bad-input' })
})

test('a source of false metadata is left for an honest one', async () => {
  const file = await canonical(freshBytes(2 * MiB))
  const liar = await stockSeed(keep(stockClient()), file)
  const garbage = freshBytes(file.info.length)
  liar.on('wire', (wire: typeof liar.wires[number]) => { Object.defineProperty(wire.ut_metadata, 'metadata', { get: () => garbage, set() {} }) })
  const peer = keep(await labPeer())
  await peer.lab.fetch(wanted(file))
  await expect.poll(async () => await peer.lab.went(file.infohash), patience).toContain('metadata')
  await expect.poll(async () => (await peer.lab.status(file.infohash))?.phase, patience).toBe('finding')
  keep(await seedOf(file))
  await expect.poll(last(peer, file), patience).toBe('complete')
  expect((await peer.lab.heard(file.infohash)).filter(({ name }) => name === 'info')).toEqual([{ name: 'info', infohash: file.infohash, bytes: file.info }])
})

test('a source of wrong bytes is left for an honest one', async () => {
  const file = await canonical(freshBytes(2 * MiB))
  const liar = await stockSeed(keep(stockClient()), file)
  liar.store.get = (_index, { length }, done) => { done(null, freshBytes(length)) }
  const peer = keep(await labPeer())
  await peer.lab.fetch(wanted(file))
  await expect.poll(async () => await peer.lab.went(file.infohash), patience).toContain('getting')
  await expect.poll(async () => (await peer.lab.status(file.infohash))?.phase, patience).toBe('finding')
  keep(await seedOf(file))
  await expect.poll(last(peer, file), patience).toBe('complete')
  expect(await peer.lab.sha256(pathOf(file))).toBe(file.cid)
})

test('the seed may come later than who waits for it, and the tracker later than both', async () => {
  const file = await canonical(freshBytes(MiB))
  await switchTracker('stop')
  const peer = keep(await labPeer())
  await peer.lab.fetch(wanted(file))
  await expect.poll(async () => (await peer.lab.status(file.infohash))?.tracker, patience).toBe('unreachable')
  await switchTracker('start')
  await expect.poll(async () => (await peer.lab.status(file.infohash))?.tracker, patience).toBe('ok')
  await new Promise(done => { setTimeout(done, 5000) }) // by now it asks less often
  expect((await peer.lab.status(file.infohash))?.phase).toBe('finding')
  keep(await seedOf(file))
  await expect.poll(last(peer, file), { timeout: 5000 }).toBe('complete')
}, 60_000)

test('connections outlive the tracker, and newcomers find us when it is back', async () => {
  const file = await canonical(freshBytes(24 * MiB))
  const seed = keep(await seedOf(file))
  const peer = keep(await labPeer())
  await peer.lab.fetch(wanted(file))
  await expect.poll(async () => (await peer.lab.status(file.infohash))?.phase, patience).toBe('getting')
  await switchTracker('stop')
  await expect.poll(async () => (await seed.lab.status(file.infohash))?.tracker, patience).toBe('unreachable')
  await expect.poll(last(peer, file), patience).toBe('complete')
  await switchTracker('start')
  const newcomer = keep(await labPeer())
  await newcomer.lab.fetch(wanted(file))
  await expect.poll(last(newcomer, file), patience).toBe('complete')
}, 60_000)

test('only so many downloads run at once, and the next begins when one is gone', async () => {
  const files = await Promise.all(Array.from({ length: 6 }, () => canonical(freshBytes(1000))))
  const peer = keep(await labPeer())
  for (const file of files) await peer.lab.fetch(wanted(file))
  const phases = async () => await Promise.all(files.map(async ({ infohash }) => (await peer.lab.status(infohash))?.phase))
  await expect.poll(phases).toEqual(['finding', 'finding', 'finding', 'finding', 'queued', 'queued'])
  await peer.lab.drop(files[1]!.infohash)
  await expect.poll(phases).toEqual(['finding', undefined, 'finding', 'finding', 'finding', 'queued'])
  await peer.lab.hurry({ findingMs: 200 }) // what nobody has holds up nothing that somebody has
  keep(await seedOf(files[5]!))
  await expect.poll(last(peer, files[5]!), patience).toBe('complete')
})
