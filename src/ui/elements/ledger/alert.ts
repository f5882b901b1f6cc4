import { html, nothing } from 'lit'
import { customElement } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import { number } from '../../strings/format.ts'
import { alertWords } from '../../strings/ledger.ts'
import { shortAddress } from '../../strings/wallet.ts'
import { facts, notice } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'

/** Something about the ledger that only the person can decide: which of two branches this device follows. */
@customElement('holdfast-alert')
export class HoldfastAlert extends Sheet {
  protected override clear(): void { /* nothing is typed here */ }

  private async decide(take: boolean): Promise<void> {
    const { ledger } = this.snapshot
    const alert = ledger.phase === 'open' ? ledger.alert : null
    if (alert === null) {
      this.close() // somebody decided in another tab
      return
    }
    await this.peer.decideAlert(alert.tip.root, take)
    this.close()
    this.dispatchEvent(new NoteEvent({ words: take ? msg('This device goes over to the other branch.') : msg('This device stays where it is.'), undo: null }))
  }

  protected override form(): Form {
    const { ledger } = this.snapshot
    const alert = ledger.phase === 'open' ? ledger.alert : null
    if (ledger.phase !== 'open' || alert === null) return { heading: msg('This is settled'), body: html`<p>${msg('There is nothing to decide any more.')}</p>`, no: msg('Close'), yes: null, submit: async () => { await Promise.resolve() } }
    const { title, detail, stay, go } = alertWords(alert)
    return {
      heading: msg('Which branch should this device follow?'),
      body: html`<p><b>${title}.</b> ${detail}</p>
        <p>${msg('Ask somebody you trust, outside of this app, which block they see as the newest. Neither answer has to be given now; until then this device stays where it is.')}</p>
        <dl class="choices-told"><div><dt><b>${msg('Stay here')}</b></dt><dd class="small soft">${stay}</dd></div><div><dt><b>${msg('Go over to the other')}</b></dt><dd class="small soft">${go}</dd></div></dl>
        ${facts([
          [msg('Yours ends at'), html`${number(ledger.head.number)}, ${msg('by')} <bdi class="mono">${shortAddress(ledger.head.miner)}</bdi>`],
          [msg('The other ends at'), html`${number(alert.tip.number)}, ${msg('by')} <bdi class="mono">${shortAddress(alert.tip.miner)}</bdi>`],
          [msg('Its root'), html`<span class="mono">${alert.tip.root}</span>`],
        ])}`,
      no: msg('Not now'),
      more: html`<button type="button" class="button" @click=${() => { void this.act(async () => { await this.decide(false) }) }}>${msg('Stay here')}</button>`,
      yes: msg('Go over'),
      tone: 'danger',
      submit: async () => { await this.decide(true) },
    }
  }

  override render() {
    const { ledger } = this.snapshot
    const alert = ledger.phase === 'open' ? ledger.alert : null
    return html`${alert === null ? nothing : html`<div role="alert">${notice('danger', alertWords(alert).title, alertWords(alert).detail,
      html`<div class="line"><button type="button" class="button" @click=${() => { void this.open() }}>${msg('Decide…')}</button></div>`)}</div>`}${super.render()}`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-alert': HoldfastAlert } }
