import { html, nothing, type TemplateResult } from 'lit'
import { msg, str } from '@lit/localize'
import { chart } from '../../drawings/chart.ts'
import { ago, duration, number } from '../../strings/format.ts'
import { shortAddress } from '../../strings/wallet.ts'
import type { BlockPoint, OpenLedger } from '../../types.ts'
import { fold } from '../parts.ts'

const listed = 20

/** Seconds from the block before, for all but the first. */
function paces(blocks: readonly BlockPoint[]): { x: number, y: number }[] {
  return blocks.flatMap((block, i) => {
    const before = blocks[i - 1]
    return before === undefined ? [] : [{ x: block.number, y: block.time - before.time }]
  })
}

/** How hard each block was, as a share of the hardest on show: the smaller the base target, the longer the wait. */
function difficulties(blocks: readonly BlockPoint[]): { x: number, y: number }[] {
  const least = Math.min(...blocks.map(({ baseTarget }) => baseTarget))
  return blocks.map(({ number: x, baseTarget }) => ({ x, y: Math.round(100 * least / baseTarget) }))
}

/** The last blocks as two charts. */
export function charts({ blocks, blockTime }: OpenLedger): TemplateResult | typeof nothing {
  if (blocks.length < 3) return nothing
  const [times, hard] = [paces(blocks), difficulties(blocks)]
  const [lastTime, lastHard] = [times.at(-1)?.y ?? 0, hard.at(-1)?.y ?? 0]
  return html`<div class="cols two">
    <section class="water inner stack s1" aria-labelledby="pace"><h2 class="h3" id="pace">${msg('Time between blocks')} <span class="unit">${msg('seconds')}</span></h2>
      ${chart({ name: msg(str`Time between the last ${number(blocks.length)} blocks: ${duration(lastTime)} now, ${duration(blockTime)} is the aim`), points: times, aim: blockTime, formatX: number, formatY: number })}
      <p class="small soft"><i class="line-key dashed"></i> ${msg(str`Aim: ${duration(blockTime)}`)}</p></section>
    <section class="water inner stack s1" aria-labelledby="hard"><h2 class="h3" id="hard">${msg('Difficulty')} <span class="unit">${msg('% of the hardest')}</span></h2>
      ${chart({ name: msg(str`Difficulty of the last ${number(blocks.length)} blocks: ${number(lastHard)} % of the hardest now`), points: hard, formatX: number, formatY: number })}
      <p class="small soft">${msg('Adjusts itself to how much power makes blocks.')}</p></section></div>`
}

/** The last blocks as a table, newest first. */
export function blockList({ blocks }: OpenLedger, own: string | undefined, now: number): TemplateResult | typeof nothing {
  if (blocks.length === 0) return nothing
  return fold(msg('The last blocks'), html`<div class="scroll" tabindex="0" role="group" aria-label=${msg('The last blocks')}><table><caption class="sr">${msg('The last blocks, newest first')}</caption>
    <thead><tr><th scope="col">${msg('Block')}</th><th scope="col">${msg('When')}</th><th scope="col">${msg('Made by')}</th><th scope="col">${msg('After')}</th><th scope="col">${msg('Transactions')}</th></tr></thead>
    <tbody>${blocks.slice(-listed).toReversed().map((block, i, all) => {
      const before = all[i + 1] ?? blocks.at(-listed - 1)
      return html`<tr><td class="num">${number(block.number)}</td><td>${ago(block.time * 1000, now)}</td><td><bdi class="mono">${block.miner === own ? msg('You') : shortAddress(block.miner)}</bdi></td>
        <td class="num">${before === undefined || before.number >= block.number ? msg('not known') : duration(block.time - before.time)}</td><td class="num">${block.transactions === null ? msg('not known') : number(block.transactions)}</td></tr>`
    })}</tbody></table></div>`)
}
