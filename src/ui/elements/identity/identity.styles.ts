import { css } from 'lit'

export const identityStyles = css`
  .panel { padding-block: .75rem; }
  .panel > * + * { border-block-start: 1px solid var(--color-line); }
  .person { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: .5rem 1rem; padding-block: .875rem; }
  .address { display: block; direction: ltr; user-select: all; }
  @media (max-width: 40rem) {
    .person { grid-template-columns: auto minmax(0, 1fr); }
    .person holdfast-copy { grid-column: 1 / -1; }
  }
`
