import { html, nothing, type TemplateResult } from 'lit'
import { msg, str } from '@lit/localize'
import { icon, type IconName } from '../drawings/icons.ts'
import { mark } from '../drawings/mark.ts'
import type { Route } from '../route.ts'
import { number } from '../strings/format.ts'

type Listed = 'share' | 'get' | 'library' | 'discover' | 'threads' | 'wallet' | 'records' | 'network' | 'settings'

const icons: Readonly<Record<Listed, IconName>> = { share: 'share', get: 'get', library: 'library', discover: 'discover', threads: 'threads', wallet: 'wallet', records: 'records', network: 'network', settings: 'settings' }
/** In the bar of a phone, and behind its More; a desk shows all of them in three groups. */
const always: readonly Listed[] = ['share', 'get', 'library', 'discover']
const folded: readonly Listed[] = ['threads', 'wallet', 'records', 'network', 'settings']
const groups: ReadonlySet<Listed> = new Set(['threads', 'network'])

/** The list of places, with what is unread. */
export function rail(current: Route['place'], unread: number): TemplateResult {
  const here = current === 'invite' ? 'wallet' : current === 'upload' ? 'discover' : current === 'check' ? 'records' : current
  const count = (name: Listed): TemplateResult | typeof nothing => name !== 'threads' || unread === 0 ? nothing
    : html`<span class="count" aria-hidden="true">${unread > 99 ? '99+' : number(unread)}</span><span class="sr"> ${msg(str`${number(unread)} unread`)}</span>`
  const inMenu = (name: Listed): TemplateResult | typeof nothing => name !== 'threads' || unread === 0 ? nothing : html`<span class="count">${number(unread)}<span class="sr"> ${msg('unread')}</span></span>`
  const place = (name: Listed): TemplateResult => html`<li class="${folded.includes(name) ? 'wide' : ''} ${groups.has(name) ? 'gap' : ''}"><a class="place" href="#/${name}" aria-current=${name === here ? 'page' : nothing}>
    <span class="spot">${icon(icons[name], 24)}</span>${placeName(name)}${count(name)}</a></li>`
  const inside = folded.find(name => name === here)
  return html`<nav class="rail" aria-label=${msg('Places')}>
    <a class="home" href="#/share" aria-label=${msg('Holdfast, home')}>${mark(44)}</a>
    <ul class="bar">${always.map(place)}
      <li class="narrow"><button type="button" class="place" popovertarget="more-places" aria-current=${inside === undefined ? nothing : 'true'}>
        <span class="spot">${icon('more', 24)}</span>${msg('More')}<span class="sr"> ${inside === undefined ? msg('places') : msg(str`places, now in ${placeName(inside)}`)}</span>${inside === 'threads' ? nothing : count('threads')}</button>
        <ul popover id="more-places" class="places" @click=${closeMenu} @toggle=${giveBackFocus}>${folded.map(name => html`<li><a href="#/${name}" aria-current=${name === here ? 'page' : nothing}>${icon(icons[name], 22)}${placeName(name)}${inMenu(name)}</a></li>`)}</ul></li>
      ${folded.map(place)}</ul></nav>`
}

/** Chromium does not give the focus back when a menu inside a shadow root is closed by Esc. */
function giveBackFocus({ newState, currentTarget }: ToggleEvent): void {
  const menu = currentTarget as HTMLElement
  const at = (menu.getRootNode() as ShadowRoot).activeElement
  if (newState === 'closed' && (at === null || menu.contains(at)) && document.activeElement !== null) menu.parentElement?.querySelector('button')?.focus()
}

function closeMenu({ currentTarget, target }: Event): void {
  if ((target as Element).closest('a') !== null) (currentTarget as HTMLElement).hidePopover()
}

export function placeName(place: Route['place']): string {
  return {
    share: () => msg('Share'), get: () => msg('Get'), library: () => msg('Library'), discover: () => msg('Discover'), upload: () => msg('Publication'), threads: () => msg('Threads'), wallet: () => msg('Wallet'), records: () => msg('Records'), check: () => msg('Check a receipt'),
    network: () => msg('Network'), settings: () => msg('Settings'), item: () => msg('Item'), invite: () => msg('Invite'),
  }[place]()
}
