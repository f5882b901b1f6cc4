import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { attempt, ConsentEvent } from '../../events.ts'
import { settingsStyles } from '../../places/settings.styles.ts'
import { files } from '../../strings/counts.ts'
import { bytes } from '../../strings/format.ts'
import { whoseWords } from '../../strings/keeping.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, PeerState, Samaritan } from '../../types.ts'
import { choice, choiceStyles } from '../choice.ts'
import { bar, num, toggle } from '../parts.ts'
import { gigabytes, readGigabytes } from './room.ts'

/** What it begins with anew. */
const usualSpace = 2 ** 30
const whose: readonly Samaritan['whose'][] = ['fetched', 'followed', 'protected', 'public']

/** What this device keeps for others without a promise: how much, whose, and when. */
@customElement('holdfast-samaritan')
export class HoldfastSamaritan extends LitElement {
  static override readonly styles = [...shared, settingsStyles, choiceStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @state() private wrong = ''

  private change(change: Partial<Samaritan>): Promise<void> {
    return this.peer.setSamaritan({ ...this.snapshot.samaritan, ...change })
  }

  private set(change: Partial<Samaritan>): void {
    attempt(this, this.change(change))
  }

  /** Nothing of others is given before the person agreed to it. */
  private readonly agree = (): void => {
    this.dispatchEvent(new ConsentEvent(agreed => { if (agreed) this.renderRoot.querySelector<HTMLElement>('input')?.focus() })) // its button goes with it
  }

  private choose(id: Samaritan['whose']): void {
    const { space } = this.snapshot.samaritan
    this.set({ whose: id, space: id === 'fetched' || space > 0 ? space : usualSpace })
  }

  private setRoom(event: Event): void {
    const space = readGigabytes((event.target as HTMLInputElement).value)
    this.wrong = space === null ? msg('A number of gigabytes, such as 2 or 0.5. The room stays as it was.') : ''
    if (space !== null && space !== this.snapshot.samaritan.space) this.set({ space })
  }

  private room({ space }: Samaritan): TemplateResult {
    const kept = this.snapshot.keeping?.samaritan ?? { files: 0, bytes: 0 }
    return html`<div class="field"><label for="space">${msg('Room for it, in gigabytes')}</label>
        <input class="input" id="space" inputmode="decimal" autocomplete="off" .value=${gigabytes(space)} aria-invalid=${this.wrong !== ''} aria-describedby="space-now space-wrong" @change=${(event: Event) => { this.setRoom(event) }} />
        ${bar({ title: msg('Room for others, taken so far'), done: Math.min(kept.bytes, space), total: space })}
        <p class="hint" id="space-now">${msg(html`${num(bytes(kept.bytes))} taken by ${files(kept.files)}.`)}</p>
        <div id="space-wrong" role="status">${this.wrong === '' ? nothing : html`<p class="error">${icon('warning', 18)}<span>${this.wrong}</span></p>`}</div></div>`
  }

  private choices(now: Samaritan): TemplateResult {
    return html`<div class="field"><fieldset class="choices"><legend class="label">${msg('Whose files')}</legend>${whose.map(id => choice({ group: 'whose', id, ...whoseWords(id), checked: now.whose === id, choose: () => { this.choose(id) } }))}</fieldset>
        ${now.whose === 'fetched' ? nothing : html`<p class="hint">${msg('Those with the fewest known copies come first, and other devices take other ones.')}</p>`}</div>
      ${now.whose === 'fetched' ? nothing : html`${this.room(now)}
      ${toggle({
        id: 'charging', label: msg('Only while this device charges'), checked: now.charging, about: msg('Fetching for others waits until it is plugged in.'), turn: on => this.change({ charging: on }),
      })}
      ${toggle({
        id: 'unmetered', label: msg('Only where the connection is not metered'), checked: now.unmetered, about: msg('Fetching for others waits while you pay by the byte.'), turn: on => this.change({ unmetered: on }),
      })}`}`
  }

  override render() {
    const { consent, samaritan } = this.snapshot
    return html`<div class="panel"><div class="setting"><div><b>${consent === 'agreed' ? msg('You keep for others, without a promise') : msg('Nothing is kept for others yet')}</b>
        <span class="sub">${msg('It takes no coins and is no duty: stop whenever you like. People who fetch from you see your IP address.')}</span></div>
        ${consent === 'agreed' ? nothing : html`<button type="button" class="button small" @click=${this.agree}>${msg('Keep for others…')}</button>`}</div>
      ${consent === 'agreed' ? this.choices(samaritan) : nothing}</div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-samaritan': HoldfastSamaritan } }
