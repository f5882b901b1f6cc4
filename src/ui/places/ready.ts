import { html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import '../elements/drop.ts'
import '../elements/link.ts'
import { findableBox } from '../elements/findable.ts'
import { magnetBox } from '../elements/magnet.ts'
import '../elements/members.ts'
import '../elements/qr.ts'
import { facts, findableBadge, fold, keeperBadge, lockBadge, notice, num, receiverRow } from '../elements/parts.ts'
import { shareWith } from '../elements/share-with.ts'
import { attempt, RemoveEvent } from '../events.ts'
import { people } from '../strings/counts.ts'
import { ago, bytes, number, rate } from '../strings/format.ts'
import { gateOf, seenWords, sizeWords } from '../strings/items.ts'
import { shared } from '../tokens/index.ts'
import type { Item } from '../types.ts'
import { itemStyles } from './item.styles.ts'
import { Place } from './place.ts'

/** A link that was made here: to copy, to send, to scan; who takes it now, and what it is exactly. */
@customElement('holdfast-ready')
export class HoldfastReady extends Place {
  static override readonly styles = [...shared, itemStyles]

  @property({ attribute: false }) item!: Item

  override willUpdate(): void {
    if (this.snapshot.uploads !== null) attempt(this, import('../elements/upload/published-as.ts'))
  }

  private send(): void {
    shareWith(this, { title: this.item.title, url: this.item.link })
  }

  private linkBox() {
    const { link, title } = this.item
    if (link === '') return this.unsealing()
    const mail = `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(link)}`
    return html`<div class="stack s1">
      <holdfast-link .value=${link} name=${msg('Link')} copy=${msg('Copy link')} about=${title} primary></holdfast-link>
      <div class="line">
        ${'share' in navigator ? html`<button type="button" class="button wide" @click=${this.send}>${icon('send')}${msg('Send with…')}</button>` : nothing}
        <a class="button wide" href=${mail}>${icon('mail')}${msg('E-mail')}</a>
      </div></div>`
  }

  /** The key of a protected item lies sealed on this device; until it is opened there is no link to show. */
  private unsealing() {
    return html`<p class="panel soft" role="status">${msg('Opening the key that is kept on this device. The link is here in a moment.')}</p>`
  }

  private keepOpen() {
    const { item, snapshot } = this
    if (!item.giving) return notice('info', msg('Not shared now'), msg('The link leads nowhere from this device until you share it again.'))
    if (!snapshot.sharing) return notice('warn', msg('Sharing is off'), msg('The switch at the top stops all giving. Turn it on, and the link works again.'))
    if (gateOf(snapshot) === 'metered') return notice('warn', msg('On a metered connection'), msg('Nothing is given while it is paid by the byte. On Wi-Fi or cable the link works again by itself; Settings can change that.'))
    const taking = item.receivers.length
    const now = taking === 0 ? msg('Nobody is taking it at this moment.') : taking === 1 ? msg('1 person is taking it now.') : msg(str`${people(taking)} are taking it now.`)
    const seen = seenWords(item, Date.now())
    return item.keepers > 0
      ? notice('ok', msg('It can outlive this tab'), msg(str`Here now with all of it: ${people(item.keepers)}. ${now}`))
      : notice('warn', msg('Keep this tab open until they have it'), [msg(str`Nobody else who is here has all of it. Close the tab, and the link waits until you are back. ${now}`), seen].join(' ').trim())
  }

  private who() {
    const { item } = this
    const rows = [
      item.protected
        ? { drawn: 'lock' as const, name: msg('Only people with this link'), meta: msg('It was encrypted on this device, and the key is in the part of the link after #. Whoever carries or keeps the file without the link cannot open it.') }
        : { drawn: 'link' as const, name: msg('Anyone who has this link'), meta: msg('They see your IP address while they take it.') },
      item.findable
        ? { drawn: 'search' as const, name: msg('Findable by its content id'), meta: item.protected ? msg('Whoever knows the content id can fetch the encrypted file, and cannot open it.') : msg('Whoever knows the content id can find and fetch it without the link.') }
        : { drawn: 'search' as const, name: msg('In no list'), meta: msg('Only people who know the link find it.') },
      { drawn: 'clock' as const, name: msg('For as long as someone keeps it'), meta: msg('Whoever has the link has the files for ever; it cannot be called back once it was opened.') },
    ]
    return html`<section class="panel stack s1" aria-labelledby="who"><h2 class="h3" id="who">${msg('Who can open it')}</h2><ul class="rows">
      ${rows.map(({ drawn, name, meta }) => html`<li><div class="file"><span class="tile">${icon(drawn)}</span><span><span class="name">${name}</span><span class="meta">${meta}</span></span></div></li>`)}
    </ul></section>`
  }

  private live() {
    const { item } = this
    return html`<aside class="water inner stack s3" aria-label=${msg('Live')}>
      ${item.link === '' ? nothing : html`<div class="stack s1"><holdfast-qr .value=${item.link}></holdfast-qr><p class="small soft caption">${msg('Scan to open on a phone')}</p></div>`}
      <dl class="stats">
        <div><dt>${msg('Taking it now')}</dt><dd><bdi>${people(item.receivers.length)}</bdi></dd></div>
        <div><dt>${msg('Given')}</dt><dd>${num(bytes(item.given))}</dd></div>
        <div><dt>${msg('Going out')}</dt><dd>${num(rate(item.rateOut))}</dd></div>
      </dl>
      ${this.snapshot.uploads === null ? nothing : html`<holdfast-published-as .peer=${this.peer} .snapshot=${this.snapshot} .item=${item}></holdfast-published-as>`}
      ${item.receivers.length === 0 ? nothing : html`<ul class="rows">${item.receivers.map((receiver, i) => receiverRow(receiver, i + 1, item.size))}</ul>`}
    </aside>`
  }

  private exact() {
    const { item } = this
    return html`<div>
      ${fold(msg('Details'), html`<div class="stack">${facts([
        ...item.protected
          ? [[msg('Stored as'), msg('Encrypted: AES-256-GCM, in an OpenTDF file')], [msg('Content id'), msg('SHA-256 of the encrypted file')]] as const
          : [[msg('Checked with'), msg('SHA-256 of every byte, which is the content id')], [msg('Infohash'), html`<span class="mono">${item.infohash}</span>`]] as const,
        [msg('Size'), html`${num(bytes(item.size))} (${num(msg(str`${number(item.size)} bytes`))})`],
        [msg('Made'), ago(item.addedAt, Date.now())],
        [msg('Trackers'), item.tracker === 'ok' ? msg('know of it') : item.tracker === 'unreachable' ? msg('do not answer; asked again by themselves') : msg('not asked yet')],
      ])}
        ${findableBox(this.peer, item)}
        ${item.protected ? nothing : magnetBox(item)}</div>`)}
      ${fold(msg('The files in it'), html`<holdfast-members .peer=${this.peer} .item=${item} ?canPick=${this.snapshot.canPick}></holdfast-members>`)}
    </div>`
  }

  override render() {
    const { item } = this
    return html`<div class="page">
      <div class="cols wide-side">
        <div class="stack s3">
          <div class="stack s1">
            ${item.link === '' ? nothing : html`<p class="badge good">${icon('check')}${msg('Link ready')}</p>`}
            <h1 tabindex="-1"><bdi>${item.title}</bdi></h1>
            <p class="lead"><bdi>${sizeWords(item)}</bdi></p>
            <div class="line s2">${item.protected ? lockBadge() : nothing}${item.findable ? findableBadge() : nothing}${item.keepers > 0 ? keeperBadge(item) : nothing}</div>
          </div>
          ${this.linkBox()}
          ${this.keepOpen()}
          ${this.who()}
          <div class="line">
            <button type="button" class="button" @click=${() => { attempt(this, this.peer.give(item.cid, !item.giving)) }}>${item.giving ? html`${icon('pause')}${msg('Stop sharing')}` : html`${icon('up')}${msg('Share again')}`}</button>
            <button type="button" class="button plain" @click=${() => { this.dispatchEvent(new RemoveEvent(item)) }}>${icon('remove')}${msg('Remove')}</button>
          </div>
          ${this.exact()}
        </div>
        ${this.live()}
      </div>
      <holdfast-drop variant="compact" .first=${false}></holdfast-drop>
    </div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-ready': HoldfastReady } }
