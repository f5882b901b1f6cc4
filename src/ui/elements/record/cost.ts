import { html, nothing, type TemplateResult } from 'lit'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { coins } from '../../strings/counts.ts'
import { number } from '../../strings/format.ts'
import { credits as creditWords, recordStage } from '../../strings/records.ts'
import type { CreditState, RecordQuote } from '../../types.ts'

interface Cost {
  readonly quote: RecordQuote | null
  readonly chain: string | null
  readonly credits: CreditState | null
  /** Opens what buys as many. */
  readonly buy: (missing: number) => void
}

/** A credit pays for as many bytes. */
const step = 1024

/** What it costs while it is written: credits, the kilobyte it fills, and what is missing. */
export function costBox({ quote, chain, credits, buy }: Cost): TemplateResult {
  const payload = quote?.payload ?? 0
  const filled = step * Math.max(1, Math.ceil(payload / step))
  const least = chain === null ? 11 : 1
  return html`<section class="water inner cost stack s1" aria-label=${msg('Cost')}>
    <div class="line apart"><span class="soft">${msg('Cost')}</span><b class="num">${quote === null ? msg(str`from ${creditWords(least)}`) : creditWords(quote.credits)}</b></div>
    <progress max=${filled} .value=${payload} aria-label=${msg('Bytes used of what is paid for')}></progress>
    <p class="small soft">${quote === null ? msg('A credit for each 1,024 bytes begun, and ten more for a new chain.') : html`<bdi class="num">${msg(str`${number(payload)} of ${number(filled)} bytes.`)}</bdi> ${msg(str`${number(Math.max(0, quote.free))} more fit in.`)}`}
      ${quote === null ? credits === null ? nothing : msg(str`You have ${creditWords(credits.credits)}.`) : balanceWords(quote)}</p>
    ${quote === null ? nothing : missing(quote, credits, buy)}
    ${quote === null || quote.copies === 0 ? nothing : html`<p class="small care">${icon('info', 18)} ${quote.copies === 1 ? msg('The very same entry is there already. This makes a second copy.') : msg(str`The very same entry is there ${number(quote.copies)} times already. This makes another copy.`)}</p>`}
  </section>`
}

function balanceWords({ balance, credits }: RecordQuote): string {
  return balance < credits ? msg(str`You have ${creditWords(balance)}.`) : msg(str`${creditWords(balance - credits)} left afterwards.`)
}

function missing({ balance, credits, coins: price }: RecordQuote, standing: CreditState | null, buy: (missing: number) => void): TemplateResult | typeof nothing {
  const lacking = credits - balance
  if (lacking <= 0) return nothing
  const coming = standing?.sending.filter(({ kind, stage }) => kind === 'buy-credits' && stage !== 'failed' && stage !== 'safe') ?? []
  const bought = coming.reduce((sum, each) => sum + each.credits, 0)
  if (bought >= lacking) return html`<p class="small" role="status">${msg(str`${creditWords(bought)} are on their way: ${recordStage(coming[0]?.stage ?? 'local').words.toLowerCase()}. What you write waits for them.`)}</p>`
  return html`<p class="small">${msg(str`${creditWords(lacking)} are missing. They cost ${coins(price)}, fees included.`)}</p>
    <div class="line"><button type="button" class="button small" @click=${() => { buy(lacking) }}>${icon('coins', 18)}${msg(str`Buy ${creditWords(lacking)}`)}</button></div>`
}
