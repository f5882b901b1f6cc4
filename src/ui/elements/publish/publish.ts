import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { DraftEvent, publishDraft, withoutPaths, type Draft, type PublishDraft } from '../../draft.ts'
import type { IconName } from '../../drawings/icons.ts'
import { attempt, ProblemEvent } from '../../events.ts'
import { arrange, byteLength, most, oneLine, orderOf, paysWithWork, setAside, type Wrong } from '../../publish-order.ts'
import { coins, files } from '../../strings/counts.ts'
import { errorWords } from '../../strings/errors.ts'
import { bytes, duration, number } from '../../strings/format.ts'
import { shared } from '../../tokens/index.ts'
import type { MessagePrice, Peer, PeerState, Problem, SharePlan, UploadKind } from '../../types.ts'
import { choice, choiceStyles } from '../choice.ts'
import { keeperChoiceStyles } from '../keeping/keeper-choice.ts'
import { KeeperRanking, type ToKeep } from '../keeping/keeper-ranking.ts'
import { fold, notice, num } from '../parts.ts'
import { textField } from '../upload/fields.ts'
import './covers.ts'
import type { CoversEvent } from './covers.ts'
import { keepersForm } from './keepers.ts'
import './not-backed-up.ts'
import type { HoldfastNotBackedUp } from './not-backed-up.ts'
import { policyForm } from './policy.ts'
import { publishStyles } from './publish.styles.ts'

/** Files that are about to be published: what they are, who gets them, who keeps them, what it costs, and one button. */
@customElement('holdfast-publish')
export class HoldfastPublish extends LitElement {
  static override readonly styles = [...shared, choiceStyles, keeperChoiceStyles, publishStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) draft!: Draft
  /** What sharing the same files would make, or why they cannot be packed. */
  @property({ attribute: false }) plan!: SharePlan
  @state() private proposed: { readonly kind: UploadKind, readonly title: string, readonly problem: Problem | null } | null = null
  @state() private price: MessagePrice | null = null
  @state() private busy = false
  /** Whether anything was ever published by this person; null before it is known. */
  @state() private first: boolean | null = null
  /** What is wrong is told from the first attempt on. */
  @state() private tried = false
  @query('holdfast-not-backed-up') private readonly nag!: HoldfastNotBackedUp
  private looked: Draft['files'] | null = null
  private priced: unknown = null
  private counted: number | null = null
  private readonly ranking = new KeeperRanking(this)

  override willUpdate(_changed: PropertyValues<this>): void {
    const { draft: { files: chosen }, snapshot: { ledger, account, identity, uploads } } = this
    if (chosen !== this.looked) {
      this.looked = chosen
      this.proposed = null
      const { files: kept } = arrange(chosen)
      this.peer.publishing.plan(kept).then(found => { if (this.looked === chosen) this.proposed = found }, (error: unknown) => { this.dispatchEvent(new ProblemEvent(error)) })
    }
    this.ranking.look(this.peer, this.toKeep())
    const payer = ledger.phase !== 'open' ? null : account ?? (identity === null ? 'nobody' : null)
    if (payer !== null && payer !== this.priced) {
      this.priced = payer
      this.peer.threads.price().then(price => { this.price = price }, () => { this.price = null })
    }
    if (uploads !== null && uploads.change !== this.counted) {
      this.counted = uploads.change
      if (identity === null) this.first = true
      else this.peer.publishing.search({ text: '', kind: null, owner: null, own: true, from: 0, most: 1 }).then(({ total }) => { this.first = total === 0 }, () => {})
    }
  }

  private get publish(): PublishDraft {
    return this.draft.publish ?? publishDraft
  }

  private readonly change = (change: Partial<PublishDraft>): void => {
    this.dispatchEvent(new DraftEvent({ ...this.draft, publish: { ...this.publish, ...change } }))
  }

  private made() {
    const { draft, snapshot, proposed, plan } = this
    return orderOf({ ...draft, publish: this.publish }, { kind: proposed?.kind ?? 'archive', title: proposed === null || proposed.title === '' ? plan.title : proposed.title }, snapshot)
  }

  /** What keepers are looked for; null while nobody is to be asked, or can be. */
  private toKeep(): ToKeep | null {
    const { ledger, uploads } = this.snapshot
    if (this.publish.keeping === 'volunteers' || this.proposed === null || ledger.phase !== 'open' || uploads === null) return null
    const { files: chosen, covers, protect } = this.made().order
    return { bytes: [...chosen.map(({ file }) => file), ...covers].reduce((sum, { size }) => sum + size, 0), protected: protect }
  }

  private ready(): boolean {
    const { phase, ledger, uploads, identity } = this.snapshot
    return phase === 'running' && ledger.phase === 'open' && uploads !== null && identity?.locked !== true && this.proposed !== null && this.blocked() === null && !this.busy
  }

  /** Why these files cannot be published as they are; null where they can. */
  private blocked(): { code: Problem['code'], paths: readonly string[] } | null {
    const { proposed, plan } = this
    const kind = this.publish.kind ?? proposed?.kind
    if (kind === 'archive') return plan.refusal
    return proposed?.problem === null || proposed === null ? null : { code: proposed.problem.code, paths: [] }
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault()
    if (!this.ready()) return
    this.tried = true
    const { wrong } = this.made()
    if (Object.keys(wrong).length > 0) {
      await this.updateComplete
      const field = this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"]')
      field?.closest('details')?.setAttribute('open', '')
      field?.focus()
      return
    }
    if ((this.snapshot.identity?.backedUp ?? null) === null && this.first !== false) await this.nag.show(async () => { await this.begin() })
    else await this.begin()
  }

  private async begin(): Promise<void> {
    this.busy = true
    try {
      if (this.snapshot.identity === null) await this.peer.identity.ensure()
      const job = await this.peer.publishing.publish(this.made().order)
      this.dispatchEvent(new CustomEvent('holdfast-started', { detail: job, bubbles: true, composed: true }))
      this.dispatchEvent(new DraftEvent(null))
    } catch (error) {
      this.dispatchEvent(new ProblemEvent(error)) // the draft stays as it is
    } finally {
      this.busy = false
    }
  }

  private kinds(kind: UploadKind): TemplateResult | typeof nothing {
    const { proposed, draft } = this
    if (proposed === null) return html`<p class="soft" role="status">${msg('Looking at what you chose.')}</p>`
    if (proposed.kind === 'archive') return nothing
    const cards: readonly (readonly [UploadKind, string, string, IconName])[] = [
      proposed.kind === 'audio' ? ['audio', msg('Music'), msg('Becomes lossless FLAC, the same for everybody. People save it as FLAC, WAV, MP3 or M4A.'), 'music'] : ['image', msg('Picture'), msg('Becomes PNG, open for everybody to see.'), 'picture'],
      ['archive', draft.files.length === 1 ? msg('A file as it is') : msg('Files as they are'), msg('Not a byte of it is changed. Anything can be in it.'), 'archive'],
    ]
    return html`<fieldset class="choices"><legend class="label">${msg('What it is')}</legend>${cards.map(([id, label, about, icon]) => choice({ group: 'kind', id, label, about, icon, checked: kind === id, choose: () => { this.change({ kind: id }) } }))}</fieldset>`
  }

  private words(wrong: Wrong, title: string): TemplateResult {
    const { draft } = this
    const room = most.about - byteLength(oneLine(this.publish.about))
    return html`${textField({ id: 'title', label: msg('Title'), value: draft.title ?? title, wrong: wrong.title ?? '', change: text => { this.dispatchEvent(new DraftEvent({ ...draft, title: text })) } })}
      ${textField({ id: 'about-it', label: msg('About it'), hint: room < 100 ? msg(str`${number(room)} bytes left.`) : msg('Who made it, where and how; what there is to know.'), value: this.publish.about, wrong: wrong.about ?? '', rows: 3, change: about => { this.change({ about }) } })}
      ${textField({ id: 'tags', label: msg('Tags'), hint: msg('Words people may look for, divided by commas.'), value: this.publish.tags, wrong: wrong.tags ?? '', change: tags => { this.change({ tags }) } })}`
  }

  private refused(): TemplateResult | typeof nothing {
    const blocked = this.blocked()
    if (blocked === null) return nothing
    const { what, next } = errorWords(blocked)
    const rest = withoutPaths(this.draft, blocked.paths)
    return notice('danger', what, html`<p>${next}</p>${blocked.paths.length === 0 ? nothing : html`<ul>${blocked.paths.slice(0, 10).map(path => html`<li class="mono"><bdi>${path}</bdi></li>`)}</ul>`}`,
      blocked.paths.length > 0 && rest !== null ? html`<div class="line"><button type="button" class="button small" @click=${() => { this.dispatchEvent(new DraftEvent(rest)) }}>${msg('Leave these out')}</button></div>` : nothing)
  }

  private cost(): TemplateResult | string {
    const { price, plan } = this
    if (price === null) return msg('What it costs is known once the ledger is here.')
    return price.fee !== null ? msg(html`${num(bytes(plan.bytes))} to prepare here. The fee is ${num(coins(price.fee))}, paid once it is ready.`)
      : msg(html`${num(bytes(plan.bytes))} to prepare here. It costs no coins; ${num(msg(str`about ${duration(Math.max(1, price.seconds))}`))} of work on this device stand in for a fee.`)
  }

  private summary(): TemplateResult {
    const { snapshot, busy } = this
    const { ledger, identity, uploads, phase } = snapshot
    const waits = phase !== 'running' ? msg('Holdfast is starting.') : ledger.phase === 'failed' ? msg(str`${errorWords(ledger.problem).what}. The ledger is needed to publish.`)
      : ledger.phase !== 'open' || uploads === null ? msg('Waiting for the ledger, in which publications are written.') : null
    return html`<aside class="panel stack summary" aria-label=${msg('Publish')}>
      ${notice('plain', nothing, msg('Title, words, pictures and your address are public for good, and stay in the ledger even if you withdraw it. People who fetch it see your IP address.'))}
      ${identity?.backedUp !== undefined && identity.backedUp !== null ? nothing : notice('warn', msg('Not backed up'), msg('If this browser’s data is cleared, you lose every hold on what you publish.'), html`<div class="line"><a class="button small" href="#/settings">${msg('Back up in Settings')}</a></div>`)}
      <button class="button primary big full" ?disabled=${!this.ready()} aria-describedby="cost">${busy ? msg('Beginning…') : msg('Publish')}</button>
      <p class="small quiet" id="cost">${waits ?? (identity?.locked === true ? msg(html`Locked: nothing is signed before the passphrase was given. <a href="#/settings">Unlock in Settings</a>`) : this.cost())}</p>
      <button type="button" class="button plain" ?disabled=${busy} @click=${() => { this.dispatchEvent(new DraftEvent(null)) }}>${msg('Put them away')}</button></aside>`
  }

  override render() {
    const { draft, snapshot, publish } = this
    const { order, wrong: all } = this.made()
    // Too long or impossible is told at once, what is merely missing only after the first attempt.
    const wrong: Wrong = this.tried ? all : Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'title' && name !== 'price' && !(name === 'keepers' && publish.keepers.trim() === '' && publish.keeping === 'named')))
    const stamped = paysWithWork(snapshot)
    const form = { draft: publish, wrong, change: this.change, stamped }
    return html`<form class="cols side" novalidate @submit=${(event: Event) => { attempt(this, this.submit(event)) }}>
        <div class="stack s4">
          ${this.refused()}
          ${this.kinds(order.kind)}
          <div class="stack">${this.words(wrong, order.title)}
            ${order.kind === 'image' ? nothing : html`<holdfast-covers .given=${order.kind === 'archive' ? [] : arrange(draft.files).covers} .covers=${publish.covers} .wrong=${wrong.covers ?? ''} .most=${stamped ? most.stamped.covers : most.covers}
              @holdfast-covers=${({ covers }: CoversEvent) => { this.change({ covers }) }}></holdfast-covers>`}</div>
          <div class="stack">${policyForm({ ...form, kind: order.kind })}</div>
          <div class="stack">${keepersForm({ ...form, ledger: snapshot.ledger, pays: snapshot.uploads?.keeping.terms.pays === true, aside: setAside(order), ranking: this.ranking })}</div>
          ${fold(msg(str`What is published: ${files(order.files.length)}`), html`<ul class="rows">${order.files.slice(0, 100).map(({ path, file }) => html`<li><div class="file"><span></span><bdi class="name">${path}</bdi><span class="end">${num(bytes(file.size))}</span></div></li>`)}</ul>
            ${order.files.length > 100 ? html`<p class="small soft">${msg(str`and ${number(order.files.length - 100)} more`)}</p>` : nothing}`)}
        </div>
        ${this.summary()}
      </form>
      <holdfast-not-backed-up .peer=${this.peer} .snapshot=${snapshot}></holdfast-not-backed-up>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-publish': HoldfastPublish } }
