import { html, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { bytes } from '../strings/format.ts'
import type { Item } from '../types.ts'
import { notice, num } from './parts.ts'
import { Question } from './question.ts'

/** Asked before an item and its bytes leave this device; says when no other whole copy is known. */
@customElement('holdfast-removal')
export class HoldfastRemoval extends Question {
  @state() private item: Item | null = null
  protected override readonly tone = 'danger'
  protected override readonly no = () => msg('Keep it')
  protected override readonly yes = () => this.item?.state === 'here' ? msg('Remove') : msg('Stop and remove')

  confirm(item: Item): Promise<boolean> {
    this.item = item
    return this.ask()
  }

  protected override body() {
    const { item } = this
    if (item === null) return html`<h2 id="q">${msg('Remove it?')}</h2>`
    return html`<h2 id="q">${item.state === 'here' ? msg('Remove from this device?') : msg('Stop and remove what came?')}</h2>
      <p><bdi><b>${item.title}</b></bdi>, ${num(bytes(item.state === 'here' ? item.size : item.received))}</p>
      ${item.state === 'here' && item.keepers === 0
        ? notice('warn', msg('The only copy known'), msg('Nobody else who is here now has all of it. Once removed, its link may lead nowhere.'))
        : html`<p class="soft">${msg('With its link it can be fetched again, as long as somebody keeps it.')}</p>`}
      ${item.state === 'here' ? html`<p class="small quiet">${msg('What you saved elsewhere stays.')}</p>` : nothing}`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-removal': HoldfastRemoval } }
