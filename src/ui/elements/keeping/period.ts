import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon, type IconName } from '../../drawings/icons.ts'
import { periodStrip, periodStyles } from '../../drawings/periods.ts'
import { AskEvent } from '../../events.ts'
import { uploadHash } from '../../route.ts'
import { coins } from '../../strings/counts.ts'
import { number } from '../../strings/format.ts'
import { dueWords, periodsShown, periodsWords, pickWords } from '../../strings/keeping.ts'
import { shared } from '../../tokens/index.ts'
import type { KeepingPick, OpenKeeping, Peer, PeerState } from '../../types.ts'
import { fold, num } from '../parts.ts'

const icons: Readonly<Record<KeepingPick['state'], IconName>> = { answered: 'check', sent: 'up', open: 'clock', missing: 'warning' }

/** What a keeper has to show in this period and by when, how the last ones went, and what it earned. */
@customElement('holdfast-period')
export class HoldfastPeriod extends LitElement {
  static override readonly styles = [...shared, periodStyles, css`
    .earned { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-3); align-items: end; justify-content: space-between; }
    .earned > dl { flex: 1 1 16rem; }
    details { border-block: 0; }
    .row { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .25rem 1rem; min-block-size: var(--target-small); padding-block: .375rem; overflow-wrap: anywhere; }
  `]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) keeper!: OpenKeeping

  private due(): TemplateResult | typeof nothing {
    const { period, settled, status } = this.keeper
    if (status !== 'active' && status !== 'away') return nothing
    const picks = period?.picks ?? []
    const answered = picks.filter(({ state }) => state === 'answered').length
    const { words, about, tone } = dueWords({ asked: picks.length, answered, at: (period?.due ?? settled)?.at ?? null }, Date.now())
    const missing = picks.filter(({ state }) => state === 'missing').length
    return html`<div class="stack s1"><div class="line s2"><span class="chip ${tone}">${icon(tone === 'ok' ? 'check' : 'clock', 17)}${words}</span><span class="small soft">${about}</span></div>
      ${missing === 0 ? nothing : html`<p class="small care">${missing === 1 ? msg('1 file a proof is due for is not here whole; it is being fetched again.') : msg(str`${missing} files a proof is due for are not here whole; they are being fetched again.`)}</p>`}
      ${picks.length === 0 ? nothing : fold(msg('What is to be shown'), html`<ul class="rows">${picks.map(pick => this.pick(pick))}</ul>`)}</div>`
  }

  private pick(pick: KeepingPick): TemplateResult {
    const { words, tone } = pickWords(pick.state)
    return html`<li class="row small"><span><a href=${uploadHash(pick)}><bdi>${pick.title === '' ? msg('Without a title') : pick.title}</bdi></a>, ${msg(str`leaf ${number(pick.leaf)}`)}</span><span class="chip ${tone}">${icon(icons[pick.state], 17)}${words}</span></li>`
  }

  private past(): TemplateResult {
    const { results, periods } = this.keeper
    const last = results.slice(0, periodsShown).toReversed()
    return last.length === 0 ? html`<p class="small soft">${periodsWords(last)}</p>`
      : html`<div class="line s2">${periodStrip(last)}<span class="small soft" aria-hidden="true">${periodsWords(last)}${periods > last.length ? msg(str`, of ${number(periods)} in all`) : nothing}</span></div>`
  }

  private earned(): TemplateResult {
    const { rent: { due, claiming, paid } } = this.keeper
    const { snapshot, peer } = this
    const fee = snapshot.uploads?.keeping.terms.fee ?? 0
    const ask = (): void => {
      this.dispatchEvent(new AskEvent({
        heading: msg(str`Claim ${coins(due)}?`),
        body: html`<p>${msg(str`For whole periods you proved. It is done by itself once it is worth the fee of ${coins(fee)}.`)}</p>`,
        no: msg('Not now'), yes: msg('Claim it'), tone: 'primary',
      }, () => peer.publishing.claimRent()))
    }
    return html`<div class="earned"><dl class="stats">
        <div><dt>${msg('Rent due')}</dt><dd>${num(number(due))}<small>${claiming === 0 ? msg('coins') : msg(str`coins; ${number(claiming)} on their way`)}</small></dd></div>
        <div><dt>${msg('Paid so far')}</dt><dd>${num(number(paid))}<small>${msg('coins, for what you still keep')}</small></dd></div></dl>
      ${due === 0 ? nothing : html`<button type="button" class="button small" ?disabled=${snapshot.identity?.locked === true} @click=${ask}>${icon('coins', 18)}${msg(str`Claim ${coins(due)}`)}</button>`}</div>`
  }

  override render() {
    return html`<div class="stack">${this.due()}${this.past()}${this.earned()}</div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-period': HoldfastPeriod } }
