import { css } from 'lit'

export const chainStyles = css`
  :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-2); }
  nav[aria-label='Back'], nav:first-child { margin-inline-start: -.75rem; }
  .head { display: flex; flex-wrap: wrap; gap: var(--space-2); justify-content: space-between; align-items: end; }
  .head > div:first-child { min-inline-size: min(16rem, 100%); flex: 1; }
  .jump { inline-size: 6rem; min-block-size: var(--target-small); padding-block: .25rem; }
  @media (min-width: 60rem) {
    .narrow { display: none; }
  }
`
