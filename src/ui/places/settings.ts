import { html } from 'lit'
import { customElement } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { facts, num } from '../elements/parts.ts'
import { attempt, ConsentEvent } from '../events.ts'
import { clearsAfterAWeek } from '../environment.ts'
import { bytes } from '../strings/format.ts'
import { shared } from '../tokens/index.ts'
import type { Theme } from '../types.ts'
import { Place } from './place.ts'
import { settingsStyles } from './settings.styles.ts'

/** What the person decides, what the device keeps, and who learns what. */
@customElement('holdfast-settings')
export class HoldfastSettings extends Place {
  static override readonly styles = [...shared, settingsStyles]

  private agree(event: Event): void {
    const input = event.target as HTMLInputElement
    if (!input.checked) {
      attempt(this, this.peer.consent(false))
      return
    }
    input.checked = false // until it is agreed to
    this.dispatchEvent(new ConsentEvent(() => { this.requestUpdate() }))
  }

  private giving() {
    const { sharing, consent } = this.snapshot
    return html`<section class="stack" aria-labelledby="giving"><h2 id="giving">${msg('Giving to others')}</h2><div class="panel">
      <label class="switch row"><span><b>${msg('Give anything at all')}</b><span class="sub">${msg('The same switch as at the top: off stops all giving at once, of your own links too.')}</span></span>
        <input type="checkbox" role="switch" .checked=${live(sharing)} @change=${(event: Event) => { attempt(this, this.peer.setSharing((event.target as HTMLInputElement).checked)) }} /></label>
      <label class="switch row"><span><b>${msg('Keep what I fetch for others')}</b><span class="sub">${msg('People with the same link can take pieces from you while this tab is open. They see your IP address.')}</span></span>
        <input type="checkbox" role="switch" .checked=${live(consent === 'agreed')} @change=${this.agree} /></label>
    </div></section>`
  }

  private device() {
    const { storage, installable } = this.snapshot
    return html`<section class="stack" aria-labelledby="device"><h2 id="device">${msg('This device')}</h2><div class="panel">
      <div class="setting"><div><b>${msg('Where files are kept')}</b><span class="sub">${msg(html`In this browser, ${num(bytes(storage.used))} now. What you save goes to your downloads.`)}</span></div></div>
      <div class="setting"><div><b>${msg('Kept when room runs short')}</b><span class="sub">${storage.persisted ? msg('Yes, this browser agreed')
        : clearsAfterAWeek() ? msg('Not yet. Safari may clear sites that are not installed after seven days without a visit.') : msg('Not yet. The browser may clear it by itself.')}</span></div>
        ${storage.persisted ? html`<span class="chip ok">${icon('check', 17)}${msg('Persistent')}</span>`
          : html`<button type="button" class="button small" @click=${() => { attempt(this, this.peer.persist()) }}>${msg('Ask the browser to keep it')}</button>`}</div>
      <div class="setting"><div><b>${msg('Install as an app')}</b><span class="sub">${installable ? msg('Opens in its own window, and without a connection.') : msg('From the browser’s own menu, where it offers it; or it is installed already.')}</span></div>
        ${installable ? html`<button type="button" class="button small" @click=${() => { attempt(this, this.peer.install()) }}>${msg('Install')}</button>` : ''}</div>
      <p class="small soft">${msg('A closed tab keeps nothing online. Your links work while Holdfast is open here, or while somebody else keeps the files.')}</p>
    </div></section>`
  }

  private look() {
    const themes: readonly (readonly [Theme, string])[] = [['system', msg('As the device')], ['light', msg('Light')], ['dark', msg('Dark')]]
    return html`<section class="stack" aria-labelledby="look"><h2 id="look">${msg('Look')}</h2><div class="panel"><div class="field">
      <label for="theme">${msg('Theme')}</label><span class="select"><select class="input" id="theme" @change=${(event: Event) => { attempt(this, this.peer.setTheme((event.target as HTMLSelectElement).value as Theme)) }}>
        ${themes.map(([value, words]) => html`<option value=${value} .selected=${live(value === this.snapshot.theme)}>${words}</option>`)}</select>${icon('chevron')}</span></div></div></section>`
  }

  private learned() {
    return html`<section class="stack" aria-labelledby="learned"><h2 id="learned">${msg('Who learns what')}</h2><div class="panel">${facts([
      [msg('Trackers'), msg('Your IP address and the infohash of each thing you share or fetch; not its title, not its files.')],
      [msg('People with the link'), msg('Your IP address, and which pieces you have.')],
      [msg('Relays'), msg('Your IP address and whom you are introduced to. What passes through one is encrypted.')],
      [msg('Whoever runs this page'), msg('That it was opened. The part of a link after # never reaches a server.')],
      [msg('Nobody else'), msg('No account, no statistics, no other site is asked for anything.')],
    ])}</div></section>`
  }

  private about() {
    const { version, network, updateReady } = this.snapshot
    return html`<section class="stack" aria-labelledby="about"><h2 id="about">${msg('About')}</h2><div class="panel">
      ${facts([
        [msg('Version'), html`<bdi>${version}</bdi>`],
        [msg('Network'), html`<bdi>${network}</bdi>`],
      ])}
      ${updateReady ? html`<div class="setting"><div><b>${msg('A new version is ready')}</b><span class="sub">${msg('What is under way goes on after reloading.')}</span></div>
        <button type="button" class="button small" @click=${() => { attempt(this, this.peer.update()) }}>${msg('Reload now')}</button></div>` : ''}
    </div></section>`
  }

  override render() {
    return html`<div class="page"><h1 tabindex="-1">${msg('Settings')}</h1>
      <div class="settings stack s4">${this.giving()}${this.device()}${this.look()}${this.learned()}${this.about()}</div></div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-settings': HoldfastSettings } }
