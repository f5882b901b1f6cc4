import { css, html, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { most, readAddresses } from '../../publish-order.ts'
import { rankedWords } from '../../strings/keeping.ts'
import { shortAddress } from '../../strings/wallet.ts'
import type { RankedKeeper } from '../../types.ts'
import { textField } from '../upload/fields.ts'
import type { KeeperRanking } from './keeper-ranking.ts'

export const keeperChoiceStyles = css`
  .best { display: grid; grid-auto-rows: max-content; max-block-size: 16rem; overflow-y: auto; border-block: 1px solid var(--color-line); }
  .best .check { border-block-start: 1px solid var(--color-line); overflow-wrap: anywhere; }
  .best .check:first-child { border-block-start: 0; }
`

export interface KeeperChoice {
  readonly ranking: Pick<KeeperRanking, 'ranked' | 'problem'>
  /** Addresses, one a line: what is named, whoever named them. */
  readonly text: string
  readonly change: (text: string) => void
  /** Of the field. */
  readonly label: string
  readonly hint: string
  readonly wrong: string
}

/** Keepers named by their owner: ticked in a list, the best first, or by their addresses. One of it in a form. */
export function keeperChoice({ ranking, text, change, label, hint, wrong }: KeeperChoice): TemplateResult {
  return html`${best(ranking, text, change)}
    ${textField({ id: 'keepers', label, hint, value: text, wrong, exact: true, rows: 3, change })}`
}

function best({ ranked, problem }: KeeperChoice['ranking'], text: string, change: (text: string) => void): TemplateResult {
  if (ranked === null) return html`<p class="small soft" role="status">${msg('Looking for keepers.')}</p>`
  if (ranked.length === 0) return html`<p class="small soft" role="status">${problem === '' ? msg('No active keeper has room for it now. Asked all the same, those you name may take it later.') : problem}</p>`
  const now = Date.now()
  const named = new Set(readAddresses(text).addresses)
  const full = named.size >= most.keepers
  return html`<div class="line apart"><span class="label" id="best">${msg('Keepers, the best first')}</span>
      <button type="button" class="button small" @click=${() => { change(ranked.slice(0, most.keepers).map(({ address }) => address).join('\n')) }}>${msg(str`Name the first ${Math.min(most.keepers, ranked.length)}`)}</button></div>
    <div class="best" role="group" aria-labelledby="best" tabindex="0">${repeat(ranked, ({ address }) => address, (keeper, i) => {
      const on = named.has(keeper.address)
      return html`<label class="check"><input type="checkbox" aria-labelledby="k${i}" aria-describedby="k${i}-about" .checked=${live(on)} ?disabled=${full && !on} @change=${(event: Event) => { change(turned(text, keeper.address, (event.target as HTMLInputElement).checked)) }} />
        <span><b class="mono" id="k${i}" translate="no">${shortAddress(keeper.address)}</b><span class="sub" id="k${i}-about">${rankedWords(keeper, now)}</span></span></label>`
    })}</div>`
}

/** The same with one more, or one less; what is no address stays last, to be seen to. */
function turned(text: string, address: string, on: boolean): string {
  const { addresses, wrong } = readAddresses(text)
  const others = addresses.filter(each => each !== address)
  return [...on ? [...others, address] : others, ...wrong].join('\n')
}

/** Those who are asked, as far as it is known what they want: the ones named, or (null) anybody. */
export function askedOf({ ranked }: Pick<KeeperRanking, 'ranked'>, text: string | null): readonly RankedKeeper[] {
  const named = text === null ? null : new Set(readAddresses(text).addresses)
  return ranked?.filter(({ address }) => named === null || named.has(address)) ?? []
}
