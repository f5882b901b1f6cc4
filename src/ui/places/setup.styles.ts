import { css } from 'lit'

export const setupStyles = css`
  .ways { display: grid; gap: var(--space-1); grid-template-columns: minmax(0, 1fr); }
  @media (min-width: 48rem) {
    .ways { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  }
`
