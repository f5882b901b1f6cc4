import { html, nothing, type PropertyValues } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { frond } from '../drawings/kelp.ts'
import { icon } from '../drawings/icons.ts'
import { bar, facts, fold, lockBadge, notice } from '../elements/parts.ts'
import { attempt, GetEvent } from '../events.ts'
import { getHash } from '../route.ts'
import { searchWords } from '../strings/connection.ts'
import { vouchers } from '../strings/counts.ts'
import { bytes } from '../strings/format.ts'
import { isProtected, sizeWords } from '../strings/items.ts'
import { shared } from '../tokens/index.ts'
import type { Cid, Link } from '../types.ts'
import { itemStyles } from './item.styles.ts'
import { Place } from './place.ts'

/** Nobody said how large it is before it was looked for: from here on (64 MiB) the size is asked about, not only said. */
const askAbove = 64 * 1024 ** 2

/** A content id alone: looks for somebody who has it for as long as this is shown, then says what it is and offers to get it. */
@customElement('holdfast-search')
export class HoldfastSearch extends Place {
  static override readonly styles = [...shared, itemStyles]

  @property({ attribute: false }) cid!: Cid
  private searched: Cid | null = null
  private readsHeading = false

  override willUpdate(): void {
    this.readsHeading = this.shadowRoot?.activeElement?.matches('h1') ?? false
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('cid')) this.begin()
    // The heading of the search gave way to that of what was found.
    if (this.readsHeading && this.shadowRoot?.activeElement === null) attempt(this, this.focusHeading())
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.begin()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.end()
  }

  private begin(): void {
    this.end()
    this.searched = this.cid
    attempt(this, this.peer.search(this.cid))
  }

  private end(): void {
    if (this.searched !== null) attempt(this, this.peer.endSearch(this.searched))
    this.searched = null
  }

  private details(link: Link | null) {
    return fold(msg('Details'), facts([
      [msg('Content id'), html`<span class="mono">${this.cid}</span>`],
      [msg('Checked with'), msg('SHA-256 of every byte, which must be the content id')],
      ...link === null ? [] : [[msg('Infohash'), html`<span class="mono">${link.infohash}</span>`]] as const,
      [msg('Who learns of it'), msg('Whoever is connected learns that you look for this content id, and the tracker that somebody does.')],
    ]))
  }

  private looking() {
    return html`<div class="page">
      <div class="stack s1"><h1 tabindex="-1">${msg('Looking for somebody who has it')}</h1><p class="lead">${msg('A content id says what the bytes are, not where they lie.')}</p></div>
      <section class="water inner stack" aria-label=${msg('Looking')}>
        ${bar({ title: msg('Looking for somebody who has it'), done: 0, total: 1, waiting: true })}
        <p role="status">${searchWords(this.snapshot)}</p>
        <p class="small soft">${msg('Only people who made it findable answer. Leave this page, and the search ends.')}</p>
      </section>
      <div>${this.details(null)}</div>
    </div>`
  }

  private found(link: Link, people: number) {
    const large = link.size > askAbove
    return html`<div class="page"><div class="cols wide-side">
      <div class="stack s3">
        <div class="head"><span class="tile narrow">${frond(link.cid)}</span><div class="stack s1"><h1 tabindex="-1"><bdi>${link.name === '' ? msg('Found, without a title') : link.name}</bdi></h1>
          <p class="lead"><bdi>${sizeWords(link)}</bdi></p>
          <div class="line s2">${isProtected(link) ? lockBadge() : nothing}<span class="badge">${icon('people', 18)}${vouchers(people)}</span></div></div></div>
        ${isProtected(link) ? notice('warn', msg('You have no key for it'), msg('Only the whole link, with its key, opens it. You can fetch the encrypted file and keep it for others.')) : nothing}
        <div class="stack">
          ${large ? html`<h2>${msg(str`This is ${bytes(link.size)}. Fetch it?`)}</h2>` : nothing}
          <div class="line"><button type="button" class="button primary big wide" aria-describedby="seen" @click=${() => { this.dispatchEvent(new GetEvent(link, getHash(link.cid))) }}>${icon('get')}${msg('Get')}</button></div>
          <p class="small soft" id="seen">${msg('Nothing is fetched before you press it. What kind and size it is, others say; the bytes are checked against the content id. People who have it will see your IP address.')}</p></div>
        ${this.details(link)}
      </div>
      <div class="face">${frond(link.cid)}</div>
    </div></div>`
  }

  override render() {
    const search = this.snapshot.searches.find(({ cid }) => cid === this.cid)
    const link = search?.link ?? null
    return html`${search === undefined || link === null ? this.looking() : this.found(link, search.vouchers)}
      <p class="sr" role="status">${search === undefined || link === null ? '' : msg(str`Found: ${sizeWords(link)}. ${vouchers(search.vouchers)}.`)}</p>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-search': HoldfastSearch } }
