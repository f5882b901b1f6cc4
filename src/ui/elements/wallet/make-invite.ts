import { html } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { coins } from '../../strings/counts.ts'
import { number } from '../../strings/format.ts'
import { Sheet, type Form } from '../sheet.ts'
import '../link.ts'
import { notice, num } from '../parts.ts'
import '../qr.ts'
import { shareWith } from '../share-with.ts'
import { amountProblem, readAmount, spendable } from './amounts.ts'

/** Puts coins aside for whoever opens a link, and shows the link. */
@customElement('holdfast-make-invite')
export class HoldfastMakeInvite extends Sheet {
  @state() private amount = ''
  @state() private wrong = ''
  @state() private link = ''

  /** `link`: one that was made before, to be shown again. */
  async show(link = '', amount = 0): Promise<void> {
    await this.open()
    if (link !== '') [this.link, this.amount] = [link, String(amount)]
  }

  protected override clear(): void {
    this.amount = this.wrong = this.link = ''
  }

  protected override form(): Form {
    return this.link === '' ? this.ask() : this.made()
  }

  private ask(): Form {
    const fee = this.snapshot.wallet?.minimumFee ?? 0
    return {
      heading: msg('Invite somebody'),
      body: html`<p>${msg('A link that holds coins: whoever opens it first has them, and can write and pay at once.')}</p>
        <p>${msg(html`You have ${num(coins(spendable(this.snapshot)))}.`)}</p>
        ${this.field({ id: 'amount', label: msg('How many coins'), hint: msg(str`Whole coins. The fee of ${number(fee)} comes on top.`), inputmode: 'numeric', value: this.amount, wrong: this.wrong, change: value => { this.amount = value; this.wrong = '' } })}`,
      no: msg('Not now'),
      yes: msg('Make the link'),
      doing: msg('Signing…'),
      submit: async () => {
        this.wrong = amountProblem(this.amount, this.snapshot)
        if (this.wrong !== '') {
          await this.updateComplete
          this.renderRoot.querySelector<HTMLElement>('#amount')?.focus()
          return
        }
        const link = await this.peer.wallet.invite(readAmount(this.amount) ?? 0)
        await this.step(() => { this.link = link })
      },
    }
  }

  private made(): Form {
    const amount = readAmount(this.amount) ?? 0
    const { link } = this
    return {
      heading: msg(str`A link with ${coins(amount)}`),
      body: html`<holdfast-link .value=${link} name=${msg('Invite link')} copy=${msg('Copy link')} about=${coins(amount)} primary></holdfast-link>
        <holdfast-qr .value=${link}></holdfast-qr>
        ${notice('warn', msg('It is like cash'), msg('Whoever sees the link can take the coins. Send it to one person, where nobody else reads it.'))}
        <p class="small soft">${msg('The coins can be taken as soon as a block has them. Until somebody does, you can take them back under Invites.')}</p>`,
      ...'share' in navigator ? { more: html`<button type="button" class="button plain" @click=${() => { shareWith(this, { url: link }) }}>${icon('send')}${msg('Send with…')}</button>` } : {},
      no: msg('Close'),
      yes: null,
      submit: async () => { await Promise.resolve() },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-make-invite': HoldfastMakeInvite } }
