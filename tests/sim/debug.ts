import { local } from './scenarios/index.ts'
import { run } from './run.ts'
import { Invariants } from './watch/invariants.ts'
import { SimNetwork } from './net/network.ts'
export async function main(): Promise<number> {
  const moved = Invariants.prototype.moved
  const of = SimNetwork.prototype.of
  let tl: any
  SimNetwork.prototype.of = function (from, life) {
    const net = of.call(this, from, life)
    return { ...net, distrust: (id, why) => { console.log('DISTRUST', id, why); net.distrust(id, why) }, ask: async (id, kind, q, s) => {
      if (from.id === 'peer 0' && life.now() / 1000 - 1_800_000_000 > 44) console.log((life.now() / 1000 - 1_800_000_000).toFixed(2), 'asks', id, kind)
      const a = await net.ask(id, kind, q, s)
      const now = life.now() / 1000 - 1_800_000_000
      const v = (a as any).value
      if (from.id === 'peer 0' && now > 51 && now < 130) console.log(now.toFixed(2), 'ask', id, kind, kind === 'future' ? `head ${v.head.header.number} t${v.head.header.time - 1_800_000_000} D${v.head.header.difficulty} own ${Object.keys(v.own)} best ${v.best?.number} time ${v.time - 1_800_000_000}` : kind === 'walk' ? v.blocks.map((b: any) => b.header.number).join() : kind === 'nodes' ? v.nodes.map((n: any) => n?.length).join() : '')
      return a
    } }
  }
  Invariants.prototype.moved = function (peer, move) {
    const now = (this as any).timeline.now / 1000 - 1_800_000_000
    const line = `${now.toFixed(2)} ${peer.id} left ${move.left.map(l => `${l.header.number}:${l.root.slice(0, 4)}`).join(' ')} joined ${move.joined.map(l => `${l.header.number}:${l.root.slice(0, 4)}(t${l.header.time - 1_800_000_000} ${l.kind} m${l.header.miner.slice(-4)} D${l.header.difficulty})`).join(' ')}`
    if (peer.id === 'peer 0') console.log(line)
    if (now > 130) process.exit(0)
    moved.call(this, peer, move)
  }
  await run({ ...local, hours: 2 }, 1)
  return 0
}
