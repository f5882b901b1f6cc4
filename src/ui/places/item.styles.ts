import { css } from 'lit'

/** What the views of one item have in common: its face, and what stands beside it. */
export const itemStyles = css`
  .head { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: var(--space-2); align-items: start; }
  .head .tile { inline-size: 4.5rem; block-size: 4.5rem; border-radius: var(--radius); }
  .face { border-radius: var(--radius-water); overflow: hidden; aspect-ratio: 1; box-shadow: var(--lift-2); }
  .face .frond { inline-size: 100%; block-size: 100%; }
  .caption { justify-self: center; text-align: center; }
  .relayed { display: grid; gap: .25rem; padding: .625rem .875rem; border: 1.5px dashed var(--color-edge); border-radius: var(--radius); }
  @media (min-width: 60rem) {
    .head:has(.narrow) { grid-template-columns: minmax(0, 1fr); }
    .narrow { display: none; }
  }
  @media (max-width: 59.99rem) {
    .face { display: none; }
  }
`
