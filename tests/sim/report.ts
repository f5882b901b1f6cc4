import type { Result } from './watch/result.ts'

/** A result for people. */
export function table(result: Result): string {
  const { reorganisations, transactions, broken } = result
  const rows: readonly (readonly [string, string])[] = [
    ['peers', `${result.peers}, ${result.there.toFixed(1)} honest ones there on average`],
    ['heads', `${result.heads} at ${result.height}, ${result.left} blocks beside the chain`],
    ['k', `at ${result.safe}; ${result.lags.join(' / ')} blocks below the head (5, 50, 95 %); stood still for ${result.safeStill.toFixed(1)} h at most`],
    ['interval', `${result.meanInterval.toFixed(1)} s on average, ${result.rescues} rescues`],
    ['agreement', result.agreement.toFixed(3)],
    ['reorganisations', counted(reorganisations)],
    ['a peer a day', `${result.questionsADay.toFixed(0)} questions, ${(100 * result.unanswered).toFixed(1)} % without an answer, ${(result.bytesADay / 1e6).toFixed(2)} MB`],
    ['together', result.converged === null ? 'never' : `${result.converged.toFixed(0)} s after nothing went wrong any more`],
    ['votes', `${result.unlocks} left their k for a better branch, ${result.conflicts} conflicts of k`],
    ['liars', `distrusted ${result.distrusted} times`],
    ['transactions', `${transactions.submitted} sent, ${transactions.onChain} on the chain${Object.keys(transactions.refused).length === 0 ? '' : `, refused: ${counted(transactions.refused)}`}`],
    ['records', `${result.recorded} entries`],
    ...Object.keys(result.problems).length === 0 ? [] : [['told of', counted(result.problems)] as const],
    ['run', `${result.events} events, ${result.seconds.toFixed(1)} s of the processor, ${result.hash}`],
    ['broken', broken.length === 0 ? 'nothing' : ''],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return [
    `${result.scenario}, seed ${result.seed}, ${result.hours} h`,
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
    ...broken.map(({ rule, what, at, times }) => `    ${rule} (${times} times, first at ${hoursOf(at)} h): ${what}`),
  ].join('\n')
}

function hoursOf(at: number): string { return ((at / 1000 - 1_800_000_000) / 3600).toFixed(2) }

function counted(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts)
  return entries.length === 0 ? 'none' : entries.map(([name, count]) => `${name}: ${count}`).join(', ')
}
