import { html, type TemplateResult } from 'lit'
import { msg } from '@lit/localize'
import type { Item, Peer } from '../types.ts'
import './link.ts'
import { toggle } from './parts.ts'

/** The content id to copy, and whether whoever knows it alone may find the item here; for details. */
export function findableBox(peer: Peer, item: Item): TemplateResult {
  return html`<div class="stack s1">
    ${toggle({
      id: 'findable', label: msg('Findable by content id'), checked: item.findable,
      about: item.protected
        ? msg('Whoever knows the content id can find and fetch the encrypted file from you without the link. Without its key they cannot open it.')
        : msg('Whoever knows the content id can find and fetch it from you without the link.'),
      turn: on => peer.setFindable(item.cid, on),
    })}
    <holdfast-link .value=${item.cid} name=${msg('Content id')} copy=${msg('Copy content id')} about=${item.title}></holdfast-link></div>`
}
