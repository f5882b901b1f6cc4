import type { Goal, Result, Row } from '../types.ts'
import { median, round } from './stats.ts'

/** A row with its medians, and whether the goal is met. */
export function result(id: string, { what, against, unit, goal, samples, notes = [] }: Row, load: readonly [number, number], machine: string): Result {
  const [ours, peer] = [median(samples.map(([mine]) => mine)), median(samples.map(([, theirs]) => theirs))]
  const ratio = peer === 0 ? null : ours / peer
  return {
    id, what, against, unit, notes, load, machine,
    ours: round(ours), peer: round(peer), ratio: ratio === null ? null : round(ratio),
    runs: samples.length,
    goal: goal === null ? null : `${goal.of} ${goal.is} ${String(goal.value)}`,
    met: goal === null ? null : met(goal, ours, ratio),
    samples: samples.map(([mine, theirs]) => [round(mine), round(theirs)] as const),
  }
}

function met(goal: Goal, ours: number, ratio: number | null): boolean | null {
  const value = goal.of === 'ours' ? ours : ratio
  return value === null ? null : goal.is === 'at least' ? value >= goal.value : value <= goal.value
}

/** The results for people: aligned columns, notes below their row. */
export function table(results: readonly Result[]): string {
  const head = ['benchmark', 'what', 'ours', 'peer', 'unit', 'ratio', 'goal', '', 'runs', 'against']
  const rows = results.map(({ id, what, ours, peer, unit, ratio, goal, met: reached, runs, against }) => [
    id, what, String(ours), String(peer), unit, ratio === null ? '-' : String(ratio), goal ?? '-', reached === null ? '' : reached ? 'met' : 'missed', String(runs), against,
  ])
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map(row => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ').trimEnd()
  const loads = results.flatMap(({ load }) => load)
  return [
    line(head), ...rows.map((row, i) => [line(row)].concat(results[i]?.notes.map(note => `    ${note}`) ?? []).join('\n')),
    `${results[0]?.machine ?? ''}; load average ${String(Math.min(...loads))} to ${String(Math.max(...loads))}`,
  ].join('\n')
}
