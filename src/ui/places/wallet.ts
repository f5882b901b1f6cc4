import { html, nothing, type PropertyValues } from 'lit'
import { customElement, query } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import '../elements/copy.ts'
import { fold, notice } from '../elements/parts.ts'
import '../elements/qr.ts'
import '../elements/record/credits.ts'
import '../elements/wallet/factoids.ts'
import '../elements/wallet/history.ts'
import '../elements/wallet/imported-keys.ts'
import type { ShowInviteEvent } from '../elements/wallet/invites.ts'
import '../elements/wallet/invites.ts'
import '../elements/wallet/make-invite.ts'
import type { HoldfastMakeInvite } from '../elements/wallet/make-invite.ts'
import '../elements/wallet/receive.ts'
import type { HoldfastReceive } from '../elements/wallet/receive.ts'
import '../elements/wallet/send.ts'
import type { HoldfastSend } from '../elements/wallet/send.ts'
import { attempt } from '../events.ts'
import { errorWords } from '../strings/errors.ts'
import { number } from '../strings/format.ts'
import { shared } from '../tokens/index.ts'
import { Place } from './place.ts'
import { walletStyles } from './wallet.styles.ts'

/** What the person has, what came and went, and their address. */
@customElement('holdfast-wallet')
export class HoldfastWallet extends Place {
  static override readonly styles = [...shared, walletStyles]

  @query('holdfast-send') private readonly send!: HoldfastSend
  @query('holdfast-receive') private readonly receive!: HoldfastReceive
  @query('holdfast-make-invite') private readonly invite!: HoldfastMakeInvite
  private needed = false

  /** Whoever looks here is somebody: an address is made where there is none. */
  override updated(_changed: PropertyValues<this>): void {
    if (this.needed || this.snapshot.phase !== 'running' || this.snapshot.identity !== null) return
    this.needed = true
    attempt(this, this.peer.identity.ensure())
  }

  /** Why nothing can be said of coins yet; null where it can. */
  private waits(): string | null {
    const { ledger, account, wallet, identity } = this.snapshot
    if (ledger.phase === 'waiting') return msg('Waiting for the ledger: nobody has told yet which one this network keeps.')
    if (ledger.phase === 'failed') return msg(str`${errorWords(ledger.problem).what}. The ledger cannot be opened; it is tried again by itself.`)
    if (identity === null) return msg('Looking who you are here.')
    return account === null || wallet === null ? msg('Reading your account.') : null
  }

  private balance() {
    const { account, wallet, ledger, identity } = this.snapshot
    const waits = this.waits()
    const locked = identity?.locked === true
    const ready = waits === null && !locked
    const notes = wallet === null ? [] : [
      ...wallet.leaving > 0 ? [msg(str`${number(wallet.leaving)} of them on their way out, in no block yet.`)] : [],
      ...wallet.unsafe > 0 ? [msg(str`${number(wallet.unsafe)} of them not safe yet.`)] : [],
      ...ledger.phase === 'open' && ledger.behind > 0 ? [msg(str`Still fetching ${number(ledger.behind)} blocks: this may be old.`)] : [],
    ]
    return html`<section class="water stack s3" aria-labelledby="have">
      <div class="stack s1"><h2 id="have" class="have">${msg('You have')}</h2>
        ${waits !== null || account === null ? html`<p class="lead" role="status">${waits}</p>`
          : html`<p class="big"><bdi class="num">${number(account.balance)}</bdi> <span>${account.balance === 1 ? msg('coin') : msg('coins')}</span></p>`}
        ${notes.length === 0 ? nothing : html`<p class="small soft">${notes.join(' ')}</p>`}</div>
      <div class="line">
        <button type="button" class="button primary big" ?disabled=${!ready} @click=${() => { void this.send.show() }}>${icon('out')}${msg('Send')}</button>
        <button type="button" class="button big" ?disabled=${identity === null} @click=${() => { void this.receive.show() }}>${icon('in')}${msg('Receive')}</button>
        <button type="button" class="button plain big" ?disabled=${!ready} @click=${() => { void this.invite.show() }}>${icon('link')}${msg('Invite link')}</button></div>
      ${locked ? html`<p class="lock small soft">${icon('lock', 18)}<span>${msg(html`Locked: nothing can be sent before the passphrase was given. <a href="#/settings">Unlock in Settings</a>`)}</span></p>` : nothing}
    </section>`
  }

  private backup() {
    const { identity, account } = this.snapshot
    if (identity === null || identity.backedUp !== null || (account?.balance ?? 0) === 0) return nothing
    return notice('warn', msg('Not backed up'), msg('If this browser’s data is cleared, your address and these coins are gone for good.'),
      html`<div class="line"><a class="button small" href="#/settings">${msg('Back up in Settings')}</a></div>`)
  }

  private address() {
    const { identity } = this.snapshot
    if (identity === null) return nothing
    return html`<section class="panel stack" aria-labelledby="address"><h2 class="h3" id="address">${msg('Your address')}</h2>
      <div class="whose"><holdfast-qr .value=${identity.address} label=${msg('QR code: your address')}></holdfast-qr>
        <p class="mono" translate="no">${identity.address}</p>
        <holdfast-copy .text=${identity.address} label=${msg('Copy address')}></holdfast-copy></div>
      <holdfast-factoids .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-factoids></section>`
  }

  private power() {
    const { account, ledger } = this.snapshot
    if (account === null) return nothing
    const trusting = ledger.phase === 'open' && ledger.trusting
    return html`<section class="panel stack s1" aria-labelledby="power"><h2 class="h3" id="power">${msg(html`Power: <bdi class="num">${number(account.power)}</bdi>`)}</h2>
      <p class="small soft">${msg('Grows by one for each block in which you paid a fee, and for each block you made. It sets how often your turn to make one comes, and how much your word counts in what is safe.')}</p>
      ${account.power === 0n ? html`<p class="small soft">${trusting ? msg('You have none written down yet; in this network everybody has a little all the same.') : msg('You have none yet. A first payment with a fee brings some.')}</p>` : nothing}
      ${fold(msg('Exact terms'), html`<p class="small soft">${msg(html`Blocks made: ${number(account.mined)}. Transactions: ${number(account.nonce)}. Power is read at the state your head stands on.`)}</p>`)}</section>`
  }

  override render() {
    const { peer, snapshot } = this
    return html`<div class="page"><h1 class="sr" tabindex="-1">${msg('Wallet')}</h1>
      <div class="cols wide-side">
        <div class="stack s4">${this.balance()}${this.backup()}
          ${snapshot.wallet === null ? nothing : html`<holdfast-history .peer=${peer} .snapshot=${snapshot}></holdfast-history>`}</div>
        <aside class="stack s3" aria-label=${msg('Addresses, credits and power')}>${this.address()}<holdfast-credits .peer=${peer} .snapshot=${snapshot}></holdfast-credits>
          <holdfast-imported-keys .peer=${peer} .snapshot=${snapshot}></holdfast-imported-keys>${this.power()}
          <holdfast-invites .peer=${peer} .snapshot=${snapshot} @holdfast-show-invite=${({ invite: { link, amount } }: ShowInviteEvent) => { void this.invite.show(link, amount) }}></holdfast-invites></aside>
      </div>
      <holdfast-send .peer=${peer} .snapshot=${snapshot}></holdfast-send>
      <holdfast-receive .peer=${peer} .snapshot=${snapshot}></holdfast-receive>
      <holdfast-make-invite .peer=${peer} .snapshot=${snapshot}></holdfast-make-invite>
    </div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-wallet': HoldfastWallet } }
