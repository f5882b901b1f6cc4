import { LitElement, html, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { reachWords } from '../strings/connection.ts'
import { base } from '../tokens/index.ts'
import type { PeerState } from '../types.ts'
import { connectionStyles } from './connection.styles.ts'
import { stepStyles, steps } from './steps.ts'

/** The state of the connection in words, always in the header; opens the steps with their reasons. */
@customElement('holdfast-connection')
export class HoldfastConnection extends LitElement {
  static override readonly styles = [base, stepStyles, connectionStyles]

  @property({ attribute: false }) snapshot!: PeerState
  @state() private open = false

  override render() {
    const { reach, words } = reachWords(this.snapshot)
    return html`<section aria-label=${msg('Connection')}>
      <button type="button" class="pill ${reach}" popovertarget="steps" aria-label=${msg(str`Connection: ${words}. Show steps`)}><span class="dot"></span><bdi>${words}</bdi></button>
      <div popover id="steps" role="group" aria-labelledby="how" @toggle=${(event: ToggleEvent) => { this.open = event.newState === 'open' }}>
        ${this.open ? html`<h2 class="h3" id="how">${msg('How you are connected')}</h2>${steps(this.snapshot.connection)}
          <p class="small"><a href="#/network" @click=${(event: Event) => { (event.target as HTMLElement).closest<HTMLElement>('[popover]')?.hidePopover() }}>${msg('Open Network')}</a></p>` : nothing}
      </div>
    </section>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-connection': HoldfastConnection } }
