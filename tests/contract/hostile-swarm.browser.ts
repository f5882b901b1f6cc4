import { afterEach, expect, inject, test } from 'vitest'
import { limits } from '../../src/base/index.ts'
import { canonical, freshBytes, type CanonicalFile } from './support/canonical.ts'
import { labPeer, pathOf, seedOf, wanted, type LabOptions, type LabPeer } from './support/swarm-peers.ts'

const MiB = 1024 * 1024
const patience = { timeout: 40_000, interval: 50 }
const open: LabPeer[] = []
const keep = (peer: LabPeer): LabPeer => { open.push(peer); return peer }
afterEach(() => { for (const peer of open.splice(0)) peer.end() })

const apart = (): LabOptions => ({ trackers: [], relays: [inject('relay')] })
const last = (peer: LabPeer, file: CanonicalFile) => async () => (await peer.lab.heard(file.infohash)).at(-1)?.name
const ascii = (text: string) => Uint8Array.from(text, char => char.charCodeAt(0))
const join = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap(part => [...part]))
const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], byte => Number.parseInt(byte, 16))
const numbers = (...values: readonly number[]) => new Uint8Array(Uint32Array.from(values).buffer).map((_, at) => (values[at >> 2]! >>> (24 - 8 * (at & 3))) & 255)
/** A message of the peer wire protocol; `claims`: another length than its own. */
const message = (id: number, payload: Uint8Array = new Uint8Array(), claims = payload.length + 1) => join(numbers(claims), Uint8Array.of(id), payload)
const handshake = ({ infohash }: Pick<CanonicalFile, 'infohash'>) =>
  join(Uint8Array.of(19), ascii('BitTorrent protocol'), Uint8Array.of(0, 0, 0, 0, 0, 0x10, 0, 4), hex(infohash), crypto.getRandomValues(new Uint8Array(20)))

test('whatever a peer sends on a wire, it is cut, and others are served as before', async () => {
  const file = await canonical(freshBytes(3 * MiB))
  const seed = keep(await seedOf(file, apart()))
  const bad = keep(await labPeer(apart()))
  const victim = await seed.lab.peerId()
  await expect.poll(async () => await bad.lab.reserved() && await seed.lab.reserved(), patience).toBe(true)
  await expect.poll(async () => (await bad.lab.paths()).length, patience).toBe(1)
  await seed.lab.hurry({ wireGreetMs: 1000 })
  const hello = () => handshake(file) // each time as somebody else: who was cut is not let in again
  const request = message(6, numbers(0, 0, 16_384))
  const attacks: readonly (readonly [string, readonly Uint8Array[], number])[] = [
    ['no handshake', [ascii('GET / HTTP/1.1\r\n'.repeat(5))], 0],
    ['a handshake that never ends', [hello().subarray(0, 40)], 0],
    ['another file', [handshake({ infohash: 'ab'.repeat(20) })], 0],
    ['a bitfield of another length', [hello(), message(5, new Uint8Array(100))], 0],
    ['a bitfield of 1 GiB', [hello(), message(5, new Uint8Array(100), 2 ** 30)], 0],
    ['a message of 4 GiB', [hello(), message(20, new Uint8Array(100), 2 ** 32 - 1)], 0],
    ['an extension message of 100 MB', [hello(), message(20, new Uint8Array(1000), 100_000_000), new Uint8Array(65_536)], 1600],
    ['blocks nobody asked for', [hello(), message(7, join(numbers(0, 0), new Uint8Array(16_384)))], 100],
    ['a piece there is not', [hello(), message(4, numbers(12))], 0],
    ['a block there is not', [hello(), message(2), message(6, numbers(11, 250_000, 16_384))], 0],
    ['requests of 1 MiB', [hello(), message(2), message(6, numbers(0, 0, MiB))], 0],
    ['more requests than it reads', [hello(), message(2), join(...Array.from({ length: limits.wireRequests + 50 }, () => request))], 20],
    ['an extension it does not speak', [hello(), message(20, join(Uint8Array.of(1), ascii('d8:msg_typei0e5:piecei0ee')))], 0],
    ['10 MB of metadata', [hello(), message(20, join(Uint8Array.of(0), ascii('d1:md11:ut_metadatai1ee13:metadata_sizei9999999ee')))], 0],
    ['endless keep-alives', [hello(), new Uint8Array(65_536)], 40],
    ['endless wishes', [hello(), join(...Array.from({ length: 1000 }, () => join(message(2), message(3))))], 40],
    ['endless requests for metadata', [hello(), message(20, join(Uint8Array.of(0), ascii('d1:md11:ut_metadatai3eee'))),
      join(...Array.from({ length: 50 }, () => message(20, join(Uint8Array.of(1), ascii('d8:msg_typei0e5:piecei0ee')))))], 40],
  ]
  const ends = await attacks.reduce<Promise<string[]>>(async (before, [name, parts, repeat]) => [...await before, `${name}: ${await bad.lab.attack(victim, parts, repeat, 8000)}`], Promise.resolve([]))
  expect(ends).toEqual(attacks.map(([name]) => `${name}: cut`))
  expect(await seed.lab.uncaught()).toEqual([])
  const peer = keep(await labPeer(apart()))
  await peer.lab.fetch(wanted(file))
  await expect.poll(last(peer, file), patience).toBe('complete')
  expect(await peer.lab.sha256(pathOf(file))).toBe(file.cid)
}, 120_000)

test('to who fetches, false metadata pieces, sizes and claims are no better', async () => {
  const file = await canonical(freshBytes(3 * MiB))
  const victim = keep(await labPeer(apart()))
  const bad = keep(await labPeer(apart()))
  await victim.lab.fetch(wanted(file))
  await expect.poll(async () => (await bad.lab.paths()).length, patience).toBe(1)
  const hello = () => handshake(file) // each time as somebody else: who was cut is not let in again
  const extended = (id: number, text: string) => message(20, join(Uint8Array.of(id), ascii(text)))
  const attacks: readonly (readonly [string, readonly Uint8Array[], number])[] = [
    ['metadata outside of all', [hello(), extended(0, 'd1:md11:ut_metadatai1ee13:metadata_sizei400ee'), extended(1, 'd8:msg_typei1e5:piecei9999e10:total_sizei400eexxxx')], 0],
    ['metadata of 9 MB', [hello(), extended(0, 'd1:md11:ut_metadatai1ee13:metadata_sizei9000000ee')], 0],
    ['a bitfield for no torrent', [hello(), message(5, new Uint8Array(20_000))], 0],
    ['blocks before anything was asked', [hello(), message(7, join(numbers(0, 0), new Uint8Array(16_384)))], 0],
  ]
  const ends = await attacks.reduce<Promise<string[]>>(async (before, [name, parts, repeat]) => [...await before, `${name}: ${await bad.lab.attack(await victim.lab.peerId(), parts, repeat, 8000)}`], Promise.resolve([]))
  expect(ends).toEqual(attacks.map(([name]) => `${name}: cut`))
  expect(await victim.lab.uncaught()).toEqual([])
  keep(await seedOf(file, apart()))
  await expect.poll(last(victim, file), patience).toBe('complete')
  expect(await victim.lab.sha256(pathOf(file))).toBe(file.cid)
}, 120_000)
