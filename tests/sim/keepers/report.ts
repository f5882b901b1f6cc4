import type { Income, Result } from './result.ts'

/** A result for people. */
export function table(result: Result): string {
  const { peers, hours, seed, period, blocks, sums, slots, incomes, broken } = result
  const total = sums.accounts + sums.bonds + sums.escrow + sums.burned + sums.fees
  const rows: readonly (readonly [string, string])[] = [
    ['network', `${blocks} blocks of 300 s, a period of ${period} blocks (the main network has 2,016): ${(blocks / period).toFixed(1)} periods, which are people's weeks here`],
    ['branches', `${result.forks} left over settling blocks, ${result.deepest} deep at most, ${result.branches} blocks beside the chain, all executed; ${result.settledAgain} keepers were asked for other leaves`],
    ['uploads', `${result.uploads}; of honest owners' that somebody keeps, how many have so many copies: ${Object.entries(result.copies).map(([copies, count]) => `${copies}: ${count}`).join(', ')}`],
    ['files lost', String(result.lost)],
    ['rent paid', coins(result.rent)],
    ['bonds burned', coins(sums.burned)],
    ['periods', `${result.proved} proved, ${result.failed} failed, of ${result.keepers} keepers`],
    ['proofs sent', `${result.proofs} leaves; ${result.forged} made up, none of them in a block; ${result.seenThrough} times somebody saw through a false root`],
    ['refused', `${result.refused} on the head, where somebody was quicker; ${result.refusedBeside} on the other branch; at no cost, and made anew where there was reason`],
    ['slots', `${(100 * result.share).toFixed(2)} % of all (${Object.entries(slots).map(([name, count]) => `${name} ${count}`).join(', ')})`],
    ['coins', `${coins(total)} at each block of each branch: accounts ${coins(sums.accounts)}, bonds ${coins(sums.bonds)}, escrow ${coins(sums.escrow)}, burned ${coins(sums.burned)}, fees under way ${coins(sums.fees)}`],
    ['run', `${result.seconds.toFixed(1)} s of the processor`],
    ['broken', broken.length === 0 ? 'nothing' : ''],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return [
    `keepers, ${peers} peers, ${hours} h, seed ${seed}: one chain, executed as every honest peer would; devices by their rules, no transport`,
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`), ...broken.map(text => `    ${text}`), '', incomesTable(incomes),
  ].join('\n')
}

/** What each kind has of keeping. The last column is what compares: for as many uploads that lie on a disk for a period. */
function incomesTable(incomes: readonly Income[]): string {
  const head = ['who', 'people', 'uploads x periods', 'on disk', 'proved', 'failed', 'rent', 'due', 'fees', 'burned', 'gain', 'gain for each on disk']
  const cells = incomes.map(({ who, people, promised, kept, proved, failed, rent, due, fees, burned, gain }) => [
    who, String(people), String(promised), promised === 0 ? '-' : `${Math.round(100 * kept / promised)} %`, String(proved), String(failed), coins(rent), coins(due), coins(fees), coins(burned), coins(gain), kept === 0 ? '-' : coins(Math.round(gain / kept)),
  ])
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map(row => row[i]!.length)))
  return [head, ...cells].map(row => `  ${row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join('  ')}`).join('\n')
}

function coins(amount: number): string { return amount.toLocaleString('en') }
