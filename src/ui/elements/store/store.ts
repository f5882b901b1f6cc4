import { LitElement, html, nothing } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { attempt, AskEvent } from '../../events.ts'
import { settingsStyles } from '../../places/settings.styles.ts'
import { errorWords } from '../../strings/errors.ts'
import { bytes } from '../../strings/format.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, PeerState } from '../../types.ts'
import { bar, notice, num } from '../parts.ts'
import './cloud-sheet.ts'
import type { HoldfastCloudSheet } from './cloud-sheet.ts'

/** Where finished files are kept, and how that is changed. */
@customElement('holdfast-store')
export class HoldfastStore extends LitElement {
  static override readonly styles = [...shared, settingsStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @query('holdfast-cloud-sheet') private readonly sheet!: HoldfastCloudSheet

  private async pick(): Promise<void> {
    const url = await this.peer.store.pickFolder()
    if (url !== null) await this.peer.store.choose(url, null)
  }

  private where() {
    const { store: { driver, url }, storage } = this.snapshot
    if (driver === 'opfs' || driver === 'idb') return html`${msg(html`In this browser, ${num(bytes(storage.used))} now. What you save goes to your downloads.`)}${driver === 'idb' ? html` ${msg('There is no file system for the app here, so they lie in the browser’s database: slower.')}` : nothing}`
    if (driver === 'file') return html`${msg('In a folder you picked, below “Holdfast”.')} ${msg('The browser asks you for it once after each start; until then files in it cannot be read or given.')}`
    return msg(html`In the cloud: <bdi>${url}</bdi>. What you fetch is put together on this device first, so there has to be room for the largest of them.`)
  }

  private trouble() {
    const { problem, moving } = this.snapshot.store
    if (problem === null) return nothing
    const { what, next } = errorWords(problem)
    const again = problem.code === 'storage-permission'
      ? html`<button type="button" class="button" @click=${() => { attempt(this, this.peer.store.allow()) }}>${msg('Ask the browser for the folder')}</button>`
      : html`<button type="button" class="button" @click=${() => { attempt(this, this.peer.store.retry()) }}>${msg('Try again')}</button>`
    return html`<div role="status">${notice('warn', what, moving === null ? next : msg('Nothing was lost: everything is where it was. The move goes on by itself.'), html`<div class="line">${again}</div>`)}</div>`
  }

  private moving() {
    const { moving } = this.snapshot.store
    if (moving === null) return nothing
    const { done, total } = moving
    return html`<div class="setting"><div class="stack s1"><b>${msg('Moving')}</b>${bar({ title: msg('Moving your files'), done, total })}
        <span class="sub">${msg(html`${num(bytes(done))} of ${num(bytes(total))} are there. Until all are, everything is read from where it was; you may close this tab meanwhile.`)}</span></div>
      <button type="button" class="button small" @click=${() => { attempt(this, this.peer.store.stop()) }}>${msg('Stop moving')}</button></div>`
  }

  private choices() {
    const { store: { driver, moving }, canPickFolder } = this.snapshot
    if (moving !== null) return nothing
    const own = driver === 'opfs' || driver === 'idb'
    return html`<div class="setting"><div><b>${msg('Keep them elsewhere')}</b><span class="sub">${canPickFolder ? msg('A folder of this computer, or a cloud store of yours.') : msg('A cloud store of yours.')}</span></div><div class="line">
      ${own ? nothing : html`<button type="button" class="button small" @click=${() => { this.ask() }}>${msg('In this browser')}</button>`}
      ${canPickFolder ? html`<button type="button" class="button small" @click=${() => { attempt(this, this.pick()) }}>${driver === 'file' ? msg('In another folder') : msg('In a folder')}</button>` : nothing}
      <button type="button" class="button small" @click=${() => { void this.sheet.show() }}>${own || driver === 'file' ? msg('In a cloud store') : msg('Another store, or new keys')}</button></div></div>`
  }

  private ask(): void {
    const { used } = this.snapshot.storage
    this.dispatchEvent(new AskEvent({
      heading: msg('Move everything into this browser?'),
      body: html`<p>${msg(str`It needs ${bytes(used)} of room here. What was copied is then deleted where it was.`)}</p>`,
      no: msg('Not now'), yes: msg('Move it'), tone: 'primary',
    }, async () => { await this.peer.store.chooseOwn() }))
  }

  override render() {
    return html`<section class="stack" aria-labelledby="store"><h2 id="store">${msg('Where files are kept')}</h2>${this.trouble()}<div class="panel">
      <div class="setting"><div><b>${msg('Now')}</b><span class="sub">${this.where()}</span></div></div>${this.moving()}${this.choices()}</div></section>
      <holdfast-cloud-sheet .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-cloud-sheet>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-store': HoldfastStore } }
