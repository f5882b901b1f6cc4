import Tracker from 'bittorrent-tracker/server'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { LabRelay } from '../unit/net/lab.ts'
import { startAzure, startS3, type Emulator } from './emulators.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A plain bittorrent-tracker, ws://.. */
    tracker: string
    /** POST here `stop` or `start` to take it away and bring it back on the same port. */
    trackerSwitch: string
    /** `/s3`, `/gs` and `/azblob` below it begin an emulator where there is none yet, and say as JSON where it is (`EmulatorPlace`); `/s3?closed` is one that lets no pages in. */
    emulators: string
    /** Multiaddrs of circuit relays: one with room, and one whose circuits carry 2 MiB. */
    relay: string
    narrowRelay: string
  }
}

/** An emulator as a test in the browser uses it: `url` ends where the prefix begins. */
export type EmulatorPlace = Pick<Emulator, 'credentials'> & { readonly url: string }

interface RunningTracker { readonly port: number, stop(): Promise<void> }

async function startTracker(port = 0): Promise<RunningTracker> {
  const tracker = new Tracker({ http: false, udp: false, stats: false, ws: { noServer: true, maxPayload: 1024 * 1024, maxFragments: 64 } })
  tracker.on('warning', () => {}) // what clients said wrong: tests look at the clients
  const sockets = new Set<{ terminate(): void }>()
  const server = createServer().on('upgrade', (request, socket, head) => {
    tracker.ws.handleUpgrade(request, socket, head, webSocket => {
      sockets.add(webSocket)
      webSocket.upgradeReq = request
      tracker.onWebSocketConnection(webSocket)
    })
  })
  const bound = await listen(server, port)
  return {
    port: bound,
    async stop() {
      for (const socket of sockets) socket.terminate()
      server.close()
      await once(server, 'close')
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A tracker beside the browser tests, a switch for it, and relays. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  let tracker: RunningTracker | null = await startTracker()
  const { port } = tracker
  const control = createServer((request, response) => {
    void (async () => {
      if (request.url === '/stop') {
        await tracker?.stop()
        tracker = null
      } else tracker ??= await startTracker(port)
      response.writeHead(204, { 'access-control-allow-origin': '*' }).end()
    })()
  })
  const emulators = new Map<string, Promise<Emulator>>()
  const emulatorDesk = createServer((request, response) => {
    void (async () => {
      const kind = request.url ?? ''
      const begin = kind === '/azblob' ? async () => await startAzure() : async () => await startS3(kind === '/gs' ? 'gs' : 's3', { cors: !kind.endsWith('?closed') })
      const begun = emulators.get(kind) ?? begin()
      emulators.set(kind, begun)
      const { url, credentials } = await begun
      response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'application/json' }).end(JSON.stringify({ url: url(''), credentials } satisfies EmulatorPlace))
    })()
  })
  const [relay, narrow] = [await LabRelay.start(1), await LabRelay.start(2, 100, 2 * 1024 * 1024)]
  provide('relay', relay.address)
  provide('narrowRelay', narrow.address)
  provide('tracker', `ws://127.0.0.1:${port}`)
  provide('trackerSwitch', `http://127.0.0.1:${await listen(control, 0)}`)
  provide('emulators', `http://127.0.0.1:${await listen(emulatorDesk, 0)}`)
  return async () => {
    await tracker?.stop()
    control.close()
    emulatorDesk.close()
    await Promise.all([...emulators.values()].map(async each => { await (await each).stop() }))
    await Promise.all([relay.kill(), narrow.kill()])
  }
}
