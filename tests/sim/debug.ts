import { compose } from './compose.ts'
import { faultsOf } from './faults.ts'
import { run } from './run.ts'
import { Trace } from './engine/trace.ts'
export async function main(args: string[]): Promise<number> {
  const scenario = { ...compose({ peers: 12, hours: 2, seed: 3, faults: faultsOf(args[0]!) }), realKeys: args[1] === 'real', encoded: args[2] === 'enc' }
  const logs: string[][] = []
  const note = Trace.prototype.note
  Trace.prototype.note = function (...parts) { logs.at(-1)!.push(parts.map(p => typeof p === 'number' && p > 1e12 ? ((p - 1.8e12) / 1000).toFixed(2) : p).join(' ')); note.apply(this, parts) }
  for (const memo of [true, false]) { logs.push([]); await run({ ...scenario, memo }, 3) }
  const [a, b] = logs as [string[], string[]]
  const at = a.findIndex((l, i) => l !== b[i])
  console.log(at, a.length, b.length)
  for (let i = Math.max(0, at - 12); i < at + 6; i++) console.log(a[i], '|', b[i])
  return 0
}
