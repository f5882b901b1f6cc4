import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRelay, type RunningRelay } from './relay.ts'

/** Two relays of one network, each naming the other in its network file. */
export interface TwoRelays { readonly all: readonly [RunningRelay, RunningRelay], stop(): Promise<void> }

/** Starts one, the other with a copy of its network file (alone it would begin a ledger of its own), then both again as each other's peers. */
export async function twoRelays(): Promise<TwoRelays> {
  const folders = await Promise.all(['one', 'two'].map(async name => await mkdtemp(join(tmpdir(), `holdfast-relay-${name}-`)))) as [string, string]
  const first = await started(folders[0], [])
  const file = join(folders[1], 'network-of-one.json')
  await writeFile(file, first.network)
  const second = await started(folders[1], ['--network', file])
  const all = await Promise.all([
    startRelay({ data: folders[0], port: first.port, args: ['--relay-peer', second.name] }),
    startRelay({ data: folders[1], port: second.port, args: ['--network', file, '--relay-peer', first.name] }),
  ])
  const stop = async () => {
    for (const relay of all) relay.signal('SIGCONT') // a frozen process hears no other signal
    await Promise.all(all.map(async relay => { await relay.stop() }))
    await Promise.all(folders.map(async folder => { await rm(folder, { recursive: true, force: true }) }))
  }
  return { all, stop }
}

/** The port a relay of the folder had, the name others are told of it, and its network file. */
async function started(data: string, args: readonly string[]): Promise<{ readonly port: number, readonly name: string, readonly network: string }> {
  const relay = await startRelay({ data, args })
  const network = await (await fetch(new URL('network.json', relay.url))).text()
  await relay.stop()
  const [self] = (JSON.parse(network) as { relays: { peerId: string }[] }).relays
  return { port: relay.port, name: `${relay.url}=${self?.peerId ?? ''}`, network }
}
