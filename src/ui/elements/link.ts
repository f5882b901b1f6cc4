import { LitElement, html } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { shared } from '../tokens/index.ts'
import './copy.ts'
import { linkStyles } from './link.styles.ts'

/** A read-only address with its Copy button; the whole of it is in the field and selected on focus. */
@customElement('holdfast-link')
export class HoldfastLink extends LitElement {
  static override readonly styles = [...shared, linkStyles]

  @property({ attribute: false }) value = ''
  /** Accessible name of the field. */
  @property() name = ''
  @property() copy = ''
  /** What it leads to, read after the name. */
  @property() about = ''
  @property({ type: Boolean }) primary = false

  override render() {
    return html`<div class="linkbox">
      <input readonly .value=${this.value} aria-label=${this.name} aria-describedby="about" @focus=${(event: Event) => { (event.target as HTMLInputElement).select() }} />
      <holdfast-copy .text=${this.value} label=${this.copy === '' ? msg('Copy') : this.copy} ?primary=${this.primary}></holdfast-copy>
      <span id="about" hidden>${this.about}</span>
    </div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-link': HoldfastLink } }
