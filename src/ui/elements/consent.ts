import { html } from 'lit'
import { customElement } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { Question } from './question.ts'

/** Asked before anything of others is given on: what, who sees what, on which networks. */
@customElement('holdfast-consent')
export class HoldfastConsent extends Question {
  protected override readonly no = () => msg('Not now')
  protected override readonly yes = () => msg('Agree')

  consent(): Promise<boolean> {
    return this.ask()
  }

  protected override body() {
    return html`<h2 id="q">${msg('Keep it for others too?')}</h2>
      <p>${msg('While this tab is open, people who have the same link can also take pieces from you. That is how a link outlives the tab it came from.')}</p>
      <ul class="rows">
        <li><div class="file"><span class="tile">${icon('up')}</span><span>${msg('Only what you fetch or share here, to people who have its link')}</span></div></li>
        <li><div class="file"><span class="tile">${icon('globe')}</span><span>${msg('They see this device’s IP address')}</span></div></li>
        <li><div class="file"><span class="tile">${icon('wifi')}</span><span>${msg('On Wi-Fi and cable, not where the browser says the connection is metered')}</span></div></li>
      </ul>
      <p class="small quiet">${msg('The files come either way. The Sharing switch at the top stops all giving at once.')}</p>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-consent': HoldfastConsent } }
