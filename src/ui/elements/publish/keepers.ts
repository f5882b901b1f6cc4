import { html, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { most, usualUntil } from '../../publish-order.ts'
import { coins } from '../../strings/counts.ts'
import { takeWords } from '../../strings/keeping.ts'
import { periodWords } from '../../strings/uploads.ts'
import type { PeerState } from '../../types.ts'
import { choice } from '../choice.ts'
import { askedOf, keeperChoice } from '../keeping/keeper-choice.ts'
import type { KeeperRanking } from '../keeping/keeper-ranking.ts'
import { textField } from '../upload/fields.ts'
import { readAmount } from '../wallet/amounts.ts'
import type { PolicyForm } from './policy.ts'

/** `pays`: the network has keepers paid; `aside`: coins that are set aside for them then. */
type KeepersForm = Omit<PolicyForm, 'kind'> & { readonly ledger: PeerState['ledger'], readonly pays: boolean, readonly aside: number, readonly ranking: KeeperRanking }

/** Who keeps it, and for how long it stands. */
export function keepersForm({ draft, wrong, change, stamped, ledger, pays, aside, ranking }: KeepersForm): TemplateResult {
  const without = msg('Needs coins for the fee, which you do not have yet.')
  const card = (id: 'volunteers' | 'anybody' | 'named', label: string, about: string) => choice({
    group: 'keep', id, label, about: stamped && id !== 'volunteers' ? without : about, checked: draft.keeping === id, disabled: stamped && id !== 'volunteers' && draft.keeping !== id, choose: () => { change({ keeping: id }) },
  })
  const until = draft.until ?? (stamped ? most.stamped.until : usualUntil)
  return html`<fieldset class="choices"><legend class="label">${msg('Who keeps it')}</legend>
      ${card('volunteers', msg('Volunteers'), msg('Whoever likes to. Nobody promises anything, and it costs nothing.'))}
      ${card('anybody', msg('Keepers who accept'), msg('Offered to every keeper of the network, until as many as you want have accepted.'))}
      ${card('named', msg('Keepers you name'), msg('Offered to these alone.'))}</fieldset>
    ${draft.keeping === 'named' ? keeperChoice({ ranking, text: draft.keepers, wrong: wrong.keepers ?? '', change: keepers => { change({ keepers }) }, label: msg('Their addresses'), hint: msg(str`One a line, at most ${most.keepers}. Each has to be a keeper already.`) })
      : wrong.keepers === undefined ? nothing : html`<p class="error">${icon('warning', 18)}<span>${wrong.keepers}</span></p>`}
    <div class="two">${draft.keeping === 'volunteers' ? nothing : html`<div class="field"><label for="wanted">${msg('How many of them')}</label>
      <span class="select"><select class="input" id="wanted" @change=${(event: Event) => { change({ wanted: Number((event.target as HTMLSelectElement).value) }) }}>
        ${Array.from({ length: most.wanted }, (_, i) => html`<option value=${i + 1} ?selected=${draft.wanted === i + 1}>${i + 1}</option>`)}</select>${icon('chevron')}</span>
      <p class="hint">${msg('Three is usual: one may sleep, one may leave.')}</p></div>`}
    ${!pays || draft.keeping === 'volunteers' ? nothing : textField({ id: 'each', label: msg('Coins for each of them and period'), hint: paidWords(draft, aside, ranking), value: draft.each, wrong: wrong.each ?? '', inputmode: 'numeric', change: each => { change({ each }) } })}
    <div class="field"><label for="until">${msg('How many periods it stands')}</label>
      <input class="input" id="until" type="number" min="1" max=${stamped ? most.stamped.until : most.until} step="1" inputmode="numeric" .value=${live(Number.isNaN(until) ? '' : String(until))} aria-invalid=${wrong.until !== undefined} aria-describedby="until-hint until-wrong"
        @input=${(event: Event) => { change({ until: (event.target as HTMLInputElement).valueAsNumber }) }} />
      <p class="hint" id="until-hint">${Number.isInteger(until) && until > 0 ? msg(str`${periodWords(until, ledger)}. You can make it longer at any time; afterwards it is off the list.`) : msg('Afterwards it is off the list.')}</p>
      <div id="until-wrong" role="status">${wrong.until === undefined ? nothing : html`<p class="error">${icon('warning', 18)}<span>${wrong.until}</span></p>`}</div></div></div>`
}

/** What becomes of the coins, and who takes it for so many. */
function paidWords({ keeping, keepers, each }: PolicyForm['draft'], aside: number, ranking: KeeperRanking): string {
  const asked = askedOf(ranking, keeping === 'anybody' ? null : keepers)
  const takes = asked.length === 0 ? msg('Keepers who want more do not take it.') : takeWords(asked, readAmount(each) ?? 0)
  return aside === 0 ? takes : `${msg(str`${coins(aside)} are set aside; what nobody earns comes back to you.`)} ${takes}`
}
