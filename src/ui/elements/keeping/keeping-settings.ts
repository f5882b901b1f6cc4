import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { attempt } from '../../events.ts'
import { settingsStyles } from '../../places/settings.styles.ts'
import { duration } from '../../strings/format.ts'
import { shortAddress } from '../../strings/wallet.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, PeerState } from '../../types.ts'
import { toggle } from '../parts.ts'
import { stageChip, stageStyles } from '../stage.ts'
import './keeper-settings.ts'
import './samaritan.ts'

const minute = 60_000

/** What the person lets this device do for other people's publications. */
@customElement('holdfast-keeping-settings')
export class HoldfastKeepingSettings extends LitElement {
  static override readonly styles = [...shared, settingsStyles, stageStyles, css`
    .address { overflow-wrap: anywhere; }
  `]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState

  /** Only whose key the ledger has can be named as a holder, by others. */
  private nameable(): TemplateResult | typeof nothing {
    const { uploads, identity, ledger } = this.snapshot
    if (uploads === null || identity === null) return nothing
    const way = uploads.sending.find(({ op, stage }) => op === 7 && stage !== 'safe' && stage !== 'failed')
    const told = uploads.nameable === true
    return html`<div class="setting"><div><b>${msg('You can be named as a holder')}</b><span class="sub">${told
      ? msg('Publishers can have you give out keys in their stead, while a tab is open here.')
      : msg('Then publishers can have you give out keys in their stead. For that the ledger has to know a key they can seal to; it stands under your address, for everybody. It costs some seconds of work, no coins.')}</span></div>
      ${told ? html`<span class="chip ok">${icon('check', 17)}${msg('Yes')}</span>`
        : way !== undefined ? html`<span role="status">${stageChip(way.stage)}</span>`
        : html`<button type="button" class="button small" ?disabled=${identity.locked || ledger.phase !== 'open' || uploads.nameable === null} @click=${() => { attempt(this, this.peer.publishing.becomeNameable()) }}>${msg('Let them')}</button>`}</div>`
  }

  private looks(): TemplateResult {
    const { looks: { every, daily } } = this.snapshot
    const choices: readonly (readonly [ms: number, words: string])[] = [[minute, msg('Every minute')], [10 * minute, msg('Every 10 minutes')], [60 * minute, msg('Every hour')], [24 * 60 * minute, msg('Once a day')]]
    const known = choices.some(([ms]) => ms === every) ? choices : [[every, msg(str`Every ${duration(every / 1000)}`)] as const, ...choices]
    return html`<div class="field"><label for="every">${msg('Look for what is to be kept')}</label>
        <span class="select"><select class="input" id="every" aria-describedby="every-about" @change=${(event: Event) => { attempt(this, this.peer.setReconcile(Number((event.target as HTMLSelectElement).value))) }}>
          ${known.map(([ms, words]) => html`<option value=${ms} .selected=${live(ms === every)}>${words}</option>`)}</select>${icon('chevron')}</span>
        <p class="hint" id="every-about">${msg('Whether what is here is what the ledger has you keep. New blocks are looked at as they come, whatever is chosen.')}</p></div>
      ${toggle({
        id: 'daily', label: msg('Read all of it once a day'), checked: daily,
        about: msg('A disk that forgets is noticed, and what it lost is fetched again. Off saves power; then only Verify in the Library looks.'),
        turn: on => this.peer.setRechecks(on),
      })}`
  }

  private async unfollow(owner: string): Promise<void> {
    await this.peer.follow(owner, false)
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus() // its button goes with it
  }

  private followed(): TemplateResult | typeof nothing {
    const { follows } = this.snapshot
    if (follows.length === 0) return nothing
    return html`<section class="stack" aria-labelledby="followed"><h2 id="followed">${msg('People you follow')}</h2><div class="panel">
      <p class="small soft">${msg('Only this device knows whom. Their pictures are shown without asking each time, and Discover finds what they publish.')}</p>
      ${follows.toReversed().map(owner => html`<div class="setting"><div><bdi class="mono address" translate="no">${owner}</bdi></div>
        <button type="button" class="button small" aria-label=${msg(str`No longer follow ${shortAddress(owner)}`)} @click=${() => { attempt(this, this.unfollow(owner)) }}>${msg('No longer follow')}</button></div>`)}</div></section>`
  }

  override render() {
    const { peer, snapshot } = this
    return html`<div class="settings stack s4"><section class="stack" aria-labelledby="for-others"><h2 id="for-others" tabindex="-1">${msg('Kept for others')}</h2>
        <holdfast-samaritan .peer=${peer} .snapshot=${snapshot}></holdfast-samaritan></section>
      <holdfast-keeper-settings .peer=${peer} .snapshot=${snapshot}></holdfast-keeper-settings>
      <section class="stack" aria-labelledby="looks"><h2 id="looks">${msg('How it is looked after')}</h2><div class="panel">${this.looks()}${this.nameable()}</div></section>
      ${this.followed()}</div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-keeping-settings': HoldfastKeepingSettings } }
