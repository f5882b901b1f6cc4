import { css, html, type TemplateResult } from 'lit'
import { msg } from '@lit/localize'
import { frond } from '../../drawings/kelp.ts'
import { shortAddress } from '../../strings/wallet.ts'
import type { PeerState } from '../../types.ts'

export const personStyles = css`
  .person { display: inline-flex; align-items: center; gap: .625rem; min-inline-size: 0; }
  .person .tile { border-radius: .875rem; }
  .person > span:last-child { min-inline-size: 0; line-height: 1.35; }
  .person .meta { display: block; font-size: var(--text-small); color: var(--color-ink-quiet); }
`

/** An address with its face; the whole of it is its title, and is told in details. */
export function person(address: string, { identity }: Pick<PeerState, 'identity'>, meta: TemplateResult | string = ''): TemplateResult {
  return html`<span class="person"><span class="tile">${frond(address)}</span><span>
    ${identity?.address === address ? html`<b>${msg('You')}</b>` : html`<bdi class="mono" translate="no" title=${address}>${shortAddress(address)}</bdi>`}${meta === '' ? '' : html`<span class="meta">${meta}</span>`}</span></span>`
}
