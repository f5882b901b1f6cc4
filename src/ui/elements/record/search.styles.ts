import { css } from 'lit'

export const searchStyles = css`
  :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-3); }
  .search { position: relative; flex: 1; min-inline-size: 0; }
  .with-button .button { border-radius: var(--radius-large); }
  .search .icon { position: absolute; inset-inline-start: .875rem; inset-block-start: calc(50% - 10px); color: var(--color-ink-soft); pointer-events: none; }
  .search .input { padding-inline-start: 2.75rem; min-block-size: 3.5rem; border-radius: var(--radius-large); }
  .more { display: grid; gap: var(--space-2); grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr)); padding-block-start: var(--space-1); }
  .more .wide { grid-column: 1 / -1; }
  form details { border: 0; }
  form summary { min-block-size: var(--target-small); font-size: var(--text-small); color: var(--color-ink-soft); justify-content: start; gap: .25rem; }
  form details > .body { padding-block-end: 0; }
`
