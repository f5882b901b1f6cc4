import { LitElement, css, html, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { bytes } from '../../strings/format.ts'
import { shared } from '../../tokens/index.ts'
import { num } from '../parts.ts'

/** The pictures of what is published, as chosen now. */
export class CoversEvent extends Event {
  static readonly type = 'holdfast-covers'
  constructor(readonly covers: readonly File[]) {
    super(CoversEvent.type)
  }
}

const coversStyles = css`
  ul { display: grid; gap: var(--space-2); grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); }
  .cover { display: grid; gap: .375rem; align-content: start; min-inline-size: 0; }
  .shown { position: relative; display: grid; place-items: center; aspect-ratio: 1; overflow: hidden; border-radius: var(--radius); background: var(--color-sunken); color: var(--color-ink-quiet); }
  .shown img { inline-size: 100%; block-size: 100%; object-fit: cover; }
  .shown .button { position: absolute; inset-block-start: .25rem; inset-inline-end: .25rem; min-block-size: var(--target-small); inline-size: var(--target-small); background: var(--color-surface); }
  .cover .small { overflow-wrap: anywhere; }
`

/** The pictures that show what is published: the first is its cover. Each is made a PNG without what a camera writes into it. */
@customElement('holdfast-covers')
export class HoldfastCovers extends LitElement {
  static override readonly styles = [...shared, coversStyles]

  /** Those that came with the files, which stay there. */
  @property({ attribute: false }) given: readonly File[] = []
  @property({ attribute: false }) covers: readonly File[] = []
  /** What is wrong with them. */
  @property({ attribute: false }) wrong = ''
  @property({ type: Number }) most = 8
  @state() private addresses: ReadonlyMap<File, string> = new Map()
  /** Pictures that this browser cannot show; whether they can be published is told by the job. */
  @state() private dark: ReadonlySet<File> = new Set()
  @query('input') private readonly input!: HTMLInputElement

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('covers') && !changed.has('given')) return
    const all = [...this.given, ...this.covers]
    for (const [file, address] of this.addresses) if (!all.includes(file)) URL.revokeObjectURL(address)
    this.addresses = new Map(all.map(file => [file, this.addresses.get(file) ?? URL.createObjectURL(file)]))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.requestUpdate('covers')
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const address of this.addresses.values()) URL.revokeObjectURL(address)
    this.addresses = new Map()
  }

  private choose(covers: readonly File[]): void {
    this.dispatchEvent(new CoversEvent(covers))
  }

  private add(): void {
    const more = Array.from(this.input.files ?? [])
    this.input.value = ''
    if (more.length > 0) this.choose([...this.covers, ...more])
  }

  private cover(file: File, place: number, own: boolean) {
    const address = this.addresses.get(file)
    return html`<li class="cover"><div class="shown">${address === undefined || this.dark.has(file) ? icon('picture', 32)
      : html`<img src=${address} alt=${msg(str`Picture ${place}: ${file.name}`)} @error=${() => { this.dark = new Set([...this.dark, file]) }} />`}
      ${own ? html`<button type="button" class="button icon-only" aria-label=${msg(str`Leave out ${file.name}`)} title=${msg(str`Leave out ${file.name}`)} @click=${() => { this.choose(this.covers.filter(each => each !== file)) }}>${icon('close', 18)}</button>` : nothing}</div>
      <p class="small"><b>${place === 1 ? msg('Cover') : msg(str`Picture ${place}`)}</b>, ${num(bytes(file.size))}</p></li>`
  }

  override render() {
    const all = [...this.given, ...this.covers]
    return html`<div class="stack s1" role="group" aria-labelledby="covers" aria-describedby="covers-hint covers-wrong"><span class="label" id="covers">${msg('Pictures')}</span>
      <p class="hint" id="covers-hint">${msg('The first one is the cover. They are made PNG; place and camera data are left out. Everybody can see them.')}</p>
      ${all.length === 0 ? nothing : html`<ul>${all.map((file, i) => this.cover(file, i + 1, i >= this.given.length))}</ul>`}
      <div>${all.length >= this.most ? nothing : html`<button type="button" class="button small" @click=${() => { this.input.click() }}>${icon('plus', 18)}${all.length === 0 ? msg('Add a cover') : msg('Add another picture')}</button>`}
        <input type="file" accept="image/*" multiple hidden aria-label=${msg('Pictures to add')} @change=${() => { this.add() }} /></div>
      <div id="covers-wrong" role="status">${this.wrong === '' ? nothing : html`<p class="error">${icon('warning', 18)}<span>${this.wrong}</span></p>`}</div></div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-covers': HoldfastCovers } }
