import { LitElement, css, html, type PropertyValues } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { encodeQR } from 'qr'
import { base } from '../tokens/index.ts'

const quiet = 4 // modules of white around it, as ISO 18004 asks

/** A link as a QR code: dark on white in both themes, because some readers know nothing else. */
@customElement('holdfast-qr')
export class HoldfastQr extends LitElement {
  static override readonly styles = [base, css`
    :host { display: grid; justify-items: center; }
    svg { inline-size: min(15rem, 100%); block-size: auto; border-radius: var(--radius); background: #fff; color: #0e2a2c; forced-color-adjust: none; }
  `]

  @property({ attribute: false }) value = ''
  @property() label = ''
  private modules: readonly (readonly boolean[])[] = []

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('value')) this.modules = encodeQR(this.value, 'raw', { ecc: 'low', border: quiet })
  }

  override render() {
    const size = this.modules.length
    const path = this.modules.flatMap((row, y) => row.map((dark, x) => dark ? `M${x} ${y}h1v1h-1z` : '')).join('')
    return html`<svg viewBox="0 0 ${size} ${size}" role="img" aria-label=${this.label === '' ? msg('QR code: opens this on a phone') : this.label} shape-rendering="crispEdges"><path d=${path} fill="currentColor" /></svg>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-qr': HoldfastQr } }
