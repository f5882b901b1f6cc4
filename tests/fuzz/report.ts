import type { Result } from './supervise.ts'

/** The results for people: a row a target, aligned. */
export function table(results: readonly Result[]): string {
  const head = ['target', 'inputs', 'accepted', 'crashes', 'slow', 'slowest ms', 'refused']
  const rows = results.map(({ name, tally, failures }) => [
    name, String(tally.inputs), String(tally.accepted), String(failures.length), String(tally.slow), tally.slowestMs.toFixed(1),
    Object.entries(tally.refused).toSorted(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${String(count)}`).join(', '),
  ])
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map(row => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string => cells.map((cell, i) => i > 0 && i < head.length - 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)).join('  ').trimEnd()
  return [head, ...rows].map(line).join('\n')
}
