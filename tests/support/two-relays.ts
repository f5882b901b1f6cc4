import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRelay, type RunningRelay } from './relay.ts'

/** Two relays of one network, each naming the other in its network file. */
export interface TwoRelays { readonly all: readonly [RunningRelay, RunningRelay], stop(): Promise<void> }

/** Starts them once to have their names and ports, then again as each other's peers. */
export async function twoRelays(): Promise<TwoRelays> {
  const folders = await Promise.all(['one', 'two'].map(async name => await mkdtemp(join(tmpdir(), `holdfast-relay-${name}-`))))
  const [one, two] = await Promise.all(folders.map(async data => {
    const relay = await startRelay({ data })
    const { relays } = await (await fetch(new URL('network.json', relay.url))).json() as { relays: { peerId: string }[] }
    await relay.stop()
    return { data, port: relay.port, name: `${relay.url}=${relays[0]?.peerId ?? ''}` }
  }))
  if (one === undefined || two === undefined) throw new Error('two folders make two relays')
  const all = await Promise.all([
    startRelay({ data: one.data, port: one.port, args: ['--relay-peer', two.name] }),
    startRelay({ data: two.data, port: two.port, args: ['--relay-peer', one.name] }),
  ])
  const stop = async () => {
    for (const relay of all) relay.signal('SIGCONT') // a frozen process hears no other signal
    await Promise.all(all.map(async relay => { await relay.stop() }))
    await Promise.all(folders.map(async folder => { await rm(folder, { recursive: true, force: true }) }))
  }
  return { all, stop }
}
