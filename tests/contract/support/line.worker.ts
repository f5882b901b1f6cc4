import { accept, encode, reject, type Judged } from '../../../src/base/index.ts'
import type { NetNode } from '../../../src/net/index.ts'
import type { DeskParts } from '../../../src/peer/desk-parts.ts'
import type { Duties, HeldReport, UploadEvent } from '../../../src/peer/duty-api.ts'
import { NetworkLine } from '../../../src/peer/network-line.ts'
import { StateService } from '../../../src/peer/state-service.ts'
import { exposeLiving } from '../../../src/peer/worker-life.ts'
import { stateAnswers, type Neighbour, type StateAnswer } from '../../../src/sync/index.ts'

/*
 * Both ends of the line, each in a worker of this kind: `Network` with a node that notes what it is told and answers from a script, `Ledger` with a peer
 * that answers every question about nodes with one. The worker's name is the lock it lives by.
 */

const state = new StateService()
const line = new NetworkLine(() => { devices++ })
let devices = 0
let nudged = 0
let neighbours: readonly Neighbour[] = []
const told: unknown[] = []
const handlers = new Map<string, (request: unknown, from: { readonly peerId: string }) => Promise<Judged<unknown>> | Judged<unknown>>()

const node = {
  places: { name: 'local' },
  neighbours: () => neighbours,
  distrust: (id: string) => { told.push(['distrust', id]) },
  setAccount: (account: unknown) => { told.push(['account', account]) },
  setNetworkId: async (id: unknown) => { told.push(['network', id]); await Promise.resolve() },
  handle: async (protocol: string, answer: Parameters<typeof handlers.set>[1]) => { handlers.set(protocol, answer); return await Promise.resolve(async () => await Promise.resolve()) },
  request: async (id: string, protocol: string, question: unknown) => {
    told.push(['asked', id, protocol, question])
    if (id === 'silent') await new Promise<never>(() => {})
    return await Promise.resolve(encode(stateAnswers.nodes, { nodes: [null] }))
  },
} as unknown as NetNode

state.onDuties = duties => { told.push(['duties', duties]) }
state.onUploadEvents = events => { told.push(['events', events]) }
line.onHeld = report => { told.push(['held', report]) }

const service = {
  // the network's side
  held: async (report: HeldReport) => { state.held(report); await Promise.resolve() },
  joinLedger: async (port: MessagePort | null) => { state.join(port); await Promise.resolve() },
  attach: async (device: Uint8Array<ArrayBuffer>) => {
    state.onKeys = keys => { told.push(['keys', keys.map(({ cid }) => cid)]) }
    state.onReadFile = async ({ cid }, at, length) => await Promise.resolve(Uint8Array.of(cid.length, at, length))
    state.entries = {
      fetchEntries: async hashes => await Promise.resolve(hashes.map((_, i) => Uint8Array.of(i))),
      entryHolders: async hashes => await Promise.resolve(hashes.map((_, i) => i)),
    }
    state.volumes = {
      hasVolume: async (_, number) => await Promise.resolve(number === 1),
      shareVolume: async (chain, number, volume) => { told.push(['volume', chain, number, volume]); await Promise.resolve() },
      fetchVolume: async (_, number) => await Promise.resolve(number === 1 ? Uint8Array.of(9) : null),
    }
    await state.attach({ node, device })
  },
  meet: async (list: readonly Neighbour[]) => { neighbours = list; state.changed(); await Promise.resolve() },
  asked: async (question: Uint8Array, from: string, about: 'state' | 'keys' = 'state') => await handlers.get(`/holdfast/${about}/1/local`)?.(question, { peerId: from }) ?? reject('internal', 'nobody serves'),
  entriesHere: async (hashes: readonly string[]) => await state.ledger(async ledger => await ledger.entries(hashes)),
  told: async () => await Promise.resolve(told.splice(0)),

  // the ledger's side
  joinNetwork: async (port: MessagePort | null) => { line.join(port); await Promise.resolve() },
  open: async (network: string) => {
    const sync = {
      nudge: () => { nudged++ },
      answer: async (question: object, from: string) => {
        if (from === 'slow') await new Promise<never>(() => {})
        return await Promise.resolve('nodes' in question ? { ok: true, value: { nodes: [Uint8Array.of(7)] } } : reject('not-found', `nothing for ${from}`))
      },
    }
    line.part({ sync, network } as unknown as DeskParts)
    line.onKeyQuestion = async (question, from) => await Promise.resolve(accept(Uint8Array.of(...question, from.length)))
    await Promise.resolve()
  },
  setAccount: async (account: Parameters<NetworkLine['setAccount']>[0]) => { line.setAccount(account); await Promise.resolve() },
  setDuties: async (duties: Duties | null) => { line.setDuties(duties); await Promise.resolve() },
  uploadEvents: async (events: readonly UploadEvent[]) => { line.uploadEvents(events); await Promise.resolve() },
  distrust: async (id: string) => { line.distrust(id); await Promise.resolve() },
  seen: async () => await Promise.resolve({ neighbours: line.neighbours(), device: line.device, devices, nudged }),
  ask: async (id: string, cid: string, patienceMs = 60_000): Promise<Judged<StateAnswer<'nodes'>>> => await line.ask(id, 'nodes', { cids: [cid] }, AbortSignal.timeout(patienceMs)),

  askKeys: async (id: string, question: Uint8Array<ArrayBuffer>, patienceMs = 60_000) => await line.askKeys(id, question, AbortSignal.timeout(patienceMs)),
  keyCame: async (cid: string) => { line.keyCame([{ cid, owner: 'T', sealed: { iv: new Uint8Array(12), ct: new Uint8Array(48) } }]); await Promise.resolve() },
  readFile: async (cid: string) => await line.readFile({ cid, infohash: 'ab'.repeat(20), size: 9, kind: 'audio', protected: true }, 3, 4, new AbortController().signal),

  fetchEntries: async (hashes: readonly string[]) => await line.entries.fetch(hashes),
  entryHolders: async (hashes: readonly string[]) => await line.entries.holders(hashes),
  serveEntries: async (hash: string) => { line.entries.serve({ read: async hashes => await Promise.resolve(hashes.map(each => each === hash ? Uint8Array.of(8) : null)) }); await Promise.resolve() },
  volumes: async (chain: string) => [
    await line.volumes.has(chain, 0), await line.volumes.has(chain, 1), await line.volumes.share(chain, 0, Uint8Array.of(4)), await line.volumes.fetch(chain, 0), await line.volumes.fetch(chain, 1),
  ] as const,

  die: async () => { self.close(); await Promise.resolve() },
}

export type LineWorker = typeof service

exposeLiving(service, self.name)
