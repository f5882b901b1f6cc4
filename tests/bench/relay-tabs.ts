import { fork } from 'node:child_process'
import { once } from 'node:events'
import { startRelay } from '../support/relay.ts'
import { startChild, type Child } from './support/child.ts'
import { relayAddress } from './support/relay-address.ts'
import type { TabsOrder } from './support/tabs-child.ts'
import type { Bench, Benchmark, Row } from './types.ts'

/** As many as two cores bring up in two minutes; the relay gives a thousand slots. */
const tabsWanted = 400
const processes = 2
const settleMs = 5000
const windowMs = 20_000

interface Usage { readonly cpu: number, readonly rss: number }

/** What a crowd costs: `memory` in bytes above what was there before, `cpu` in seconds of processor time a second, while nothing happens. */
interface Cost { readonly count: number, readonly seconds: number, readonly memory: number, readonly cpu: number }

/** How much of a process a crowd of tabs takes. */
export const relayTabs: Benchmark = {
  id: 'relay/tabs',
  about: 'memory and processor time of a relay by tabs and circuits, against plain WebSockets that echo',
  async run(bench: Bench): Promise<readonly Row[]> {
    const wanted = Math.min(bench.size ?? tabsWanted, 1000)
    const runs: { tabs: Cost, circuits: Cost, echo: Cost }[] = []
    for (let run = 0; run < (bench.runs ?? 1); run++) {
      const { tabs, circuits } = await measureRelay(wanted)
      const echo = await measureEcho(wanted)
      bench.log(`  ${words('tabs', tabs)}; ${words('circuits', circuits)}; ${words('echo', echo)}`)
      runs.push({ tabs, circuits, echo })
    }
    const thousand = (of: 'tabs' | 'circuits' | 'echo', figure: 'memory' | 'cpu', unit: number) => runs.map(each => each[of][figure] / each[of].count * 1000 / unit)
    const row = (what: string, of: 'tabs' | 'circuits', figure: 'memory' | 'cpu'): Row => {
      const unit = figure === 'memory' ? 1e6 : 1e-3
      const peer = thousand('echo', figure, unit)
      return { what, against: 'plain WebSockets that echo', unit: figure === 'memory' ? 'MB' : 'ms/s', goal: null, samples: thousand(of, figure, unit).map((ours, i) => [ours, peer[i] ?? Number.NaN] as const) }
    }
    const held = (of: 'tabs' | 'circuits', what: string, most: number): Row => ({
      what, against: 'as many as were tried', unit: 'held', goal: { of: 'ratio', is: 'at least', value: 1 }, samples: runs.map(each => [each[of].count, most] as const),
      notes: [`there after ${runs.map(each => each[of].seconds.toFixed(0)).join(', ')} s, clients and relay on the same cores`],
    })
    return [
      held('tabs', 'tabs with a slot', wanted),
      row('memory, 1,000 tabs', 'tabs', 'memory'),
      row('processor, 1,000 idle tabs', 'tabs', 'cpu'),
      held('circuits', 'circuits open at once', Math.floor(wanted / processes / 2) * processes),
      row('memory, 1,000 circuits', 'circuits', 'memory'),
      row('processor, 1,000 idle circuits', 'circuits', 'cpu'),
    ]
  },
}

function words(what: string, { count, seconds, memory, cpu }: Cost): string {
  return `${String(count)} ${what} in ${seconds.toFixed(0)} s, ${(memory / 1e6).toFixed(0)} MB, ${(cpu * 1000).toFixed(0)} ms/s`
}

async function measureRelay(wanted: number): Promise<{ tabs: Cost, circuits: Cost }> {
  const relay = await startRelay({ args: ['--per-address', '10000'] })
  const children: Child<TabsOrder, number>[] = []
  try {
    const address = await relayAddress(relay.url)
    for (let n = 0; n < processes; n++) children.push(await startChild('tests/bench/support/tabs-child.ts'))
    const usage = async (): Promise<Usage> => {
      const text = await (await fetch(new URL('metrics', relay.url))).text()
      const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
      return { cpu: read('process_cpu_seconds_total'), rss: read('process_resident_memory_bytes') }
    }
    const gauge = async (name: 'reservations' | 'circuits') => {
      const health = await (await fetch(new URL('health', relay.url))).json() as Record<string, number>
      return health[name] ?? Number.NaN
    }
    const tabs = await cost(usage, async () => {
      await Promise.all(children.map(async child => await child.ask({ do: 'tabs', relay: address, count: wanted / processes })))
      return await gauge('reservations')
    })
    const circuits = await cost(usage, async () => {
      await Promise.all(children.map(async child => await child.ask({ do: 'circuits', relay: address })))
      return await gauge('circuits')
    })
    return { tabs, circuits: { ...circuits, cpu: circuits.cpu - tabs.cpu } }
  } finally {
    await Promise.all(children.map(async child => { await child.stop() }))
    await relay.stop()
  }
}

async function measureEcho(wanted: number): Promise<Cost> {
  const server = fork('tests/bench/support/echo-server.mjs')
  const said = async () => (await once(server, 'message'))[0] as Usage & { readonly port: number }
  const { port } = await said()
  const clients = await startChild<TabsOrder, number>('tests/bench/support/tabs-child.ts')
  try {
    const usage = async () => {
      server.send('usage')
      return await said()
    }
    return await cost(usage, async () => await clients.ask({ do: 'sockets', url: `ws://127.0.0.1:${String(port)}/`, count: wanted }))
  } finally {
    await clients.stop()
    server.kill('SIGKILL')
  }
}

/** What `bring` brings, resolving with their number, costs the process whose `usage` is read. */
async function cost(usage: () => Promise<Usage>, bring: () => Promise<number>): Promise<Cost> {
  await sleep(settleMs) // a process that has just begun gives memory back
  const before = await usage()
  const begin = performance.now()
  const count = await bring()
  const seconds = (performance.now() - begin) / 1000
  await sleep(settleMs)
  const [from, since] = [await usage(), performance.now()]
  await sleep(windowMs)
  const to = await usage()
  return { count, seconds, memory: to.rss - before.rss, cpu: (to.cpu - from.cpu) / (performance.now() - since) * 1000 }
}

async function sleep(ms: number): Promise<void> {
  await new Promise(done => { setTimeout(done, ms) })
}
