import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg } from '@lit/localize'
import { Announcer, progressOf } from '../announce.ts'
import { addFiles, DraftEvent, type Draft } from '../draft.ts'
import { icon, type IconName } from '../drawings/icons.ts'
import { mark } from '../drawings/mark.ts'
import { attempt, ConsentEvent, FilesEvent, GetEvent, ProblemEvent, RemoveEvent } from '../events.ts'
import '../places/get.ts'
import '../places/got.ts'
import '../places/library.ts'
import '../places/network.ts'
import { Place } from '../places/place.ts'
import '../places/ready.ts'
import '../places/settings.ts'
import '../places/share.ts'
import { readRoute, type Route } from '../route.ts'
import { errorWords } from '../strings/errors.ts'
import { isOurs } from '../strings/items.ts'
import { shared } from '../tokens/index.ts'
import type { Item, Peer, PeerState } from '../types.ts'
import './connection.ts'
import './consent.ts'
import type { HoldfastConsent } from './consent.ts'
import { appStyles } from './holdfast-app.styles.ts'
import { notice } from './parts.ts'
import './removal.ts'
import type { HoldfastRemoval } from './removal.ts'
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
  @state() private said = ''
  @query('main') private readonly main!: HTMLElement
  @query('holdfast-consent') private readonly consent!: HoldfastConsent
  @query('holdfast-removal') private readonly removal!: HoldfastRemoval
  private readonly announcer = new Announcer()
  private unsubscribe: (() => void) | null = null
  private timer: ReturnType<typeof setInterval> | undefined
  private moved = false

  constructor() {
    super()
    this.addEventListener(FilesEvent.type, event => { this.add(event as FilesEvent) })
    this.addEventListener(DraftEvent.type, event => { ({ draft: this.draft } = event as DraftEvent) })
    this.addEventListener(GetEvent.type, event => { attempt(this, this.fetch(event as GetEvent)) })
    this.addEventListener(ConsentEvent.type, event => { attempt(this, this.ask(event as ConsentEvent)) })
    this.addEventListener(RemoveEvent.type, event => { attempt(this, this.removeItem((event as RemoveEvent).item)) })
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
    if (!changed.has('peer')) return
    this.unsubscribe?.()
    this.snapshot = this.peer?.state ?? null
    this.unsubscribe = this.peer?.subscribe(snapshot => {
      this.snapshot = snapshot
      this.announce()
    }) ?? null
  }

  override updated(): void {
    const theme = this.snapshot?.theme ?? 'system'
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    document.title = `${this.pageTitle()} · Holdfast`
    if (!this.moved) return
    this.moved = false
    window.scrollTo(0, 0)
    const place = this.main.firstElementChild
    if (place instanceof Place) attempt(this, place.focusHeading())
    else this.main.focus()
  }

  private announce(): void {
    if (this.snapshot === null) return
    this.said = this.announcer.update(progressOf(this.snapshot), performance.now()) ?? this.said
  }

  private add({ files }: FilesEvent): void {
    this.draft = addFiles(this.draft, files)
    if (this.route.place !== 'share') location.hash = '#/share'
  }

  private async fetch({ link, hash }: GetEvent): Promise<void> {
    if (this.peer === null || this.snapshot === null) return
    if (this.snapshot.consent !== 'agreed') await this.peer.consent(await this.consent.consent())
    await this.peer.get(link)
    location.hash = hash
  }

  private async ask(event: ConsentEvent): Promise<void> {
    const agreed = await this.consent.consent()
    if (agreed) await this.peer?.consent(true)
    event.answer(agreed)
  }

  private async removeItem(item: Item): Promise<void> {
    const nothingToLose = item.state !== 'here' && item.received === 0
    if (!nothingToLose && !await this.removal.confirm(item)) return
    await this.peer?.remove(item.cid)
    if (this.route.place === 'item') location.hash = '#/library' // an opened link stays open: it can be fetched again
  }

  /** The item the route shows, if it is here. */
  private item(): Item | undefined {
    const { route } = this
    return route.place === 'item' ? this.snapshot?.items.find(({ cid }) => cid === route.cid)
      : route.place === 'get' && route.link !== null ? this.snapshot?.items.find(({ cid }) => route.link?.startsWith(`#/get/${cid}`))
      : undefined
  }

  private pageTitle(): string {
    return this.item()?.title ?? placeName(this.route.place)
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
      case 'get': return html`<holdfast-get .peer=${peer} .snapshot=${snapshot} .link=${route.link}></holdfast-get>`
      case 'library': return html`<holdfast-library .peer=${peer} .snapshot=${snapshot}></holdfast-library>`
      case 'network': return html`<holdfast-network .peer=${peer} .snapshot=${snapshot}></holdfast-network>`
      case 'settings': return html`<holdfast-settings .peer=${peer} .snapshot=${snapshot}></holdfast-settings>`
      case 'item': {
        const item = this.item()
        if (item === undefined) return html`<div class="page"><h1 tabindex="-1">${snapshot.phase === 'starting' ? msg('Opening what this device holds') : msg('This is not on this device')}</h1>
          ${snapshot.phase === 'starting' ? nothing : html`<p class="lead">${msg('It may have been removed, or it was never here. With its link it can be fetched.')}</p>
            <div class="line"><a class="button" href="#/library">${msg('Open the Library')}</a></div>`}</div>`
        return isOurs(item) && item.state === 'here'
          ? html`<holdfast-ready .peer=${peer} .snapshot=${snapshot} .item=${item}></holdfast-ready>`
          : html`<holdfast-got .peer=${peer} .snapshot=${snapshot} .item=${item}></holdfast-got>`
      }
    }
  }

  /** Phases in which nothing of the app can work, each with what to do. */
  private stopped({ phase, missing, failure }: PeerState): TemplateResult | null {
    if (phase === 'elsewhere') return alone(msg('Holdfast is open in another tab'),
      html`<p class="lead">${msg('Two tabs of one browser would touch the same files, so this one does nothing. Go on in the other tab, or close it: this one then takes over by itself.')}</p>`)
    if (phase === 'unsupported') return alone(msg('This browser cannot run Holdfast here'), html`<p class="lead">${{
      'secure-context': () => msg('The page was not opened over a secure connection. Open it with https:// at the front, or at localhost.'),
      'storage': () => msg('There is no private file storage here. Private windows of some browsers have none: open the page in an ordinary window of a current Chrome, Edge, Firefox or Safari.'),
      'workers': () => msg('Background workers are missing or switched off. Open the page in a current Chrome, Edge, Firefox or Safari.'),
    }[missing ?? 'workers']()}</p><p class="soft">${msg('Nothing was read or kept.')}</p>`)
    if (phase !== 'broken') return null
    const { what, next } = errorWords(failure)
    return alone(msg('Holdfast could not start'), html`${notice('danger', what, next)}
      <div class="line"><button type="button" class="button" @click=${() => { location.reload() }}>${icon('again')}${msg('Reload')}</button></div>
      ${failure === null ? nothing : html`<p class="small quiet mono">${failure.code}: ${failure.message}</p>`}`)
  }

  private rail() {
    const places: readonly (readonly [Route['place'], IconName])[] = [['share', 'share'], ['get', 'get'], ['library', 'library'], ['network', 'network'], ['settings', 'settings']]
    const current = this.current()
    return html`<nav class="rail" aria-label=${msg('Places')}>
      <a class="home" href="#/share" aria-label=${msg('Holdfast, home')}>${mark(44)}</a>
      <ul class="bar">${places.map(([name, drawn]) => html`<li class=${name === 'network' ? 'gap' : ''}><a class="place" href="#/${name}" aria-current=${name === current ? 'page' : nothing}>
        <span class="spot">${icon(drawn, 24)}</span>${placeName(name)}</a></li>`)}</ul></nav>`
  }

  override render() {
    const { peer, snapshot } = this
    if (peer === null || snapshot === null) return alone(msg('Holdfast is starting'), html`<p class="lead">${msg('One moment.')}</p>`)
    const stopped = this.stopped(snapshot)
    if (stopped !== null) return stopped
    return html`<div class="shell">
      <header class="top">
        <button type="button" class="skip" @click=${() => { this.main.focus() }}>${msg('Skip to content')}</button>
        <div class="top-in">
          <a class="home" href="#/share" aria-label=${msg('Holdfast, home')}>${mark(32)}</a>
          <holdfast-connection .snapshot=${snapshot}></holdfast-connection>
          <label class="switch">${msg('Sharing')}<input type="checkbox" role="switch" .checked=${live(snapshot.sharing)}
            @change=${(event: Event) => { attempt(this, peer.setSharing((event.target as HTMLInputElement).checked)) }} /></label>
        </div>
      </header>
      ${this.rail()}
      <main tabindex="-1">${this.place(peer, snapshot)}</main>
      <holdfast-toasts .peer=${peer} .snapshot=${snapshot} .problem=${this.problem} @holdfast-read=${() => { this.problem = null }}></holdfast-toasts>
      <holdfast-consent></holdfast-consent>
      <holdfast-removal></holdfast-removal>
      <p class="sr" role="status">${this.said}</p>
    </div>`
  }
}

function alone(title: string, body: TemplateResult): TemplateResult {
  return html`<main class="alone stack" tabindex="-1"><span class="home">${mark(64)}</span><h1>${title}</h1>${body}</main>`
}

function placeName(place: Route['place']): string {
  return {
    share: () => msg('Share'), get: () => msg('Get'), library: () => msg('Library'),
    network: () => msg('Network'), settings: () => msg('Settings'), item: () => msg('Item'),
  }[place]()
}

/** A file dropped beside a drop zone must not replace the app; zones have taken theirs before this is asked. */
function refuseDrop(event: DragEvent): void {
  if (event.defaultPrevented || !(event.dataTransfer?.types.includes('Files') ?? false)) return
  event.preventDefault()
  if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none'
}

declare global { interface HTMLElementTagNameMap { 'holdfast-app': HoldfastApp } }
