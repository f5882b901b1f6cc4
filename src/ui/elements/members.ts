import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { attempt, NoteEvent } from '../events.ts'
import { files } from '../strings/counts.ts'
import { bytes, number } from '../strings/format.ts'
import { isReadable, saveNames } from '../strings/items.ts'
import { shared } from '../tokens/index.ts'
import type { Item, Peer } from '../types.ts'
import { memberStyles } from './members.styles.ts'
import { fileIcon, num } from './parts.ts'

/** Rows shown at once; an archive may have 10,000. */
const step = 200

function savable({ members, readable }: Item): number {
  return (members ?? []).filter(member => isReadable(member, readable)).length
}

/**
 * Saving what is here: the whole, each file, and where the browser has pickers, "Save as…" and "Save as folder". While the rest still
 * comes: each file that is whole already.
 */
@customElement('holdfast-members')
export class HoldfastMembers extends LitElement {
  static override readonly styles = [...shared, memberStyles]

  @property({ attribute: false }) peer!: Peer
  /** Snapshots come often; the list is drawn anew only for another item or another list. */
  @property({ attribute: false, hasChanged: (a?: Item, b?: Item) => a?.cid !== b?.cid || a?.title !== b?.title || a?.state !== b?.state || a?.members?.length !== b?.members?.length || (a !== undefined && b !== undefined && savable(a) !== savable(b)) }) item!: Item
  @property({ type: Boolean }) canPick = false
  @property({ type: Boolean }) canPickFolder = false
  @state() private shown = step
  @state() private unpacking = false
  private names: readonly string[] = []

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('item')) return
    this.names = saveNames((this.item.members ?? []).map(member => member.path))
    if (changed.get('item')?.cid !== this.item.cid) this.shown = step
  }

  private save(member: number | null): void {
    attempt(this, this.peer.save(this.item.cid, member))
  }

  private async saveFolder(): Promise<void> {
    this.unpacking = true
    try {
      if (await this.peer.saveFolder(this.item.cid)) this.dispatchEvent(new NoteEvent({ words: msg(str`${files(this.names.length)} saved in the folder you chose.`), undo: null }))
    } finally {
      this.unpacking = false
    }
  }

  /** The one act of a finished item: its only file, or the archive as it is. */
  private main() {
    const only = this.names.length === 1 ? this.names[0] : undefined
    const sealed = this.item.protected && this.item.members === null && !this.item.bomb // without its key it is saved as it is
    const name = only ?? `${this.item.title}${sealed ? '.tgz.tdf' : '.tgz'}`
    const member = only === undefined ? null : 0
    return html`<div class="save">
      <button type="button" class="button primary big" @click=${() => { this.save(member) }}>${icon('save')}<span>${msg('Save')} <bdi>${name}</bdi></span></button>
      ${this.canPick ? html`<button type="button" class="button big" aria-describedby="what" @click=${() => { attempt(this, this.peer.saveAs(this.item.cid, member)) }}>${msg('Save as…')}</button><span id="what" hidden>${name}</span>` : nothing}
      ${this.canPickFolder && this.names.length > 1 ? html`<button type="button" class="button big" ?disabled=${this.unpacking} @click=${() => { attempt(this, this.saveFolder()) }}>${icon('folder')}${this.unpacking ? msg('Saving the files…') : msg('Save as folder')}</button>` : nothing}
    </div>`
  }

  private row(path: string, size: number, i: number, whole: boolean) {
    return html`<li><div class="file">
      <span class="tile">${icon(fileIcon(path))}</span>
      <span><bdi class="name">${path}</bdi><span class="meta">${num(bytes(size))}</span></span>
      <span class="end">${whole
        ? html`<button type="button" class="button small" aria-label=${msg(str`Save ${this.names[i] ?? path}`)} @click=${() => { this.save(i) }}>${icon('save', 18)}${msg('Save')}</button>`
        : msg('still coming')}</span>
    </div></li>`
  }

  override render() {
    const { members, readable, state: at } = this.item
    const all = members ?? []
    const here = at === 'here'
    return html`<div class="stack s3">${here ? this.main() : nothing}
      ${all.length < (here ? 2 : 1) ? nothing : html`<section class="stack s1" aria-labelledby="files"><h2 id="files">${msg('Files')}</h2>
        ${here ? nothing : html`<p class="small soft">${msg('As far as they are known by now. What is whole can be saved while the rest comes.')}</p>`}
        <ul class="rows">${all.slice(0, this.shown).map((member, i) => this.row(member.path, member.size, i, here || isReadable(member, readable)))}</ul>
        ${all.length > this.shown ? html`<div><button type="button" class="button" @click=${() => { this.shown += step }}>${msg(str`Show more: ${number(all.length - this.shown)} to come`)}</button></div>` : nothing}
      </section>`}
    </div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-members': HoldfastMembers } }
