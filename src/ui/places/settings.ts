import { html, nothing } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { facts, toggle } from '../elements/parts.ts'
import { clearBlocklistQuestion } from '../elements/questions.ts'
import '../elements/identity/identity.ts'
import '../elements/rate.ts'
import '../elements/store/store.ts'
import { switched } from '../elements/switched.ts'
import type { RateEvent } from '../elements/rate.ts'
import { AskEvent, attempt, ConsentEvent, ProblemEvent } from '../events.ts'
import { clearsAfterAWeek } from '../environment.ts'
import { number } from '../strings/format.ts'
import { shared } from '../tokens/index.ts'
import type { Rates, Theme } from '../types.ts'
import { Place } from './place.ts'
import { settingsStyles } from './settings.styles.ts'

/** No list comes near: a million lines, the most that are kept, are 65 MB. */
const listBytes = 100e6

/** What the person decides, what the device keeps, and who learns what. */
@customElement('holdfast-settings')
export class HoldfastSettings extends Place {
  static override readonly styles = [...shared, settingsStyles]

  /** What the last import of a blocklist did. */
  @state() private imported = ''
  @query('#list') private readonly listInput!: HTMLInputElement

  override willUpdate(): void { attempt(this, import('../elements/keeping/keeping-settings.ts')) } // not of the shell's first load

  private agree(on: boolean): Promise<void> | undefined {
    if (!on) return this.peer.consent(false)
    this.dispatchEvent(new ConsentEvent(() => { this.requestUpdate() }))
    return undefined
  }

  private giving() {
    const { sharing, consent, metered, listed } = this.snapshot
    return html`<section class="stack" aria-labelledby="giving"><h2 id="giving">${msg('Giving to others')}</h2><div class="panel">
      <label class="switch row"><span><b>${msg('Give anything at all')}</b><span class="sub">${msg('The same switch as at the top: off stops all giving at once, of your own links too.')}</span></span>
        <input type="checkbox" role="switch" ${switched(sharing, on => this.peer.setSharing(on))} /></label>
      <label class="switch row"><span><b>${msg('Keep what I fetch for others')}</b><span class="sub">${msg('People with the same link can take pieces from you while this tab is open. They see your IP address.')}</span></span>
        <input type="checkbox" role="switch" ${switched(consent === 'agreed', on => this.agree(on))} /></label>
      ${toggle({
        id: 'metered', label: msg('Give on metered connections too'), checked: metered.rule === 'give',
        about: metered.now
          ? metered.rule === 'pause' ? msg('This connection is metered, as far as the browser tells: nothing is given now.') : msg('This connection is metered, as far as the browser tells: you pay for what is given now.')
          : msg('This connection is not metered, as far as the browser tells. Off: nothing is given while a connection is paid by the byte.'),
        turn: on => this.peer.setMetered(on ? 'give' : 'pause'),
      })}
      ${toggle({
        id: 'listed', label: msg('Say in the ledger which attachments I have'), checked: listed,
        about: msg('Others find them with you sooner, and whoever gave them to you is credited. What you have, under your address, is then public for ever; it is rounded to tenths, and only what you give on is named.'),
        turn: on => this.peer.setListed(on),
      })}
    </div></section>`
  }

  private limits() {
    const { rates } = this.snapshot
    const set = (change: Partial<Rates>): void => { attempt(this, this.peer.setRates({ ...this.snapshot.rates, ...change })) }
    return html`<section class="stack" aria-labelledby="limits"><h2 id="limits">${msg('Limits')}</h2><div class="panel"><div class="pair">
      <holdfast-rate label=${msg('Going out, at most')} .value=${rates.up} @holdfast-rate=${({ rate }: RateEvent) => { set({ up: rate }) }}></holdfast-rate>
      <holdfast-rate label=${msg('Coming in, at most')} .value=${rates.down} @holdfast-rate=${({ rate }: RateEvent) => { set({ down: rate }) }}></holdfast-rate>
    </div></div></section>`
  }

  private async importList(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement
    const file = input.files?.[0]
    input.value = '' // the same file can be chosen again
    if (file === undefined) return
    if (file.size > listBytes) {
      this.dispatchEvent(new ProblemEvent({ code: 'too-large' }))
      return
    }
    const { added, refused } = await this.peer.importBlocklist(await file.text())
    const lines = refused === 0 ? msg('Every line was understood.') : refused === 1 ? msg('1 line is no content hash and was left out.') : msg(str`${number(refused)} lines are no content hashes and were left out.`)
    this.imported = `${added === 1 ? msg('1 content was added.') : msg(str`${number(added)} contents were added.`)} ${lines}`
  }

  private blocked() {
    const { blocked } = this.snapshot
    return html`<section class="stack" aria-labelledby="blocked"><h2 id="blocked">${msg('Blocked')}</h2><div class="panel">
      <div class="setting"><div><b>${blocked === 0 ? msg('Nothing is blocked') : blocked === 1 ? msg('1 content or publisher is blocked') : msg(str`${number(blocked)} contents and publishers are blocked`)}</b>
        <span class="sub">${msg('What is blocked is deleted, and never taken or given again. A list is a text file: a line for each content, SHA-256 of its content id in 64 hexadecimal digits, or for each publisher, the address.')}</span></div>
        <div class="line">
          <input id="list" type="file" accept=".txt,text/plain" hidden aria-label=${msg('Blocklist')} @change=${(event: Event) => { attempt(this, this.importList(event)) }} />
          <button type="button" class="button small" @click=${() => { this.listInput.click() }}>${icon('plus', 18)}${msg('Import a list')}</button>
          ${blocked === 0 ? nothing : html`<button type="button" class="button small plain" @click=${() => { this.dispatchEvent(new AskEvent(clearBlocklistQuestion(blocked), () => this.peer.clearBlocklist())) }}>${msg('Clear')}</button>`}
        </div></div>
      <p class="small good" role="status" ?hidden=${this.imported === ''}>${this.imported}</p>
    </div></section>`
  }

  private async dropRelay(host: string): Promise<void> {
    await this.peer.removeRelay(host)
    await this.focusHeading() // its button goes with it
  }

  private relays() {
    const { extraRelays } = this.snapshot
    if (extraRelays.length === 0) return nothing
    return html`<section class="stack" aria-labelledby="relays"><h2 id="relays">${msg('Relays that links brought')}</h2><div class="panel">
      ${extraRelays.map(host => html`<div class="setting"><div><b><bdi>${host}</bdi></b><span class="sub">${msg('You agreed to it when you opened a link. It sees your IP address and whom you are introduced to.')}</span></div>
        <button type="button" class="button small" aria-label=${msg(str`Remove ${host}`)} @click=${() => { attempt(this, this.dropRelay(host)) }}>${msg('Remove')}</button></div>`)}
    </div></section>`
  }

  private device() {
    const { storage, installable } = this.snapshot
    return html`<section class="stack" aria-labelledby="device"><h2 id="device">${msg('This device')}</h2><div class="panel">
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
      [msg('Trackers'), msg('Your IP address and the infohash of each thing you share or fetch; not its title, not its files. Where you look for a content id or are findable by one, a number made from it.')],
      [msg('People with the link'), msg('Your IP address, and which pieces you have. With the key in the link, what is in a protected file.')],
      [msg('People without the key'), msg('Of a protected file: its size, its encrypted bytes, and a number that is the same in all files one person protected. Not its title, its names or what is in it.')],
      [msg('Everybody'), msg('Under your address: what you write in threads, the coins that come and go, the blocks you make, what you publish and buy, whose lists you are on, what you keep for others, and when. It stands in the ledger for ever. Before you do any of it, your address is shown here alone.')],
      [msg('People with an invite link'), msg('Your address, and the coins the link holds.')],
      [msg('Your words and keys'), msg('Nobody. They are made here and leave only as the words you write down or the file you save.')],
      [msg('Those you ask for a key'), msg('Your address, your IP address or your relay’s, and for what.')],
      [msg('A cloud store you chose'), msg('Your IP address, the bytes as they are stored, and when each is read.')],
      [msg('People you are connected to'), msg('The content id you look for, when you look for one without a link.')],
      [msg('Relays'), msg('Your IP address and whom you are introduced to. Where bytes pass through one, who sends how much to whom, not what: it is encrypted between the two of you.')],
      [msg('Whoever runs this page'), msg('That it was opened. The part of a link after #, and a key in it, never reaches a server.')],
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
      <div class="settings stack s4"><holdfast-identity .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-identity>${this.giving()}<holdfast-keeping-settings .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-keeping-settings>${this.limits()}<holdfast-store .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-store>${this.device()}${this.relays()}${this.blocked()}${this.look()}${this.learned()}${this.about()}</div></div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-settings': HoldfastSettings } }
