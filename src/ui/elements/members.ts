import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { attempt, NoteEvent } from '../events.ts'
import { memberFormats, storedFormats } from '../formats.ts'
import { files } from '../strings/counts.ts'
import { bytes, number } from '../strings/format.ts'
import { isReadable, saveNames } from '../strings/items.ts'
import { shared } from '../tokens/index.ts'
import type { ExportFormat, Item, Peer } from '../types.ts'
import { memberStyles } from './members.styles.ts'
import { bar, fileIcon, num } from './parts.ts'
import type { HoldfastExport } from './upload/export.ts'

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
  /** Of 100, while the files go into a folder. */
  @state() private unpacked: number | null = null
  @query('holdfast-export') private readonly exporter!: HoldfastExport
  private stop = new AbortController()
  private names: readonly string[] = []

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('item')) return
    this.names = saveNames((this.item.members ?? []).map(member => member.path))
    if (changed.get('item')?.cid !== this.item.cid) this.shown = step
  }

  private save(member: number | null): void {
    attempt(this, this.peer.save(this.item.cid, member))
  }

  /** Other formats of music and films; what converts them is loaded when somebody asks. */
  private async convert(member: number | null, name: string, formats: readonly ExportFormat[]): Promise<void> {
    await import('./upload/export.ts')
    await this.exporter.show({ cid: this.item.cid, member, name, formats })
  }

  private async saveFolder(): Promise<void> {
    const total = (this.item.members ?? []).reduce((sum, { size }) => sum + size, 0)
    this.stop = new AbortController()
    this.unpacked = 0
    try {
      const saved = await this.peer.saveFolder(this.item.cid, { signal: this.stop.signal, onProgress: done => { this.unpacked = Math.floor(100 * done / Math.max(1, total)) } })
      if (saved === null) return
      const words = this.stop.signal.aborted
        ? saved.files === 0 ? msg('Stopped; nothing was saved.') : msg(str`Stopped: ${files(saved.files)} saved in the folder “${saved.folder}”.`)
        : msg(str`${files(saved.files)} saved in the folder “${saved.folder}”.`)
      this.dispatchEvent(new NoteEvent({ words, undo: null }))
    } finally {
      this.unpacked = null
    }
  }

  /** A publication of music: kept as FLAC, saved as whatever is wanted. */
  private track() {
    const { title } = this.item
    return html`<div class="save"><button type="button" class="button primary big" @click=${() => { attempt(this, this.convert(null, title, storedFormats('audio'))) }}>${icon('save')}<span>${msg('Save')} <bdi>${title}</bdi>…</span></button></div>`
  }

  private picture(): string | undefined {
    return this.item.kind === 'i' ? `${this.item.title}.png` : undefined
  }

  /** The one act of a finished item: its only file, or the archive as it is. */
  private main() {
    const only = this.names.length === 1 ? this.names[0] : undefined
    const sealed = this.item.protected && this.item.members === null && !this.item.bomb // without its key it is saved as it is
    if (this.item.kind === 'a') return this.track()
    const name = only ?? this.picture() ?? `${this.item.title}${sealed ? '.tgz.tdf' : '.tgz'}`
    const member = only === undefined ? null : 0
    return html`<div class="save">
      <button type="button" class="button primary big" @click=${() => { this.save(member) }}>${icon('save')}<span>${msg('Save')} <bdi>${name}</bdi></span></button>
      ${this.canPick ? html`<button type="button" class="button big" aria-describedby="what" @click=${() => { attempt(this, this.peer.saveAs(this.item.cid, member)) }}>${msg('Save as…')}</button><span id="what" hidden>${name}</span>` : nothing}
      ${only === undefined || memberFormats(only).length === 0 ? nothing : html`<button type="button" class="button big" @click=${() => { attempt(this, this.convert(0, only, memberFormats(only))) }}>${icon('music')}${msg('Other formats…')}</button>`}
      ${this.canPickFolder && this.names.length > 1 ? html`<button type="button" class="button big" @click=${() => {
        if (this.unpacked === null) attempt(this, this.saveFolder())
        else this.stop.abort()
      }}>${this.unpacked === null ? html`${icon('folder')}${msg('Save as folder')}` : html`${icon('close')}${msg('Stop saving')}`}</button>` : nothing}
    </div>
    ${this.unpacked === null ? nothing : bar({ title: msg('Saving the files'), done: this.unpacked, total: 100, tone: 'thick', waiting: true })}`
  }

  private row(path: string, size: number, i: number, whole: boolean) {
    return html`<li><div class="file">
      <span class="tile">${icon(fileIcon(path))}</span>
      <span><bdi class="name">${path}</bdi><span class="meta">${num(bytes(size))}</span></span>
      <span class="end">${whole
        ? html`<button type="button" class="button small" aria-label=${msg(str`Save ${this.names[i] ?? path}`)} @click=${() => { this.save(i) }}>${icon('save', 18)}${msg('Save')}</button>${this.others(path, i)}`
        : msg('still coming')}</span>
    </div></li>`
  }

  private others(path: string, i: number) {
    const formats = this.item.state === 'here' ? memberFormats(path) : []
    const label = msg(str`Other formats of ${this.names[i] ?? path}`)
    return formats.length === 0 ? nothing : html`<button type="button" class="button icon-only small" aria-label=${label} title=${label} @click=${() => { attempt(this, this.convert(i, this.names[i] ?? path, formats)) }}>${icon('more', 20)}</button>`
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
      <holdfast-export .peer=${this.peer}></holdfast-export>
    </div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-members': HoldfastMembers } }
