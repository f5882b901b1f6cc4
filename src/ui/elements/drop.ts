import { LitElement, html, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { kelp } from '../drawings/kelp.ts'
import { FilesEvent, ProblemEvent } from '../events.ts'
import { chosenFiles, droppedFiles } from '../files.ts'
import { PageDrop } from '../page-drop.ts'
import { files } from '../strings/counts.ts'
import { shared } from '../tokens/index.ts'
import { dropStyles } from './drop.styles.ts'

/**
 * Where files come in: two buttons, and the whole page as a place to drop on while this is shown.
 * `opening` is the first screen, `compact` a strip above other things, `add` two small buttons beside a heading.
 */
@customElement('holdfast-drop')
export class HoldfastDrop extends LitElement {
  static override readonly styles = [...shared, dropStyles]

  @property() variant: 'opening' | 'compact' | 'add' = 'opening'
  /** Whether its heading is the first of the page. */
  @property({ type: Boolean }) first = true

  private readonly drop = new PageDrop(this, transfer => { void this.take(transfer) })
  @state() private reading = false
  @query('#files') private readonly filesInput!: HTMLInputElement
  @query('#folder') private readonly folderInput!: HTMLInputElement

  private async take(transfer: DataTransfer): Promise<void> {
    this.reading = true
    try {
      const found = await droppedFiles(transfer)
      this.dispatchEvent(found.length > 0 ? new FilesEvent(found) : new ProblemEvent({ code: 'archive-empty' }))
    } catch {
      this.dispatchEvent(new ProblemEvent({ code: 'file-unreadable' })) // a DOMException of one of the entries
    } finally {
      this.reading = false
    }
  }

  private chosen(event: Event): void {
    const input = event.target as HTMLInputElement
    const found = input.files === null ? [] : chosenFiles(input.files)
    input.value = '' // the same files can be chosen again
    if (found.length > 0) this.dispatchEvent(new FilesEvent(found))
  }

  /** The pickers; closed to the eye and to readers, opened by the buttons that stand for them. */
  private inputs() {
    return html`
      <input id="files" type="file" multiple hidden aria-label=${msg('Files to share')} @change=${this.chosen} />
      <input id="folder" type="file" webkitdirectory hidden aria-label=${msg('Folder to share')} @change=${this.chosen} />`
  }

  private status() {
    const words = this.reading ? msg('Reading what you dropped…')
      : this.drop.over === null ? ''
      : this.drop.over === 0 ? msg('Let go to add them')
      : msg(str`Let go to add ${files(this.drop.over)}`)
    return html`<span role="status" class="small">${words}</span>`
  }

  private heading() {
    if (this.variant === 'opening') return html`<h1 class="hero" id="t" tabindex="-1">${msg('Share straight from this tab')}</h1>`
    return this.first
      ? html`<h1 id="t" tabindex="-1">${msg('Share something else')}</h1>`
      : html`<h2 id="t">${msg('Share something else')}</h2>`
  }

  override render() {
    const opening = this.variant === 'opening'
    const big = opening ? 'big' : ''
    if (this.variant === 'add') return html`<div class="add">${this.inputs()}
      <button type="button" class="button small" @click=${() => { this.filesInput.click() }}>${icon('plus')}${msg('Add files')}</button>
      <button type="button" class="button small" @click=${() => { this.folderInput.click() }}>${icon('folder')}${msg('Add a folder')}</button>${this.status()}</div>`
    return html`<section class="water drop ${this.variant} ${this.drop.over === null ? '' : 'over'}" aria-labelledby="t">
      ${opening ? kelp() : nothing}
      ${opening ? this.heading() : html`<div>${this.heading()}${this.status()}</div>`}
      ${opening ? html`<p class="lead">${msg('Drop files, music or a whole folder here. They stay on your device and go from it to whoever has the link.')}</p>` : nothing}
      ${this.inputs()}
      <div class="acts">
        <button type="button" class="button ${opening ? 'primary' : ''} ${big}" @click=${() => { this.filesInput.click() }}>${icon('file')}${msg('Choose files')}</button>
        <button type="button" class="button ${big}" @click=${() => { this.folderInput.click() }}>${icon('folder')}${msg('Choose a folder')}</button>
      </div>
      ${this.drop.over === null && !this.reading && opening ? html`<p class="small soft">${msg('No file leaves this device before you make a link. No account needed.')}</p>` : nothing}
      ${opening ? this.status() : nothing}
    </section>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-drop': HoldfastDrop } }
