import type { Socket as UdpSocket } from 'node:dgram'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { version } from '../../package.json'
import { HoldfastError, fromHex, limits, type Clock, type Random } from '../base/index.ts'
import { networkOf, parametersToJson, type NetworkId } from '../ledger/index.ts'
import { isContentPath } from '../content/index.ts'
import { contentProtocol, networkPlaces, type NetworkFile } from '../net/index.ts'
import { processAlarm } from './anchor/alarm.ts'
import { Anchor, type AnchorParts } from './anchor/anchor.ts'
import { readAppFiles } from './app-files.ts'
import { CircuitRelay } from './circuit.ts'
import { Blocked } from './content/blocked.ts'
import { ContentDesk } from './content/content-desk.ts'
import { openContent, type Environment } from './content/open-content.ts'
import { openKept, startKeeping } from './keep/keep.ts'
import { openHttpServer, type Handlers } from './http-server.ts'
import { answer, pathOf } from './http.ts'
import { relayKey } from './key.ts'
import { ledgerParameters } from './ledger-file.ts'
import type { Bucket } from '../store/index.ts'
import type { Log } from './log.ts'
import { Metrics } from './metrics.ts'
import type { RelayOptions } from './options.ts'
import { ReservedPeers } from './peers.ts'
import { openPort } from './port.ts'
import { relayContent } from './relay-content.ts'
import { reportsOf, watchProcess, type AnchorReport } from './reports.ts'
import { serveStun } from './stun-server.ts'
import { TrackerDesk } from './tracker.ts'

export interface RelayParts extends RelayOptions {
  /** The folder with the built app. */
  readonly root: string
  readonly log: Log
  /** What opens a content bucket in the cloud. */
  readonly environment?: Environment
  readonly maxReservations?: number
  readonly headerMs?: number
}

export interface Relay {
  readonly port: number
  /** Where a browser on this machine finds it. */
  readonly url: string
  readonly peerId: string
  /** Of its ledger. */
  readonly network: NetworkId
  readonly metrics: Metrics
  /** Stops accepting, closes everything; the same promise however often it is called. */
  stop(): Promise<void>
}

/**
 * Everything on one port: the app and the relay's reports over HTTP, circuit relay (`/`) and tracker (`/announce`) over
 * WebSockets, STUN over UDP. Throws a `HoldfastError` in words for the person who starts it.
 */
export async function startRelay({ root, log, maxReservations = limits.relayReservations, headerMs = limits.httpHeaderMs, environment = {}, ...options }: RelayParts): Promise<Relay> {
  const clock: Clock = processAlarm
  const metrics = new Metrics()
  const files = await readAppFiles(root)
  const key = await relayKey(options.data)
  const ledger = await ledgerParameters(options, clock)
  const networkId = await networkOf(ledger)
  const blocked = options.blocklist === null ? null : await Blocked.open(options.blocklist, clock)
  const bucket = await openContent(options.contentDir, options.data, environment)
  const kept = options.keep === null ? null : await openKept(options.data, log)
  const content = new ContentDesk({ buckets: [bucket, ...kept === null ? [] : [kept.bucket]], blocked, metrics, infoOf: cid => kept?.get(cid)?.info ?? null, publicUrl: options.publicUrl })
  const ready = Promise.withResolvers<Handlers>()
  ready.promise.catch(() => {}) // where nobody waits for it, the throw below says it
  const { server, sockets } = openHttpServer({ ready: ready.promise, metrics, perAddress: options.perAddress, headerMs })
  const { port, address, udp } = await openPort(server, options.host, options.port).catch(async (error: unknown) => {
    await kept?.close()
    throw error
  })
  const urlOf = (ip: string) => `http://${ip.includes(':') ? `[${ip}]` : ip}:${port}/`
  try {
    const peerId = key.publicKey.toString()
    const network: NetworkFile = {
      name: options.name,
      ledger: parametersToJson(ledger),
      version,
      relays: [{ url: '/', peerId }, ...options.relayPeers],
      trackers: ['/announce', ...options.relayPeers.map(({ url }) => new URL('/announce', url).href)], // every relay is a tracker too
      // The folder that nobody named counts once something is in it.
      ...options.contentDir !== null || kept !== null || await holdsAny(bucket) ? { content: ['/'] } : {},
      stun: [options.stun === null ? '/' : `http://${options.stun}/`], // of the others we do not know whether UDP reaches them at their port
    }
    const bases = options.publicUrl === null ? ownAddresses(address).map(urlOf) : [options.publicUrl]
    const circuit = await CircuitRelay.start({
      key, clock, metrics, log, maxReservations,
      announce: bases.flatMap(base => networkPlaces(network, base).relays.slice(0, 1)),
      relayBytes: options.relayBytes,
      relayHourBytes: options.relayHourBytes,
    })
    const peers = await ReservedPeers.start(circuit, options.name, clock, metrics, fromHex(networkId)!)
    const tracker = new TrackerDesk(metrics, clock, options.perAddress)
    const anchor = options.anchor ? await startAnchor({ data: options.data, name: options.name, network: networkId, parameters: ledger, node: peers, clock: processAlarm, random, metrics, log }) : null
    const running = anchor instanceof Anchor ? anchor : null
    const keeping = kept === null || options.keep === null ? null : startKeeping({
      files: kept, room: options.keep, node: peers, name: options.name, anchor: running, blocked, clock: processAlarm, metrics, log, dropped: cid => { content.forget(cid) },
    })
    const entries = running?.entries ?? null
    const unserve = keeping === null && entries === null ? async () => {} : await peers.handle(contentProtocol(options.name), relayContent(keeping?.content ?? null, entries))
    const reports = reportsOf(network, metrics, () => running === null ? anchor as Exclude<typeof anchor, Anchor> : { running: true, ...running.health }, () => keeping?.report() ?? null)
    serveStun(udp, clock, metrics)
    watchProcess(metrics, clock)
    ready.resolve({
      answer: ({ method = '', url = '', headers }) => {
        const path = pathOf(url)
        if (path === null || url.length > limits.urlChars || !isContentPath(path.slice(1))) return answer({ method, url, headers }, files, reports)
        return content.answer({ method, header: name => headers[name]?.toString() ?? null }, path)
      },
      upgrade(path, request, socket, head) {
        if (path !== '/' && path !== '/announce') return false
        tracker.upgrade(request, socket, head, webSocket => { (path === '/' ? circuit : tracker).accept(webSocket, request) })
        return true
      },
    })
    log.info('started', { host: options.host, port, name: options.name, peerId, files: files.size })
    let stopping: Promise<void> | null = null
    const stop = () => stopping ??= stopAll(server, sockets, udp, [{ stop: unserve }, ...keeping === null ? [] : [keeping], ...running === null ? [] : [running], peers, tracker, circuit])
    return { port, url: urlOf(isWildcard(address) ? '127.0.0.1' : address), peerId, network: networkId, metrics, stop }
  } catch (error) {
    ready.reject(error)
    await kept?.close()
    udp.close()
    server.close()
    throw error
  }
}

const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }

/** The anchor, or why there is none: a relay goes on without. */
async function startAnchor(parts: AnchorParts): Promise<Anchor | Extract<AnchorReport, { running: false }>> {
  try { return await Anchor.start(parts) } catch (error) {
    const { code, message } = HoldfastError.from(error)
    parts.log.error('anchor-failed', { code, message })
    return { running: false, problem: code }
  }
}

async function holdsAny(bucket: Bucket): Promise<boolean> {
  for await (const _ of bucket.list()) return true
  return false
}

interface Stoppable { stop(): void | Promise<void> }

async function stopAll(server: Server, sockets: ReadonlySet<Socket>, udp: UdpSocket, parts: readonly Stoppable[]): Promise<void> {
  const closed = new Promise<void>(done => { server.close(() => { done() }) })
  server.closeIdleConnections()
  udp.close()
  // A peer that does not answer the goodbye must not keep the relay: what is still open then is cut.
  await Promise.race([Promise.allSettled(parts.map(async part => { await part.stop() })), sleep(1500, null, { ref: false })])
  for (const socket of sockets) socket.destroy()
  await closed
}

/** The addresses of this machine under which a server that listens on `address` is found. */
function ownAddresses(address: string): readonly string[] {
  if (!isWildcard(address)) return [address]
  return Object.values(networkInterfaces()).flatMap(list => list ?? [])
    .filter(({ family, address: ip }) => (family === 'IPv4' || address === '::') && !ip.startsWith('fe80:')).map(({ address: ip }) => ip)
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}
