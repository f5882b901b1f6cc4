import { LitElement, html } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { shared } from '../tokens/index.ts'

const units = { kB: 1e3, MB: 1e6 } as const
type Unit = keyof typeof units

/** Slower than this the smallest piece (256 KiB) takes half a minute, and peers turn to others. */
const least = 65_536
/** More than any line carries. */
const most = 1e12

/** A limit in bytes a second was set; null for none. */
export class RateEvent extends Event {
  static readonly type = 'holdfast-rate'
  constructor(readonly rate: number | null) {
    super(RateEvent.type)
  }
}

/** A field for a rate in kB/s or MB/s; empty is no limit. Says a new one only when it is well. */
@customElement('holdfast-rate')
export class HoldfastRate extends LitElement {
  static override readonly styles = shared

  /** Bytes a second, null for no limit. */
  @property({ attribute: false }) value: number | null = null
  @property() label = ''
  /** Chosen here, until another limit comes from the peer. */
  @state() private unit: Unit = 'kB'
  @state() private error = ''
  @query('input') private readonly input!: HTMLInputElement

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('value') && this.value !== null) this.unit = this.value >= units.MB ? 'MB' : 'kB'
  }

  private set(): void {
    const { input } = this
    const rate = input.value === '' ? null : Number(input.value) * units[this.unit]
    const well = !input.validity.badInput && (rate === null || (rate >= least && rate <= most))
    this.error = well ? '' : input.validity.badInput ? msg('This is no number. The limit stays as it was.') : msg('At least 65.6 kB/s, or empty for no limit. To give nothing, turn Sharing off.')
    if (well && rate !== this.value) this.dispatchEvent(new RateEvent(rate === null ? null : Math.round(rate)))
  }

  override render() {
    const shown = this.value === null ? '' : String(Number((this.value / units[this.unit]).toPrecision(6)))
    return html`<div class="field"><label for="rate">${this.label}</label>
      <div class="with-button">
        <input class="input" id="rate" type="number" min="0" step="any" inputmode="decimal" autocomplete="off" placeholder=${msg('No limit')} .value=${shown}
          aria-invalid=${this.error !== ''} aria-describedby="what" @change=${this.set} />
        <span class="select"><select class="input" aria-label=${`${this.label}, ${msg('unit')}`} @change=${(event: Event) => { this.unit = (event.target as HTMLSelectElement).value as Unit; this.set() }}>
          ${Object.keys(units).map(unit => html`<option value=${unit} .selected=${live(unit === this.unit)}>${unit}/s</option>`)}</select>${icon('chevron')}</span>
      </div>
      <div id="what" role="status">${this.error === '' ? html`<span class="hint">${msg('Empty for no limit.')}</span>` : html`<span class="error">${icon('warning', 18)}<span>${this.error}</span></span>`}</div></div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-rate': HoldfastRate } }
