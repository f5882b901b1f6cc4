import { shortFork } from './scenarios/index.ts'
import { run } from './run.ts'
import { table } from './report.ts'
export async function main(args: string[]): Promise<number> {
  const s = { ...shortFork, hours: 44, privateBranch: { ...shortFork.privateBranch!, shown: 39 + Number(args[0]), power: 60000, most: 12 } }
  let peers: any
  const r = await run(s, Number(args[1]), (part, stage) => { peers = stage.peers; if (part > 0.87) console.log(((stage.timeline.now / 1000 - 1.8e9) / 3600).toFixed(2), stage.peers.filter(p => p.sync).slice(0, 5).map(p => `${p.sync!.status.head.header.number} k${p.sync!.status.safe.header.number} ${p.sync!.status.alert?.why ?? ''} ${p.sync!.status.rests ?? ''}`).join(' | ')) })
  console.log(table(r))
  return 0
}
