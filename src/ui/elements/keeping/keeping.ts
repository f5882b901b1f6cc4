import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { keeperGlyph } from '../../drawings/mark.ts'
import { attempt } from '../../events.ts'
import { files, uploads } from '../../strings/counts.ts'
import { bytes } from '../../strings/format.ts'
import { keeperStatus } from '../../strings/uploads.ts'
import { shared } from '../../tokens/index.ts'
import type { KeepingFigures, KeepingState, Peer, PeerState, UploadSending } from '../../types.ts'
import { bar, notice, num, toggle } from '../parts.ts'
import { stageChip, stageStyles } from '../stage.ts'
import './pledge.ts'
import type { HoldfastPledge } from './pledge.ts'

/** What this device keeps for others, what it may grow to, and what was promised. */
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

  private open(keeper: NonNullable<KeepingState['open']>): TemplateResult {
    const { pledged, load, count } = keeper
    const { words, about, tone } = keeperStatus(keeper.status)
    const offered = this.snapshot.keeping?.offered ?? { files: 0, bytes: 0 }
    return html`<div class="line apart"><span class="chip ${tone}">${keeperGlyph(tone === 'ok' ? 3 : 0)}${words}</span>
        <button type="button" class="button small" @click=${() => { void this.pledge.show() }}>${keeper.status === 'active' ? msg('Change what you give') : msg('Begin anew')}</button></div>
      <p class="small soft">${about}</p>
      <div class="stack s1">${bar({ title: msg('Room you give, taken so far'), done: load, total: pledged, tone: 'thick' })}
        <dl class="stats">
          <div><dt>${msg('You keep')}</dt><dd>${num(bytes(load))}<small>${uploads(count)}</small></dd></div>
          <div><dt>${msg('May grow to')}</dt><dd>${num(bytes(pledged))}<small>${keeper.public ? msg('open ones too') : msg('encrypted ones alone')}</small></dd></div>
          ${offered.files === 0 ? nothing : html`<div><dt>${msg('Offered to you')}</dt><dd>${num(bytes(offered.bytes))}<small>${files(offered.files)}</small></dd></div>`}</dl></div>
      ${this.planned()}
      ${load + offered.bytes <= pledged ? nothing : html`<p class="small care">${msg('Not all that is offered fits into the room you give; the rest is left to others.')}</p>`}`
  }

  /** What all of it takes now, what it may come to, and whether this is the device that keeps. */
  private planned(): TemplateResult | typeof nothing {
    const { keeping, storage } = this.snapshot
    if (keeping === null) return nothing
    return html`<p class="small soft">${msg(html`Everything on this device together: ${num(bytes(storage.used))} now, at most ${num(bytes(Math.max(keeping.most, storage.used)))} with all you promised.`)}</p>
      ${toggle({
        id: 'keep-here', label: msg('Keep on this device'), checked: keeping.here,
        about: msg('One of your devices keeps for your address. Turn it on here before you turn it off there.'),
        change: on => { attempt(this, this.peer.keepHere(on)) },
      })}`
  }

  private none(): TemplateResult {
    const kept = this.snapshot.keeping?.obliged ?? { files: 0, bytes: 0 }
    return html`<p>${msg('A keeper promises, in public, to hold what others publish. You say how much room you give; offers that fit are fetched, checked and accepted by themselves.')}</p>
      ${kept.files === 0 ? nothing : html`<p class="small soft">${msg(html`Still kept for others: ${files(kept.files)}, ${num(bytes(kept.bytes))}.`)}</p>`}
      <div class="line"><button type="button" class="button" ?disabled=${this.snapshot.ledger.phase !== 'open'} @click=${() => { void this.pledge.show() }}>${icon('library')}${msg('Become a keeper')}</button></div>
      <p class="small quiet">${msg('Meant for devices that are on most days. What you fetch you can give to others without any of this.')}</p>`
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
        ${news === null || news.keeping.open === null ? this.none() : this.open(news.keeping.open)}
        ${ways.length === 0 ? nothing : html`<div role="status"><ul class="stack s1">${ways.map(way => this.way(way))}</ul></div>`}</div></section>
      <holdfast-pledge .peer=${this.peer} .snapshot=${snapshot}></holdfast-pledge>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-keeping': HoldfastKeeping } }
