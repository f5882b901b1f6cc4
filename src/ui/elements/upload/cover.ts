import { LitElement, css, html, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { frond } from '../../drawings/kelp.ts'
import { icon } from '../../drawings/icons.ts'
import { shared } from '../../tokens/index.ts'
import type { Cid, Peer, PublishedFile, Upload } from '../../types.ts'

/** What stands for an upload: its first picture, or where it is one, itself. */
export function coverOf({ kind, file, images }: Pick<Upload, 'kind' | 'file' | 'images'>): PublishedFile | null {
  return kind === 'image' ? file : images[0] ?? null
}

const coverStyles = css`
  :host { container-type: inline-size; }
  .art { position: relative; display: grid; aspect-ratio: 1; overflow: hidden; border-radius: inherit; background: var(--color-sunken); }
  .art > .frond, .art > img { grid-area: 1 / 1; inline-size: 100%; block-size: 100%; object-fit: cover; }
  .art > .load { grid-area: 1 / 1; place-self: end center; z-index: 1; max-inline-size: calc(100% - 1.5rem); margin: .75rem; background: var(--color-surface); }
  .art > .load:hover { background: linear-gradient(var(--color-hover), var(--color-hover)), var(--color-surface); }
  @container (max-width: 10rem) {
    .art > .load { inline-size: var(--target-small); padding: 0; margin: .25rem; }
    .art > .load > span { display: none; }
  }
`

/** The face of an upload: what is drawn of its content id, until its picture is here. Of strangers it is fetched only when asked for. */
@customElement('holdfast-cover')
export class HoldfastCover extends LitElement {
  static override readonly styles = [...shared, coverStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) cid!: Cid
  @property({ attribute: false, hasChanged: (a: PublishedFile | null, b: PublishedFile | null) => a?.cid !== b?.cid }) image: PublishedFile | null = null
  /** The content of the upload it is a picture of, where that is not `cid`. */
  @property({ attribute: false }) of: Cid | null = null
  /** Whether it may be fetched unasked. */
  @property({ type: Boolean }) unasked = false
  @property({ attribute: false }) name = ''
  /** Read aloud where the picture says something by itself; in lists the title beside it is enough. */
  @property({ type: Boolean }) described = false
  @state() private address: string | null = null
  @state() private at: 'drawn' | 'coming' | 'failed' = 'drawn'

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('image')) [this.address, this.at] = [null, 'drawn']
    if (changed.has('image') || (changed.has('unasked') && this.unasked && this.address === null)) void this.look(this.unasked)
  }

  private async look(load: boolean): Promise<void> {
    const { image } = this
    if (image === null) return
    if (load) this.at = 'coming'
    let address: string | null = null
    try { address = await this.peer.publishing.picture(image, load, this.of ?? this.cid) } catch { /* said below, with a way to try again */ }
    if (this.image?.cid !== image.cid || (address === null && !load)) return
    this.address = address
    this.at = address === null ? 'failed' : 'drawn'
  }

  private readonly broken = (): void => {
    this.address = null
    this.at = 'failed'
  }

  override render() {
    const { address, at, image, name } = this
    if (address !== null) return html`<div class="art"><img src=${address} alt=${this.described ? msg(str`Cover of ${name}`) : ''} @error=${this.broken} /></div>`
    const words = at === 'failed' ? msg('Try the picture again') : msg('Show picture')
    return html`<div class="art">${frond(this.cid)}
      ${image === null ? nothing : at === 'coming' ? html`<span class="load chip" role="status">${icon('down', 17)}<span>${msg('The picture comes')}</span></span>`
        : html`<button type="button" part="load" class="load button small" aria-label="${words}: ${name}" @click=${() => { void this.look(true) }}>${icon('picture', 18)}<span>${words}</span></button>`}</div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-cover': HoldfastCover } }
