import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { attempt } from '../events.ts'
import { bytes, number } from '../strings/format.ts'
import { saveNames } from '../strings/items.ts'
import { shared } from '../tokens/index.ts'
import type { Item, Peer } from '../types.ts'
import { memberStyles } from './members.styles.ts'
import { fileIcon, num } from './parts.ts'

/** Rows shown at once; an archive may have 10,000. */
const step = 200

/** Saving what is here: the whole, each file, and where the browser has a picker, "Save as…". */
@customElement('holdfast-members')
export class HoldfastMembers extends LitElement {
  static override readonly styles = [...shared, memberStyles]

  @property({ attribute: false }) peer!: Peer
  /** Snapshots come often; the list is drawn anew only for another item or another list. */
  @property({ attribute: false, hasChanged: (a?: Item, b?: Item) => a?.cid !== b?.cid || a?.title !== b?.title || a?.members?.length !== b?.members?.length }) item!: Item
  @property({ type: Boolean }) canPick = false
  @state() private shown = step
  private names: readonly string[] = []

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('item')) return
    this.names = saveNames((this.item.members ?? []).map(member => member.path))
    this.shown = step
  }

  private save(member: number | null): void {
    attempt(this, this.peer.save(this.item.cid, member))
  }

  /** The one act of a finished item: its only file, or the archive as it is. */
  private main() {
    const only = this.names.length === 1 ? this.names[0] : undefined
    const name = only ?? `${this.item.title}.tgz`
    const member = only === undefined ? null : 0
    return html`<div class="save">
      <button type="button" class="button primary big" @click=${() => { this.save(member) }}>${icon('save')}<span>${msg('Save')} <bdi>${name}</bdi></span></button>
      ${this.canPick ? html`<button type="button" class="button big" aria-describedby="what" @click=${() => { attempt(this, this.peer.saveAs(this.item.cid, member)) }}>${msg('Save as…')}</button><span id="what" hidden>${name}</span>` : nothing}
    </div>`
  }

  override render() {
    const members = this.item.members ?? []
    return html`<div class="stack s3">${this.main()}
      ${members.length < 2 ? nothing : html`<section class="stack s1" aria-labelledby="files"><h2 id="files">${msg('Files')}</h2>
        <ul class="rows">${members.slice(0, this.shown).map((member, i) => html`<li><div class="file">
          <span class="tile">${icon(fileIcon(member.path))}</span>
          <span><bdi class="name">${member.path}</bdi><span class="meta">${num(bytes(member.size))}</span></span>
          <span class="end"><button type="button" class="button small" aria-label=${msg(str`Save ${this.names[i] ?? member.path}`)} @click=${() => { this.save(i) }}>${icon('save', 18)}${msg('Save')}</button></span>
        </div></li>`)}</ul>
        ${members.length > this.shown ? html`<div><button type="button" class="button" @click=${() => { this.shown += step }}>${msg(str`Show more: ${number(members.length - this.shown)} to come`)}</button></div>` : nothing}
      </section>`}
    </div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-members': HoldfastMembers } }
