import { expose } from 'comlink'
import { HoldfastError, concat, limits, reject, toHex, type ErrorCode, type LimitName } from '../../../src/base/index.ts'
import { contentProtocol, infoQuestion, installPeerConnections, judgeInfoReply, startNode, type NetNode } from '../../../src/net/index.ts'
import { sectionBytes } from '../../../src/content/index.ts'
import { SectionShelf } from '../../../src/net/section-shelf.ts'
import { NodeLinks } from '../../../src/peer/swarm-links.ts'
import { openOpfsBucket, openOpfsStaging, readRange, type Bucket, type Staging } from '../../../src/store/index.ts'
import { startSwarm, type FetchedFile, type Offer, type Rates, type SeededFile, type Swarm, type TorrentStatus } from '../../../src/swarm/index.ts'

export interface SwarmEvent {
  readonly name: 'info' | 'pieces' | 'complete' | 'problem'
  readonly infohash: string
  readonly received?: number
  readonly code?: ErrorCode
  readonly bytes?: Uint8Array<ArrayBuffer>
}

const uncaught: string[] = []
self.addEventListener('error', event => { uncaught.push(event.message) })
self.addEventListener('unhandledrejection', event => { uncaught.push(String(event.reason)) })

const shelf = new SectionShelf({
  clock: Date,
  async digests({ path }) {
    const { size } = await lab.bucket!.attributes(path)
    const bytes = sectionBytes(size)
    const digests: Uint8Array[] = []
    for (let at = 0; at < size; at += bytes) digests.push(new Uint8Array(await crypto.subtle.digest('SHA-256', await readRange(lab.bucket!, path, at, Math.min(bytes, size - at)))))
    return concat(...digests)
  },
  read: async ({ path }, at, length) => await readRange(lab.bucket!, path, at, length),
  damaged(cid) { uncaught.push(`${cid} is damaged`) },
})

/** A network worker of tests: the swarm on a real OPFS, and everything it said. */
const lab = {
  swarm: null as Swarm | null,
  node: null as NetNode | null,
  links: new NodeLinks(),
  seeds: new Map<string, SeededFile>(),
  /** Files whose bytes came through a relay alone, at some time. */
  relayed: new Set<string>(),
  /** Bytes of sections given to others; with `lies` the first of each is wrong. */
  sections: 0,
  lies: false,
  answers: [] as { readonly infohash: string, readonly length: number }[],
  bucket: null as Bucket | null,
  staging: null as Staging | null,
  events: [] as SwarmEvent[],
  statuses: [] as readonly TorrentStatus[],
  /** The phases each torrent went through. */
  phases: new Map<string, string[]>(),

  async start(rtc: MessagePort, folder: string, trackers: readonly string[], stun: readonly string[], room: number, relays: readonly string[]) {
    installPeerConnections(rtc)
    lab.bucket = await openOpfsBucket(`${folder}/content`)
    lab.staging = limited(await openOpfsStaging(folder), room)
    lab.swarm = await startSwarm({
      trackers, stun, bucket: lab.bucket, staging: lab.staging, clock: Date, links: lab.links,
      onChange(statuses) {
        lab.statuses = statuses
        for (const { infohash, phase, relayed } of statuses) {
          if (relayed) lab.relayed.add(infohash)
          const past = lab.phases.get(infohash) ?? []
          if (past.at(-1) !== phase) lab.phases.set(infohash, [...past, phase])
        }
      },
      onInfo(infohash, bytes) { lab.events.push({ name: 'info', infohash, bytes }) },
      onPieces(infohash, bytes, received) { lab.events.push({ name: 'pieces', infohash, bytes, received }) },
      onComplete(infohash) { lab.events.push({ name: 'complete', infohash }) },
      onProblem(infohash, { code }) { lab.events.push({ name: 'problem', infohash, code }) },
    })
    if (relays.length > 0) await lab.join(relays)
  },
  /** Starts a node and meets peers through it too. */
  async join(relays: readonly string[]) {
    lab.node = await startNode({
      places: { name: 'lab', relays, trackers: [], stun: [] }, seed: crypto.getRandomValues(new Uint8Array(32)), clock: Date,
      random: { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }, seq: 0, knownRecords: [], onChange() {}, onRecord() {}, onSeq() {},
    })
    const given = ({ cid, infohash, info }: SeededFile) => ({ cid, infohash, info, findable: true })
    const find = (wanted: (file: SeededFile) => boolean) => [...lab.seeds.values()].filter(wanted).map(given)[0] ?? null
    await lab.links.attach(lab.node, { byCid: cid => find(file => file.cid === cid), byInfohash: infohash => find(file => file.infohash === infohash) }, {
      section: async ({ cid }, question) => {
        const file = [...lab.seeds.values()].find(each => each.cid === cid)
        const part = file === undefined ? null : await shelf.part({ ...file, path: file.key }, question)
        lab.sections += part?.bytes.length ?? 0
        if (lab.lies && part !== null) part.bytes[0]! ^= 1
        return part
      },
      receipt: async () => await Promise.resolve(reject('not-found', 'no receipts in the lab')),
      entries: null,
      volume: () => null,
    })
  },
  wasRelayed(infohash: string) { return lab.relayed.has(infohash) },
  nudge() { lab.node?.nudge() },
  paths() { return lab.node?.state.peers.map(({ path }) => path) ?? [] },
  reserved() { return lab.node?.state.relays.some(({ state }) => state === 'reserved') === true },
  peerId() { return lab.node?.state.peerId ?? '' },
  async info(peerId: string, cid: string) {
    const judged = judgeInfoReply(await lab.node?.request(peerId, contentProtocol('lab'), infoQuestion(cid, null)), cid, null)
    return judged.ok ? judged.value.infohash : judged.code
  },
  /** What nobody caught in this worker. */
  uncaught() { return uncaught },
  /** Opens a wire to a peer, sends these bytes, so many times the last of them, and tells whether it was cut within the time. */
  async attack(peerId: string, parts: readonly Uint8Array[], repeat: number, ms: number) {
    const stream = await lab.node!.openStream(peerId, '/holdfast/swarm/1/lab', AbortSignal.timeout(10_000))
    const { promise, resolve } = Promise.withResolvers<string>()
    let drained: (() => void) | null = null
    stream.listen({ data() {}, drain() { drained?.() }, end() { resolve('cut') } })
    setTimeout(() => { resolve('open') }, ms)
    void (async () => {
      for (const part of [...parts, ...Array.from({ length: repeat }, () => parts.at(-1)!)]) {
        if (!stream.open) return
        if (!stream.write(part)) await Promise.race([promise, new Promise<void>(done => { drained = done })])
      }
    })()
    const end = await promise
    stream.abort()
    return end
  },
  gaveSections() { return lab.sections },
  lie() { lab.lies = true },
  setRates(rates: Rates) { lab.swarm?.setRates(rates) },
  async read(infohash: string, at: number, length: number) { return await lab.swarm!.read(infohash, at, length) },
  setOffers(offers: readonly Offer[]) { lab.swarm?.setOffers(offers) },
  seek(cid: string) { lab.swarm?.seek(cid, answer => { lab.answers.push(answer) }) },
  heardAnswers() { return lab.answers },
  async inspect(cid: string, infohash: string, ms: number) {
    return await lab.swarm!.inspect(cid, infohash, AbortSignal.timeout(ms)).catch((error: unknown) => HoldfastError.from(error).code)
  },
  status(infohash: string) { return lab.statuses.find(status => status.infohash === infohash) ?? null },
  heard(infohash: string) { return lab.events.filter(event => event.infohash === infohash) },
  went(infohash: string) { return lab.phases.get(infohash) ?? [] },
  async put(key: string, bytes: Uint8Array<ArrayBuffer>) { await lab.bucket?.writeAll(key, bytes) },
  seed(file: SeededFile) {
    lab.seeds.set(file.infohash, file)
    lab.swarm?.seed(file)
  },
  fetch(file: FetchedFile) { lab.swarm?.fetch(file) },
  setGive(infohash: string, on: boolean) { lab.swarm?.setGive(infohash, on) },
  setGiving(on: boolean) { lab.swarm?.setGiving(on) },
  setTrackers(trackers: readonly string[]) { lab.swarm?.setTrackers(trackers) },
  async drop(infohash: string) { await lab.swarm?.drop(infohash) },
  async stop() { await lab.swarm?.stop() },
  async exists(path: string) { return await lab.staging?.exists(path) },
  async sha256(path: string) {
    const file = await lab.staging!.open(path)
    try { return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', await file.read(0, await file.size())))) } finally { await file.close() }
  },
  async damage(path: string, at: number) {
    const file = await lab.staging!.open(path)
    await file.write(at, Uint8Array.of(((await file.read(at, 1))[0] ?? 0) ^ 1))
    await file.close()
  },
  async adopt(path: string, key: string) { await lab.staging!.adopt(path, lab.bucket!, key) },
  /** Shorter limits than those of the product, where a test would wait for long. */
  hurry(shorter: Partial<Record<LimitName, number>>) { Object.assign(limits, shorter) },
}
export type SwarmLab = typeof lab

/** A staging whose disk is full after so many bytes were written to it. */
function limited(staging: Staging, room: number): Staging {
  let left = room
  return {
    exists: path => staging.exists(path), remove: path => staging.remove(path), list: folder => staging.list(folder),
    adopt: (path, bucket, key) => staging.adopt(path, bucket, key),
    async open(path, options) {
      const file = await staging.open(path, options)
      return {
        size: () => file.size(), read: (at, length) => file.read(at, length), resize: size => file.resize(size), flush: () => file.flush(), close: () => file.close(),
        async write(at, bytes) {
          left -= bytes.length
          if (left < 0) throw new HoldfastError('storage-full')
          await file.write(at, bytes)
        },
      }
    },
  }
}

expose(lab)
