import { html, nothing, type TemplateResult } from 'lit'
import { msg } from '@lit/localize'
import { icon, type IconName } from '../drawings/icons.ts'
import { mark } from '../drawings/mark.ts'
import type { Route } from '../route.ts'

/** The list of places. */
export function rail(current: Route['place']): TemplateResult {
  const places: readonly (readonly [Route['place'], IconName])[] = [['share', 'share'], ['get', 'get'], ['library', 'library'], ['network', 'network'], ['settings', 'settings']]
  return html`<nav class="rail" aria-label=${msg('Places')}>
    <a class="home" href="#/share" aria-label=${msg('Holdfast, home')}>${mark(44)}</a>
    <ul class="bar">${places.map(([name, drawn]) => html`<li class=${name === 'network' ? 'gap' : ''}><a class="place" href="#/${name}" aria-current=${name === current ? 'page' : nothing}>
      <span class="spot">${icon(drawn, 24)}</span>${placeName(name)}</a></li>`)}</ul></nav>`
}

export function placeName(place: Route['place']): string {
  return {
    share: () => msg('Share'), get: () => msg('Get'), library: () => msg('Library'),
    network: () => msg('Network'), settings: () => msg('Settings'), item: () => msg('Item'),
  }[place]()
}
