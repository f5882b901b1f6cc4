import { css } from 'lit'

export const recordsStyles = css`
  .back { margin-inline-start: -.75rem; }
  .filters { display: flex; flex-wrap: wrap; gap: var(--space-1); }
  .filters .button { border-radius: var(--radius-full); font-weight: 500; transition: none; }
  .filters [aria-pressed='true'] { background: var(--color-ink); color: var(--color-ground); box-shadow: none; }
  .file .name { font-weight: var(--weight-label); }
  .file .end { display: grid; justify-items: end; }
  @media (max-width: 40rem) {
    .file { grid-template-columns: auto minmax(0, 1fr); }
    .file .end { grid-column: 2; justify-items: start; }
  }
  @media (forced-colors: active) {
    .filters [aria-pressed='true'] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  }
`
