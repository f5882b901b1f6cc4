import { css } from 'lit'

export const linkStyles = css`
  .linkbox { display: grid; gap: var(--space-1); grid-template-columns: minmax(0, 1fr) auto; align-items: stretch; }
  input { inline-size: 100%; min-block-size: 3.5rem; padding: .5rem 1rem; border: var(--stroke-strong) solid var(--color-edge); border-radius: var(--radius); background: var(--color-sunken); color: var(--color-ink); font-family: var(--font-mono); font-size: .9375rem; letter-spacing: -.02em; text-overflow: ellipsis; direction: ltr; }
  holdfast-copy { display: grid; align-items: stretch; }
  @media (max-width: 40rem) {
    .linkbox { grid-template-columns: minmax(0, 1fr); }
  }
`
