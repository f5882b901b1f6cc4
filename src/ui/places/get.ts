import { html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { frond } from '../drawings/kelp.ts'
import { icon } from '../drawings/icons.ts'
import '../elements/paste.ts'
import { bar, facts, fold, marks, notice, num, stateChip } from '../elements/parts.ts'
import { attempt, GetEvent } from '../events.ts'
import { itemHash } from '../route.ts'
import { linkWords } from '../strings/errors.ts'
import { bytes } from '../strings/format.ts'
import { sizeWords } from '../strings/items.ts'
import { shared } from '../tokens/index.ts'
import type { Item, Link } from '../types.ts'
import './got.ts'
import { itemStyles } from './item.styles.ts'
import { Place } from './place.ts'

/** What a link names, before anything of it is fetched; without a link, a field for one. */
@customElement('holdfast-get')
export class HoldfastGet extends Place {
  static override readonly styles = [...shared, itemStyles]

  /** The text from `#` on of the link that was opened, null for none. */
  @property({ attribute: false }) link: string | null = null
  private wasNamed = false

  /** After "Get" the button is gone; readers go on at what took its place. */
  override updated(): void {
    const named = this.renderRoot.querySelector('.page') !== null && this.link !== null
    if (this.wasNamed && !named) attempt(this, this.focusHeading())
    this.wasNamed = named
  }

  private paste() {
    return html`<div class="panel"><holdfast-paste .peer=${this.peer} .snapshot=${this.snapshot} primary></holdfast-paste></div>`
  }

  private row(item: Item) {
    return html`<li><article class="transfer" aria-label=${item.title}>
      <span class="tile">${frond(item.cid)}</span>
      <div class="who"><a class="name" href=${itemHash(item.cid)}><bdi>${item.title}</bdi></a><span class="state">${stateChip(item, this.snapshot.sharing)}</span></div>
      ${item.state === 'here' ? html`<span class="small soft">${num(bytes(item.size))}</span>` : html`<div class="bar">
        ${bar({ title: item.title, done: item.received, total: item.size, waiting: item.state === 'waiting', ...(item.state === 'paused' || item.state === 'failed' ? { tone: item.state } : {}) })}
        ${marks(item.received, item.size, item.rateIn, item.left)}</div>`}
    </article></li>`
  }

  private home() {
    const got = this.snapshot.items.filter(({ origin }) => origin === 'got')
    return html`<div class="page">
      <div class="stack s1"><h1 tabindex="-1">${msg('Get')}</h1><p class="lead">${msg('Open the link you were sent, or paste it here.')}</p></div>
      ${this.paste()}
      ${got.length === 0 ? nothing : html`<section class="stack s1" aria-labelledby="got"><h2 id="got">${msg('What you fetched')}</h2><ul class="rows">${got.map(item => this.row(item))}</ul></section>`}
    </div>`
  }

  private named(link: Link, hash: string) {
    const running = this.snapshot.phase === 'running'
    return html`<div class="page"><div class="cols wide-side">
      <div class="stack s3">
        <div class="head"><span class="tile narrow">${frond(link.cid)}</span><div class="stack s1"><h1 tabindex="-1"><bdi>${link.name === '' ? msg('Without a title') : link.name}</bdi></h1>
          <p class="lead"><bdi>${sizeWords(link)}</bdi></p></div></div>
        <div class="stack s1"><div class="line"><button type="button" class="button primary big wide" ?disabled=${!running} aria-describedby="seen" @click=${() => { this.dispatchEvent(new GetEvent(link, hash)) }}>${icon('get')}${msg('Get')}</button></div>
          <p class="small soft" id="seen">${running ? msg('Nothing is fetched before you press it. People who have it will see your IP address.') : msg('Holdfast is starting.')}</p></div>
        ${fold(msg('Details'), facts([
          [msg('Content id'), html`<span class="mono">${link.cid}</span>`],
          [msg('Checked with'), msg('SHA-256 of every byte, and SHA-1 of each piece as it comes')],
          [msg('Infohash'), html`<span class="mono">${link.infohash}</span>`],
        ]))}
      </div>
      <div class="face">${frond(link.cid)}</div>
    </div></div>`
  }

  override render() {
    if (this.link === null) return this.home()
    // What is here already is shown whatever became of the rest of the link.
    const item = this.snapshot.items.find(({ cid }) => this.link?.startsWith(`#/get/${cid}`))
    if (item !== undefined) return html`<holdfast-got .peer=${this.peer} .snapshot=${this.snapshot} .item=${item}></holdfast-got>`
    const judged = this.peer.readLink(this.link)
    if (!judged.ok) {
      const { what, next } = linkWords(this.link, judged.code)
      return html`<div class="page"><h1 tabindex="-1">${msg('This link cannot be opened')}</h1>
        ${notice('danger', what, msg(html`<p>${next} Nothing was fetched.</p>`))}${this.paste()}</div>`
    }
    return this.named(judged.value, this.link)
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-get': HoldfastGet } }
