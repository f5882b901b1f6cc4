import { css } from 'lit'

export const discoverStyles = css`
  .search { position: relative; }
  .search .icon { position: absolute; inset-inline-start: .875rem; inset-block-start: calc(50% - 10px); color: var(--color-ink-soft); pointer-events: none; }
  .search .input { padding-inline-start: 2.75rem; min-block-size: 3.5rem; border-radius: var(--radius-large); }
  .filters { display: flex; flex-wrap: wrap; gap: var(--space-1); }
  .filters .button { border-radius: var(--radius-full); font-weight: 500; transition: none; }
  .filters [aria-pressed='true'] { background: var(--color-ink); color: var(--color-ground); box-shadow: none; }
  .access { inline-size: 12rem; }
  .access .input { min-block-size: var(--target-small); padding-block: .25rem; font-size: var(--text-small); }
  .grid { display: grid; gap: var(--space-3) var(--space-2); grid-template-columns: repeat(auto-fill, minmax(min(9.25rem, 100%), 1fr)); }
  .card { position: relative; display: grid; grid-template-columns: minmax(0, 1fr); gap: .625rem; align-content: start; }
  /* Above the link that covers the card, and letting clicks through to it but for its own button. */
  .art { position: relative; z-index: 1; pointer-events: none; border-radius: var(--radius-large); box-shadow: var(--lift-1); transition: transform var(--time) var(--ease-settle), box-shadow var(--time); }
  .art holdfast-cover { border-radius: inherit; }
  .card:hover .art { transform: translateY(-3px); box-shadow: var(--lift-2); }
  .art > .chip { position: absolute; inset-block-start: .625rem; inset-inline-start: .625rem; background: var(--color-surface); color: var(--color-ink); box-shadow: var(--lift-1); z-index: 2; }
  .card h3 a { text-decoration: none; }
  .card h3 a::after { content: ''; position: absolute; inset: 0; border-radius: var(--radius-large); }
  .card h3 a:hover { text-decoration: underline; text-decoration-color: var(--color-accent-text); text-decoration-thickness: 2px; }
  .card h3 { font-size: var(--text-base); }
  .art holdfast-cover::part(load) { pointer-events: auto; }
  .by { font-size: var(--text-small); color: var(--color-ink-quiet); line-height: 1.4; overflow-wrap: anywhere; }
  .end { justify-self: center; }
  @media (min-width: 60rem) {
    .grid { gap: var(--space-4) var(--space-3); grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); }
  }
  @media (max-width: 40rem) {
    .filters.kinds { flex-wrap: nowrap; overflow-x: auto; margin-inline: calc(var(--gutter) * -1); padding: 4px var(--gutter); scrollbar-width: none; }
    .filters.kinds > * { flex: none; }
    .access { inline-size: 100%; }
  }
  @media (prefers-reduced-motion: reduce) {
    .card:hover .art { transform: none; }
  }
  @media (forced-colors: active) {
    .filters [aria-pressed='true'] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  }
`
