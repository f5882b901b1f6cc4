import { css } from 'lit'

export const uploadStyles = css`
  nav { margin-inline-start: -.75rem; }
  .face { border-radius: var(--radius-water); overflow: hidden; box-shadow: var(--lift-2); }
  .more-faces { display: grid; gap: var(--space-1); grid-template-columns: repeat(auto-fill, minmax(5rem, 1fr)); }
  .more-faces holdfast-cover { border-radius: var(--radius); overflow: hidden; }
  .about { white-space: pre-line; overflow-wrap: anywhere; }
  .tags { display: flex; flex-wrap: wrap; gap: .5rem; }
  .row-person { padding-block: .5rem; }
  .side > .switch { margin-block-end: var(--space-2); }
  @media (min-width: 60rem) {
    .item { grid-template: 'art main' auto 'side main' 1fr / 24rem minmax(0, 1fr); gap: var(--space-4) var(--space-6); }
    .item > .art { grid-area: art; }
    .item > .main { grid-area: main; }
    .item > .side { grid-area: side; }
  }
  @media (max-width: 59.99rem) {
    .item > .art { max-inline-size: 22rem; }
  }
`
