import { addressOfBytes, sha256, toHex, utf8 } from '../../src/base/index.ts'
import { dutyReason, reconcile, type Duties, type Duty, type HeldFile, type View } from '../../src/content/index.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const uploads = 100_000
/** Of them are missing, and as many others are held for no reason any more. */
const changed = 1_000
const network = '00000000000000aa'

function digest(text: string): string { return toHex(sha256(utf8(text))) }

function dutyOf(i: number): Duty {
  const cid = digest(`upload ${String(i)}`)
  const owner = addressOfBytes(sha256(utf8(`owner ${String(i % 5000)}`)).subarray(0, 20))
  return { cid, owner, kind: 'audio', protected: true, title: `Upload ${String(i)}`, keyCommit: cid, waits: false, files: [{ cid, size: 30_000_000 + i, infohash: digest(`torrent ${String(i)}`).slice(0, 40), audit: cid }] }
}

function heldOf({ cid, owner, files: [file] }: Duty, why: 'obliged' | 'offered'): HeldFile {
  const { size, infohash, audit } = file!
  return { cid, size, infohash, status: 'SEEDING', paused: false, problem: null, reasons: [dutyReason(why, network, { cid, owner }, cid)], facts: { audit, dissem: [owner], sound: true } }
}

/** One pass of reconciliation over many uploads, every file held but some: the whole of it, against only finding out which ids are in one set and not in the other. */
export const reconcileDiff: Benchmark = {
  id: 'reconcile/diff',
  about: 'a pass over 100,000 uploads and as many files held, against two differences of sets of their ids',
  async run(bench: Bench): Promise<readonly Row[]> {
    const all = Array.from({ length: uploads + changed }, (_, i) => dutyOf(i))
    const half = uploads / 2
    const duties: Duties = { network, fresh: true, safe: 1000, epoch: 288, range: 2016, obliged: all.slice(0, half), offered: all.slice(half, uploads), pledge: { pledged: Number.MAX_SAFE_INTEGER, public: false }, waiting: [] }
    const have = new Map(all.slice(changed).map((duty, i) => [duty.cid, heldOf(duty, i + changed < half ? 'obliged' : 'offered')]))
    const view: View = { network, duties, hints: [], fetched: [], have, newest: 0, may: () => true, retry: () => false, stalled: () => false, released: new Set() }
    const ours = (): number => {
      const begin = performance.now()
      const { actions } = reconcile(view)
      const took = performance.now() - begin
      if (actions.filter(({ act }) => act === 'keep').length !== changed) throw new Error('not the difference')
      return took
    }
    const sets = (): number => {
      const begin = performance.now()
      const expected = new Set([...duties.obliged, ...duties.offered].map(({ cid }) => cid))
      const held = new Set(have.keys())
      const [missing, orphaned] = [[...expected].filter(cid => !held.has(cid)), [...held].filter(cid => !expected.has(cid))]
      const took = performance.now() - begin
      if (missing.length !== changed || orphaned.length !== changed) throw new Error('not the difference')
      return took
    }
    for (let warm = 0; warm < 3; warm++) [ours(), sets()].forEach(Boolean)
    const samples = Array.from({ length: bench.runs ?? 9 }, () => [ours(), sets()] as const)
    bench.log(`  ours ${samples.map(([ms]) => ms.toFixed(0)).join(' ')} ms, sets ${samples.map(([, ms]) => ms.toFixed(0)).join(' ')} ms`)
    await Promise.resolve()
    return [{ what: 'a pass over 100,000 uploads, 1,000 missing and 1,000 left over', against: 'differences of two Sets of ids, both ways', unit: 'ms', goal: { of: 'ratio', is: 'at most', value: 5 }, samples }]
  },
}
