import { css } from 'lit'

export const threadsStyles = css`
  .page.split { gap: var(--space-3); }
  .h2 { font-size: var(--text-h2); }
  nav { margin-inline-start: -.75rem; }
  .search { position: relative; }
  .search .icon { position: absolute; inset-inline-start: .875rem; inset-block-start: calc(50% - 10px); color: var(--color-ink-soft); pointer-events: none; }
  .search .input { padding-inline-start: 2.75rem; }
  p[role='status']:not(:has(*)):empty { display: none; }
  .row { position: relative; display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 .875rem; padding: .875rem; border-radius: var(--radius); text-decoration: none; }
  .row:hover { background: var(--color-hover); }
  .row[aria-current] { background: var(--color-surface); box-shadow: inset 0 0 0 1px var(--color-line); }
  .row[aria-current]::before { content: ''; position: absolute; inset-block: 0; inset-inline-start: 0; inline-size: 4px; border-start-start-radius: var(--radius); border-end-start-radius: var(--radius); background: var(--color-accent); }
  .row .tile { grid-row: span 2; border-radius: .875rem; }
  .pair { grid-column: 2; display: flex; justify-content: space-between; gap: .75rem; min-inline-size: 0; }
  .title { font-weight: var(--weight-label); line-height: 1.3; overflow-wrap: anywhere; text-align: start; }
  .when { line-height: 1.6; font-size: var(--text-small); color: var(--color-ink-quiet); white-space: nowrap; }
  .preview { min-inline-size: 0; font-size: var(--text-small); color: var(--color-ink-quiet); line-height: 1.4; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .end { flex: none; color: var(--color-ink-quiet); }
  .count { min-inline-size: 1.25rem; block-size: 1.25rem; padding-inline: 5px; border-radius: 1rem; background: var(--color-ink); color: var(--color-ground); font-size: .75rem; font-weight: 640; line-height: 1.25rem; text-align: center; }
  .empty { min-block-size: 36rem; }
  @media (min-width: 60rem) {
    .page.split { grid-template-columns: 22rem minmax(0, 1fr); }
    .only-narrow { display: none; }
  }
  @media (max-width: 59.99rem) {
    .only-wide { display: none; }
  }
  @media (forced-colors: active) {
    .row[aria-current] { border: 1px solid; }
  }
`
