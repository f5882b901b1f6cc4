import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { AskEvent } from '../../events.ts'
import { coins } from '../../strings/counts.ts'
import { ago } from '../../strings/format.ts'
import { shared } from '../../tokens/index.ts'
import type { Invite, Peer, PeerState } from '../../types.ts'
import { num } from '../parts.ts'
import type { Question } from '../question.ts'

/** The person wants to see the link of an invite once more. */
export class ShowInviteEvent extends Event {
  static readonly type = 'holdfast-show-invite'
  constructor(readonly invite: Invite) {
    super(ShowInviteEvent.type)
  }
}

/** Invites whose coins nobody took yet. */
@customElement('holdfast-invites')
export class HoldfastInvites extends LitElement {
  static override readonly styles = [...shared, css`
    :host { display: contents; } /* none takes no row of a grid */
    @media (max-width: 40rem) {
      .file { grid-template-columns: auto minmax(0, 1fr); }
      .file .end { grid-column: 2; }
    }
  `]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState

  private row(invite: Invite): TemplateResult {
    const { link, amount, made, stage } = invite
    const words = stage === 'offered' ? msg('On its way into a block; then it can be opened') : stage === 'ready' ? msg('Not taken yet') : msg('Taken')
    const name = `${coins(amount)}, ${ago(made * 1000, Date.now())}`
    return html`<li><div class="file">
      <span class="tile">${icon('gift')}</span>
      <span><b class="name">${num(coins(amount))}</b><span class="meta">${words}. ${msg(str`Made ${ago(made * 1000, Date.now())}`)}</span></span>
      <span class="end line">${stage === 'taken' ? nothing : html`<button type="button" class="button small" aria-label=${msg(str`Show the link: ${name}`)} @click=${() => { this.dispatchEvent(new ShowInviteEvent(invite)) }}>${icon('link', 18)}${msg('Link')}</button>
        ${stage === 'ready' ? html`<button type="button" class="button small plain" aria-label=${msg(str`Take back: ${name}`)} @click=${() => { this.dispatchEvent(new AskEvent(takeBackQuestion(amount), () => this.peer.wallet.claim(link))) }}>${msg('Take back')}</button>` : nothing}`}</span>
    </div></li>`
  }

  override render() {
    const invites = (this.snapshot.wallet?.invites ?? []).filter(({ stage }) => stage !== 'taken')
    if (invites.length === 0) return nothing
    return html`<section class="panel stack s1" aria-labelledby="invites"><h2 class="h3" id="invites">${msg('Invites')}</h2>
      <p class="small soft">${msg('Coins set aside for whoever opens the link. They are not part of what you have.')}</p>
      <ul class="rows">${invites.map(invite => this.row(invite))}</ul></section>`
  }
}

function takeBackQuestion(amount: number): Question {
  return {
    heading: msg('Take the coins back?'),
    body: html`<p>${msg(str`${coins(amount)} come back to you. The link holds nothing afterwards; whoever opens it is told so.`)}</p>`,
    no: msg('Leave them there'),
    yes: msg('Take them back'),
    tone: 'primary',
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-invites': HoldfastInvites } }
