import { html, type TemplateResult } from 'lit'
import { msg } from '@lit/localize'
import type { Field } from '../sheet.ts'

/** As `limits.passphraseChars` says; whoever keeps it judges again. */
const least = 8

interface Typed { readonly first: string, readonly second: string, readonly set: (first: string, second: string) => void }

/** A new passphrase, typed twice. */
export function newPassphrase(field: (options: Field) => TemplateResult, { first, second, set }: Typed): TemplateResult {
  return html`${field({ id: 'first', label: msg('New passphrase'), type: 'password', autocomplete: 'new-password', hint: msg('At least 8 characters. Four or five words that have nothing to do with each other are better than one odd one.'), value: first, change: value => { set(value, second) } })}
    ${field({ id: 'second', label: msg('The same again'), type: 'password', autocomplete: 'new-password', value: second, change: value => { set(first, value) } })}`
}

/** Why it cannot be used; empty where it can. */
export function passphraseProblem(first: string, second: string): string {
  if (first.normalize('NFKC').length < least) return msg('It needs at least 8 characters.')
  return first === second ? '' : msg('The two are not the same. Type both again.')
}
