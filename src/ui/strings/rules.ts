import { msg } from '@lit/localize'
import type { Words } from './errors.ts'

/** Why the ledger refuses what concerns uploads, keepers and purchases, by the rule it breaks. Others are told by their code. */
const words: Readonly<Record<string, () => Words>> = {
  'upload-exists': () => ({ what: msg('You publish this already'), next: msg('It is on the ledger under your address; change it there.') }),
  'upload-unknown': () => ({ what: msg('It is not on the ledger any more'), next: msg('Its owner withdrew it, or its time was over. Nothing was spent.') }),
  'upload-over': () => ({ what: msg('It is withdrawn, or its time is over'), next: msg('Nothing was spent.') }),
  'upload-terms': () => ({ what: msg('Some of this does not go together'), next: msg('Look at who may have it, the keepers and how long it lasts. Nothing was spent.') }),
  'upload-holders': () => ({ what: msg('Somebody in it cannot give out the key'), next: msg('Leave out whoever has no key on the ledger, and yourself. Nothing was spent.') }),
  'upload-keepers': () => ({ what: msg('Somebody in it is no keeper'), next: msg('Only accounts that keep for others can be asked. Nothing was spent.') }),
  'upload-readers': () => ({ what: msg('The list of readers does not go'), next: msg('Each can stand in it once. Nothing was spent.') }),
  'upload-stamped': () => ({ what: msg('This needs coins for a fee'), next: msg('Without any, publish with one picture at most, no price and no keepers, for four periods.') }),
  'rent-unpaid': () => ({ what: msg('Keepers of this network are not paid'), next: msg('Ask them without coins. Nothing was spent.') }),
  'keeper-unknown': () => ({ what: msg('This account keeps nothing for others'), next: msg('Turn it on in the Library first.') }),
  'keeper-bond': () => ({ what: msg('The bond does not fit'), next: msg('Pledge as much as your coins are enough for. Nothing was spent.') }),
  'keeper-full': () => ({ what: msg('It does not fit into what you pledged'), next: msg('Pledge more room, or let something go.') }),
  'keeper-void': () => ({ what: msg('This account ends its keeping'), next: msg('It can begin anew when that is over.') }),
  'audit-period': () => ({ what: msg('The proof is of another period'), next: msg('The next one is made by itself.') }),
  'audit-pick': () => ({ what: msg('Nobody waits for this proof'), next: msg('It was given already, or is not needed any more.') }),
  'audit-proof': () => ({ what: msg('The proof does not fit the file'), next: msg('Check the file; what is damaged is fetched again.') }),
  'offer-unknown': () => ({ what: msg('Its owner does not ask you to keep it'), next: msg('You may keep it all the same, without a promise.') }),
  'offer-taken': () => ({ what: msg('All its places are taken'), next: msg('Others were first. You may keep it all the same, without a promise.') }),
  'duty-unknown': () => ({ what: msg('You do not keep this any more'), next: msg('There is nothing to let go.') }),
  'buy-price': () => ({ what: msg('The price has changed'), next: msg('Look at it again. Nothing was spent.') }),
  'buy-twice': () => ({ what: msg('You bought this already'), next: msg('The key comes as soon as somebody gives it.') }),
  'buy-unknown': () => ({ what: msg('There is no purchase any more'), next: msg('It was settled already.') }),
  'settle-done': () => ({ what: msg('It was settled already'), next: msg('The coins are where they belong.') }),
  'settle-early': () => ({ what: msg('It is too early for that'), next: msg('Whoever may give the key still has time. Nothing was spent.') }),
}

export function ruleWords(rule: unknown): Words | null { return typeof rule === 'string' && Object.hasOwn(words, rule) ? words[rule]!() : null }
