import { html, nothing, type TemplateResult } from 'lit'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { coins } from '../../strings/counts.ts'
import { number } from '../../strings/format.ts'
import { credits as creditWords } from '../../strings/records.ts'
import type { CreditState, HeldKey, RecordQuote } from '../../types.ts'

interface Cost {
  readonly quote: RecordQuote | null
  readonly chain: string | null
  readonly credits: CreditState | null
  /** What a key of elsewhere is to pay for, for which nothing is bought here; null where the person's own pays. */
  readonly payer: HeldKey | null
  /** Opens what buys as many. */
  readonly buy: (missing: number) => void
}

/** A credit pays for as many bytes. */
const step = 1024

/** What it costs while it is written: credits, the kilobyte it fills, and what is missing. */
export function costBox({ quote, chain, credits, payer, buy }: Cost): TemplateResult {
  const payload = quote?.payload ?? 0
  const filled = step * Math.max(1, Math.ceil(payload / step))
  const least = chain === null ? 11 : 1
  return html`<section class="water inner cost stack s1" aria-label=${msg('Cost')}>
    <div class="line apart"><span class="soft">${msg('Cost')}</span><b class="num">${quote === null ? msg(str`from ${creditWords(least)}`) : creditWords(quote.credits)}</b></div>
    <progress max=${filled} .value=${payload} aria-label=${msg('Bytes used of what is paid for')}></progress>
    <p class="small soft">${quote === null ? chain === null ? msg('A credit for each 1,024 bytes begun, and ten more for a new chain.') : msg('A credit for each 1,024 bytes begun.') : html`<bdi class="num">${msg(str`${number(payload)} of ${number(filled)} bytes.`)}</bdi> ${msg(str`${number(Math.max(0, quote.free))} more fit in.`)}`}
      ${quote === null ? credits === null ? nothing : payer === null ? msg(str`You have ${creditWords(credits.credits)}.`) : msg(str`This key has ${creditWords(payer.holds)}.`) : balanceWords(quote, payer !== null)}</p>
    ${quote === null ? nothing : missing(quote, credits, payer === null ? buy : null)}
    ${quote === null || quote.copies === 0 ? nothing : html`<p class="small care">${icon('info', 18)} ${quote.copies === 1 ? msg('The very same entry is there already. This makes a second copy.') : msg(str`The very same entry is there ${number(quote.copies)} times already. This makes another copy.`)}</p>`}
  </section>`
}

/** Credits that are being bought and in no block yet. */
export function comingCredits(standing: CreditState | null): number {
  return (standing?.sending ?? []).reduce((sum, { kind, stage, credits }) => sum + (kind === 'buy-credits' && (stage === 'local' || stage === 'offered') ? credits : 0), 0)
}

function balanceWords({ balance, credits }: RecordQuote, elsewhere: boolean): string {
  return balance < credits ? elsewhere ? msg(str`This key has ${creditWords(balance)}.`) : msg(str`You have ${creditWords(balance)}.`) : msg(str`${creditWords(balance - credits)} left afterwards.`)
}

function missing({ balance, credits, coins: price }: RecordQuote, standing: CreditState | null, buy: Cost['buy'] | null): TemplateResult | typeof nothing {
  const lacking = credits - balance
  if (lacking <= 0) return nothing
  if (buy === null) return html`<p class="small">${msg(str`Missing: ${creditWords(lacking)}. Buy them for its EC address, or let your own credits pay.`)}</p>`
  const bought = comingCredits(standing)
  if (bought >= lacking) return html`<p class="small">${msg(str`On their way: ${creditWords(bought)}. What you record now waits for them.`)}</p>`
  return html`<p class="small">${msg(str`Missing: ${creditWords(lacking)}, for ${coins(price)} with the fees.`)}</p>
    <div class="line"><button type="button" class="button small" @click=${() => { buy(lacking) }}>${icon('coins', 18)}${msg(str`Buy ${creditWords(lacking)}`)}</button></div>`
}
