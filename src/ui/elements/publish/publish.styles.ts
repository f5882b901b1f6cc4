import { css } from 'lit'

export const publishStyles = css`
  textarea { font: inherit; letter-spacing: inherit; line-height: 1.5; resize: vertical; }
  textarea.mono, input.mono { font-family: var(--font-mono); font-size: .875em; }
  .two { display: grid; gap: var(--space-2); grid-template-columns: minmax(0, 1fr); align-items: start; }
  .kinds { display: grid; gap: var(--space-1); grid-template-columns: minmax(0, 1fr); }
  .top-line { display: flex; justify-content: space-between; align-items: baseline; gap: var(--space-2); }
  @media (min-width: 40rem) {
    .two { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .kinds.three { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  }
  @media (min-width: 60rem) {
    .summary { position: sticky; inset-block-start: 5.5rem; }
  }
`
