import { msg, str } from '@lit/localize'
import type { MessagePrice, ThreadMessage, ThreadSummary } from '../types.ts'
import { coins, people } from './counts.ts'
import { date, number, roughly } from './format.ts'
import { shortAddress } from './wallet.ts'

/** What the button says: sending and what it costs. */
export function priceWords(price: MessagePrice | null): string {
  if (price === null) return msg('Send')
  if (price.fee !== null && price.fee > 0) return msg(str`Send, ${coins(price.fee)}`)
  return price.fee === null && price.seconds > 0 ? msg(str`Send, about ${roughly(price.seconds)} of work`) : msg('Send, free')
}

/** Who wrote something: people have no names here but their addresses. */
export function authorWords({ own, author }: Pick<ThreadMessage, 'own' | 'author'>): string {
  return own ? msg('You') : shortAddress(author)
}

/** The last word in one line. */
export function previewWords({ last }: Pick<ThreadSummary, 'last'>): string {
  const text = last.text.replaceAll(/\s+/g, ' ').trim()
  const said = text === '' && last.attachment !== null ? msg('an attachment') : text
  return `${authorWords(last)}: ${said}`
}

export function aboutThread({ people: count, messages }: ThreadSummary, first: number | null, now: number): string {
  const since = first === null ? '' : msg(str`, since ${date(first, now)}`)
  return msg(str`${people(count)}, ${number(messages)} ${messages === 1 ? msg('message') : msg('messages')}, public${since}`)
}

/** Whether every word that is looked for stands in its title, its last message or the addresses. */
export function matches({ title, last, author }: ThreadSummary, query: string): boolean {
  const text = `${title} ${last.text} ${last.author} ${author}`.toLocaleLowerCase()
  return query.toLocaleLowerCase().split(/\s+/).every(word => text.includes(word))
}
