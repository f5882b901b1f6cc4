import { msg, str } from '@lit/localize'
import type { Draft, PublishDraft } from './draft.ts'
import { fileIcon } from './elements/parts.ts'
import { readAmount, spendable } from './elements/wallet/amounts.ts'
import { number } from './strings/format.ts'
import type { PeerState, PublishOrder, SourceFile, UploadKind } from './types.ts'

/** Limits of a publish record, so that what breaks one is told before anything is read. `stamped`: of those who pay with work. */
export const most = { title: 128, about: 512, tags: 8, tag: 32, covers: 8, list: 32, holders: 8, keepers: 16, wanted: 8, until: 52, price: 2 ** 40 - 1, share: 50, stamped: { covers: 1, until: 4 } } as const
/** Periods an upload stands where its publisher says nothing else. */
export const usualUntil = 13

/** Base58 of a hash of 160 bits with its checksum begins so; whether the checksum is right the peer tells. */
const addressShape = /^T[1-9A-HJ-NP-Za-km-z]{25,34}$/
/** Characters that turn text round or show nothing: C0, C1 and controls of direction. */
// eslint-disable-next-line no-control-regex -- it is about them
const unseen = /[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/

/** One picture belongs to a track that was chosen with it: it is its cover, no second file. */
export function arrange(files: readonly SourceFile[]): { readonly files: readonly SourceFile[], readonly covers: readonly File[] } {
  const [track, ...more] = files.filter(({ path }) => fileIcon(path) === 'music')
  const pictures = files.filter(({ path }) => fileIcon(path) === 'picture')
  return track !== undefined && more.length === 0 && pictures.length === files.length - 1 && pictures.length <= most.covers
    ? { files: [track], covers: pictures.map(({ file }) => file) } : { files, covers: [] }
}

/** Addresses of a field, one a line or divided by spaces and commas, each once; and what is none. */
export function readAddresses(text: string): { readonly addresses: readonly string[], readonly wrong: readonly string[] } {
  const words = [...new Set(text.split(/[\s,;]+/).filter(word => word !== ''))]
  return { addresses: words.filter(word => addressShape.test(word)), wrong: words.filter(word => !addressShape.test(word)) }
}

export function readTags(text: string): readonly string[] {
  return [...new Set(text.split(',').map(tag => tag.trim().replaceAll(/\s+/g, ' ').normalize('NFC')).filter(tag => tag !== ''))]
}

/** Text on one line, as records have it. */
export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').normalize('NFC')
}

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

/** Whether the fee can be paid; who cannot pays with work, and may do less. */
export function paysWithWork(snapshot: Pick<PeerState, 'account' | 'wallet'>): boolean {
  return spendable(snapshot) < (snapshot.wallet?.minimumFee ?? 1)
}

export type PolicyName = NonNullable<PublishDraft['policy']>

/** Which policies a kind can have: music is always encrypted, pictures never. */
export function policiesOf(kind: UploadKind): readonly PolicyName[] {
  return { audio: ['public', 'owner', 'list', 'pay'], image: ['open'], archive: ['open', 'public', 'owner', 'list', 'pay'] }[kind] as PolicyName[]
}

export function chosenPolicy({ policy }: Pick<PublishDraft, 'policy'>, kind: UploadKind): PolicyName {
  const possible = policiesOf(kind)
  return policy !== null && possible.includes(policy) ? policy : possible[0] ?? 'open'
}

/** Keys are given out by others only where there is something to decide. */
export function hasHolders(policy: PolicyName): boolean {
  return policy === 'owner' || policy === 'list' || policy === 'pay'
}

/** Fields of the form, by what is wrong with each. */
export type FieldName = 'title' | 'about' | 'tags' | 'covers' | 'list' | 'price' | 'share' | 'holders' | 'keepers' | 'wanted' | 'each' | 'until'
export type Wrong = Partial<Record<FieldName, string>>

interface Proposal { readonly kind: UploadKind, readonly title: string }

/** The order that a draft makes, and what is wrong with it by field; an order with anything wrong is not to be sent. */
export function orderOf({ files, title, publish: draft }: Draft & { readonly publish: PublishDraft }, proposed: Proposal, snapshot: Pick<PeerState, 'account' | 'wallet' | 'identity'>): { readonly order: PublishOrder, readonly wrong: Wrong } {
  const kind = draft.kind ?? proposed.kind
  const arranged = kind === 'archive' ? { files, covers: [] } : arrange(files)
  const policy = chosenPolicy(draft, kind)
  const [list, holders, keepers] = [readAddresses(draft.list), readAddresses(draft.holders), readAddresses(draft.keepers)]
  const price = readAmount(draft.price)
  const stamped = paysWithWork(snapshot)
  const named = draft.keeping === 'named'
  const each = draft.keeping === 'volunteers' ? 0 : readAmount(draft.each)
  const order: PublishOrder = {
    files: arranged.files,
    covers: kind === 'image' ? [] : [...arranged.covers, ...draft.covers],
    kind,
    title: oneLine(title ?? '') === '' ? oneLine(proposed.title) : oneLine(title ?? ''),
    about: oneLine(draft.about),
    tags: readTags(draft.tags),
    protect: policy !== 'open',
    policy: policy === 'list' ? { list: list.addresses } : policy === 'pay' ? { pay: { price: price ?? 0, share: Math.round(Number(draft.share) * 10) } } : policy,
    holders: hasHolders(policy) ? holders.addresses : [],
    keepers: named ? keepers.addresses : [],
    wanted: draft.keeping === 'volunteers' ? null : named ? Math.min(draft.wanted, Math.max(1, keepers.addresses.length)) : draft.wanted,
    ...each === null || each === 0 ? {} : { each },
    until: draft.until ?? (stamped ? most.stamped.until : usualUntil),
  }
  const needed = setAside(order) + (snapshot.wallet?.minimumFee ?? 0)
  const me = snapshot.identity?.address
  const wrong: Record<FieldName, string> = {
    title: textProblem(order.title, most.title) || (order.title === '' ? msg('It needs a title.') : ''),
    about: textProblem(order.about, most.about),
    tags: order.tags.length > most.tags ? msg(str`At most ${most.tags} tags.`) : order.tags.map(tag => textProblem(tag, most.tag)).find(problem => problem !== '') ?? '',
    covers: order.covers.length > most.covers ? msg(str`At most ${most.covers} pictures.`) : stamped && order.covers.length > most.stamped.covers ? msg('Without coins for the fee it takes one picture.') : '',
    list: policy === 'list' ? addressProblem(list, most.list, me) : '',
    price: policy !== 'pay' ? '' : stamped ? msg('Without coins for the fee nothing can be put up for sale.') : priceProblem(draft.price, price),
    share: policy !== 'pay' || /^\d{1,2}([.]\d)?$/.test(draft.share.trim()) && Number(draft.share) <= most.share ? '' : msg(str`From 0 to ${most.share} percent.`),
    holders: !hasHolders(policy) ? '' : stamped && holders.addresses.length > 0 ? msg('Without coins for the fee nobody else can be given the key to hand on.') : addressProblem(holders, most.holders, me),
    keepers: draft.keeping === 'volunteers' ? '' : stamped ? msg('Without coins for the fee no keepers can be asked; volunteers may keep it all the same.')
      : !named ? '' : keepers.addresses.length + keepers.wrong.length === 0 ? msg('Name at least one, or let anybody take it.') : addressProblem(keepers, most.keepers, me),
    wanted: draft.keeping === 'volunteers' || (Number.isInteger(draft.wanted) && draft.wanted >= 1 && draft.wanted <= most.wanted) ? '' : msg(str`From 1 to ${most.wanted}.`),
    each: each === null || each > most.price ? msg('A whole number of coins; 0 to pay nothing.') : each > 0 && needed > spendable(snapshot) ? msg(str`It takes ${number(needed)} coins in all, and you have ${number(spendable(snapshot))}.`) : '',
    until: untilProblem(order.until, stamped),
  }
  return { order, wrong: Object.fromEntries(Object.entries(wrong).filter(([, problem]) => problem !== '')) }
}

/** Coins that are set aside for the keepers of an order, if each of them earns all of it. */
export function setAside({ each = 0, wanted, until }: Pick<PublishOrder, 'each' | 'wanted' | 'until'>): number {
  return each * (wanted ?? 0) * until
}

function textProblem(text: string, limit: number): string {
  if (unseen.test(text)) return msg('There are characters in it that nobody sees, or that turn text round. Type it by hand.')
  const over = byteLength(text) - limit
  return over > 0 ? msg(str`${number(over)} bytes too long.`) : ''
}

export function addressProblem({ addresses, wrong }: ReturnType<typeof readAddresses>, limit: number, me: string | undefined): string {
  const [first] = wrong
  if (first !== undefined) return msg(str`“${first.slice(0, 40)}” is no whole address.`)
  if (me !== undefined && addresses.includes(me)) return msg('Your own address is among them; leave it out.')
  return addresses.length > limit ? msg(str`At most ${limit} addresses.`) : ''
}

export function priceProblem(text: string, price: number | null): string {
  if (text.trim() === '') return msg('There is no price yet.')
  if (price === null || price < 1) return msg('At least 1 coin, in whole coins.')
  return price > most.price ? msg(str`At most ${number(most.price)} coins.`) : ''
}

export function untilProblem(until: number, stamped: boolean): string {
  const limit = stamped ? most.stamped.until : most.until
  return Number.isInteger(until) && until >= 1 && until <= limit ? '' : stamped ? msg(str`Without coins for the fee, 1 to ${limit} periods.`) : msg(str`From 1 to ${limit} periods.`)
}
