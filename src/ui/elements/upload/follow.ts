import { css, html, nothing, type TemplateResult } from 'lit'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { attempt } from '../../events.ts'
import { shortAddress } from '../../strings/wallet.ts'
import type { Peer, PeerState } from '../../types.ts'

export const followStyles = css`
  .follow { transition: none; }
  .button.follow[aria-pressed='true'] { background: var(--color-ink); color: var(--color-ground); box-shadow: none; }
  @media (forced-colors: active) {
    .button.follow[aria-pressed='true'] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  }
`

/** Whether somebody's publications are followed: a button that stays in. Nobody follows themselves. */
export function followButton(host: EventTarget, peer: Peer, { identity, follows }: Pick<PeerState, 'identity' | 'follows'>, owner: string): TemplateResult | typeof nothing {
  if (owner === identity?.address) return nothing
  const on = follows.includes(owner)
  return html`<button type="button" class="button small follow" aria-pressed=${on} aria-label=${msg(str`Follow ${shortAddress(owner)}`)}
    title=${msg('Only this device knows whom you follow. Their pictures are shown without asking each time.')} @click=${() => { attempt(host, peer.follow(owner, !on)) }}>${icon(on ? 'check' : 'plus', 18)}${msg('Follow')}</button>`
}
