import { loadSecp256k1, type Secp256k1 } from '../../src/base/index.ts'
import { Ledger, LedgerMemo, type Parameters } from '../../src/ledger/index.ts'
import { Chance } from './engine/chance.ts'
import { Timeline } from './engine/timeline.ts'
import { Trace } from './engine/trace.ts'
import { SimNetwork, type Station } from './net/network.ts'
import { weatherOf } from './net/weather.ts'
import { beginning, hiddenKeys, membersOf, parametersOf, type Member } from './network-of.ts'
import { Peer } from './people/peer.ts'
import { spansOf } from './people/presence.ts'
import { Recorder } from './people/recorder.ts'
import { send, type Sent } from './people/sender.ts'
import { openOwnStore, openStore } from './people/store.ts'
import type { Scenario } from './scenario.ts'
import { Invariants } from './watch/invariants.ts'
import { Measures } from './watch/measures.ts'
import { resultOf, type Result } from './watch/result.ts'
import { Strays } from './watch/strays.ts'
import { cheapSignatures } from './world/signatures.ts'
import { World } from './world/world.ts'
import { liesOf } from './attackers/index.ts'
import { hide } from './attackers/private.ts'

const hourMs = 3_600_000

/** All that one simulation is made of. */
export interface Stage {
  readonly scenario: Scenario
  readonly seed: number
  readonly parameters: Parameters
  readonly signatures: Secp256k1
  readonly timeline: Timeline
  readonly trace: Trace
  readonly world: World
  readonly memo: LedgerMemo
  readonly network: SimNetwork
  readonly measures: Measures
  readonly invariants: Invariants
  readonly peers: readonly Peer[]
  readonly sent: Sent
  readonly recorders: readonly Recorder[]
  /** Milliseconds since 1970. */
  readonly begin: number
  readonly quiet: number
  readonly end: number
  /** What peers told of, how often. */
  readonly problems: Map<string, number>
  readonly strays: Strays
  /** How many blocks the heads had, each minute. */
  readonly heights: { readonly at: number, readonly head: number, readonly safe: number }[]
}

/** Runs a scenario once. The same seed gives the same run. */
export async function run(scenario: Scenario, seed: number, progress?: (part: number, stage: Stage) => void): Promise<Result> {
  const started = process.cpuUsage()
  const stage = await prepare(scenario, seed)
  const { timeline, invariants, peers, measures, begin, end } = stage
  const step = 60_000
  for (let at = begin + step; at <= end; at += step) {
    timeline.at(at, () => {
      measures.sample(timeline.now, peers)
      stage.heights.push({ at: timeline.now, ...heightsOf(peers) })
      if (end - timeline.now <= Math.max(5 * step, 1000 * stage.parameters.blockTime)) stage.strays.look(peers, stage.world)
    })
  }
  const parts = 200
  for (let part = 1; part <= parts; part++) {
    await timeline.run(begin + (end - begin) * part / parts, () => { invariants.look() })
    progress?.(part / parts, stage)
  }
  const { user, system } = process.cpuUsage(started)
  return await resultOf(stage, (user + system) / 1000)
}

/** Whether people of it come and go until the end. */
function isLively({ groups }: Scenario): boolean {
  return groups.some(({ killedEvery, wipedEvery, sleepsEvery, habit }) => killedEvery !== undefined || wipedEvery !== undefined || sleepsEvery !== undefined || habit.is === 'daily')
}

function heightsOf(peers: readonly Peer[]): { readonly head: number, readonly safe: number } {
  const heights = peers.flatMap(({ honest, there, ledger }) => honest && there && ledger !== null ? [[ledger.head.header.number, ledger.safe.header.number] as const] : [])
  const middle = (at: 0 | 1): number => heights.map(height => height[at]).sort((a, b) => a - b)[Math.floor(heights.length / 2)] ?? 0
  return { head: middle(0), safe: middle(1) }
}

async function prepare(scenario: Scenario, seed: number): Promise<Stage> {
  const signatures = scenario.realKeys ? await loadSecp256k1() : cheapSignatures()
  const members = membersOf(scenario, signatures)
  const hidden = hiddenKeys(scenario, signatures)
  const parameters = parametersOf(scenario, members, hidden)
  const begin = beginning * 1000
  const at = (hours: number): number => begin + hours * hourMs
  const end = at(scenario.hours)
  const quiet = Math.max(begin, end - scenario.tail * parameters.blockTime * 1000)
  const timeline = new Timeline(begin)
  const trace = new Trace()
  const world = new World()
  const memo = await LedgerMemo.of(parameters, signatures)
  const relaysOf = new Chance(seed, 'relays')
  const places = members.map(({ group }) => group.relays ?? (group.isAnchor === true ? null : relaysOf.some(Array.from({ length: Math.min(3, scenario.relays) }, (_, i) => i), 2)))
  let anchors = 0
  const relays = places.map(place => place ?? [anchors++ % Math.min(3, scenario.relays)])
  const weather = weatherOf({
    latency: scenario.latency, loss: scenario.loss, lossEnds: quiet,
    partitions: scenario.partitions.map(({ from, to, shares }, i) => ({ from: at(from), to: at(to), side: sidesOf(shares, members.length, new Chance(seed, `partition ${i}`)) })),
    relaysDown: scenario.relaysDown.map(({ relay, from, to }) => ({ relay, from: at(from), to: at(to) })),
  })
  const network = new SimNetwork({ timeline, weather, trace, encoded: scenario.encoded })
  const measures = new Measures(isLively(scenario) ? Math.max(quiet, weather.clears) : Math.max(begin, weather.clears))
  const longest = Math.max(0, ...scenario.partitions.map(({ from, to }) => to - from)) * 3600
  const invariants = new Invariants(timeline, world, { short: parameters.short, range: parameters.range, conflictsExpected: scenario.conflicts === true || longest > parameters.activeWindow * parameters.blockTime }, measures)
  const sent: Sent = { submitted: 0, refused: new Map() }
  const problems = new Map<string, number>()
  const peers = members.map((member, number) => peerOf(member, number, relays[number]!))
  const recorders = recordersOf(scenario, members).map(number => new Recorder(peers[number]!))
  const stage: Stage = { scenario, seed, parameters, signatures, timeline, trace, world, memo, network, measures, invariants, peers, sent, recorders, begin, quiet, end, problems, strays: new Strays(), heights: [] }
  for (const [number, peer] of peers.entries()) live(stage, peer, members[number]!)
  for (const recorder of recorders) records(stage, recorder)
  if (scenario.privateBranch !== undefined) hide(stage, scenario.privateBranch, hidden)
  return stage

  function peerOf({ group, key }: Member, number: number, ofPeer: readonly number[]): Peer {
    const chance = new Chance(seed, `peer ${number}`)
    const eclipsed = group.eclipsedUntil
    const shown = eclipsed === undefined ? undefined : (stations: readonly Station[]): readonly Station[] =>
      timeline.now < at(eclipsed) ? peers.filter(peer => !peer.honest && peer.there) : [...stations, ...peers.filter(peer => peer.honest && peer.there).slice(0, 20)]
    return new Peer({
      number, key, relays: group.lies === undefined || group.relays !== undefined ? ofPeer : [...ofPeer, scenario.relays - 1], isAnchor: group.isAnchor === true, mode: group.mode ?? 'full',
      mines: group.mines !== false, honest: group.lies === undefined, skew: group.skew ?? 0, ...group.lies === undefined ? {} : { lies: liesOf(group.lies, new Chance(seed, `lies ${number}`)) },
    }, {
      timeline, network, parameters, signatures, chance, random: new Chance(seed, `program ${number}`), diskChance: new Chance(seed, `disk ${number}`), store: scenario.memo ? openStore(world, memo) : openOwnStore(world), diskMs: scenario.diskMs, watch: invariants, tells: text => { problems.set(text, (problems.get(text) ?? 0) + 1) }, ...shown === undefined ? {} : { shown },
      openLedger: async peer => await Ledger.open({ parameters, signatures, store: await peer.parts.store.blocks(), ...scenario.memo ? { memo } : {} }),
    })
  }
}

/** Those who record: honest people who are always there, with a clock that is right. */
function recordersOf({ recorders }: Scenario, members: readonly Member[]): readonly number[] {
  const able = members.flatMap(({ group: { habit, lies, skew, mode }, key }, number) => habit.is === 'always' && lies === undefined && skew === undefined && mode !== 'headers' && key !== null ? [number] : [])
  return able.slice(0, recorders?.count ?? 0)
}

/** Lets somebody look after what it records, twice a block until the end; new entries come until all is quiet. */
function records({ scenario, seed, timeline, begin, quiet, end, parameters, invariants }: Stage, recorder: Recorder): void {
  const chance = new Chance(seed, `records ${recorder.peer.number}`)
  const everyMs = 24 * hourMs / (scenario.recorders?.entries ?? 1)
  const stepMs = 500 * parameters.blockTime
  let wanted = begin + chance.wait(everyMs)
  const next = (): void => {
    if (recorder.peer.there) {
      const more = timeline.now >= wanted && timeline.now < quiet
      if (more) wanted = timeline.now + chance.wait(everyMs)
      recorder.step(more).catch((error: unknown) => { invariants.broke(`${recorder.peer.id} recording: ${String(error)}`) })
    }
    if (timeline.now + stepMs < end) timeline.after(stepMs, next)
  }
  timeline.at(begin + chance.between(1_000, stepMs), next)
}

/** Which side each peer is on: sides are as large as their shares. */
function sidesOf(shares: readonly number[], count: number, chance: Chance): (peer: number) => number {
  const whole = shares.reduce((sum, share) => sum + share, 0)
  const sides = Array.from({ length: count }, () => 0)
  for (const [place, peer] of chance.shuffled(sides.map((_, number) => number)).entries()) {
    let [side, end] = [0, shares[0]! / whole * count]
    while (place >= Math.round(end) && side < shares.length - 1) end += shares[++side]! / whole * count
    sides[peer] = side
  }
  return peer => sides[peer] ?? 0
}

/** Lets somebody come and go, be killed, sleep, and send. */
function live({ scenario, seed, timeline, begin, quiet, end, peers, signatures, sent, invariants }: Stage, peer: Peer, { group }: Member): void {
  const chance = new Chance(seed, `life ${peer.number}`)
  const habit = group.habit.is === 'joins' ? { ...group.habit, at: begin + group.habit.at * hourMs } : group.habit
  const pauses = scenario.pause === undefined ? [] : [[begin + scenario.pause.from * hourMs, begin + scenario.pause.to * hourMs] as const]
  const there = (at: number): boolean => !pauses.some(([from, to]) => at >= from && at < to)
  for (const [from, to] of spansOf(habit, begin, end, quiet, chance)) {
    timeline.at(from + chance.between(0, 2_000), () => { if (there(timeline.now)) peer.comes() })
    if (to < end) timeline.at(to, () => { peer.goes() })
  }
  for (const [from, to] of pauses) {
    timeline.at(from, () => { peer.goes() })
    timeline.at(to + chance.between(0, 30 * 60_000), () => { peer.comes() })
  }
  const nowAndThen = (everyHours: number | undefined, act: () => void): void => {
    if (everyHours === undefined || everyHours <= 0) return
    const next = (): void => {
      const at = timeline.now + chance.wait(everyHours * hourMs)
      if (at < quiet) timeline.at(at, () => { act(); next() })
    }
    next()
  }
  const again = (): void => { timeline.after(chance.between(1_000, 60_000), () => { peer.comes() }) }
  nowAndThen(group.killedEvery, () => {
    if (!peer.there) return
    peer.killed()
    again()
  })
  nowAndThen(group.wipedEvery, () => {
    if (!peer.there) return
    peer.killed()
    peer.wipes()
    again()
  })
  nowAndThen(group.sleepsEvery, () => {
    if (!peer.there) return
    peer.fallsAsleep()
    timeline.after(chance.between(60_000, hourMs), () => { peer.wakes() })
  })
  if (!peer.honest || peer.plan.key === null) return
  const sends = (to: Peer | null): void => {
    if (peer.there) send(peer, to, signatures, sent).catch((error: unknown) => { invariants.broke(`${peer.id} sending: ${String(error)}`) })
  }
  nowAndThen(24 / scenario.transfers, () => { sends(chance.pick(peers)) })
  nowAndThen(24 / scenario.messages, () => { sends(null) })
}
