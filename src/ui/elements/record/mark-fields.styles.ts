import { css } from 'lit'

export const markFieldStyles = css`
  legend { margin-block-end: .5rem; }
  .mark { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: .25rem; align-items: center; }
  .hex { font-family: var(--font-mono); min-inline-size: 2.75rem; padding-inline: .5rem; }
  .hex[aria-pressed='true'] { background: var(--color-ink); color: var(--color-ground); box-shadow: none; }
  .hex[aria-pressed='true'][disabled] { background: var(--color-sunken); color: var(--color-ink-quiet); }
  [role='status']:empty { display: none; }
  .add { margin-inline-start: -.75rem; }
  @media (forced-colors: active) {
    .hex[aria-pressed='true'] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  }
`
