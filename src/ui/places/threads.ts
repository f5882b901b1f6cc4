import { html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { frond } from '../drawings/kelp.ts'
import { icon } from '../drawings/icons.ts'
import { emptyMark } from '../drawings/mark.ts'
import type { SentEvent } from '../elements/thread/composer.ts'
import '../elements/thread/composer.ts'
import '../elements/thread/thread.ts'
import { threadHash } from '../route.ts'
import { errorWords } from '../strings/errors.ts'
import { moment, number } from '../strings/format.ts'
import { matches, previewWords } from '../strings/threads.ts'
import { shared } from '../tokens/index.ts'
import type { ThreadName, ThreadSummary } from '../types.ts'
import { Place } from './place.ts'
import { threadsStyles } from './threads.styles.ts'

/** What people say to each other in public: the list, and beside it one thread, or the form for a new one. */
@customElement('holdfast-threads')
export class HoldfastThreads extends Place {
  static override readonly styles = [...shared, threadsStyles]

  @property({ attribute: false }) thread: ThreadName | null = null
  @property({ attribute: false }) fresh = false
  @state() private query = ''

  private row(thread: ThreadSummary): TemplateResult {
    const { name, title, author, last, unread, muted } = thread
    return html`<li><a class="row" href=${threadHash(name)} aria-current=${name === this.thread ? 'true' : nothing}>
      <span class="tile">${frond(author)}</span>
      <span class="pair"><bdi class="title">${title}</bdi><span class="when">${moment(last.time * 1000, Date.now())}</span></span>
      <span class="pair"><bdi class="preview">${previewWords(thread)}</bdi>${muted ? html`<span class="end" title=${msg('Muted')}>${icon('mute', 18)}<span class="sr">${msg('Muted')}</span></span>`
        : unread > 0 ? html`<span class="end count">${number(unread)}<span class="sr"> ${msg('unread')}</span></span>` : nothing}</span></a></li>`
  }

  private none(): TemplateResult {
    const { ledger, threads } = this.snapshot
    if (ledger.phase === 'failed') return html`<p class="soft" role="status">${msg(str`${errorWords(ledger.problem).what}. The ledger cannot be opened; it is tried again by itself.`)}</p>`
    if (ledger.phase === 'waiting' || threads === null) return html`<p class="soft" role="status">${msg('Waiting for the ledger, which holds the threads.')}</p>`
    return html`<p class="soft">${ledger.behind > 0 ? msg(str`No thread yet. ${number(ledger.behind)} blocks are still being fetched.`) : msg('No thread yet. Begin the first one.')}</p>`
  }

  private list(alone: boolean): TemplateResult {
    const all = this.snapshot.threads?.threads ?? []
    const query = this.query.trim()
    const found = query === '' ? all : all.filter(thread => matches(thread, query))
    const heading = msg('Threads')
    return html`<div class="pane stack ${alone ? '' : 'only-wide'}">
      <div class="line apart">${alone ? html`<h1 tabindex="-1">${heading}</h1>` : html`<h2>${heading}</h2>`}<a class="button small" href="#/threads/new" aria-label=${msg('New thread')}>${icon('plus', 18)}${msg('New')}</a></div>
      ${all.length === 0 ? this.none() : html`
        <div class="search">${icon('search')}<input class="input" type="search" aria-label=${msg('Search threads')} placeholder=${msg('Search threads')} .value=${this.query} @input=${(event: Event) => { this.query = (event.target as HTMLInputElement).value }} /></div>
        <p class="small soft" role="status">${query === '' ? nothing : found.length === 0 ? msg('No thread has all of these words in its title or its last message.') : msg(str`${number(found.length)} of ${number(all.length)}`)}</p>
        <ul aria-label=${heading}>${repeat(found, ({ name }) => name, thread => this.row(thread))}</ul>`}</div>`
  }

  private newThread(): TemplateResult {
    return html`<div class="stack s3"><nav class="only-narrow" aria-label=${msg('Back')}><a class="button plain small" href="#/threads">${icon('back')}${msg('Threads')}</a></nav>
      <h1 tabindex="-1" class="h2">${msg('New thread')}</h1>
      <holdfast-composer .peer=${this.peer} .snapshot=${this.snapshot} .thread=${null} @holdfast-sent=${({ thread }: SentEvent) => { location.hash = threadHash(thread) }}></holdfast-composer></div>`
  }

  private choose(): TemplateResult {
    return html`<div class="empty only-wide">${emptyMark()}<h2>${msg('Choose a thread')}</h2><p>${msg('Messages are public and signed. Anybody can read them; nobody can change them.')}</p>
      <a class="button" href="#/threads/new">${icon('plus')}${msg('New thread')}</a></div>`
  }

  override render() {
    const { thread, fresh } = this
    const alone = thread === null && !fresh
    return html`<div class="page split">${this.list(alone)}
      ${fresh ? this.newThread() : thread === null ? this.choose() : html`<holdfast-thread .peer=${this.peer} .snapshot=${this.snapshot} .name=${thread}></holdfast-thread>`}</div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-threads': HoldfastThreads } }
