import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { HoldfastError } from '../../../src/base/index.ts'
import { makeTorrent } from '../../../src/content/index.ts'
import type { SealedLink } from '../../../src/peer/network-api.ts'
import { Transfers } from '../../../src/peer/transfers.ts'
import { memBucket, memDatabase, memStaging } from '../../../src/store/index.ts'
import { ScriptedSwarm } from './scripted-swarm.ts'

const bytes = new TextEncoder().encode('what was shared')
const cid = createHash('sha256').update(bytes).digest('hex')
const { infohash } = makeTorrent({ cid, kind: 'z', size: bytes.length, pieces: createHash('sha1').update(bytes).digest() })
const link: SealedLink = { cid, infohash, size: bytes.length, kind: 'z', name: 'Shared', relays: [], sealed: null }
const agreed = { give: true, relays: [] }
const staging = memStaging()
const swarm = new ScriptedSwarm()
const blocked = new Set<string>()

async function begin(): Promise<Transfers> {
  blocked.clear()
  const transfers = new Transfers({
    database: memDatabase(), staging, bucket: memBucket(), clock: { now: () => 1 }, trackers: () => [], check: async () => await Promise.resolve({ members: [] }), sharing: () => true,
    blocked: each => blocked.has(each), mayCome: () => true, distrust: () => {}, arriving: { follow() {}, drop() {}, members: () => null, readable: () => 0 }, changed: () => {},
  })
  await transfers.open()
  await transfers.attach(swarm)
  return transfers
}

test('some bytes of a file that is not in the library are read, and nothing of it stays', async () => {
  const transfers = await begin()
  const read = async () => await transfers.glimpse({ ...link, kind: 'a' }, 3, 4, new AbortController().signal)
  swarm.read = async () => {
    const { path, give } = swarm.fetches.get(link.infohash)!
    expect([path, give]).toEqual([`tmp/glimpses/${cid}`, false])
    const file = await staging.open(path, { create: true })
    await file.write(0, bytes)
    await file.close()
    return bytes.slice(3, 7)
  }
  expect(await read()).toEqual(bytes.slice(3, 7))
  expect([swarm.fetches.size, transfers.row(cid), await staging.list('tmp/glimpses')]).toEqual([0, undefined, []])

  swarm.read = async () => await Promise.reject(new HoldfastError('aborted'))
  await expect(read()).rejects.toMatchObject({ code: 'aborted' })
  expect(swarm.fetches.size).toBe(0)

  await transfers.get(link, agreed)
  expect(await read()).toBeNull() // it comes: it is read as it comes
  expect(swarm.fetches.get(link.infohash)?.path).not.toContain('glimpses')
  blocked.add(cid)
  await transfers.remove(cid)
  await expect(read()).rejects.toMatchObject({ code: 'not-found' })
})

test('a key that comes while the file does opens it once it is here', async () => {
  const transfers = await begin()
  const sealed = { iv: Uint8Array.of(1), ct: Uint8Array.of(2) }
  await transfers.get({ ...link, kind: 'p' }, agreed)
  expect(await transfers.rekey(cid, sealed)).toBe(true)
  expect(transfers.row(cid)?.sealed).toEqual(sealed)
})
