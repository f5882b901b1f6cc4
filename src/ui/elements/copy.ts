import { LitElement, html } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { shared } from '../tokens/index.ts'

const shownMs = 2000

/** Copies `text`; says so for two seconds, or how to do it by hand where the browser refuses. */
@customElement('holdfast-copy')
export class HoldfastCopy extends LitElement {
  static override readonly styles = shared

  @property({ attribute: false }) text = ''
  @property() label = ''
  @property({ type: Boolean }) primary = false
  @state() private said = ''
  private timer: ReturnType<typeof setTimeout> | undefined

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.timer)
  }

  private async copy(): Promise<void> {
    clearTimeout(this.timer)
    try {
      await navigator.clipboard.writeText(this.text)
      this.said = msg('Copied')
    } catch {
      this.said = msg('Select it and copy by hand') // no permission, or no clipboard in this browser
    }
    this.timer = setTimeout(() => { this.said = '' }, shownMs)
  }

  override render() {
    return html`<button type="button" class="button full ${this.primary ? 'primary' : ''}" @click=${this.copy}>
      ${icon(this.said === '' ? 'copy' : 'check')}<span aria-hidden=${this.said !== ''}>${this.said === '' ? this.label : this.said}</span>
      ${this.said === '' ? '' : html`<span class="sr">${this.label}</span>`}</button>
      <span class="sr" role="status">${this.said}</span>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-copy': HoldfastCopy } }
