import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { frond } from '../../drawings/kelp.ts'
import { icon } from '../../drawings/icons.ts'
import { attempt, GetEvent, ProblemEvent, RemoveEvent } from '../../events.ts'
import { itemHash, linkHash } from '../../route.ts'
import { errorWords } from '../../strings/errors.ts'
import { bytes, moment, number } from '../../strings/format.ts'
import { attachmentWords } from '../../strings/attachments.ts'
import { aboutThread, authorWords } from '../../strings/threads.ts'
import { failureWords, isFinished, stageWords } from '../../strings/wallet.ts'
import { shared } from '../../tokens/index.ts'
import type { Cid, Peer, PeerState, ThreadAttachment, ThreadMessage, ThreadName, ThreadSummary } from '../../types.ts'
import { facts, num } from '../parts.ts'
import { stageChip, stageStyles } from '../stage.ts'
import './composer.ts'
import type { HoldfastComposer } from './composer.ts'
import { threadStyles } from './thread.styles.ts'

const firstMessages = 100

type Proof = Awaited<ReturnType<Peer['threads']['prove']>>

/** One thread: what was said, and a field for a reply. */
@customElement('holdfast-thread')
export class HoldfastThread extends LitElement {
  static override readonly styles = [...shared, stageStyles, threadStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) name: ThreadName = ''
  @state() private messages: readonly ThreadMessage[] | null = null
  @state() private problem: unknown = null
  @state() private shown = firstMessages
  @state() private opened: Cid | null = null
  @state() private proof: Proof | 'asked' | 'none' | null = null
  @query('holdfast-composer') private readonly composer!: HoldfastComposer
  /** The snapshot of threads that the messages were read from. */
  private readFrom: unknown = null

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('visibilitychange', this.look)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('visibilitychange', this.look)
  }

  /** What is on show, in a tab in sight, has been seen. */
  private readonly look = (): void => {
    if (this.messages === null || document.visibilityState !== 'visible') return
    const summary = this.summary()
    if ((summary?.unread ?? 0) > 0) attempt(this, this.peer.threads.seen(this.name))
    if (summary?.muted !== true) attempt(this, this.peer.threads.beginSmall(this.messages.slice(-this.shown)))
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('name')) {
      this.shown = firstMessages
      this.messages = this.problem = this.opened = this.proof = this.readFrom = null
    }
    const { threads } = this.snapshot
    if (threads === null || threads === this.readFrom) return
    this.readFrom = threads
    void this.read()
  }

  private summary(): ThreadSummary | undefined {
    return this.snapshot.threads?.threads.find(({ name }) => name === this.name)
  }

  private async read(): Promise<void> {
    const { name, readFrom } = this
    try {
      const messages = await this.peer.threads.read(name)
      if (this.name !== name || this.readFrom !== readFrom) return
      this.messages = messages
      this.problem = null
      this.look()
    } catch (error) {
      if (this.name === name) this.problem = error
    }
  }

  private open(id: Cid): void {
    this.opened = this.opened === id ? null : id
    this.proof = null
  }

  private async prove(id: Cid): Promise<void> {
    this.proof = 'asked'
    let proof: Proof | 'none' = 'none'
    try { proof = await this.peer.threads.prove(id) } catch (error) {
      if ((error as { code?: string }).code !== 'not-found') this.dispatchEvent(new ProblemEvent(error))
    }
    if (this.opened === id) this.proof = proof
  }

  private attachment(attachment: ThreadAttachment): TemplateResult {
    const { cid, size, title } = attachment
    const name = title ?? msg('Without a title')
    const item = this.snapshot.items.find(one => one.cid === cid)
    const isFalse = attachment.said !== null && this.snapshot.falseAttachments.includes(attachment.said.from)
    return html`<div class="attach"><span class="tile">${frond(cid)}</span><span><b><bdi>${name}</bdi></b><span class="small quiet" role="status">${num(bytes(size))}${item === undefined ? nothing : html`, ${attachmentWords(item)}`}</span>
      ${isFalse ? html`<span class="small bad">${msg('What this message says of the file is false: its parts do not belong together. It is not fetched for it again.')}</span>` : nothing}</span>
      ${item === undefined ? isFalse ? nothing : this.getButton(attachment, name)
        : html`<span class="line">${item.state === 'here' ? nothing : html`<button type="button" class="button small plain" aria-label=${msg(str`Cancel ${name}`)} @click=${() => { this.dispatchEvent(new RemoveEvent(item)) }}>${msg('Cancel')}</button>`}
          <a class="button small" href=${itemHash(cid)} aria-label=${msg(str`Open ${name}`)}>${msg('Open')}</a></span>`}</div>`
  }

  /** What can be fetched as it stands is; of a protected file the key comes another way. */
  private getButton({ link, said }: ThreadAttachment, name: string): TemplateResult {
    const judged = this.peer.readLink(link)
    const label = msg(str`Get ${name}`)
    if (said === null || !judged.ok || judged.value.infohash === null) return html`<a class="button small" href=${linkHash(link) ?? link} aria-label=${label}>${msg('Get')}</a>`
    const { value } = judged
    return html`<button type="button" class="button small" aria-label=${label} @click=${() => { this.dispatchEvent(new GetEvent(value, location.hash, said)) }}>${msg('Get')}</button>`
  }

  private details({ id, author, stage }: ThreadMessage): TemplateResult {
    const { proof } = this
    return html`<div class="details stack s1">${facts([
        [msg('Written by'), html`<span class="mono" translate="no">${author}</span>`],
        [msg('Stage'), stageWords(stage).words],
        [msg('Transaction'), html`<span class="mono">${id}</span>`],
      ])}
      <div role="status">${proof === null
        ? isFinished(stage) || stage === 'in-block' ? html`<button type="button" class="button small" @click=${() => { void this.prove(id) }}>${icon('shield', 18)}${msg('Show the proof')}</button>` : nothing
        : proof === 'asked' ? html`<p class="soft">${msg('Fetching what shows it, and checking.')}</p>`
        : proof === 'none' ? html`<p class="soft">${msg('Nobody who is here now keeps that block, so it cannot be shown again at this moment.')}</p>`
        : html`<p class="badge good">${icon('check', 18)}${msg('Verified: signed by its author, and in this block')}</p>${facts([
            [msg('Block'), num(number(proof.number))],
            [msg('State root'), html`<span class="mono">${proof.root}</span>`],
            [msg('Block id'), html`<span class="mono">${proof.block}</span>`],
          ])}`}</div></div>`
  }

  private post(message: ThreadMessage): TemplateResult {
    const { id, own, author, text, time, attachment, stage } = message
    const [who, when] = [authorWords(message), moment(time * 1000, Date.now(), true)]
    const open = this.opened === id
    return html`<li><article class="post" aria-label=${msg(str`${who}, ${when}`)}>
      <span class="tile avatar">${frond(author)}</span>
      <div class="by"><div class="line"><b><bdi>${who}</bdi></b><time datetime=${new Date(time * 1000).toISOString()}>${when}</time>${own && !isFinished(stage) ? stageChip(stage) : nothing}</div>
        <button type="button" class="button icon-only" aria-expanded=${open} aria-label=${msg(str`Details of what ${who} wrote, ${when}`)} @click=${() => { this.open(id) }}>${icon('more')}</button></div>
      <div class="body">${text === '' ? nothing : html`<p dir="auto">${text}</p>`}${attachment === null ? nothing : this.attachment(attachment)}
        ${own && stage === 'failed' ? html`<p class="small bad">${failureWords(message)}</p><div><button type="button" class="button small" @click=${() => { attempt(this, this.composer.suggest(text)) }}>${icon('again', 18)}${msg('Use these words again')}</button></div>` : nothing}
        ${open ? this.details(message) : nothing}</div></article></li>`
  }

  private body(summary: ThreadSummary | undefined): TemplateResult {
    if (this.problem !== null) {
      const { what, next } = errorWords(this.problem)
      return html`<p class="soft" role="status">${what}. ${next}</p>`
    }
    if (this.messages === null) return html`<p class="soft" role="status">${this.snapshot.threads === null ? msg('Waiting for the ledger, which holds the threads.') : msg('Reading what was said.')}</p>`
    if (this.messages.length === 0 && summary === undefined) return html`<p class="soft">${msg('Nothing of this thread is here. Its link may be damaged, or its blocks are still to come.')}</p>`
    const earlier = Math.max(0, this.messages.length - this.shown)
    return html`${earlier === 0 ? nothing : html`<div><button type="button" class="button small" @click=${() => { this.shown += firstMessages }}>${msg(str`Show earlier ones, ${number(earlier)} more`)}</button></div>`}
      <ol class="stack s3" aria-label=${msg('Messages')}>${repeat(this.messages.slice(earlier), ({ id }) => id, message => this.post(message))}</ol>`
  }

  override render() {
    const summary = this.summary()
    const first = this.messages?.[0]
    const muted = summary?.muted === true
    const title = summary?.title ?? first?.text.split('\n')[0] ?? msg('A thread')
    const label = muted ? msg(str`Unmute ${title}`) : msg(str`Mute ${title}`)
    return html`<div class="stack s3">
      <nav class="only-narrow" aria-label=${msg('Back')}><a class="button plain small" href="#/threads">${icon('back')}${msg('Threads')}</a></nav>
      <div class="head"><div><h1 tabindex="-1"><bdi>${title}</bdi></h1>
        ${summary === undefined ? nothing : html`<p class="small quiet">${aboutThread(summary, first === undefined ? null : first.time * 1000, Date.now())}${muted ? html`, ${msg('muted')}` : nothing}</p>`}</div>
        ${summary === undefined ? nothing : html`<button type="button" class="button icon-only" aria-label=${label} title=${label} @click=${() => { attempt(this, this.peer.threads.mute(this.name, !muted)) }}>${icon(muted ? 'loud' : 'mute', 22)}</button>`}</div>
      ${this.body(summary)}
      ${this.messages !== null && this.messages.length > 0 ? html`<holdfast-composer .peer=${this.peer} .snapshot=${this.snapshot} .thread=${this.name}></holdfast-composer>` : nothing}
    </div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-thread': HoldfastThread } }
