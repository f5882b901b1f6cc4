import { html, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { icon, type IconName } from '../drawings/icons.ts'
import { keeperGlyph } from '../drawings/mark.ts'
import { others } from '../strings/counts.ts'
import { bytes, left, percent, rate } from '../strings/format.ts'
import { itemState, type Gate } from '../strings/items.ts'
import type { Item, Receiver } from '../types.ts'
import { switched, type Turn } from './switched.ts'

type Content = TemplateResult | string | typeof nothing

/** A number with its unit, kept whole in right-to-left text. */
export function num(text: string): TemplateResult {
  return html`<bdi class="num">${text}</bdi>`
}

/** What happened, what was kept, what to do. */
export function notice(tone: 'info' | 'ok' | 'warn' | 'danger' | 'plain', title: Content, text: Content, acts: Content = nothing): TemplateResult {
  const icons: Record<typeof tone, IconName> = { info: 'info', ok: 'check', warn: 'warning', danger: 'warning', plain: 'info' }
  return html`<div class="notice ${tone}">${icon(icons[tone], 22)}<div>
    ${title === nothing ? nothing : html`<b>${title}</b>`}${typeof text === 'string' ? html`<p>${text}</p>` : text}${acts}</div></div>`
}

/** The keeper badge: how many other people who have all of it are here now. */
export function keeperBadge({ keepers, state }: Item, brief = false): TemplateResult {
  const here = state === 'here'
  const words = keepers > 0 ? brief ? others(keepers) : msg(str`Kept by ${others(keepers)}`)
    : brief ? here ? msg('Only you') : msg('Nobody now')
    : here ? msg('Kept by you; nobody else with all of it is here now') : msg('Nobody with all of it is here now')
  return html`<span class="badge ${keepers === 0 ? 'lone' : ''}">${keeperGlyph(keepers)}<bdi>${words}</bdi></span>`
}

/** An item's state as shape, colour and word. */
export function stateChip(item: Item, gate: Gate): TemplateResult {
  const { tone, icon: name, words } = itemState(item, gate)
  return html`<span class="chip ${tone}">${icon(name, 17)}<bdi>${words}</bdi></span>`
}

/** Says that something is encrypted. */
export function lockBadge(): TemplateResult {
  return html`<span class="badge">${icon('lock', 18)}${msg('Protected')}</span>`
}

/** Says that whoever knows the content id alone may find something here. */
export function findableBadge(): TemplateResult {
  return html`<span class="badge">${icon('search', 18)}${msg('Findable')}</span>`
}

interface Choice {
  readonly label: string
  /** What it means; read after the label. */
  readonly about: string
  readonly id: string
  readonly checked: boolean
}

interface Check extends Choice {
  readonly change: (on: boolean) => void
}

interface Toggle extends Choice {
  readonly turn: Turn
}

/** A choice that may be made or not, the whole row as its label. */
export function check({ label, about, id, checked, change }: Check): TemplateResult {
  return html`<label class="check"><input type="checkbox" aria-labelledby=${`${id}-name`} aria-describedby=${`${id}-about`} .checked=${live(checked)} @change=${(event: Event) => { change((event.target as HTMLInputElement).checked) }} />
    <span><b id=${`${id}-name`}>${label}</b><span class="sub" id=${`${id}-about`}>${about}</span></span></label>`
}

/** A switch that acts at once, the whole row as its label. */
export function toggle({ label, about, id, checked, turn }: Toggle): TemplateResult {
  return html`<label class="switch row"><span><b id=${`${id}-name`}>${label}</b><span class="sub" id=${`${id}-about`}>${about}</span></span>
    <input type="checkbox" role="switch" aria-labelledby=${`${id}-name`} aria-describedby=${`${id}-about`} ${switched(checked, turn)} /></label>`
}

interface Bar {
  readonly title: string
  readonly done: number
  readonly total: number
  readonly tone?: 'paused' | 'failed' | 'thick'
  /** Nothing moves yet: no value is claimed. */
  readonly waiting?: boolean
}

/** A bar named after its transfer. */
export function bar({ title, done, total, tone, waiting = false }: Bar): TemplateResult {
  return waiting && done === 0
    ? html`<div class="flow" role="progressbar" aria-label=${title}></div>`
    : html`<progress class=${tone ?? ''} aria-label=${title} max=${Math.max(1, total)} .value=${total === 0 ? 1 : done}>${percent(done, total)} %</progress>`
}

/** Bytes of bytes, rate and time left under a bar. */
export function marks(done: number, total: number, speed: number, seconds: number | null): TemplateResult {
  return html`<div class="marks">
    <span><b>${num(bytes(done))}</b> ${msg('of')} ${num(bytes(total))}</span>
    ${speed > 0 ? html`<span>${num(rate(speed))}</span>` : nothing}
    ${seconds === null ? nothing : html`<span><b>${num(left(seconds))}</b></span>`}
  </div>`
}

/** Somebody who is being given an item; people have no names here, so they are counted. */
export function receiverRow(receiver: Receiver, place: number, total: number): TemplateResult {
  const name = msg(str`Person ${place}`)
  return html`<li><article class="transfer" aria-label=${name}>
    <span class="tile">${icon('person')}</span>
    <div class="who"><b class="name">${name}</b>
      <span class="state">${receiver.rate > 0 ? num(rate(receiver.rate)) : receiver.received >= total ? msg('has all of it') : msg('connected, nothing moving now')}</span></div>
    <div class="bar">${bar({ title: name, done: receiver.received, total, waiting: receiver.received === 0 })}
      ${marks(receiver.received, total, 0, receiver.left)}</div>
  </article></li>`
}

/** A list of facts, for people who want the exact terms. */
export function facts(rows: readonly (readonly [name: string, value: Content])[]): TemplateResult {
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** Something folded: the words that open it, and what is inside. */
export function fold(title: string, body: Content): TemplateResult {
  return html`<details><summary>${title}${icon('chevron')}</summary><div class="body">${body}</div></details>`
}

export function fileIcon(path: string): IconName {
  if (/\.(flac|mp3|wav|ogg|opus|m4a|aac|aiff?)$/i.test(path)) return 'music'
  return /\.(jpe?g|png|gif|webp|avif|svg|heic|tiff?)$/i.test(path) ? 'picture' : 'file'
}
