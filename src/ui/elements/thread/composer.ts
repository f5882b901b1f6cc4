import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { frond } from '../../drawings/kelp.ts'
import { icon } from '../../drawings/icons.ts'
import { attempt } from '../../events.ts'
import { errorWords } from '../../strings/errors.ts'
import { bytes, number } from '../../strings/format.ts'
import { jobWords } from '../../strings/items.ts'
import { priceWords } from '../../strings/threads.ts'
import { shared } from '../../tokens/index.ts'
import type { Cid, MessagePrice, Peer, PeerState, ThreadName } from '../../types.ts'
import { bar, num } from '../parts.ts'
import './attach.ts'
import type { AttachEvent, HoldfastAttach } from './attach.ts'
import { composerStyles } from './composer.styles.ts'

interface Words { readonly title: string, readonly text: string }

/** What was typed and not sent, by thread: going elsewhere in the app loses nothing. */
const drafts = new Map<ThreadName, Words>()

/** A message was sent, in the thread of this name. */
export class SentEvent extends Event {
  static readonly type = 'holdfast-sent'
  constructor(readonly thread: ThreadName) {
    super(SentEvent.type)
  }
}

/** Writes a reply, or with no thread the message that opens one: what it costs and who reads it is said before it is sent. */
@customElement('holdfast-composer')
export class HoldfastComposer extends LitElement {
  static override readonly styles = [...shared, composerStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) thread: ThreadName | null = null
  @state() private words: Words = { title: '', text: '' }
  @state() private attachment: Cid | null = null
  /** The share job whose result is to be attached. */
  @state() private job: string | null = null
  @state() private price: MessagePrice | null = null
  @state() private busy = false
  @state() private wrongTitle = ''
  @state() private wrongText = ''
  @state() private problem = ''
  @query('holdfast-attach') private readonly picker!: HoldfastAttach
  private priced: unknown = null

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('thread')) {
      this.words = drafts.get(this.thread ?? '') ?? { title: '', text: '' }
      this.wrongTitle = this.wrongText = this.problem = ''
      this.attachment = this.job = null
    }
    const { account, identity, ledger, items } = this.snapshot
    // Who has no address yet is told the price too: it is made with the first message.
    const payer = ledger.phase !== 'open' ? null : account ?? (identity === null ? 'nobody' : null)
    if (this.peer !== undefined && payer !== null && this.priced !== payer) {
      this.priced = payer
      this.peer.threads.price().then(price => { this.price = price }, () => { this.price = null })
    }
    const made = this.job === null ? undefined : items.find(({ job, state: at }) => job === this.job && at === 'here')
    if (made !== undefined) [this.attachment, this.job] = [made.cid, null]
  }

  private write(change: Partial<Words>): void {
    this.words = { ...this.words, ...change }
    this.problem = ''
    drafts.set(this.thread ?? '', this.words)
  }

  /** Puts text into the field, as of a message that failed. */
  async suggest(text: string): Promise<void> {
    this.write({ text })
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('#text')?.focus()
  }

  private async attach({ chosen }: AttachEvent): Promise<void> {
    if ('cid' in chosen) {
      this.attachment = chosen.cid
      return
    }
    const { title } = this.peer.plan(chosen.files)
    this.job = await this.peer.share(chosen.files, title, { protect: false, findable: false })
  }

  private left(): number {
    return this.peer.threads.left(this.thread === null ? this.words.title : null, this.words.text)
  }

  private judge(): boolean {
    const { title, text } = this.words
    this.wrongTitle = this.thread === null && title.trim() === '' ? msg('A thread needs a title. Nothing was sent.') : ''
    const over = -this.left()
    this.wrongText = text.trim() === '' && this.attachment === null ? msg('There is nothing written yet.')
      : over > 0 ? msg(str`${number(over)} bytes too long. Nothing was sent; what you wrote is kept.`) : ''
    const first = this.wrongTitle !== '' ? '#title' : this.wrongText !== '' ? '#text' : null
    if (first === null) return true
    void this.updateComplete.then(() => { this.renderRoot.querySelector<HTMLElement>(first)?.focus() })
    return false
  }

  private async send(event: Event): Promise<void> {
    event.preventDefault()
    if (this.busy || this.job !== null || !this.judge()) return
    const { thread, words: { title, text }, attachment } = this
    const more = attachment === null ? [] : [attachment] as const
    this.busy = true
    this.problem = ''
    try {
      if (this.snapshot.identity === null) await this.peer.identity.ensure()
      let name = thread
      if (name === null) name = await this.peer.threads.open(title.trim(), text, ...more)
      else await this.peer.threads.reply(name, text, ...more)
      drafts.delete(thread ?? '')
      if (this.thread === thread) [this.words, this.attachment] = [{ title: '', text: '' }, null]
      this.dispatchEvent(new SentEvent(name))
    } catch (error) {
      const { what, next } = errorWords(error)
      this.problem = `${what}. ${next}`
    } finally {
      this.busy = false
    }
  }

  private field(id: 'title' | 'text', label: string, wrong: string, control: TemplateResult, hint: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<div class="field"><label for=${id}>${label}</label>${hint}${control}
      <div id="${id}-wrong" role="status">${wrong === '' ? nothing : html`<p class="error">${icon('warning', 18)}<span>${wrong}</span></p>`}</div></div>`
  }

  private attached(): TemplateResult | typeof nothing {
    const { items, jobs } = this.snapshot
    if (this.job !== null) {
      const job = jobs.find(({ id }) => id === this.job)
      if (job === undefined) return html`<p class="small soft" role="status">${msg('Beginning…')}</p>`
      const failed = job.state === 'failed'
      const away = (): void => {
        attempt(this, failed ? this.peer.dismissJob(job.id) : this.peer.cancelJob(job.id))
        this.job = null
      }
      return html`<div class="attached"><span class="tile">${icon(failed ? 'warning' : 'archive')}</span>
        <div class="stack s1"><bdi class="name">${job.title}</bdi>${bar({ title: job.title, done: job.done, total: job.bytes, ...failed ? { tone: 'failed' as const } : {} })}<span class="small ${failed ? 'bad' : 'soft'}">${jobWords(job)}</span></div>
        <button type="button" class="button icon-only" aria-label=${msg(str`Cancel ${job.title}`)} @click=${away}>${icon('close')}</button></div>`
    }
    const item = items.find(({ cid }) => cid === this.attachment)
    if (item === undefined) return nothing
    return html`<div class="attached"><span class="tile">${frond(item.cid)}</span>
      <span><bdi class="name">${item.title}</bdi><span class="meta">${num(bytes(item.size))}, ${msg('everybody can fetch it')}</span></span>
      <button type="button" class="button icon-only" aria-label=${msg(str`Leave out ${item.title}`)} @click=${() => { this.attachment = null }}>${icon('close')}</button></div>`
  }

  override render() {
    const { thread, words, snapshot, price } = this
    const left = this.left()
    const open = snapshot.ledger.phase === 'open'
    const locked = snapshot.identity?.locked === true
    return html`<form class="panel stack" aria-label=${thread === null ? msg('New thread') : msg('Reply')} novalidate @submit=${(event: Event) => { void this.send(event) }}>
      ${thread !== null ? nothing : this.field('title', msg('Title'), this.wrongTitle, html`<input class="input" id="title" autocomplete="off" dir="auto" .value=${live(words.title)} aria-invalid=${this.wrongTitle !== ''} aria-describedby="title-wrong"
        @input=${(event: Event) => { this.write({ title: (event.target as HTMLInputElement).value }); this.wrongTitle = '' }} />`)}
      ${this.field('text', thread === null ? msg('First message') : msg('Reply'), this.wrongText, html`<textarea class="input" id="text" rows="3" dir="auto" .value=${live(words.text)} aria-invalid=${this.wrongText !== ''} aria-describedby="public left text-wrong"
        @input=${(event: Event) => { this.write({ text: (event.target as HTMLTextAreaElement).value }); this.wrongText = '' }}></textarea>`,
      html`<p class="hint" id="public">${msg('Everybody can read this, for ever. It is signed with your address.')}</p>`)}
      ${this.attached()}
      <div class="line apart">
        <div class="line"><button type="button" class="button plain small" ?disabled=${this.job !== null} @click=${() => { void this.picker.show() }}>${icon('attach')}${msg('Attach')}</button>
          <span class="small num ${left < 0 ? 'bad' : 'quiet'}" id="left">${left < 0 ? msg(str`${number(-left)} bytes too long`) : msg(str`${number(left)} bytes left`)}</span></div>
        <button class="button primary" ?disabled=${!open || locked} aria-disabled=${this.busy || this.job !== null}>${icon('out')}${this.busy ? price?.fee === null ? msg('Working…') : msg('Signing…') : priceWords(price)}</button>
      </div>
      <div role="status">${this.problem !== '' ? html`<p class="error">${icon('warning', 18)}<span>${this.problem} ${msg('What you wrote is kept.')}</span></p>`
        : locked ? html`<p class="small soft">${msg(html`Locked: nothing is signed before the passphrase was given. <a href="#/settings">Unlock in Settings</a>`)}</p>`
        : open ? nothing : html`<p class="small soft">${msg('Waiting for the ledger; then it can be sent.')}</p>`}</div>
    </form>
    <holdfast-attach .peer=${this.peer} .snapshot=${snapshot} @holdfast-attach=${(event: AttachEvent) => { attempt(this, this.attach(event)) }}></holdfast-attach>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-composer': HoldfastComposer } }
