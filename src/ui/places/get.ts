import { html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { frond } from '../drawings/kelp.ts'
import { icon } from '../drawings/icons.ts'
import '../elements/paste.ts'
import { bar, facts, fold, lockBadge, marks, notice, num, stateChip } from '../elements/parts.ts'
import { attempt, GetEvent } from '../events.ts'
import { getHash, itemHash } from '../route.ts'
import { linkWords } from '../strings/errors.ts'
import { bytes } from '../strings/format.ts'
import { gateOf, isProtected, sizeWords } from '../strings/items.ts'
import { shared } from '../tokens/index.ts'
import type { Item, Link } from '../types.ts'
import './got.ts'
import { itemStyles } from './item.styles.ts'
import { Place } from './place.ts'
import './search.ts'

/** What a link or a content id names, before anything of it is fetched; without either, a field for one. */
@customElement('holdfast-get')
export class HoldfastGet extends Place {
  static override readonly styles = [...shared, itemStyles]

  /** The text from `#` on of the link that was opened, null for none. */
  @property({ attribute: false }) link: string | null = null
  /** The content id that stands in the address alone, null for none. */
  @property({ attribute: false }) cid: string | null = null
  /** The link with a key that was read last in this tab: it left the address, and `state.opened` may not tell of it yet. */
  @property({ attribute: false }) read: Link | null = null
  private wasNamed = false

  /** After "Get" the button is gone; readers go on at what took its place. */
  override updated(): void {
    const named = this.renderRoot.querySelector('holdfast-got') === null && (this.link !== null || this.cid !== null)
    if (this.wasNamed && !named) attempt(this, this.focusHeading())
    this.wasNamed = named
  }

  private paste() {
    return html`<div class="panel"><holdfast-paste .peer=${this.peer} .snapshot=${this.snapshot} primary></holdfast-paste></div>`
  }

  private row(item: Item) {
    return html`<li><article class="transfer" aria-label=${item.title}>
      <span class="tile">${frond(item.cid)}</span>
      <div class="who"><a class="name" href=${itemHash(item.cid)}><bdi>${item.title}</bdi></a><span class="state">${stateChip(item, gateOf(this.snapshot))}</span></div>
      ${item.state === 'here' ? html`<span class="small soft">${num(bytes(item.size))}</span>` : html`<div class="bar">
        ${bar({ title: item.title, done: item.received, total: item.size, waiting: item.state === 'waiting', ...(item.state === 'paused' || item.state === 'failed' ? { tone: item.state } : {}) })}
        ${marks(item.received, item.size, item.rateIn, item.left)}</div>`}
    </article></li>`
  }

  private home() {
    const got = this.snapshot.items.filter(({ origin }) => origin === 'got')
    return html`<div class="page">
      <div class="stack s1"><h1 tabindex="-1">${msg('Get')}</h1><p class="lead">${msg('Open the link you were sent, or paste it here. A content id alone does too.')}</p></div>
      ${this.paste()}
      ${got.length === 0 ? nothing : html`<section class="stack s1" aria-labelledby="got"><h2 id="got">${msg('What you fetched')}</h2><ul class="rows">${got.map(item => this.row(item))}</ul></section>`}
    </div>`
  }

  private named(link: Link, hash: string) {
    const running = this.snapshot.phase === 'running'
    return html`<div class="page"><div class="cols wide-side">
      <div class="stack s3">
        <div class="head"><span class="tile narrow">${frond(link.cid)}</span><div class="stack s1"><h1 tabindex="-1"><bdi>${link.name === '' ? msg('Without a title') : link.name}</bdi></h1>
          <p class="lead"><bdi>${sizeWords(link)}</bdi></p>
          ${isProtected(link) ? lockBadge() : nothing}</div></div>
        <div class="stack s1"><div class="line"><button type="button" class="button primary big wide" ?disabled=${!running} aria-describedby="seen" @click=${() => { this.dispatchEvent(new GetEvent(link, hash)) }}>${icon('get')}${msg('Get')}</button></div>
          <p class="small soft" id="seen">${running ? msg('Nothing is fetched before you press it. People who have it will see your IP address.') : msg('Holdfast is starting.')}</p></div>
        ${isProtected(link) && link.key === null ? notice('plain', nothing, msg('The key came with the link and is sealed on this device, so it is not in the address any more. To pass it on, use the link you were sent, or copy it here once the files are fetched.')) : nothing}
        ${fold(msg('Details'), facts([
          [msg('Content id'), html`<span class="mono">${link.cid}</span>`],
          ...isProtected(link) ? [[msg('Stored as'), msg('Encrypted: AES-256-GCM, in an OpenTDF file')]] as const : [],
          [msg('Checked with'), msg('SHA-256 of every byte, and SHA-1 of each piece as it comes')],
          ...isProtected(link) ? [] : [[msg('Infohash'), html`<span class="mono">${link.infohash}</span>`]] as const,
          ...link.relays.length === 0 ? [] : [[msg('Asks to use'), html`<bdi>${link.relays.join(', ')}</bdi>`]] as const,
        ]))}
      </div>
      <div class="face">${frond(link.cid)}</div>
    </div></div>`
  }

  /** A content id alone: a link that was opened before, or something to look for. */
  private alone(cid: string) {
    const opened = this.snapshot.opened.find(link => link.cid === cid) ?? (this.read?.cid === cid ? this.read : null)
    if (opened !== null) return this.named(opened, getHash(cid))
    if (this.snapshot.phase !== 'running') return html`<div class="page"><h1 tabindex="-1">${msg('Opening what this device holds')}</h1><p class="lead">${msg('One moment.')}</p></div>`
    return html`<holdfast-search .peer=${this.peer} .snapshot=${this.snapshot} .cid=${cid}></holdfast-search>`
  }

  override render() {
    const { link, cid } = this
    if (link === null && cid === null) return this.home()
    // What is here already is shown whatever became of the rest of the link.
    const item = this.snapshot.items.find(one => one.cid === cid || link?.startsWith(getHash(one.cid)))
    if (item !== undefined) return html`<holdfast-got .peer=${this.peer} .snapshot=${this.snapshot} .item=${item}></holdfast-got>`
    if (link === null) return cid === null ? this.home() : this.alone(cid)
    const judged = this.peer.readLink(link)
    if (judged.ok) return judged.value.infohash === null ? this.alone(judged.value.cid) : this.named(judged.value, judged.value.key === null ? link : getHash(judged.value.cid))
    const { what, next } = linkWords(link, judged.code)
    return html`<div class="page"><h1 tabindex="-1">${msg('This link cannot be opened')}</h1>
      ${notice('danger', what, msg(html`<p>${next} Nothing was fetched.</p>`))}${this.paste()}</div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-get': HoldfastGet } }
