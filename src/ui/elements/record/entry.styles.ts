import { css } from 'lit'

export const entryStyles = css`
  :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-2); }
  .back { margin-inline-start: -.75rem; text-align: start; }
  .content { margin: 0; max-block-size: 40rem; overflow: auto; padding: 1rem; border-radius: var(--radius); background: var(--color-sunken); font-family: var(--font-mono); font-size: .875rem; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; }
  @media (forced-colors: active) {
    .content { border: 1px solid; }
  }
`
