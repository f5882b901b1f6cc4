import { html, nothing, type TemplateResult } from 'lit'
import { msg, str } from '@lit/localize'
import { ago, bytes, moment, number } from '../../strings/format.ts'
import { coins } from '../../strings/counts.ts'
import { keeperWords } from '../../strings/keeping.ts'
import { whenBlock } from '../../strings/uploads.ts'
import type { PeerState, PublishedFile, Upload, UploadKeeping } from '../../types.ts'
import '../link.ts'
import { facts, fold, num } from '../parts.ts'
import { person } from './person.ts'

/** Who keeps it and who gives out the key, as the ledger has it; `keeping` says more of those who promised, once it is known. */
export function whoKeeps(upload: Upload, snapshot: PeerState, keeping: UploadKeeping | null): TemplateResult {
  const { kept, keepers, holders, owner, access } = upload
  const now = Date.now()
  const asked = keepers.filter(address => !kept.includes(address))
  const seen = (address: string): string => {
    const at = access.holders.find(each => each.address === address)?.seen ?? null
    return at === null ? msg('gives out the key') : msg(str`gives out the key, seen ${ago(at, now)}`)
  }
  const promise = (address: string): string => {
    const keeper = keeping?.keepers.find(each => each.address === address)
    return keeper === undefined ? msg('keeps it, and accepted to') : keeperWords(keeper, now)
  }
  const keys = upload.protected && !('public' in upload.policy) ? [...new Set([...holders, owner])] : []
  const rows = [...kept.map(address => [address, promise(address)] as const), ...asked.map(address => [address, msg('was asked to keep it')] as const), ...keys.map(address => [address, seen(address)] as const)]
  return fold(upload.protected ? msg('Who keeps it, who gives out the key') : msg('Who keeps it'), html`${rows.length === 0
    ? html`<p class="small soft">${msg('Nobody was asked to. Volunteers may keep it all the same; they are in no list.')}</p>`
    : html`<ul class="rows">${rows.map(([address, words]) => html`<li class="row-person">${person(address, snapshot, words)}</li>`)}</ul>`}
    ${keeping?.offered === 'anybody' && keeping.free > 0 ? html`<p class="small soft">${msg('Offered to every keeper.')}</p>` : nothing}
    ${keeping?.keepers.some(({ probes }) => probes !== null) === true ? html`<p class="small quiet">${msg('This device asks keepers for random pieces, one a day at most, and remembers how they answered. It tells nobody.')}</p>` : nothing}`)
}

/** Everything exactly, for whoever wants it. */
export function exactTerms(upload: Upload, { ledger }: PeerState): TemplateResult {
  const { file, images, maker, rent, until, block, time, safe, owner, holders, keepers, policy } = upload
  const now = Date.now()
  return fold(msg('Details'), html`<div class="stack">
    <holdfast-link .value=${file.cid} name=${msg('Content id')} copy=${msg('Copy content id')} about=${upload.title}></holdfast-link>
    ${facts([
      [msg('Published by'), html`<span class="mono" translate="no">${owner}</span>`],
      [msg('Published'), html`${moment(time * 1000, now, true)}, ${msg(str`in block ${number(block)}`)}${safe ? html`, ${msg('safe')}` : html`, ${msg('not safe yet')}`}`],
      [msg('Stands until'), html`${msg(str`block ${number(until)}`)}${ledger.phase === 'open' ? html`, ${whenBlock(until, ledger, now)}` : nothing}`],
      [msg('Size'), html`${num(bytes(file.size))} (${num(msg(str`${number(file.size)} bytes`))})`],
      [msg('Infohash'), html`<span class="mono">${file.infohash}</span>`],
      [msg('Audit root'), html`<span class="mono">${file.audit}</span>`],
      ...maker === '' ? [] : [[msg('Made by'), html`<bdi class="mono" translate="no">${maker}</bdi>`] as const],
      [msg('Stored as'), upload.protected ? msg('Encrypted: AES-256-GCM, in an OpenTDF file') : msg('As it is')],
      ...'pay' in policy ? [[msg('Price'), msg(str`${coins(policy.pay.price)}, ${number(policy.pay.share / 10)} % of it for whoever gives the key`)] as const] : [],
      [msg('Replication set'), rent === null ? msg('volunteers alone') : msg(str`${number(rent.wanted)} wanted, ${keepers.length === 0 ? msg('any keeper') : msg(str`${number(keepers.length)} named`)}, ${coins(rent.each)} a period for ${number(rent.periods)} periods`)],
      [msg('Key holders'), holders.length === 0 ? msg('its publisher') : number(holders.length)],
      ...images.map((image: PublishedFile, i) => [msg(str`Picture ${i + 1}`), html`${num(bytes(image.size))} <span class="mono">${image.cid}</span>`] as const),
    ])}
    <p class="small soft">${msg('The ledger shows who published it and when. It does not show who made it, nor that the title is true.')}</p></div>`)
}
