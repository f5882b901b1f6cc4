import { html, svg, type TemplateResult } from 'lit'

/** The mark: a stem, three fingers, one pebble. */
export function mark(size: number): TemplateResult {
  return html`<svg width=${size} height=${size} viewBox="0 0 64 64" fill="none" aria-hidden="true">
    <ellipse cx="32" cy="48" rx="12" ry="10.5" fill="var(--color-accent)" />
    <path d="M32 4v31M32 18C20.5 21 11.5 32 11 55M32 18c11.5 3 20.5 14 21 37" stroke="currentColor" stroke-width="6" stroke-linecap="round" />
    <path d="M34 14c8-.3 13-4 14-12-8 .2-13 4-14 12z" fill="currentColor" />
  </svg>`
}

/** Nothing here yet: the fingers with the pebble missing. */
export function emptyMark(): TemplateResult {
  return html`<svg width="72" height="72" viewBox="0 0 64 64" fill="none" aria-hidden="true">
    <ellipse cx="32" cy="48" rx="11.5" ry="9.5" stroke="var(--color-ink-quiet)" stroke-width="2" stroke-dasharray="4 4" />
    <path d="M32 6v14M32 19C22 22 14 32 13.5 53M32 19c10 3 18 13 18.5 34M32 19v13" stroke="var(--color-edge)" stroke-width="3" stroke-linecap="round" />
  </svg>`
}

/** Where each finger ends, for one to five of them: half their spread at the outside, short ones between. */
const spread = [0, 0, 8.2, 8.6, 9, 9.2]

/** The keeper's glyph: as many fingers as keepers, up to five; none is a bare dashed pebble. */
export function keeperGlyph(keepers: number): TemplateResult {
  const n = Math.min(5, keepers)
  const outer = spread[n] ?? 0
  const fingers = Array.from({ length: n }, (_, i) => n === 1 ? 0 : outer * (2 * i / (n - 1) - 1))
    .map(x => Math.abs(x) === outer && n > 1
      ? `M12 4.5C12 7 ${12 + x} 9 ${12 + x} 20.5`
      : `M12 4.5C12 8 ${12 + x} 9 ${12 + x} ${x === 0 ? 13.8 : 14.5}`).join('')
  return html`<svg width="24" height="24" viewBox="0 0 24 24" fill="none" aria-hidden="true">${n === 0
    ? svg`<ellipse cx="12" cy="17.6" rx="5.2" ry="4.3" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.5 2" />`
    : svg`<ellipse cx="12" cy="17.6" rx="5.2" ry="4.3" fill="var(--color-accent)" />
      <path d=${`M12 1.5v4${fingers}`} stroke="currentColor" stroke-width="1.75" stroke-linecap="round" />`}</svg>`
}
