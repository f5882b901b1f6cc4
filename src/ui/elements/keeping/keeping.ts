import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { keeperGlyph } from '../../drawings/mark.ts'
import { attempt } from '../../events.ts'
import { files, uploads } from '../../strings/counts.ts'
import { bytes, dueAt, number } from '../../strings/format.ts'
import { standingWords, statusWord } from '../../strings/keeping.ts'
import { shared } from '../../tokens/index.ts'
import type { KeepingFigures, KeepingTerms, OpenKeeping, Peer, PeerState, UploadSending } from '../../types.ts'
import { bar, notice, num } from '../parts.ts'
import { stageChip, stageStyles } from '../stage.ts'
import './duties.ts'
import './period.ts'
import './pledge.ts'
import type { HoldfastPledge } from './pledge.ts'

/** What this device keeps for others, what it may grow to, what was promised, what is due for it and what it earns. */
@customElement('holdfast-keeping')
export class HoldfastKeeping extends LitElement {
  static override readonly styles = [...shared, stageStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @query('holdfast-pledge') private readonly pledge!: HoldfastPledge

  /** Too much would go at once: only the person says so. */
  private question({ removal }: KeepingFigures): TemplateResult | typeof nothing {
    if (removal === null) return nothing
    const decide = (take: boolean): void => { attempt(this, this.peer.decideRemoval(take)) }
    return notice('warn', msg('A great deal would be taken away'), html`<p>${msg(html`By the ledger nobody wants ${files(removal.files)} here any more, ${num(bytes(removal.bytes))}. That is so much at once that it waits for you. What goes lies in Removed for 7 days.`)}</p>`,
      html`<div class="line"><button type="button" class="button small" @click=${() => { decide(false) }}>${msg('Keep them')}</button><button type="button" class="button small danger" @click=${() => { decide(true) }}>${msg('Take them away')}</button></div>`)
  }

  private open(keeper: OpenKeeping, { pays }: KeepingTerms): TemplateResult {
    const { pledged, load, count, status, missed, bond, free } = keeper
    const { words, tone } = statusWord(status)
    const bound = status === 'active' || status === 'away'
    const offered = this.snapshot.keeping?.offered ?? { files: 0, bytes: 0 }
    return html`<div class="line apart"><span class="chip ${tone}">${keeperGlyph(tone === 'ok' ? 3 : 0)}${words}</span>
        ${bound ? html`<button type="button" class="button small" @click=${() => { void this.pledge.show() }}>${msg('Change what you give')}</button>` : html`<a class="button small" href="#/settings">${status === 'gone' ? msg('End it in Settings') : msg('Settings')}</a>`}</div>
      <p class="small ${missed > 0 && bound ? 'care' : 'soft'}">${standingWords({ status, missed, bond, pays, free: free === null ? null : dueAt(free.at, Date.now()) })}</p>
      ${this.idle()}
      ${pays ? html`<holdfast-period .peer=${this.peer} .snapshot=${this.snapshot} .keeper=${keeper}></holdfast-period>` : nothing}
      <div class="stack s1">${bar({ title: msg('Room you give, taken so far'), done: load, total: pledged, tone: 'thick' })}
        <dl class="stats">
          <div><dt>${msg('You keep')}</dt><dd>${num(bytes(load))}<small>${uploads(count)}</small></dd></div>
          <div><dt>${msg('May grow to')}</dt><dd>${num(bytes(pledged))}<small>${keeper.public ? msg('open ones too') : msg('encrypted ones alone')}</small></dd></div>
          ${offered.files === 0 ? nothing : html`<div><dt>${msg('Offered to you')}</dt><dd>${num(bytes(offered.bytes))}<small>${files(offered.files)}</small></dd></div>`}
          ${pays ? html`<div><dt>${msg('Bond')}</dt><dd>${num(number(bond))}<small>${keeper.burned === 0 ? msg('coins, yours') : msg(str`coins, yours; ${number(keeper.burned)} were burned`)}</small></dd></div>` : nothing}
          ${keeper.lost === 0 ? nothing : html`<div><dt>${msg('Lost')}</dt><dd>${num(number(keeper.lost))}<small>${msg('that nobody had any more')}</small></dd></div>`}</dl></div>
      ${load + offered.bytes <= pledged ? nothing : html`<p class="small care">${msg('Not all that is offered fits into the room you give; the rest is left to others.')}</p>`}
      ${this.planned()}
      <holdfast-duties .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-duties>`
  }

  /** Why this device does nothing of it now. */
  private idle(): TemplateResult | typeof nothing {
    const { keeping } = this.snapshot
    if (keeping === null) return nothing
    if (!keeping.here) return html`<p class="small soft">${msg(html`This device does not keep for your address; another of yours does, or none. <a href="#/settings">Settings</a>`)}</p>`
    return keeping.paused ? notice('warn', msg('Paused'), msg('Giving is stopped, by the Sharing switch or as this connection is metered: nothing is fetched for others and nothing is proved. A pause costs rent at worst, if it lasts for a period.')) : nothing
  }

  /** What all of it takes now, and what it may come to. */
  private planned(): TemplateResult | typeof nothing {
    const { keeping, storage } = this.snapshot
    return keeping === null ? nothing : html`<p class="small soft">${msg(html`Everything on this device together: ${num(bytes(storage.used))} now, at most ${num(bytes(Math.max(keeping.most, storage.used)))} with all you promised.`)}</p>`
  }

  private none(): TemplateResult {
    const { obliged, samaritan } = this.snapshot.keeping ?? { obliged: { files: 0, bytes: 0 }, samaritan: { files: 0, bytes: 0 } }
    return html`<p>${msg('A keeper promises, in public, to hold what others publish. You say how much room you give; offers that fit are fetched, checked and accepted by themselves.')}</p>
      ${obliged.files === 0 ? nothing : html`<p class="small soft">${msg(html`Still kept for others: ${files(obliged.files)}, ${num(bytes(obliged.bytes))}.`)}</p>`}
      ${samaritan.files === 0 ? nothing : html`<p class="small soft">${msg(html`Kept without a promise: ${files(samaritan.files)}, ${num(bytes(samaritan.bytes))}.`)}</p>`}
      <div class="line"><button type="button" class="button" ?disabled=${this.snapshot.ledger.phase !== 'open'} @click=${() => { void this.pledge.show() }}>${icon('library')}${msg('Become a keeper')}</button></div>
      <p class="small quiet">${msg(html`Meant for devices that are on most days. What you fetch you can give to others without any of this, and more of it, as <a href="#/settings">Settings</a> say.`)}</p>`
  }

  private way({ stage, problem }: UploadSending): TemplateResult {
    return html`<li class="line s2">${stageChip(stage)}<span class="small soft">${problem === null ? msg('Your word as a keeper is on its way to the ledger.') : msg('Your word as a keeper did not get there; it is tried again by itself.')}</span></li>`
  }

  override render() {
    const { snapshot } = this
    const { uploads: news, keeping } = snapshot
    const ways = (news?.sending ?? []).filter(({ op, stage }) => op === 5 && stage !== 'settled' && stage !== 'safe')
    return html`<section class="stack s1" aria-labelledby="keeping"><h2 id="keeping">${msg('Keeping for others')}</h2><div class="panel stack">
        ${keeping === null ? nothing : this.question(keeping)}
        ${news === null || news.keeping.open === null ? this.none() : this.open(news.keeping.open, news.keeping.terms)}
        ${ways.length === 0 ? nothing : html`<div role="status"><ul class="stack s1">${ways.map(way => this.way(way))}</ul></div>`}</div></section>
      <holdfast-pledge .peer=${this.peer} .snapshot=${snapshot}></holdfast-pledge>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-keeping': HoldfastKeeping } }
