import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { HoldfastError } from '../../../src/base/index.ts'
import type { VolumeFile } from '../../../src/net/index.ts'
import { ChainVolumes, type VolumeSource } from '../../../src/peer/chain-volumes.ts'
import type { EntryIndex } from '../../../src/peer/entry-index.ts'
import type { Transfers } from '../../../src/peer/transfers.ts'
import { VolumeDesk } from '../../../src/peer/volume-desk.ts'
import { encodeVolume, entryHash, volumeEntries } from '../../../src/records/index.ts'
import { memStaging } from '../../../src/store/index.ts'
import type { Sync } from '../../../src/sync/index.ts'
import { chainNamed, entryOf, firstEntryOf } from '../../support/records.ts'

const chain = chainNamed('log')
const entries = Array.from({ length: volumeEntries }, (_, i) => i === 0 ? firstEntryOf('log') : entryOf(chain, { content: `entry ${i}` }))
const byHash = new Map(entries.map(entry => [entryHash(entry), entry]))
const volume = encodeVolume(entries)
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Files of one device, and what it says of them to others. */
class Device {
  readonly files = new Map<string, { readonly title: string, readonly infohash: string, readonly bytes: Uint8Array<ArrayBuffer> }>()
  /** What others say and give. */
  readonly others = new Map<string, VolumeFile>()
  readonly elsewhere = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly desk: VolumeDesk

  constructor() {
    const { files, others, elsewhere } = this
    const staging = memStaging()
    const transfers = {
      all: () => [...files.keys()],
      row: (cid: string) => { const file = files.get(cid); return file === undefined ? undefined : { cid, title: file.title, size: file.bytes.length } },
      given: { byCid: (cid: string) => { const file = files.get(cid); return file === undefined ? null : { cid, infohash: file.infohash, info: new Uint8Array(0), findable: true } } },
      async place(_job: string, packed: { readonly cid: string, readonly title: string, readonly size: number, readonly staging: string, readonly torrent: { readonly infohash: string } }) {
        const file = await staging.open(packed.staging)
        files.set(packed.cid, { title: packed.title, infohash: packed.torrent.infohash, bytes: await file.read(0, packed.size) })
        await file.close()
      },
    } as unknown as Pick<Transfers, 'all' | 'row' | 'place' | 'given'>
    this.desk = new VolumeDesk({
      staging, transfers, random: { bytes: length => new Uint8Array(length) },
      links: {
        entryPeers: () => [...others.keys()].map(id => ({ id, connected: true })),
        volume: async peer => others.get(peer) ?? await Promise.reject(new HoldfastError('not-found')),
      },
      read: async ({ cid }) => files.get(cid)?.bytes ?? elsewhere.get(cid) ?? await Promise.reject(new HoldfastError('not-found')),
    })
  }
}

test('the same volume is the same file with everybody, is found by chain and number, and read back from whoever has it', async () => {
  const [ann, ben] = [new Device(), new Device()]
  expect([ann.desk.find(chain, 0), await ann.desk.hasVolume(chain, 0)]).toEqual([null, false])
  await ann.desk.shareVolume(chain, 0, volume)
  await ben.desk.shareVolume(chain, 0, volume)
  const [cid, file] = [...ann.files][0]!
  expect([...ben.files.keys()]).toEqual([cid])
  expect(sha(file.bytes)).toBe(cid)
  expect(ann.desk.find(chain, 0)).toEqual({ cid, infohash: file.infohash, size: file.bytes.length })
  expect([await ann.desk.hasVolume(chain, 0), ann.desk.find(chain, 1), ann.desk.find(chainNamed('other'), 0)]).toEqual([true, null, null])
  expect(await ann.desk.fetchVolume(chain, 0)).toEqual(volume)

  const cy = new Device()
  expect(await cy.desk.fetchVolume(chain, 0)).toBeNull()
  cy.others.set('ann', ann.desk.find(chain, 0)!)
  expect(await cy.desk.fetchVolume(chain, 0)).toBeNull() // nobody gives its bytes
  cy.elsewhere.set(cid, file.bytes)
  expect(await cy.desk.fetchVolume(chain, 0)).toEqual(volume)
  expect(await cy.desk.fetchVolume(chain, 1)).toBeNull() // the file of another one
})

test('who names a false file is passed over', async () => {
  const [ann, cy] = [new Device(), new Device()]
  await ann.desk.shareVolume(chain, 0, volume)
  const good = ann.desk.find(chain, 0)!
  const junk = new Uint8Array(500).fill(3)
  for (const [peer, bytes, claimed] of [['liar', junk, sha(junk)], ['cheat', junk, 'ab'.repeat(32)]] as const) {
    cy.others.set(peer, { cid: claimed, infohash: 'cd'.repeat(20), size: bytes.length })
    cy.elsewhere.set(claimed, bytes)
  }
  expect(await cy.desk.fetchVolume(chain, 0)).toBeNull()
  cy.others.set('ann', good)
  cy.elsewhere.set(good.cid, ann.files.get(good.cid)!.bytes)
  expect(await cy.desk.fetchVolume(chain, 0)).toEqual(volume)
})

let told: string[]
let here: number
let safe: number
let source: VolumeSource & { there: boolean }
let volumes: ChainVolumes

beforeEach(() => {
  told = []
  here = volumeEntries
  safe = 10
  source = {
    there: true,
    has: async (_, number) => { told.push(`has ${number}`); return await Promise.resolve(false) },
    async share(_, number, bytes) {
      told.push(`share ${number}: ${sha(bytes).slice(0, 8)}`)
      return await Promise.resolve(this.there)
    },
    fetch: async (_, number) => { told.push(`fetch ${number}`); return await Promise.resolve(volume) },
  }
  const index = {
    here: async () => await Promise.resolve(here),
    range: async (_: string, from: number) => await Promise.resolve(entries.map((entry, i) => ({ place: { number: i === 1_000 ? 10 : 5, time: 0, chain, index: from + i }, row: { hash: entryHash(entry), payer: null, size: entry.length } }))),
    rows: { entries: async (hashes: readonly string[]) => await Promise.resolve(hashes.map(hash => byHash.get(hash) ?? null)) },
  } as unknown as EntryIndex
  const sync = { get status() { return { safe: { header: { number: safe } } } } } as unknown as Sync
  volumes = new ChainVolumes({ index, sync, volumes: source, signal: new AbortController().signal })
})

test('a volume is shared once, when all of it is here and no block of it can be another', async () => {
  await volumes.share(chain, volumeEntries - 1)
  here = volumeEntries - 1
  await volumes.share(chain, volumeEntries)
  here = volumeEntries
  safe = 9
  await volumes.share(chain, volumeEntries)
  expect(told).toEqual([])
  safe = 10
  source.there = false
  await volumes.share(chain, volumeEntries + 5)
  source.there = true
  await volumes.share(chain, volumeEntries + 5)
  await volumes.share(chain, volumeEntries + 5)
  const shared = `share 0: ${sha(volume).slice(0, 8)}`
  expect(told).toEqual(['has 0', shared, 'has 0', shared])
})

test('the whole of one is fetched where much of it is missing, once', async () => {
  expect((await volumes.entriesOf(chain, 0, 200)).size).toBe(0)
  const read = await volumes.entriesOf(chain, 0, 300)
  expect([read.size, read.get(entryHash(entries[1_023]!))]).toEqual([volumeEntries, entries[1_023]])
  expect((await volumes.entriesOf(chain, 0, 300)).size).toBe(0)
  expect(told).toEqual(['fetch 0'])
})
