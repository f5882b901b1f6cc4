import { afterEach, expect, inject, test } from 'vitest'
import { sectionBytes, sectionsRoot } from '../../src/content/index.ts'
import { canonical, freshBytes, type CanonicalFile } from './support/canonical.ts'
import { keyOf, labPeer, pathOf, seedOf, seeded, wanted, type LabOptions, type LabPeer } from './support/swarm-peers.ts'

const MiB = 1024 * 1024
const patience = { timeout: 40_000, interval: 50 }
const open: LabPeer[] = []
const keep = (peer: LabPeer): LabPeer => { open.push(peer); return peer }
afterEach(() => { for (const peer of open.splice(0)) peer.end() })

/** Peers that meet through a relay, and no tracker. */
const apart: LabOptions = { trackers: [], relays: [inject('relay')] }
const last = (peer: LabPeer, file: CanonicalFile) => async () => (await peer.lab.heard(file.infohash)).at(-1)?.name

async function rootOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const size = sectionBytes(bytes.length)
  const digests: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) digests.push(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.subarray(at, at + size))))
  return await sectionsRoot(digests)
}

/** A peer that gives sections of the file and takes no wire for it. */
async function bySections(file: CanonicalFile): Promise<LabPeer> {
  const peer = keep(await seedOf(file, apart))
  await peer.lab.setGive(file.infohash, false)
  return peer
}

const attached = (file: CanonicalFile, root: string) => ({ ...wanted(file), info: file.info, root })

test('with no wire at all a file comes by sections, from several peers at once', async () => {
  const file = await canonical(freshBytes(12 * MiB + 77))
  const seeds = await Promise.all([bySections(file), bySections(file), bySections(file)])
  const peer = keep(await labPeer(apart))
  await expect.poll(async () => (await peer.lab.paths()).filter(path => path === 'direct').length, patience).toBe(3)
  await peer.lab.fetch(attached(file, await rootOf(file.bytes)))
  await expect.poll(last(peer, file), patience).toBe('complete')
  expect(await peer.lab.sha256(pathOf(file))).toBe(file.cid)
  const given = await Promise.all(seeds.map(async ({ lab }) => await lab.gaveSections()))
  expect(given.filter(bytes => bytes > 0).length).toBeGreaterThan(1)
  // What was asked for again was asked for because somebody was too slow, not because all ask for everything.
  expect(given.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(1.5 * file.bytes.length)
  expect(await peer.lab.uncaught()).toEqual([])
}, 90_000)

test('who gives wrong sections is asked no more, and the file comes from the others', async () => {
  const file = await canonical(freshBytes(6 * MiB))
  const [liar] = await Promise.all([bySections(file), bySections(file)])
  await liar.lab.lie()
  const peer = keep(await labPeer(apart))
  await expect.poll(async () => (await peer.lab.paths()).filter(path => path === 'direct').length, patience).toBe(2)
  await peer.lab.fetch(attached(file, await rootOf(file.bytes)))
  await expect.poll(last(peer, file), patience).toBe('complete')
  expect(await peer.lab.sha256(pathOf(file))).toBe(file.cid)
  expect(await liar.lab.gaveSections()).toBeLessThanOrEqual(4 * sectionBytes(file.bytes.length))
}, 90_000)

test('sections and the swarm bring one file together; under a false root the swarm alone does', async () => {
  const [file, other] = [await canonical(freshBytes(8 * MiB)), await canonical(freshBytes(2 * MiB))]
  await bySections(file)
  const whole = keep(await seedOf(file, apart))
  await whole.lab.put(keyOf(other), other.bytes)
  await whole.lab.seed(seeded(other))
  await whole.lab.setRates({ up: 2 * MiB, down: null })
  const peer = keep(await labPeer(apart))
  await peer.lab.fetch(attached(file, await rootOf(file.bytes)))
  await peer.lab.fetch(attached(other, await rootOf(freshBytes(2 * MiB))))
  await expect.poll(last(peer, file), patience).toBe('complete')
  await expect.poll(last(peer, other), patience).toBe('complete')
  expect([await peer.lab.sha256(pathOf(file)), await peer.lab.sha256(pathOf(other))]).toEqual([file.cid, other.cid])
  expect((await peer.lab.status(file.infohash))?.sectioned).toBeGreaterThan(0)
  expect((await peer.lab.status(other.infohash))?.sectioned).toBe(0)
}, 90_000)

test('proven sections that are not the torrent’s bytes show that the message is false', async () => {
  const file = await canonical(freshBytes(3 * MiB))
  const forged = freshBytes(3 * MiB)
  /** The torrent of other bytes, under the name of this content. */
  const torrent = await canonical(forged, () => `${file.cid}.tgz`)
  const seed = keep(await labPeer(apart))
  await seed.lab.put(keyOf(file), file.bytes)
  await seed.lab.seed({ ...seeded(file), infohash: torrent.infohash, info: torrent.info })
  await seed.lab.setGive(torrent.infohash, false)
  const peer = keep(await labPeer(apart))
  await peer.lab.fetch({ ...wanted(file), infohash: torrent.infohash, info: torrent.info, root: await rootOf(file.bytes) })
  await expect.poll(async () => (await peer.lab.heard(torrent.infohash)).find(({ name }) => name === 'problem')?.code, patience).toBe('attachment-false')
}, 90_000)
