import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { frond } from '../../drawings/kelp.ts'
import { proofDue } from '../../proof-due.ts'
import { uploadHash } from '../../route.ts'
import { bytes, dueAt } from '../../strings/format.ts'
import { shortAddress } from '../../strings/wallet.ts'
import { shared } from '../../tokens/index.ts'
import type { Item, Peer, PeerState, UploadKeeping } from '../../types.ts'
import { changeOf } from '../../upload-list.ts'
import { num } from '../parts.ts'
import './release.ts'
import type { HoldfastRelease } from './release.ts'

const step = 8

/** What this account promised to keep: for whom, until when, and how it lets go of one. */
@customElement('holdfast-duties')
export class HoldfastDuties extends LitElement {
  static override readonly styles = [...shared, css`
    @media (max-width: 40rem) {
      .file { grid-template-columns: auto minmax(0, 1fr); }
      .file .end { grid-column: 2; text-align: start; }
    }
  `]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @query('holdfast-release') private readonly sheet!: HoldfastRelease
  @state() private shown = step
  @state() private known: ReadonlyMap<string, UploadKeeping> = new Map()
  private asked = ''

  /** Files of uploads, not their pictures. */
  private get duties(): readonly { readonly item: Item, readonly owner: string }[] {
    return this.snapshot.items.flatMap(item => item.reasons.flatMap(({ reason, owner, upload }) => reason === 'obliged' && owner !== null && upload === item.cid ? [{ item, owner }] : []))
  }

  override willUpdate(): void {
    const names = this.duties.slice(0, this.shown).map(({ item: { cid }, owner }) => ({ cid, owner }))
    const asked = `${changeOf(this.snapshot)} ${names.map(refOf).join(' ')}`
    if (names.length === 0 || asked === this.asked) return
    this.asked = asked
    // What the ledger cannot tell now is left out; it is asked again with the next change.
    void Promise.all(names.map(async name => await this.peer.publishing.keepingOf(name).catch(() => null))).then(found => {
      if (asked === this.asked) this.known = new Map(found.flatMap(each => each === null ? [] : [[refOf(each), each]]))
    })
  }

  private row({ item, owner }: { readonly item: Item, readonly owner: string }): TemplateResult {
    const { cid, title, size, state: at } = item
    const mine = this.known.get(refOf({ cid, owner }))?.keepers.find(({ own }) => own)
    const picked = proofDue(this.snapshot, { cid, owner })
    const locked = this.snapshot.identity?.locked === true
    return html`<li><div class="file"><span class="tile">${frond(cid)}</span>
      <span><a class="name" href=${uploadHash({ cid, owner })}><bdi>${title}</bdi></a>
        <span class="meta">${num(bytes(size))}, ${msg(str`for ${shortAddress(owner)}`)}${mine === undefined ? nothing : html`, ${msg(str`until about ${dueAt(mine.until.at, Date.now())}`)}`}${at === 'here' ? nothing : html`; ${msg('not here whole')}`}${picked ? html`; <b class="care">${msg('a proof of it is due')}</b>` : nothing}</span></span>
      <span class="end"><button type="button" class="button small" ?disabled=${locked} @click=${() => { void this.sheet.show({ cid, owner, title, picked }) }}>${msg('Let it go…')}<span class="sr"> ${title}</span></button></span></div></li>`
  }

  override render() {
    const { duties } = this
    if (duties.length === 0) return nothing
    return html`<section class="stack s1" aria-labelledby="promised"><h3 id="promised" tabindex="-1">${msg('What you promised')}</h3>
        <ul class="rows">${repeat(duties.slice(0, this.shown), ({ item: { cid }, owner }) => refOf({ cid, owner }), duty => this.row(duty))}</ul>
        ${duties.length <= this.shown ? nothing : html`<div class="line"><button type="button" class="button small" @click=${() => { this.shown += step }}>${msg(str`Show more, of ${duties.length}`)}</button></div>`}</section>
      <holdfast-release .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-release>`
  }
}

function refOf({ cid, owner }: { readonly cid: string, readonly owner: string }): string { return `${cid}/${owner}` }

declare global { interface HTMLElementTagNameMap { 'holdfast-duties': HoldfastDuties } }
