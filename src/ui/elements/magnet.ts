import { html, type TemplateResult } from 'lit'
import { msg } from '@lit/localize'
import type { Item } from '../types.ts'
import './link.ts'

/** The magnet link of an item, for details. */
export function magnetBox({ magnet, title }: Item): TemplateResult {
  return html`<div class="stack s1"><p class="label">${msg('For BitTorrent clients that speak WebRTC')}</p>
    <holdfast-link .value=${magnet} name=${msg('Magnet link')} copy=${msg('Copy magnet')} about=${title}></holdfast-link></div>`
}
