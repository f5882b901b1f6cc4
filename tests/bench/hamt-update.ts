import { webcrypto } from 'node:crypto'
import { openProfile } from './support/profile.ts'
import { Twins, type BlockTimes } from './support/trie-block.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const [keys, changes, warmUp] = [100_000, 500, 2]

const ownWarmUp = 50

/** Blocks of changes to a trie in memory, each made to the same trie in the library too, with the same root. */
export const hamtUpdate: Benchmark = {
  id: 'hamt/update',
  about: 'a block of 500 changes to a trie of 100,000 keys in memory, against ipld-hashmap',
  async run(bench: Bench): Promise<readonly Row[]> {
    const runs = bench.runs ?? 7
    const what = (where: string) => `500 changes at 100,000 keys, ${where}`
    const goal = { of: 'ratio', is: 'at least', value: 60 } as const
    const twins = await Twins.make({ now: processorMs, random: bytes => { webcrypto.getRandomValues(bytes) } }, keys)
    await twins.warm(ownWarmUp, changes)
    const inNode = await measure(bench, runs, async () => await twins.block(changes))
    return [
      row(what('Node, processor time'), inNode, goal),
      row(what('Chromium, in a worker'), await inChromium(bench, runs), goal),
    ]
  },
}

/** Of all threads of this process: what collects garbage beside it counts too. */
function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function inChromium(bench: Bench, runs: number): Promise<readonly BlockTimes[]> {
  const profile = await openProfile(bench.scratch)
  try {
    const page = await profile.context.newPage()
    await page.goto(bench.pages.url('trie'))
    await page.waitForFunction(() => 'triePage' in globalThis)
    await within(180, 'making the tries', page.evaluate(async ([count, size, blocks]) => { await globalThis.triePage.make(count, size, blocks) }, [keys, changes, ownWarmUp] as const))
    return await measure(bench, runs, async () => await within(120, 'a block', page.evaluate(async count => await globalThis.triePage.block(count), changes)))
  } finally {
    await profile.close()
  }
}

async function measure(bench: Bench, runs: number, block: () => Promise<BlockTimes>): Promise<readonly BlockTimes[]> {
  const blocks: BlockTimes[] = []
  for (let run = -warmUp; run < runs; run++) {
    const times = await block()
    if (run >= 0) blocks.push(times)
    bench.log(`  ours ${times.ours.toFixed(1)} ms (hashing alone ${times.hashing.toFixed(1)}), ipld-hashmap ${times.peer.toFixed(0)} ms`)
  }
  return blocks
}

/** Changes in a second; what hashing alone would allow stands beside it. */
function row(what: string, blocks: readonly BlockTimes[], goal: Row['goal']): Row {
  const perSecond = (ms: number) => changes / ms * 1000
  const average = (of: keyof BlockTimes) => blocks.reduce((sum, each) => sum + each[of], 0) / blocks.length
  return {
    what, against: 'ipld-hashmap, same root', unit: 'changes/s', goal,
    samples: blocks.map(({ ours, peer }) => [perSecond(ours), perSecond(peer)] as const),
    notes: [`${average('nodes').toFixed(0)} nodes and ${(average('bytes') / 1e6).toFixed(2)} MB a block; hashing them alone takes ${(average('hashing') / average('ours') * 100).toFixed(0)} % of our time, so no more than ${perSecond(average('hashing')).toFixed(0)} changes/s are possible`],
  }
}
