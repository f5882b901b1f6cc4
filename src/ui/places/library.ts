import { html, nothing, svg } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { frond } from '../drawings/kelp.ts'
import { icon, type IconName } from '../drawings/icons.ts'
import { emptyMark } from '../drawings/mark.ts'
import { blockQuestion, discardQuestion } from '../elements/questions.ts'
import { findableBadge, keeperBadge, lockBadge, notice, num, stateChip } from '../elements/parts.ts'
import { AskEvent, attempt, RemoveEvent, VerifyEvent } from '../events.ts'
import { clearsAfterAWeek } from '../environment.ts'
import { listed } from '../publication-items.ts'
import { itemHash } from '../route.ts'
import { things, withPictures } from '../strings/counts.ts'
import { errorWords } from '../strings/errors.ts'
import { ago, bytes, date, rate } from '../strings/format.ts'
import { gateOf, isForOthers, kindWords } from '../strings/items.ts'
import { heldWords } from '../strings/uploads.ts'
import { shared } from '../tokens/index.ts'
import type { Item, TrashItem } from '../types.ts'
import { libraryStyles } from './library.styles.ts'
import { Place } from './place.ts'

/** All that this device holds, with what can be done about each, and the room it takes. */
@customElement('holdfast-library')
export class HoldfastLibrary extends Place {
  static override readonly styles = [...shared, libraryStyles]

  override willUpdate(): void {
    if (this.keeps()) attempt(this, import('../elements/keeping/keeping.ts'))
  }

  /** Whether there is a ledger on which one keeps for others. */
  private keeps(): boolean {
    return this.snapshot.uploads !== null || this.snapshot.keeping !== null
  }

  private button(label: string, name: IconName, act: () => void) {
    return html`<button type="button" class="button icon-only" aria-label=${label} title=${label} @click=${act}>${icon(name)}</button>`
  }

  private acts(item: Item) {
    const { cid, title, state, giving } = item
    const main = state === 'here'
      ? giving
        ? this.button(msg(str`Stop sharing ${title}`), 'pause', () => { attempt(this, this.peer.give(cid, false)) })
        : this.button(msg(str`Share ${title} again`), 'up', () => { attempt(this, this.peer.give(cid, true)) })
      : state === 'paused' || state === 'failed'
        ? this.button(msg(str`Go on with ${title}`), 'play', () => { attempt(this, this.peer.resume(cid)) })
        : state === 'checking' ? nothing
        : this.button(msg(str`Pause ${title}`), 'pause', () => { attempt(this, this.peer.pause(cid)) })
    return html`${main}${this.more(item)}`
  }

  /** What is done seldom, behind one button. */
  private more(item: Item) {
    const { cid, title, state, reasons } = item
    const pinned = reasons.some(({ reason }) => reason === 'pinned')
    const id = `more-${cid}`
    const choice = (name: 'verify' | 'remove' | 'block', drawn: IconName, words: string, about: string, asks: () => Event) => html`
      <button type="button" class="button plain" aria-describedby=${`${name}-${cid}`} @click=${() => {
        this.shadowRoot?.getElementById(id)?.hidePopover()
        this.focusOpener(id) // before a question is asked, which gives the focus back to where it was
        this.dispatchEvent(asks())
      }}>${icon(drawn)}<span>${words}<span class="sr"> ${title}</span></span></button>
      <p class="sub" id=${`${name}-${cid}`}>${about}</p>`
    return html`<button type="button" class="button icon-only" popovertarget=${id} aria-label=${msg(str`More for ${title}`)} title=${msg(str`More for ${title}`)}>${icon('more', 22)}</button>
      <div popover id=${id} class="menu" role="group" aria-label=${msg(str`More for ${title}`)}
        @toggle=${({ newState, currentTarget }: ToggleEvent) => { if (newState === 'closed' && this.lostFocus(currentTarget as Node)) this.focusOpener(id) }}>
        <p class="small soft"><bdi>${title}</bdi></p>
        ${state === 'here' ? choice('verify', 'shield', msg('Verify'), msg('Reads all of it anew and compares it with its content id.'), () => new VerifyEvent(cid)) : nothing}
        <button type="button" class="button plain" aria-describedby=${`pin-${cid}`} @click=${() => {
          this.shadowRoot?.getElementById(id)?.hidePopover()
          this.focusOpener(id)
          attempt(this, this.peer.pin(cid, !pinned))
        }}>${icon('pin')}<span>${pinned ? msg('Unpin') : msg('Pin')}<span class="sr"> ${title}</span></span></button>
        <p class="sub" id=${`pin-${cid}`}>${pinned ? msg('It stays only as long as there is another reason.') : msg('Keeps it here whatever becomes of it elsewhere, until you remove it.')}</p>
        ${choice('remove', 'remove', msg('Remove'), state === 'here' ? msg('Takes it off this device; for 7 days it can be brought back.') : msg('Stops it and deletes what came.'), () => new RemoveEvent(item))}
        ${choice('block', 'block', msg('Block'), msg('Deletes it for good and never takes it again.'), () => new AskEvent(blockQuestion(item), () => this.peer.block(cid)))}
      </div>`
  }

  /** Whether the focus is nowhere, or still inside a menu that has closed. */
  private lostFocus(menu: Node): boolean {
    const at = this.shadowRoot?.activeElement ?? null
    return at === null ? document.activeElement === document.body : menu.contains(at)
  }

  /** Chromium does not give the focus back when a menu inside a shadow root is closed by Esc. */
  private focusOpener(id: string): void {
    this.shadowRoot?.querySelector<HTMLElement>(`[popovertarget="${id}"]`)?.focus()
  }

  private row(item: Item, pictures: readonly Item[]) {
    const from = item.origin === 'shared' ? msg('Yours') : isForOthers(item) ? msg('For others') : msg('Fetched')
    const origin = item.kind === 'a' || item.kind === 'i' ? `${kindWords(item)}. ${from}` : from
    const why = heldWords(item, this.snapshot.identity?.address ?? null)
    return html`<tr role="row">
      <td role="cell"><span class="title"><span class="tile">${frond(item.cid)}</span><span><a href=${itemHash(item.cid)}><bdi>${item.title}</bdi></a><br />
        <span class="small quiet">${origin}, ${ago(item.addedAt, Date.now())}</span>
        ${pictures.length === 0 ? nothing : html`<span class="small soft why">${withPictures(pictures.length)}, ${num(bytes(pictures.reduce((sum, { received }) => sum + received, 0)))}</span>`}
        ${why.map(words => html`<span class="small soft why"><bdi>${words}</bdi></span>`)}
        ${item.protected || item.findable ? html`<span class="line">${item.protected ? lockBadge() : nothing}${item.findable ? findableBadge() : nothing}</span>` : nothing}</span></span></td>
      <td role="cell">${stateChip(item, gateOf(this.snapshot))}${item.state === 'failed' ? html`<p class="small bad">${errorWords(item.problem).what}</p>` : item.relayed && item.state === 'getting' ? html`<p class="small quiet">${msg('through a relay, slower')}</p>` : nothing}</td>
      <td role="cell">${keeperBadge(item, true)}</td>
      <td role="cell" class="rate ${item.rateOut > 0 ? 'moving' : ''}">${item.rateOut > 0 ? html`${num(rate(item.rateOut))}<span class="sr"> ${msg('going out')}</span>` : html`<span class="quiet">${msg('none')}</span>`}</td>
      <td role="cell">${item.state === 'here' ? num(bytes(item.size)) : html`${num(bytes(item.received))} ${msg('of')} ${num(bytes(item.size))}`}</td>
      <td role="cell" class="end">${this.acts(item)}</td>
    </tr>`
  }

  private storage() {
    const { items, storage } = this.snapshot
    const sum = (of: (item: Item) => boolean): number => items.filter(of).reduce((all, { received }) => all + received, 0)
    const parts = [
      { name: 'mine', words: msg('Yours'), value: sum(({ origin }) => origin === 'shared') },
      { name: 'theirs', words: msg('Fetched'), value: sum(item => item.origin === 'got' && !isForOthers(item)) },
      { name: 'kept', words: msg('Kept for others'), value: sum(isForOthers) },
      { name: 'coming', words: msg('Set aside for what is coming'), value: storage.reserved },
      { name: 'removed', words: msg('Removed, can be brought back'), value: storage.trash },
    ].filter(({ value }) => value > 0)
    const all = Math.max(1, parts.reduce((total, { value }) => total + value, 0))
    let x = 0
    return html`<section class="water inner stack" aria-labelledby="room">
      <div class="line apart s2"><h2 id="room">${msg(html`${num(bytes(storage.used))} held`)}</h2>
        ${storage.persisted
          ? html`<span class="badge">${icon('lock')}${msg('This browser will not clear it by itself')}</span>`
          : html`<button type="button" class="button small" @click=${() => { attempt(this, this.peer.persist()) }}>${icon('lock')}${msg('Ask the browser to keep it')}</button>`}</div>
      ${parts.length === 0 ? nothing : html`
        <svg class="storage" viewBox="0 0 100 1" preserveAspectRatio="none" role="img" aria-label=${parts.map(({ words, value }) => `${words}: ${bytes(value)}`).join(', ')}>
          ${parts.map(({ name, value }) => {
            const start = x
            x += value / all * 100
            return svg`<rect class=${name} x=${start.toFixed(2)} width=${(x - start).toFixed(2)} height="1" />`
          })}</svg>
        <dl class="legend">${parts.map(({ name, words, value }) => html`<div><dt><i class="key ${name}"></i>${words}</dt><dd>${num(bytes(value))}</dd></div>`)}</dl>`}
      ${storage.persisted || storage.used === 0 ? nothing : html`<p class="risk">${icon('warning', 18)}<span><b>${msg(html`At risk: all ${num(bytes(storage.used))}.`)}</b> ${clearsAfterAWeek()
        ? msg('Safari may clear a site that is not installed after seven days without a visit. Save what matters.')
        : msg('When room runs short, a browser may clear what it was not asked to keep.')}</span></p>`}
      ${storage.driver === 'idb' ? html`<p class="small soft">${msg('This browser has no file system for the app here, so files lie in its database. Everything works, only slower.')}</p>` : nothing}
    </section>`
  }

  private discard(trash: readonly TrashItem[], cid: TrashItem['cid'] | null): void {
    this.dispatchEvent(new AskEvent(discardQuestion(trash), () => this.peer.discard(cid)))
  }

  private async restore(cid: TrashItem['cid']): Promise<void> {
    await this.peer.restore(cid)
    await this.focusHeading()
  }

  private removed() {
    const { trash } = this.snapshot
    if (trash.length === 0) return nothing
    return html`<section class="stack s1" aria-labelledby="removed">
      <div class="line apart"><h2 id="removed">${msg('Removed')}</h2>
        <button type="button" class="button small" aria-label=${msg('Empty Removed')} @click=${() => { this.discard(trash, null) }}>${icon('remove', 18)}${msg('Empty')}</button></div>
      <p class="small soft">${msg('Kept for 7 days, sooner gone where room runs short; given to nobody meanwhile.')}</p>
      <ul class="rows">${trash.map(one => html`<li><div class="file removed">
        <span class="tile">${frond(one.cid)}</span>
        <span><bdi class="name">${one.title}</bdi><span class="meta">${num(bytes(one.size))}, ${msg(str`removed ${ago(one.trashedAt, Date.now())}, deleted by itself on ${date(one.endsAt, Date.now())}`)}</span></span>
        <span class="end line"><button type="button" class="button small" aria-label=${msg(str`Restore ${one.title}`)} @click=${() => { attempt(this, this.restore(one.cid)) }}>${icon('again', 18)}${msg('Restore')}</button>
          <button type="button" class="button small plain" aria-label=${msg(str`Delete now: ${one.title}`)} @click=${() => { this.discard([one], one.cid) }}>${msg('Delete now')}</button></span>
      </div></li>`)}</ul></section>`
  }

  override render() {
    const { items, picturesIn } = listed(this.snapshot.items)
    const alone = items.filter(item => item.state === 'here' && item.keepers === 0).length
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Library')}</h1>
      ${this.storage()}
      ${items.length === 0
        ? html`<div class="empty">${emptyMark()}<h2 class="h3">${msg('Nothing held yet')}</h2><p>${msg('What you share or fetch is listed here.')}</p><a class="button" href="#/share">${icon('share')}${msg('Share something')}</a></div>`
        : html`<table role="table"><caption class="sr">${msg('Everything this device holds')}</caption>
          <thead><tr role="row"><th scope="col">${msg('Name')}</th><th scope="col">${msg('State')}</th><th scope="col">${msg('Kept by')}</th><th scope="col">${msg('Going out')}</th><th scope="col">${msg('Size')}</th><th scope="col" class="end"><span class="sr">${msg('Actions')}</span></th></tr></thead>
          <tbody role="rowgroup">${repeat(items, ({ cid }) => cid, item => this.row(item, picturesIn(item)))}</tbody></table>
          ${alone === 0 ? nothing : notice('plain', nothing, msg(str`Of ${things(alone)} no other whole copy is here now. A closed tab keeps nothing online.`))}`}
      ${this.keeps() ? html`<holdfast-keeping .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-keeping>` : nothing}
      ${this.removed()}
    </div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-library': HoldfastLibrary } }
