import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { attempt } from '../../events.ts'
import { settingsStyles } from '../../places/settings.styles.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, PeerState } from '../../types.ts'
import { stageChip, stageStyles } from '../stage.ts'

/** What the person lets this device do for other people's publications. */
@customElement('holdfast-keeping-settings')
export class HoldfastKeepingSettings extends LitElement {
  static override readonly styles = [...shared, settingsStyles, stageStyles]

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

  override render() {
    const nameable = this.nameable()
    return nameable === nothing ? nothing : html`<section class="stack" aria-labelledby="for-others"><h2 id="for-others">${msg('For others')}</h2><div class="panel">${nameable}</div></section>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-keeping-settings': HoldfastKeepingSettings } }
