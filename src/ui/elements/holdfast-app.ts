import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { Announcer, progressOf } from '../announce.ts'
import { addFiles, DraftEvent, type Draft } from '../draft.ts'
import { icon } from '../drawings/icons.ts'
import { mark } from '../drawings/mark.ts'
import { AskEvent, attempt, ConsentEvent, FilesEvent, GetEvent, NoteEvent, ProblemEvent, RemoveEvent, VerifyEvent, type Note } from '../events.ts'
import '../places/get.ts'
import '../places/got.ts'
import '../places/library.ts'
import { load } from '../places/load.ts'
import { Place } from '../places/place.ts'
import '../places/ready.ts'
import '../places/settings.ts'
import '../places/share.ts'
import { goingWith } from '../publication-items.ts'
import { getHash, readRoute, type Route } from '../route.ts'
import { entitled, gateOf, isOurs, isPublished } from '../strings/items.ts'
import { shared } from '../tokens/index.ts'
import type { Item, Link, Peer, PeerState } from '../types.ts'
import { Verdicts } from '../verdicts.ts'
import './connection.ts'
import { appStyles } from './holdfast-app.styles.ts'
import './question.ts'
import type { HoldfastQuestion } from './question.ts'
import { consentQuestion, relayQuestion, removalQuestion } from './questions.ts'
import { placeName, rail } from './rail.ts'
import { alone, stopped } from './stopped.ts'
import { switched } from './switched.ts'
import './toasts.ts'

const announceMs = 5000

/**
 * The shell: header, places, dialogs, and the words that are said aloud. It owns the route, what is about to be shared, and the
 * subscription to the peer; every change of state is one new snapshot handed down.
 */
@customElement('holdfast-app')
export class HoldfastApp extends LitElement {
  static override readonly styles = [...shared, appStyles]

  /** Set once by whoever starts the app; nothing else is known of the peer. */
  @property({ attribute: false }) peer: Peer | null = null
  @state() private snapshot: PeerState | null = null
  @state() private route: Route = readRoute(location.hash)
  @state() private draft: Draft | null = null
  @state() private problem: unknown = null
  @state() private note: Note | null = null
  /** The link with a key that was opened last, without it. */
  @state() private read: Link | null = null
  @state() private said = ''
  @query('main') private readonly main!: HTMLElement
  @query('holdfast-question') private readonly question!: HoldfastQuestion
  private readonly announcer = new Announcer()
  private unsubscribe: (() => void) | null = null
  private timer: ReturnType<typeof setInterval> | undefined
  private moved = false
  /** What the next share begins with: as the last one of this session was set. */
  private protect = false
  /** The hash whose key is being sealed, or could not be. */
  private opening: string | null = null
  private readonly verdicts = new Verdicts()

  constructor() {
    super()
    this.addEventListener(FilesEvent.type, event => { this.add(event as FilesEvent) })
    this.addEventListener(DraftEvent.type, event => {
      ({ draft: this.draft } = event as DraftEvent)
      this.protect = this.draft?.options.protect ?? this.protect
    })
    this.addEventListener(GetEvent.type, event => { attempt(this, this.fetch(event as GetEvent)) })
    this.addEventListener(ConsentEvent.type, event => { attempt(this, this.ask(event as ConsentEvent)) })
    this.addEventListener(RemoveEvent.type, event => { attempt(this, this.removeItem((event as RemoveEvent).item)) })
    this.addEventListener(AskEvent.type, event => { attempt(this, this.act(event as AskEvent)) })
    this.addEventListener(VerifyEvent.type, event => { attempt(this, this.verify(event as VerifyEvent)) })
    this.addEventListener(NoteEvent.type, event => { ({ note: this.note } = event as NoteEvent) })
    this.addEventListener(ProblemEvent.type, event => { ({ problem: this.problem } = event as ProblemEvent) })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('hashchange', this.onHash)
    window.addEventListener('dragover', refuseDrop)
    window.addEventListener('drop', refuseDrop)
    this.timer = setInterval(() => { if (this.announcer.waits) this.announce() }, announceMs)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('hashchange', this.onHash)
    window.removeEventListener('dragover', refuseDrop)
    window.removeEventListener('drop', refuseDrop)
    clearInterval(this.timer)
    this.unsubscribe?.()
    this.unsubscribe = null
  }

  private readonly onHash = (): void => {
    this.route = readRoute(location.hash)
    this.moved = true
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('peer')) this.follow()
    this.takeIncoming()
  }

  private follow(): void {
    this.unsubscribe?.()
    this.snapshot = this.peer === null ? null : entitled(this.peer.state)
    this.unsubscribe = this.peer?.subscribe(told => {
      const snapshot = entitled(told)
      this.snapshot = snapshot
      this.note = this.verdicts.update(snapshot.items) ?? this.note
      if (snapshot.items.some(({ cid }) => cid === this.read?.cid)) this.read = null
      this.announce()
    }) ?? null
  }

  override updated(): void {
    const theme = this.snapshot?.theme ?? 'system'
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    document.title = `${this.pageTitle()} · Holdfast`
    attempt(this, this.openLink())
    attempt(this, load(this.route.place))
    if (!this.moved) return
    this.moved = false
    window.scrollTo(0, 0)
    attempt(this, this.focusPlace())
  }

  private announce(): void {
    if (this.snapshot === null) return
    this.said = this.announcer.update(progressOf(this.snapshot), performance.now()) ?? this.said
  }

  private add({ files }: Pick<FilesEvent, 'files'>): void {
    this.draft = addFiles(this.draft, files, this.protect)
    if (this.route.place !== 'share') location.hash = '#/share'
  }

  /** What the system handed over is about to be shared, like files that were chosen. */
  private takeIncoming(): void {
    if (this.peer === null || this.snapshot === null || this.snapshot.incoming.length === 0) return
    const files = this.peer.takeIncoming()
    if (files.length > 0) this.add({ files })
  }

  /** A link with a key: once the peer has sealed the key to this device, the address forgets it. */
  private async openLink(): Promise<void> {
    const { peer, route } = this
    if (peer === null || this.snapshot?.phase !== 'running' || route.place !== 'get' || route.link === null || route.link === this.opening) return
    const judged = peer.readLink(route.link)
    if (!judged.ok || judged.value.infohash === null || judged.value.key === null) return
    this.opening = route.link
    await this.seal(peer, judged.value)
    this.opening = null
    if (this.route !== route) return // gone elsewhere meanwhile
    history.replaceState(history.state, '', getHash(judged.value.cid))
    this.route = readRoute(location.hash)
  }

  private async seal(peer: Peer, link: Link): Promise<void> {
    await peer.open(link)
    this.read = { ...link, key: null }
  }

  private async fetch({ link, hash, attachment }: GetEvent): Promise<void> {
    if (this.peer === null || this.snapshot === null) return
    if (link.key !== null) await this.seal(this.peer, link)
    if (this.snapshot.consent !== 'agreed') await this.peer.consent(await this.question.ask(consentQuestion(this.snapshot.metered.rule)))
    const relays: string[] = []
    for (const host of link.relays) if (this.snapshot.extraRelays.includes(host) || await this.question.ask(relayQuestion(host))) relays.push(host)
    await this.peer.get({ ...link, key: null }, relays, attachment)
    location.hash = hash
  }

  private async ask(event: ConsentEvent): Promise<void> {
    if (this.snapshot === null) return
    const agreed = await this.question.ask(consentQuestion(this.snapshot.metered.rule))
    if (agreed) await this.peer?.consent(true)
    event.answer(agreed)
  }

  private async act({ question, act }: AskEvent): Promise<void> {
    if (!await this.question.ask(question)) return
    await act()
    await this.focusPlace() // what was acted on is gone, and its button with it
  }

  private async verify({ cid }: VerifyEvent): Promise<void> {
    this.verdicts.await(cid)
    await this.peer?.verify(cid)
  }

  private async removeItem(item: Item): Promise<void> {
    const { peer } = this
    const nothingToLose = item.state !== 'here' && item.received === 0
    if (peer === null || (!nothingToLose && !await this.question.ask(removalQuestion(item)))) return
    const all = [item, ...goingWith(peer.state.items, item)]
    for (const { cid } of all) await peer.remove(cid)
    if (item.state === 'here') this.note = { words: msg(str`${item.title} was removed. It is kept 7 days in Removed.`), undo: async () => { for (const each of all) if (each.state === 'here') await peer.restore(each.cid) } }
    // An opened link that is whole stays open: it can be fetched again.
    if (this.route.place === 'item' || (this.route.place === 'get' && this.route.cid !== null)) location.hash = '#/library'
    else await this.focusPlace()
  }

  private async focusPlace(): Promise<void> {
    await load(this.route.place)
    await this.updateComplete
    const place = this.main.firstElementChild
    if (place instanceof Place) await place.focusHeading()
    else this.main.focus()
  }

  /** The item the route shows, if it is here. */
  private item(): Item | undefined {
    const { route } = this
    return route.place === 'item' ? this.snapshot?.items.find(({ cid }) => cid === route.cid)
      : route.place === 'get' ? this.snapshot?.items.find(({ cid }) => route.cid === cid || route.link?.startsWith(getHash(cid)))
      : undefined
  }

  private pageTitle(): string {
    const { route, snapshot } = this
    const thread = route.place === 'threads' ? snapshot?.threads?.threads.find(({ name }) => name === route.thread) : undefined
    return thread?.title ?? this.item()?.title ?? placeName(route.place)
  }

  /** Which place is marked in the list of places. */
  private current(): Route['place'] {
    const item = this.item()
    return this.route.place !== 'item' ? this.route.place : item === undefined || isOurs(item) ? 'share' : 'get'
  }

  private place(peer: Peer, snapshot: PeerState): TemplateResult {
    const { route } = this
    switch (route.place) {
      case 'share': return html`<holdfast-share .peer=${peer} .snapshot=${snapshot} .draft=${this.draft}></holdfast-share>`
      case 'get': return html`<holdfast-get .peer=${peer} .snapshot=${snapshot} .link=${route.link} .cid=${route.cid} .read=${this.read}></holdfast-get>`
      case 'library': return html`<holdfast-library .peer=${peer} .snapshot=${snapshot}></holdfast-library>`
      case 'discover': return html`<holdfast-discover .peer=${peer} .snapshot=${snapshot}></holdfast-discover>`
      case 'upload': return html`<holdfast-upload .peer=${peer} .snapshot=${snapshot} .cid=${route.cid} .owner=${route.owner}></holdfast-upload>`
      case 'threads': return html`<holdfast-threads .peer=${peer} .snapshot=${snapshot} .thread=${route.thread} .fresh=${route.fresh}></holdfast-threads>`
      case 'wallet': return html`<holdfast-wallet .peer=${peer} .snapshot=${snapshot}></holdfast-wallet>`
      case 'records': return html`<holdfast-records .peer=${peer} .snapshot=${snapshot} .chain=${route.chain} .entry=${route.entry} .fresh=${route.fresh}></holdfast-records>`
      case 'check': return html`<holdfast-check .peer=${peer} .snapshot=${snapshot}></holdfast-check>`
      case 'invite': return html`<holdfast-invited .peer=${peer} .snapshot=${snapshot} .link=${route.link}></holdfast-invited>`
      case 'network': return html`<holdfast-network .peer=${peer} .snapshot=${snapshot}></holdfast-network>`
      case 'settings': return html`<holdfast-settings .peer=${peer} .snapshot=${snapshot}></holdfast-settings>`
      case 'item': {
        const item = this.item()
        if (item === undefined) return html`<div class="page"><h1 tabindex="-1">${snapshot.phase === 'starting' ? msg('Opening what this device holds') : msg('This is not on this device')}</h1>
          ${snapshot.phase === 'starting' ? nothing : html`<p class="lead">${msg('It may have been removed, or it was never here. With its link it can be fetched.')}</p>
            <div class="line"><a class="button" href="#/library">${msg('Open the Library')}</a></div>`}</div>`
        return isOurs(item) && !isPublished(item) && item.state === 'here'
          ? html`<holdfast-ready .peer=${peer} .snapshot=${snapshot} .item=${item}></holdfast-ready>`
          : html`<holdfast-got .peer=${peer} .snapshot=${snapshot} .item=${item}></holdfast-got>`
      }
    }
  }

  override render() {
    const { peer, snapshot } = this
    if (peer === null || snapshot === null) return alone(msg('Holdfast is starting'), html`<p class="lead">${msg('One moment.')}</p>`)
    const instead = stopped(snapshot)
    if (instead !== null) return instead
    return html`<div class="shell">
      <header class="top">
        <button type="button" class="skip" @click=${() => { this.main.focus() }}>${msg('Skip to content')}</button>
        <div class="top-in">
          <a class="home" href="#/share" aria-label=${msg('Holdfast, home')}>${mark(32)}</a>
          <holdfast-connection .snapshot=${snapshot}></holdfast-connection>
          <label class="switch">${msg('Sharing')}<input type="checkbox" role="switch" ${switched(snapshot.sharing, on => peer.setSharing(on))} /></label>
        </div>
        ${gateOf(snapshot) === 'metered' ? html`<p class="metered">${icon('pause', 18)}<span>${msg('On a metered connection: nothing is given.')} <a href="#/settings">${msg('Change')}</a></span></p>` : nothing}
        ${snapshot.ledger.phase === 'open' && snapshot.ledger.alert !== null && this.route.place !== 'network' ? html`<p class="metered">${icon('warning', 18)}<span>${msg('The ledger has another branch, and you have to decide.')} <a href="#/network">${msg('Look at it')}</a></span></p>` : nothing}
      </header>
      ${rail(this.current(), snapshot.threads?.unread ?? 0)}
      <main tabindex="-1">${this.place(peer, snapshot)}</main>
      <holdfast-toasts .peer=${peer} .snapshot=${snapshot} .problem=${this.problem} .note=${this.note} @holdfast-read=${() => { this.problem = null }} @holdfast-noted=${() => { this.note = null }}></holdfast-toasts>
      <holdfast-question></holdfast-question>
      <p class="sr" role="status">${this.said}</p>
    </div>`
  }
}

/** A file dropped beside a drop zone must not replace the app; zones have taken theirs before this is asked. */
function refuseDrop(event: DragEvent): void {
  if (event.defaultPrevented || !(event.dataTransfer?.types.includes('Files') ?? false)) return
  event.preventDefault()
  if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none'
}

declare global { interface HTMLElementTagNameMap { 'holdfast-app': HoldfastApp } }
