import { html } from 'lit'
import { customElement } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { notice } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'

/** Asked before the first publication: whoever loses the phrase can change nothing of it, and open nothing of their own. */
@customElement('holdfast-not-backed-up')
export class HoldfastNotBackedUp extends Sheet {
  private go: (() => Promise<void>) | null = null

  /** `go` is done when the person goes on without a backup. */
  async show(go: () => Promise<void>): Promise<void> {
    await this.open()
    this.go = go
  }

  protected override clear(): void {
    this.go = null
  }

  protected override form(): Form {
    return {
      heading: msg('Back up before you publish?'),
      body: html`${notice('warn', msg('A publication belongs to your address'), msg('If this browser’s data is cleared, you can never change it, withdraw it, give out its key or be paid for it, and nobody can open what only you have the key of.'))}
        <p>${msg('It takes two minutes and 12 words. What you wrote here waits for you.')}</p>
        <p><a class="button" href="#/settings" @click=${this.close}>${msg('Back up now')}</a></p>`,
      no: msg('Not now'),
      yes: msg('Publish without a backup'),
      submit: async () => {
        const { go } = this
        this.close()
        await go?.()
      },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-not-backed-up': HoldfastNotBackedUp } }
