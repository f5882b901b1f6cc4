import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { attempt } from '../../events.ts'
import { coins } from '../../strings/counts.ts'
import { number } from '../../strings/format.ts'
import { credits as creditWords, failedPayment, paymentWords } from '../../strings/records.ts'
import { shared } from '../../tokens/index.ts'
import type { FactoidSending, Peer, PeerState } from '../../types.ts'
import { stageStyles } from '../stage.ts'
import './buy-credits.ts'
import type { HoldfastBuyCredits } from './buy-credits.ts'
import { recordChip } from './parts.ts'

/** How many entry credits there are, what one costs, and those on their way. */
@customElement('holdfast-credits')
export class HoldfastCredits extends LitElement {
  static override readonly styles = [...shared, stageStyles, css`
    .payment { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .25rem .5rem; align-items: center; padding-block: .5rem; border-block-start: 1px solid var(--color-line); }
    .payment p { grid-column: 1 / -1; }
    .payment .plain { margin-inline-start: -.75rem; }
  `]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @query('holdfast-buy-credits') private readonly buyer!: HoldfastBuyCredits

  private payment(one: FactoidSending): TemplateResult {
    return html`<li class="payment"><span class="small">${paymentWords(one)}</span>${recordChip(one.stage)}
      ${one.stage === 'failed' ? html`<p class="small bad">${failedPayment(one)}</p><div><button type="button" class="button plain small" aria-label=${msg(str`Forget it: ${paymentWords(one)}`)} @click=${() => { attempt(this, this.peer.records.forget(one.wish)) }}>${msg('Forget it')}</button></div>` : nothing}</li>`
  }

  override render() {
    const { records, identity } = this.snapshot
    const standing = records?.credits ?? null
    if (records === null) return nothing
    const sending = standing?.sending.filter(({ stage }) => stage !== 'safe') ?? []
    return html`<section class="panel stack s1" aria-labelledby="credits"><div class="line apart"><h2 class="h3" id="credits">${standing === null ? msg('Entry credits') : msg(html`Entry credits: <bdi class="num">${number(standing.credits)}</bdi>`)}</h2>
        <button type="button" class="button small" aria-label=${msg('Buy entry credits')} ?disabled=${standing === null || identity?.locked === true} @click=${() => { void this.buyer.show() }}>${icon('coins', 18)}${msg('Buy')}</button></div>
      <p class="small soft">${msg('They pay for records.')} ${standing === null ? msg('Yours are counted as soon as you have an address.') : msg(str`${creditWords(1)} costs ${coins(standing.rate)}.`)} ${msg('Credits cannot be turned back into coins.')}</p>
      ${sending.length === 0 ? nothing : html`<ul aria-label=${msg('Payments on their way')}>${sending.map(one => this.payment(one))}</ul>`}
    </section>
    <holdfast-buy-credits .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-buy-credits>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-credits': HoldfastCredits } }
