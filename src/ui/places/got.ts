import { html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { frond } from '../drawings/kelp.ts'
import { icon } from '../drawings/icons.ts'
import '../elements/members.ts'
import { findableBox } from '../elements/findable.ts'
import { magnetBox } from '../elements/magnet.ts'
import { bar, facts, findableBadge, fold, keeperBadge, lockBadge, notice, num } from '../elements/parts.ts'
import { switched } from '../elements/switched.ts'
import { attempt, ConsentEvent, RemoveEvent } from '../events.ts'
import { clearsAfterAWeek } from '../environment.ts'
import { listed } from '../publication-items.ts'
import { itemHash } from '../route.ts'
import { files, people } from '../strings/counts.ts'
import { errorWords } from '../strings/errors.ts'
import { ago, bytes, duration, rate } from '../strings/format.ts'
import { gateOf, seenWords, sizeWords, waitWords } from '../strings/items.ts'
import { shared } from '../tokens/index.ts'
import type { Item } from '../types.ts'
import { itemStyles } from './item.styles.ts'
import { Place } from './place.ts'

/** Something that is being fetched or was: its progress, then its files to save. */
@customElement('holdfast-got')
export class HoldfastGot extends Place {
  static override readonly styles = [...shared, itemStyles]

  @property({ attribute: false }) item!: Item

  private wasBomb = false

  override willUpdate(): void {
    attempt(this, import('../elements/upload/pass-on.ts'))
    if (this.snapshot.uploads !== null) attempt(this, import('../elements/upload/published-as.ts'))
  }

  /** After "Look inside all the same" the button is gone; readers go on at the heading. */
  override updated(): void {
    if (this.wasBomb && !this.item.bomb) attempt(this, this.focusHeading())
    this.wasBomb = this.item.bomb
  }

  /** Keeping for others begins with the person's agreement. */
  private keep(on: boolean): Promise<void> | undefined {
    if (!on || this.snapshot.consent === 'agreed') return this.peer.give(this.item.cid, on)
    this.dispatchEvent(new ConsentEvent(agreed => { if (agreed) attempt(this, this.peer.give(this.item.cid, true)) }))
    return undefined
  }

  private heading() {
    const { item } = this
    const of = html`${num(bytes(item.received))} ${msg('of')} ${num(bytes(item.size))}`
    switch (item.state) {
      case 'waiting': return msg('Waiting for the sharer')
      case 'checking': return msg('Checking every byte')
      case 'paused': return html`${msg('Paused at')} ${of}`
      case 'getting': case 'failed': case 'here': return of
    }
  }

  private explanation() {
    switch (this.item.state) {
      case 'waiting': return waitWords(this.item, this.snapshot.connection)
      case 'checking': return msg('All of it came. Now it is compared with the link.')
      case 'paused': return msg('What came is kept. Nothing comes or goes until you go on.')
      case 'getting': case 'failed': case 'here': return msg('Every piece is checked as it arrives. You can close the tab; it goes on where it stopped when you return.')
    }
  }

  private running() {
    const { item } = this
    const paused = item.state === 'paused'
    return html`<section class="water inner stack" aria-labelledby="run">
      <div class="line apart"><h2 id="run">${this.heading()}</h2><div class="line">
        ${item.state === 'checking' ? nothing : paused
          ? html`<button type="button" class="button primary" @click=${() => { attempt(this, this.peer.resume(item.cid)) }}>${icon('play')}${msg('Go on')}</button>`
          : html`<button type="button" class="button" @click=${() => { attempt(this, this.peer.pause(item.cid)) }}>${icon('pause')}${msg('Pause')}</button>`}
        <button type="button" class="button plain" @click=${() => { this.dispatchEvent(new RemoveEvent(item)) }}>${icon('close')}${msg('Cancel')}</button>
      </div></div>
      ${bar({ title: item.title, done: item.received, total: item.size, tone: paused ? 'paused' : 'thick', waiting: item.state === 'waiting' })}
      ${item.state === 'waiting' && item.received > 0 ? html`<p class="small soft">${num(bytes(item.received))} ${msg('of')} ${num(bytes(item.size))}</p>` : nothing}
      ${item.state === 'getting' ? html`<dl class="stats">
        <div><dt>${msg('Left')}</dt><dd>${item.left === null ? msg('unknown yet') : num(duration(item.left))}</dd></div>
        <div><dt>${msg('Coming in')}</dt><dd>${num(rate(item.rateIn))}</dd></div>
        <div><dt>${msg('Going out')}</dt><dd>${num(rate(item.rateOut))}</dd></div>
        <div><dt>${msg('From')}</dt><dd><bdi>${people(item.sources)}</bdi></dd></div></dl>` : nothing}
      ${item.relayed && item.state === 'getting' ? html`<div class="relayed"><span class="badge">${icon('relay')}${msg('Through a relay, slower')}</span>
        <p class="small soft">${msg('The networks between you and who has it let no direct line through, so the bytes pass through a relay, which sees who and how much, but not what. A direct line is still tried.')}</p></div>` : nothing}
      <p class="small soft">${this.explanation()}</p>
    </section>
    ${item.bomb ? this.bomb() : this.members()}`
  }

  private members() {
    const { item, snapshot } = this
    return html`<holdfast-members .peer=${this.peer} .item=${item} ?canPick=${snapshot.canPick} ?canPickFolder=${snapshot.canPickFolder}></holdfast-members>`
  }

  private bomb() {
    const { what } = errorWords({ code: 'archive-bomb' })
    return notice('warn', what, html`<p>${msg('Archives like this are made to fill a disk, so its files are not listed unasked. Nothing was unpacked; it can be saved as it is.')}</p>`,
      html`<div class="line"><button type="button" class="button small" @click=${() => { attempt(this, this.peer.unpackAnyway(this.item.cid)) }}>${msg('Look inside all the same')}</button></div>`)
  }

  private failed() {
    const { item } = this
    const { what, next } = errorWords(item.problem)
    return notice('danger', what, html`<p>${next}</p><p>${num(bytes(item.received))} ${msg('of')} ${num(bytes(item.size))} ${msg('kept on this device.')}</p>
      ${bar({ title: item.title, done: item.received, total: item.size, tone: 'failed' })}`,
    html`<div class="line"><button type="button" class="button" @click=${() => { attempt(this, this.peer.resume(item.cid)) }}>${icon('again')}${msg('Try again')}</button>
      <button type="button" class="button plain" @click=${() => { this.dispatchEvent(new RemoveEvent(item)) }}>${msg('Remove')}</button></div>`)
  }

  private stopped() {
    return html`${this.failed()}${this.item.bomb ? this.bomb() : this.members()}`
  }

  private done() {
    const { item } = this
    const count = item.members?.length ?? 0
    return html`
      ${notice('ok', count > 1 ? msg(str`All ${files(count)} are here`) : msg('All of it is here'), msg('Every byte matches the link. It opens offline from now on.'))}
      ${item.bomb ? this.bomb() : nothing}
      ${this.members()}`
  }

  /** Those of the publication it is, which the Library lists nowhere else. */
  private pictures() {
    const pictures = listed(this.snapshot.items).picturesIn(this.item)
    return pictures.length === 0 ? nothing : fold(msg('Its pictures'), html`<ul class="rows">${pictures.map((picture, i) => html`<li><div class="file">
      <span class="tile">${frond(picture.cid)}</span><span><a class="name" href=${itemHash(picture.cid)}>${msg(str`Picture ${i + 1}`)}</a><span class="meta">${num(bytes(picture.size))}</span></span></div></li>`)}</ul>`)
  }

  private about() {
    const { item, snapshot } = this
    const here = item.state === 'here'
    return html`<aside class="stack s3" aria-label=${msg('About')}>
      <section class="panel" aria-label=${msg('Keep it for others')}><label class="switch row">
        <span><b>${msg('Keep it for others')}</b><span class="sub">${{
          open: () => item.findable ? msg('Gives pieces to people who have the link or the content id. They see your IP address.') : msg('Gives pieces to people who have the link. They see your IP address.'),
          off: () => msg('The Sharing switch at the top is off; nothing is given now.'),
          metered: () => msg('On a metered connection nothing is given now.'),
        }[gateOf(snapshot)]()}</span></span>
        <input type="checkbox" role="switch" ${switched(item.giving, on => this.keep(on))} /></label></section>
      ${this.snapshot.uploads === null ? nothing : html`<holdfast-published-as .peer=${this.peer} .snapshot=${this.snapshot} .item=${item}></holdfast-published-as>`}
      <div>
        ${fold(msg('Pass it on'), html`<holdfast-pass-on .peer=${this.peer} .snapshot=${this.snapshot} .item=${item}></holdfast-pass-on>`)}
        ${this.pictures()}
        ${fold(msg('Details'), html`<div class="stack">${facts([
          [msg('Begun'), ago(item.addedAt, Date.now())],
          [msg('Given on'), num(bytes(item.given))],
          [msg('Checked'), here ? msg('SHA-256 of every byte, matches') : msg('SHA-1 of each piece, then SHA-256 of the whole')],
          ...item.protected
            ? [[msg('Stored as'), msg('Encrypted: AES-256-GCM, in an OpenTDF file')], [msg('Content id'), msg('SHA-256 of the encrypted file')]] as const
            : [[msg('Infohash'), html`<span class="mono">${item.infohash}</span>`]] as const,
        ])}${findableBox(this.peer, item)}${item.protected ? nothing : magnetBox(item)}</div>`)}
      </div>
      ${here && clearsAfterAWeek() ? notice('plain', nothing, msg('In Safari, sites that are not installed may lose their files after seven days without a visit. Save what matters.')) : nothing}
      ${here ? html`<div><button type="button" class="button plain" @click=${() => { this.dispatchEvent(new RemoveEvent(item)) }}>${icon('remove')}${msg('Remove')}</button></div>` : nothing}
    </aside>`
  }

  override render() {
    const { item } = this
    const seen = seenWords(item, Date.now())
    return html`<div class="page"><div class="cols wide-side">
      <div class="stack s3">
        <div class="head"><span class="tile">${frond(item.cid)}</span><div class="stack s1"><h1 tabindex="-1"><bdi>${item.title}</bdi></h1>
          <p class="lead"><bdi>${sizeWords(item)}</bdi></p>
          <div class="line s2">${item.protected ? lockBadge() : nothing}${item.findable ? findableBadge() : nothing}${keeperBadge(item)}</div>
          ${seen === '' ? nothing : html`<p class="small soft">${seen}</p>`}</div></div>
        ${item.state === 'here' ? this.done() : item.state === 'failed' ? this.stopped() : this.running()}
      </div>
      ${this.about()}
    </div></div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-got': HoldfastGot } }
