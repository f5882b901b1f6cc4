import { beginning } from '../network-of.ts'
import type { Made } from './chain.ts'
import type { Device } from './device.ts'
import { keeperWish } from './keeper-acts.ts'
import { ownerWish } from './owner-acts.ts'
import { resultOf, type Result } from './result.ts'
import type { Settings } from './settings.ts'
import { Stage } from './stage.ts'
import { namedOf } from './view.ts'

/** Blocks after which a branch is left, one in so many; how deep at most. Each block of a large network settles somebody, so each switch asks for other leaves. */
const [forkEvery, deepestFork] = [40, 5]

/** Runs people who keep and are kept for over one chain. The same settings give the same run. */
export async function runKeepers(settings: Settings, progress?: (part: number, stage: Stage) => void): Promise<Result> {
  const started = process.cpuUsage()
  const stage = await Stage.begin(settings)
  const seconds = settings.hours * 3_600
  const done = (): number => (stage.chain.head.header.time - beginning) / seconds
  while (done() < 1) {
    if (stage.number > 20 && stage.chance.once(1 / forkEvery)) await fork(stage, 1 + stage.chance.below(deepestFork))
    else await block(stage)
    progress?.(done(), stage)
  }
  const { user, system } = process.cpuUsage(started)
  return resultOf(stage, (user + system) / 1e6)
}

/** Everybody who is there looks at the head, and a block is made of what waits. */
async function block(stage: Stage): Promise<void> {
  const { chain, at } = stage
  for (const device of stage.devices) await act(stage, device, at)
  const before = chain.head
  const made = await mine(stage)
  stage.view.take(await chain.differences(before.root, made.link.root))
  if (chain.head.root !== made.link.root) throw new Error('the only branch is not the head')
}

async function act(stage: Stage, device: Device, at: number): Promise<void> {
  device.live(at)
  if (!device.isOn(at)) return
  if ((stage.number + device.person.number) % stage.parameters.epoch === 0) tidy(stage, device)
  if (stage.pool.has(device.address)) return
  const wish = device.person.keeps ? keeperWish(stage, device, at) : ownerWish(stage, device, at)
  if (wish === null) return
  const transaction = stage.sign(device, wish)
  if (device.lies) {
    stage.forgeries.add(transaction)
    stage.counts.forged++
    device.lies = false
  }
  stage.pool.add(transaction)
}

/** What it has without a reason goes, at the second look. */
function tidy({ view }: Stage, device: Device): void {
  if (!device.person.keeps) return
  const wanted = new Set([...view.duties.get(device.address)?.keys() ?? []].map(ref => namedOf(ref)[0]))
  const idle = [...device.disk].filter(cid => !wanted.has(cid))
  for (const cid of idle) if (device.idle.has(cid)) device.forget(cid)
  device.idle = new Set(idle)
}

async function mine(stage: Stage, parent = stage.chain.head, place = 0): Promise<Made> {
  const { chain, pool, counts } = stage
  const candidates = pool.candidates()
  const made = await chain.extend(parent, candidates, place)
  const refused = pool.settle(made, candidates).length
  if (chain.head.root === made.link.root) counts.refused += refused
  else counts.refusedBeside += refused
  for (const each of made.transactions) if (stage.forgeries.has(each)) counts.forgedTaken++
  return made
}

/** Some blocks that everybody takes, and then a longer branch from below them: what they settled is settled anew, by other picks. */
async function fork(stage: Stage, depth: number): Promise<void> {
  const { chain, view, pool, counts } = stage
  const from = chain.head
  for (let i = 0; i < depth; i++) await block(stage)
  const left = chain.head
  pool.comeBack(chain.between(from, left).taken)
  const drawn = new Map(view.now)
  let tip = from
  for (let i = 0; i < 2 * depth + 4 && chain.head.root === left.root; i++) tip = (await mine(stage, tip, i === 0 ? 1 : 0)).link
  if (chain.head.root === left.root) return // it never became the better one
  view.take(await chain.differences(left.root, chain.head.root))
  const switched = chain.between(left, chain.head)
  counts.forks++
  counts.deepest = Math.max(counts.deepest, switched.left.length)
  for (const [address, now] of view.now) {
    const before = drawn.get(address)
    if (before !== undefined && before.settled > from.header.number && now.settled > from.header.number && String(before.picks.map(({ cid, leaf }) => [cid, leaf])) !== String(now.picks.map(({ cid, leaf }) => [cid, leaf]))) counts.settledAgain++
  }
}
