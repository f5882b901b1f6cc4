import { peerIdFromString } from '@libp2p/peer-id'
import { createHash, randomBytes } from 'node:crypto'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { concat } from '../../../src/base/index.ts'
import { AuditPass, SectionPass, contentName, contentKey, infoOfTorrentFile, keyCommitment, makePolicy, makeTorrent, pieceLength, type Publication, type PublishedFile, type Torrent } from '../../../src/content/index.ts'
import { SectionShelf, contentProtocol, hasQuestion, infoQuestion, judgeHas, judgeInfoReply, openRequests, sectionQuestion, serveContent, type NetNode } from '../../../src/net/index.ts'
import { runningSha256 } from '../../../src/relay/keep/running-sha256.ts'
import { parseOptions } from '../../../src/relay/options.ts'
import type { Relay } from '../../../src/relay/relay.ts'
import { keyOf, transact } from '../../support/mine.ts'
import { plainRecord } from '../../support/uploads.ts'
import { random, setupOf, tdfOf } from '../../support/tdf.ts'
import { grow, healthOf, ledgerTab, relayIn, type LedgerTab } from './ledger-tab.ts'
import { temporaryFolder } from './running.ts'

const publisher = await keyOf('publisher')
const allocations = [{ address: publisher.address, balance: 1_000_000, power: 0n }]
const key = random.bytes(32)

interface Protected { readonly bytes: Uint8Array<ArrayBuffer>, readonly file: PublishedFile, readonly torrent: Torrent, readonly record: Publication }

/** A protected archive of its own, and the record of it. `dissem`: whom it names. */
async function protectedFile(size: number, dissem = publisher.address): Promise<Protected> {
  const bytes = await tdfOf(randomBytes(size), await setupOf(key, { policy: makePolicy(crypto.randomUUID(), [dissem]) }))
  const cid = createHash('sha256').update(bytes).digest('hex')
  const length = pieceLength(bytes.length)
  const pieces = Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) => createHash('sha1').update(bytes.subarray(i * length, (i + 1) * length)).digest())
  const torrent = makeTorrent({ cid, kind: 'p', size: bytes.length, pieces: concat(...pieces) })
  const audit = new AuditPass(bytes.length)
  audit.push(bytes)
  const file = { cid, size: bytes.length, infohash: torrent.infohash, audit: audit.root() }
  return { bytes, file, torrent, record: plainRecord(cid.slice(0, 8), { protected: true, file, policy: { owner: null }, keyCommit: keyCommitment(cid, key) }) }
}

/** What a tab gives: these files over the content protocol, by the code that tabs have. `spoils`: each part it gives is wrong. */
function giving(files: readonly Protected[], { spoils = false } = {}): (handle: NetNode['handle']) => Promise<void> {
  const all = new Map(files.map(each => [each.file.cid, each]))
  const shelf = new SectionShelf({
    clock: Date,
    async digests({ cid, size }) {
      const pass = new SectionPass(size, runningSha256())
      pass.push(all.get(cid)!.bytes)
      return concat(...pass.digests)
    },
    read: async ({ cid }, at, length) => all.get(cid)!.bytes.slice(at, at + length),
    damaged: () => { expect.unreachable() },
  })
  const given = (each: Protected | undefined) => each === undefined ? null : { cid: each.file.cid, infohash: each.file.infohash, info: each.torrent.info, findable: true }
  return async handle => {
    await handle(contentProtocol('local'), serveContent({ byCid: cid => given(all.get(cid)), byInfohash: infohash => given(files.find(({ file }) => file.infohash === infohash)) }, {
      async section({ cid }, question) {
        const part = await shelf.part({ cid, size: all.get(cid)!.bytes.length, path: cid }, question)
        return part !== null && spoils ? { ...part, bytes: part.bytes.map(byte => byte ^ 1) } : part
      },
      receipt: async () => ({ ok: false, code: 'not-found', reason: '' }),
      entries: null,
      volume: () => null,
    }))
  }
}

async function publish(tab: Pick<LedgerTab, 'ledger'>, ...files: readonly Protected[]): Promise<void> {
  for (const { record } of files) await grow(tab, 1, [await transact(tab.ledger, publisher, { op: 3, body: record }, tab.ledger.head.header.time)])
}

const heldBy = async (relay: Relay): Promise<number | undefined> => (await healthOf(relay)).kept?.files
const patience = { timeout: 20_000, interval: 100 }

async function got(relay: Relay, path: string, headers: Record<string, string> = {}): Promise<{ readonly status: number, readonly bytes: Buffer }> {
  const answer = await fetch(`${relay.url}content/${path}`, { headers })
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) }
}

test('what is published and given by a tab is fetched, verified and given on, also when the tab is gone and the relay was started anew', async () => {
  const data = await temporaryFolder()
  const relay = await relayIn(data, 0, { keep: 10_000_000, allocations })
  const song = await protectedFile(3_000_000)
  const ada = await ledgerTab(relay, giving([song]))
  await publish(ada, song)
  await expect.poll(async () => await heldBy(relay), patience).toBe(1)
  expect((await healthOf(relay)).kept).toEqual({ running: true, files: 1, bytes: song.bytes.length, room: 10_000_000 })
  await ada.leave()
  await relay.stop()

  const again = await relayIn(data, 0, { keep: 10_000_000 })
  const { cid, infohash } = song.file
  expect((await got(again, `archives/${cid}`)).bytes.equals(song.bytes)).toBe(true)
  const part = await got(again, `archives/${cid}`, { range: 'bytes=1000000-2000000' })
  expect([part.status, part.bytes.equals(song.bytes.subarray(1_000_000, 2_000_001))]).toEqual([206, true])
  const described = await got(again, `archives/${cid}.torrent`)
  expect(infoOfTorrentFile(described.bytes)).toEqual(song.torrent.info)
  expect(described.bytes.includes(`${again.url}content/archives/${cid}`)).toBe(true)
  expect((await got(again, `images/${cid}.torrent`)).status).toBe(404)
  expect(await (await fetch(`${again.url}network.json`)).json()).toMatchObject({ content: ['/'] })

  const ben = await ledgerTab(again)
  const requests = openRequests(ben.node, peerIdFromString(again.peerId), contentProtocol('local'))
  const question = { cids: [cid], infohashes: [infohash, '00'.repeat(20)] }
  expect(judgeHas(await requests.request(hasQuestion(question)), question)).toMatchObject({ ok: true, value: { cids: [cid], infohashes: [infohash] } })
  expect(judgeInfoReply(await requests.request(infoQuestion(cid, null)), cid, infohash)).toMatchObject({ ok: true, value: { kind: 'p', length: song.bytes.length } })
  const { bytes } = await requests.request(sectionQuestion({ cid, infohash, index: 2, at: 0 })) as { readonly bytes: Uint8Array }
  expect(Buffer.from(bytes).equals(song.bytes.subarray(262_144, 524_288))).toBe(true)
  await expect(requests.request({ receipt: { cid: new Uint8Array(32), root: new Uint8Array(32), server: new Uint8Array(20), serverNonce: 1, time: 1 } })).rejects.toMatchObject({ code: 'not-found' })
  requests.close()
}, 60_000)

test('it never has more than its room: rarer things take it, and a smaller one is kept to', async () => {
  const data = await temporaryFolder()
  const relay = await relayIn(data, 0, { keep: 2_500_000, allocations })
  const [common, rare, large] = [await protectedFile(1_500_000), await protectedFile(1_600_000), await protectedFile(2_600_000)]
  const ada = await ledgerTab(relay, giving([common]))
  const ben = await ledgerTab(relay, giving([common, large]))
  await publish(ada, common, large)
  await expect.poll(async () => await heldBy(relay), patience).toBe(1)
  const cleo = await ledgerTab(relay, giving([rare]))
  await publish(ada, rare)
  await expect.poll(async () => (await got(relay, `archives/${rare.file.cid}`)).status, patience).toBe(200)
  expect((await got(relay, `archives/${common.file.cid}`)).status).toBe(404)
  expect((await healthOf(relay)).kept).toMatchObject({ files: 1, bytes: rare.bytes.length })
  for (const tab of [ada, ben, cleo]) await tab.leave()
  await relay.stop()

  const smaller = await relayIn(data, 0, { keep: 1_000_000 })
  await expect.poll(async () => await heldBy(smaller), patience).toBe(0)
  await expect.poll(async () => await readdir(join(data, 'kept', 'files')), patience).toEqual([])
}, 90_000)

test('what is not what its record says is not kept: another owner, a wrong audit root, bytes that are wrong on the way', async () => {
  const relay = await relayIn(await temporaryFolder(), 0, { keep: 20_000_000, allocations })
  const [stolen, misaudited, spoilt, right] = [await protectedFile(400_000, (await keyOf('somebody else')).address), await protectedFile(500_000), await protectedFile(600_000), await protectedFile(700_000)]
  const lying = { ...misaudited, record: { ...misaudited.record, file: { ...misaudited.file, audit: '11'.repeat(32) } } }
  const ada = await ledgerTab(relay, giving([stolen, lying, right]))
  await ledgerTab(relay, giving([spoilt], { spoils: true }))
  await publish(ada, stolen, lying, spoilt, right)
  await expect.poll(async () => (await got(relay, `archives/${right.file.cid}`)).status, patience).toBe(200)
  await expect.poll(() => [relay.metrics.counted('kept_fetched_total', 'not-owner'), relay.metrics.counted('kept_fetched_total', 'wrong-audit')], patience).toEqual([1, 1])
  await expect.poll(async () => await heldBy(relay), patience).toBe(1)
  for (const { file } of [stolen, lying, spoilt]) expect((await got(relay, `archives/${file.cid}`)).status).toBe(404)
}, 60_000)

test('what a list names goes, and stays away', async () => {
  const data = await temporaryFolder()
  const list = join(data, 'blocked.txt')
  await writeFile(list, '')
  const relay = await relayIn(data, 0, { keep: 10_000_000, blocklist: list, allocations })
  const song = await protectedFile(300_000)
  const ada = await ledgerTab(relay, giving([song]))
  await publish(ada, song)
  await expect.poll(async () => await heldBy(relay), patience).toBe(1)
  await writeFile(list, `${publisher.address}\n`)
  await new Promise(done => { setTimeout(done, 5500) }) // until the list counts
  await publish(ada, await protectedFile(1000)) // something new, so that it looks
  await expect.poll(async () => await heldBy(relay), patience).toBe(0)
  expect((await got(relay, `archives/${song.file.cid}`)).status).toBe(404)
}, 60_000)

test('a row without its file, a file without its row and what was on its way are gone after a start', async () => {
  const data = await temporaryFolder()
  const relay = await relayIn(data, 0, { keep: 10_000_000, allocations })
  const [first, second] = [await protectedFile(300_000), await protectedFile(300_000)]
  const ada = await ledgerTab(relay, giving([first, second]))
  await publish(ada, first, second)
  await expect.poll(async () => await heldBy(relay), patience).toBe(2)
  await ada.leave()
  await relay.stop()
  const folder = join(data, 'kept')
  const cut = join(folder, 'files', contentKey('p', first.file.cid))
  await writeFile(cut, (await readFile(cut)).subarray(1))
  await writeFile(join(folder, 'coming', 'half'), 'half')
  await writeFile(join(folder, 'files', 'stray'), 'stray')
  const again = await relayIn(data, 0, { keep: 10_000_000 })
  expect((await healthOf(again)).kept).toMatchObject({ files: 1, bytes: second.bytes.length })
  expect((await got(again, `archives/${first.file.cid}`)).status).toBe(404)
  expect([(await readdir(join(folder, 'coming'))), (await readdir(join(folder, 'rows'))), (await readdir(join(folder, 'files')))]).toEqual([[], [`${second.file.cid}.json`], ['archives']])
}, 60_000)

test('what the disk changed is found, and fetched again', async () => {
  const data = await temporaryFolder()
  const relay = await relayIn(data, 0, { keep: 10_000_000, allocations })
  const song = await protectedFile(300_000)
  const ada = await ledgerTab(relay, giving([song]))
  await publish(ada, song)
  await expect.poll(async () => await heldBy(relay), patience).toBe(1)
  await ada.leave()
  await relay.stop()
  const file = join(data, 'kept', 'files', contentKey('p', song.file.cid))
  await writeFile(file, (await readFile(file)).fill(0, 1000, 1100))
  const again = await relayIn(data, 0, { keep: 10_000_000 })
  await expect.poll(() => again.logged, patience).toContain('kept-damaged')
  await ledgerTab(again, giving([song]))
  await expect.poll(async () => (await got(again, `archives/${song.file.cid}`)).bytes.equals(song.bytes), { ...patience, timeout: 75_000 }).toBe(true) // by the next look
}, 120_000)

test('by default it keeps nothing, and without a ledger it cannot', async () => {
  const relay = await relayIn(await temporaryFolder())
  expect((await healthOf(relay)).kept).toBeNull()
  expect(parseOptions(['--keep', '10GiB'])).toMatchObject({ keep: 10 * 2 ** 30 })
  expect(() => parseOptions(['--keep', '10GiB', '--no-anchor'])).toThrow('--keep needs the ledger')
  expect(() => parseOptions(['--keep', 'lots'])).toThrow('--keep takes 16KiB to 1024GiB')
})

test('an operator\'s file is described as well, made of its bytes', async () => {
  const data = await temporaryFolder()
  const { bytes, torrent, file: { cid } } = await protectedFile(900_000)
  await writeFile(join(data, 'x'), '')
  const relay = await relayIn(data, 0, { anchor: false })
  const { openFolderBucket } = await import('../../../src/relay/content/folder-bucket.ts')
  await (await openFolderBucket(join(data, 'content'))).writeAll(contentKey('p', cid), bytes)
  const described = await got(relay, `archives/${cid}.torrent`)
  expect(infoOfTorrentFile(described.bytes)).toEqual(torrent.info)
  expect(torrent.name).toBe(contentName('p', cid))
})
