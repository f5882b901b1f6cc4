import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon, type IconName } from '../../drawings/icons.ts'
import { storedFormats } from '../../formats.ts'
import { AskEvent, attempt, ConsentEvent, RemoveEvent } from '../../events.ts'
import { blocks, coins } from '../../strings/counts.ts'
import { errorWords } from '../../strings/errors.ts'
import { ago, bytes, number, roughly } from '../../strings/format.ts'
import { waitWords } from '../../strings/items.ts'
import { policyWords, reasonForKey, verdictWords } from '../../strings/uploads.ts'
import { shared } from '../../tokens/index.ts'
import type { Item, Peer, PeerState, Upload } from '../../types.ts'
import { bar, facts, marks, notice, num } from '../parts.ts'
import { spendable } from '../wallet/amounts.ts'
import './export.ts'
import type { HoldfastExport } from './export.ts'

/** How somebody comes by an upload: who gets it, how that stands for them, and the one thing to do next. */
@customElement('holdfast-access')
export class HoldfastAccess extends LitElement {
  static override readonly styles = shared

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) upload!: Upload
  /** Its file, where it is here or on its way. */
  @property({ attribute: false }) item: Item | undefined
  @query('holdfast-export') private readonly exporter!: HoldfastExport

  private button(words: string, drawn: IconName, act: () => void, kind: 'primary' | '' | 'plain' = 'primary', disabled = false): TemplateResult {
    return html`<button type="button" class="button big ${kind}" ?disabled=${disabled} @click=${act}>${icon(drawn)}${words}</button>`
  }

  /** Fetching brings the question whether it may be given on; either answer fetches. */
  private readonly fetch = (): void => {
    const go = (): void => { attempt(this, this.take()) }
    if (this.snapshot.consent === 'agreed') go()
    else this.dispatchEvent(new ConsentEvent(go))
  }

  /** Where the key stands in the ledger for all, it is taken up on the way. */
  private async take(): Promise<void> {
    const { upload, peer: { publishing } } = this
    if ('public' in upload.policy && upload.access.state === 'may') await this.as(async () => { await publishing.askKey(upload) })
    await publishing.fetch(upload)
  }

  /** Asking and paying are done by somebody: an address is made where there is none. */
  private async as(act: () => Promise<void>): Promise<void> {
    if (this.snapshot.identity === null) await this.peer.identity.ensure()
    await act()
  }

  private readonly ask = (): void => { attempt(this, this.as(async () => { await this.peer.publishing.askKey(this.upload) })) }

  private readonly buy = (): void => {
    const { upload, snapshot, peer } = this
    const [price, fee] = ['pay' in upload.policy ? upload.policy.pay.price : 0, snapshot.wallet?.minimumFee ?? 0]
    this.dispatchEvent(new AskEvent({
      heading: msg(str`Buy the key for ${coins(price)}?`),
      body: html`<p><bdi><b>${upload.title}</b></bdi></p>
        ${facts([[msg('Price'), num(number(price))], [msg('Fee'), num(number(fee))], [msg('Left afterwards'), num(number(spendable(snapshot) - price - fee))]])}
        <p>${msg('The coins are set aside, and go to the publisher after the key was given. If nobody gives it in time, they come back to you.')}</p>
        <p class="small soft">${msg('Everybody can see that your address bought it. A key that does not open the file can be shown to the ledger, and is not paid.')}</p>
        ${snapshot.identity?.backedUp === null ? notice('warn', msg('You are not backed up'), msg('What you buy belongs to your address. If this browser’s data is cleared, it is gone.')) : nothing}`,
      no: msg('Not now'), yes: msg(str`Buy for ${coins(price)}`), tone: 'primary',
    }, async () => { await this.as(async () => { await peer.publishing.buy(upload) }) }))
  }

  private keepIt(): TemplateResult | typeof nothing {
    return this.item === undefined ? this.button(msg('Keep without opening'), 'pin', this.fetch, '') : nothing
  }

  private lastSeen(): TemplateResult | typeof nothing {
    const { access: { holders }, owner } = this.upload
    if (holders.length === 0) return nothing
    const seen = holders.map(({ seen: at }) => at ?? 0).reduce((a, b) => Math.max(a, b), 0)
    return html`<p class="small soft">${seen === 0 ? holders.some(({ address }) => address !== owner) ? msg('None of those who could give it was seen here yet.') : msg('Its publisher was not seen here yet.')
      : msg(str`One of those who can give it was last seen ${ago(seen, Date.now())}.`)}</p>`
  }

  /** What stands between the person and the key; null where nothing does. */
  private locked(): TemplateResult | null {
    const { access: { state: at, reason }, policy } = this.upload
    const { identity } = this.snapshot
    if (at === 'open' || at === 'here' || (at === 'may' && 'public' in policy && this.item?.state !== 'here')) return null
    if (identity?.locked === true) return html`<p class="soft">${msg(html`Locked: nothing is asked or paid before the passphrase was given. <a href="#/settings">Unlock in Settings</a>`)}</p>`
    switch (at) {
      case 'may': return html`<div class="line">${this.button(msg('Ask for the key'), 'key', this.ask)}${this.keepIt()}</div>
        <p class="small quiet">${msg('Those who hold it check that you get it, and seal it to this device alone.')}</p>`
      case 'waiting': return html`${notice('info', msg('Waiting for someone who can give the key'), html`<p>${reasonForKey(reason)}</p>${this.lastSeen()}`)}
        <div class="line">${this.item === undefined ? this.button(msg('Fetch it meanwhile'), 'down', this.fetch) : nothing}${this.button(msg('Stop asking'), 'close', () => { attempt(this, this.peer.publishing.stopAsking(this.upload)) }, 'plain')}</div>`
      case 'pay': return this.toBuy()
      case 'buying': return html`${notice('info', msg('Paid; waiting for the key'), html`<p>${reason === null ? msg('Your coins are set aside. Somebody who holds the key answers once your payment is safe.') : reasonForKey(reason)}</p>${this.lastSeen()}`)}
        <div class="line">${this.item === undefined ? this.button(msg('Fetch it meanwhile'), 'down', this.fetch) : nothing}
          ${this.refundable ? this.button(msg('Ask for the coins back'), 'in', () => { attempt(this, this.peer.publishing.settle(this.upload)) }, 'plain') : nothing}</div>
        <p class="small quiet">${this.refund()}</p>`
      case 'refunded': return html`${notice('warn', msg('Your coins came back'), msg('Nobody gave the key in time, so you paid nothing but the fees.'))}${'pay' in policy ? this.toBuy() : nothing}`
      case 'denied': return html`${notice('warn', msg('You do not get the key'), html`<p>${reasonForKey(reason ?? 'policy')}</p><p>${msg('Ask its publisher; they can add your address at any time. Nothing was paid.')}</p>`)}
        <div class="line">${this.keepIt()}</div>`
    }
  }

  /** Blocks until one may give the coins back, by the head of this device; null where that is not known. */
  private get blocksToRefund(): number | null {
    const { upload: { access: { refundAt } }, snapshot: { ledger } } = this
    return refundAt === null || ledger.phase !== 'open' ? null : Math.max(0, refundAt - ledger.head.number)
  }

  /** The next block may already. */
  private get refundable(): boolean { return (this.blocksToRefund ?? Infinity) <= 1 }

  /** When the coins come back, where nobody gives the key before. */
  private refund(): string {
    const { ledger } = this.snapshot
    const left = this.blocksToRefund
    if (left === null || ledger.phase !== 'open') return msg('Where nobody gives the key for a whole period, your coins come back.')
    return left <= 1 ? msg('Nobody gave the key in time. Your coins are asked back by themselves; the next block can return them.')
      : msg(str`Where nobody gives the key before, your coins come back in ${blocks(left)}, about ${roughly(left * ledger.blockTime)}.`)
  }

  /** Paid, and in no block yet: buying once more would only be refused. */
  private get paying(): boolean {
    return (this.snapshot.uploads?.sending ?? []).some(({ op, cid, stage }) => op === 8 && cid === this.upload.cid && stage !== 'failed')
  }

  private toBuy(): TemplateResult {
    if (this.paying) return html`${notice('info', msg('Your payment is on its way'), msg('It counts once a block has it. Then somebody who holds the key answers.'))}
      <div class="line">${this.item === undefined ? this.button(msg('Fetch it meanwhile'), 'down', this.fetch) : nothing}</div>`
    const price = 'pay' in this.upload.policy ? this.upload.policy.pay.price : 0
    const [free, fee] = [spendable(this.snapshot), this.snapshot.wallet?.minimumFee ?? 0]
    const enough = free >= price + fee
    return html`<div class="line">${this.button(msg(str`Buy for ${coins(price)}`), 'key', this.buy, 'primary', !enough)}${this.keepIt()}</div>
      <p class="small ${enough ? 'quiet' : 'care'}">${enough ? msg(str`You have ${coins(free)}. The fee is ${coins(fee)}.`) : msg(str`You have ${coins(free)}; with the fee it takes ${number(price + fee)}.`)}</p>`
  }

  /** How its bytes come: the same rows as of everything that is fetched. */
  private coming(item: Item): TemplateResult {
    const paused = item.state === 'paused'
    if (item.state === 'failed') {
      const { what, next } = errorWords(item.problem)
      return notice('danger', what, html`<p>${next}</p>${bar({ title: item.title, done: item.received, total: item.size, tone: 'failed' })}`,
        html`<div class="line"><button type="button" class="button" @click=${() => { attempt(this, this.peer.resume(item.cid)) }}>${icon('again')}${msg('Try again')}</button></div>`)
    }
    return html`<div class="stack s1"><div class="line apart"><b>${{ waiting: () => msg('Waiting for those who keep it'), getting: () => msg('It comes'), checking: () => msg('Checking every byte'), paused: () => msg('Paused'), here: () => '' }[item.state]()}</b>
        <div class="line">${item.state === 'checking' ? nothing : paused
          ? html`<button type="button" class="button small primary" @click=${() => { attempt(this, this.peer.resume(item.cid)) }}>${icon('play', 18)}${msg('Go on')}</button>`
          : html`<button type="button" class="button small" @click=${() => { attempt(this, this.peer.pause(item.cid)) }}>${icon('pause', 18)}${msg('Pause')}</button>`}
          <button type="button" class="button small plain" @click=${() => { this.dispatchEvent(new RemoveEvent(item)) }}>${icon('close', 18)}${msg('Cancel')}</button></div></div>
      ${bar({ title: item.title, done: item.received, total: item.size, waiting: item.state === 'waiting', ...paused ? { tone: 'paused' as const } : {} })}
      ${marks(item.received, item.size, item.rateIn, item.left)}
      ${item.state === 'waiting' ? html`<p class="small soft">${waitWords(item, this.snapshot.connection)}</p>` : nothing}</div>`
  }

  private here(): TemplateResult {
    const { upload, item, snapshot } = this
    const archive = upload.kind === 'archive'
    return html`<div class="line">${archive
      ? html`<a class="button primary big" href="#/item/${upload.cid}">${icon('folder')}${msg('Open its files')}</a>`
      : this.button(msg('Save…'), 'save', () => { void this.exporter.show({ cid: upload.cid, member: null, name: upload.title, formats: storedFormats(upload.kind) }) })}
      ${archive || item === undefined ? nothing : html`<a class="button big" href="#/item/${upload.cid}">${icon('library')}${msg('In your Library')}</a>`}</div>
      <p class="small quiet">${upload.own ? msg('It is here, and given to whoever fetches it while a tab is open.') : msg('All of it is here, and every byte was checked.')}</p>
      <holdfast-export .peer=${this.peer} .snapshot=${snapshot}></holdfast-export>`
  }

  private body(): TemplateResult {
    const { upload, item } = this
    if (upload.verdict !== null) return html`${notice('danger', msg('This is not what it is said to be'), html`<p>${verdictWords(upload.verdict)}</p><p>${msg('It was not kept, and nothing is paid for it. Only this device found out; others see it as before.')}</p>`)}
      <div class="line">${this.button(msg('Try it once more'), 'again', this.fetch, '')}</div>`
    const here = item?.state === 'here'
    if (upload.withdrawn && !here) return notice('warn', msg('It was withdrawn'), upload.replacedBy === null ? msg('Its publisher took it off the list, or its time is over. Nobody is asked to keep it any more.')
      : msg('Its publisher took it off the list, and names another one in its place.'))
    const locked = upload.own ? null : this.locked()
    return html`${item !== undefined && !here ? this.coming(item) : nothing}
      ${locked !== null ? html`<div class="stack" role="status">${locked}</div>` : (here ? this.here() : item === undefined ? html`<div class="line">${this.button(msg('Fetch'), 'down', this.fetch)}</div>
        <p class="small quiet">${msg(html`${num(bytes(upload.file.size))}. Those you fetch it from see your IP address.`)}</p>` : nothing)}`
  }

  override render() {
    const { upload } = this
    const words = policyWords(upload.policy)
    return html`<section class="panel stack" aria-labelledby="who-gets"><div class="line apart"><h2 id="who-gets"><bdi>${upload.withdrawn ? msg('Withdrawn') : words.brief}</bdi></h2>
        ${upload.protected ? html`<span class="chip info">${icon('lock', 17)}${upload.access.state === 'here' ? msg('Encrypted; you have the key') : msg('Encrypted')}</span>` : nothing}</div>
      ${upload.withdrawn ? nothing : html`<p class="soft">${words.about}</p>`}
      ${this.body()}</section>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-access': HoldfastAccess } }
