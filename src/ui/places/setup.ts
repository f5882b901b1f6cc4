import { html, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { DraftEvent, publishDraft, withoutPaths, type Draft } from '../draft.ts'
import { icon } from '../drawings/icons.ts'
import '../elements/drop.ts'
import { check, fileIcon, notice, num } from '../elements/parts.ts'
import { choice, choiceStyles } from '../elements/choice.ts'
import { attempt, ProblemEvent } from '../events.ts'
import { files } from '../strings/counts.ts'
import { errorWords } from '../strings/errors.ts'
import { bytes, number } from '../strings/format.ts'
import { shared } from '../tokens/index.ts'
import type { ShareOptions, SharePlan } from '../types.ts'
import { Place } from './place.ts'
import { setupStyles } from './setup.styles.ts'

const firstRows = 8
const firstPaths = 10
const rowStep = 200

/** Files that are about to be shared: what they are, their title, what others will see, and one button. */
@customElement('holdfast-setup')
export class HoldfastSetup extends Place {
  static override readonly styles = [...shared, choiceStyles, setupStyles]

  @property({ attribute: false }) draft!: Draft
  @state() private starting = false
  @state() private rows = firstRows
  @query('h1') private readonly heading!: HTMLElement
  private plan!: SharePlan

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('draft')) return
    this.plan = this.peer.plan(this.draft.files)
    if (this.draft.publish !== undefined) attempt(this, import('../elements/publish/publish.ts'))
  }

  override firstUpdated(): void {
    this.heading.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }

  private async begin(event: Event): Promise<void> {
    event.preventDefault()
    if (this.starting || this.plan.refusal !== null || this.snapshot.phase !== 'running') return
    this.starting = true
    try {
      const title = this.draft.title?.trim() ?? ''
      const job = await this.peer.share(this.draft.files, title === '' ? this.plan.title : title, this.draft.options)
      this.dispatchEvent(new CustomEvent('holdfast-started', { detail: job }))
      this.dispatchEvent(new DraftEvent(null))
    } catch (error) {
      this.dispatchEvent(new ProblemEvent(error)) // the draft stays as it is
    } finally {
      this.starting = false
    }
  }

  private refused({ code, paths }: NonNullable<SharePlan['refusal']>) {
    const { what, next } = errorWords({ code })
    const rest = withoutPaths(this.draft, paths)
    return notice('danger', what, html`<p>${next}</p>
      ${paths.length === 0 ? nothing : html`<ul>${paths.slice(0, firstPaths).map(path => html`<li class="mono"><bdi>${path}</bdi></li>`)}
        ${paths.length > firstPaths ? html`<li>${msg(str`and ${number(paths.length - firstPaths)} more`)}</li>` : nothing}</ul>`}`,
    paths.length > 0 && rest !== null
      ? html`<div class="line"><button type="button" class="button small" @click=${() => { this.dispatchEvent(new DraftEvent(rest)) }}>${msg('Leave these out')}</button></div>`
      : nothing)
  }

  private choose(change: Partial<ShareOptions>): void {
    this.dispatchEvent(new DraftEvent({ ...this.draft, options: { ...this.draft.options, ...change } }))
  }

  /** Who can open it and who can find it, and what follows from both together. */
  private options() {
    const { protect, findable } = this.draft.options
    return html`<fieldset class="stack s1"><legend class="label">${msg('Who can open it, who can find it')}</legend>
      ${check({
        id: 'protect', label: msg('Protect with a key'), checked: protect, change: on => { this.choose({ protect: on }) },
        about: msg('Encrypted on this device; only people with the link can open it. The key is in the part of the link after # and reaches no server.'),
      })}
      ${check({
        id: 'findable', label: msg('Findable by content id'), checked: findable, change: on => { this.choose({ findable: on }) },
        about: msg('Whoever knows the content id can find and fetch it without the link.'),
      })}
      <div role="status">${protect && findable ? notice('info', nothing, msg('Together: the content id finds only the encrypted file. Without the link nobody can open it.')) : nothing}</div>
    </fieldset>`
  }

  /** The two ways files leave this device: to whoever is given a link, or for everybody to find. */
  private ways() {
    const { publish, ...byLink } = this.draft
    return html`<fieldset class="ways"><legend class="sr">${msg('How')}</legend>
      ${choice({ group: 'way', id: 'link', label: msg('Share by link'), about: msg('For people you send the link to. In no list, and free.'), icon: 'link', checked: publish === undefined, choose: () => { this.dispatchEvent(new DraftEvent(byLink)) } })}
      ${choice({ group: 'way', id: 'publish', label: msg('Publish'), about: msg('Listed in Discover under your address, open or for whom you choose; others may keep it for you.'), icon: 'discover', checked: publish !== undefined, choose: () => { this.dispatchEvent(new DraftEvent({ ...byLink, publish: publish ?? publishDraft })) } })}</fieldset>`
  }

  private list() {
    const all = this.draft.files
    return html`<section class="stack s1" aria-label=${msg('Files')}><ul class="rows">
      ${all.slice(0, this.rows).map(({ file, path }) => html`<li><div class="file">
        <span class="tile">${icon(fileIcon(path))}</span>
        <span><bdi class="name">${path}</bdi></span>
        <span class="end">${num(bytes(file.size))}</span></div></li>`)}</ul>
      ${all.length > this.rows ? html`<div class="line apart"><span class="soft">${msg(str`and ${number(all.length - this.rows)} more`)}</span>
        <button type="button" class="button small" @click=${() => { this.rows += rowStep }}>${msg('Show more')}</button></div>` : nothing}
    </section>`
  }

  override render() {
    const { plan, draft } = this
    const running = this.snapshot.phase === 'running'
    const publish = draft.publish !== undefined
    return html`<div class="page">
      <div class="line apart s2"><h1 tabindex="-1">${publish ? msg(str`${files(plan.files)}, to be published`) : plan.refusal === null ? msg(str`${files(plan.files)}, ready to share`) : msg(str`${files(plan.files)}, not ready yet`)}</h1>
        <holdfast-drop variant="add"></holdfast-drop></div>
      ${this.ways()}
      ${publish ? html`<holdfast-publish .peer=${this.peer} .snapshot=${this.snapshot} .draft=${draft} .plan=${plan}></holdfast-publish>` : this.byLink(plan, running)}
    </div>`
  }

  private byLink(plan: SharePlan, running: boolean) {
    const { draft, starting } = this
    return html`${plan.refusal === null ? nothing : this.refused(plan.refusal)}
      <form class="cols side" @submit=${(event: Event) => { attempt(this, this.begin(event)) }}>
        ${this.list()}
        <div class="panel stack">
          <div class="field"><label for="title">${msg('Title')}</label>
            <input class="input" id="title" maxlength="200" autocomplete="off" dir="auto" .value=${draft.title ?? plan.title} aria-describedby="title-hint"
              @input=${(event: Event) => { this.dispatchEvent(new DraftEvent({ ...draft, title: (event.target as HTMLInputElement).value })) }} />
            <span class="hint" id="title-hint">${msg('Whoever opens the link reads it first.')}</span></div>
          ${this.options()}
          ${notice('plain', nothing, msg('Whoever has the link has the files for ever. People who fetch them see your IP address.'))}
          <button class="button primary big full" ?disabled=${plan.refusal !== null || starting || !running} aria-describedby="cost">${msg('Share')}</button>
          <p class="small quiet" id="cost">${running ? draft.options.protect ? msg(html`${num(bytes(plan.bytes))} to prepare and encrypt here. You can go elsewhere in Holdfast, but keep the tab open.`) : msg(html`${num(bytes(plan.bytes))} to prepare here. You can go elsewhere in Holdfast, but keep the tab open.`) : msg('Holdfast is starting.')}</p>
          <button type="button" class="button plain" ?disabled=${starting} @click=${() => { this.dispatchEvent(new DraftEvent(null)) }}>${msg('Put them away')}</button>
        </div>
      </form>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-setup': HoldfastSetup } }
