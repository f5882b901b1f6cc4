import { css } from 'lit'

export const memberStyles = css`
  .rows > li { content-visibility: auto; contain-intrinsic-block-size: auto 3.5rem; }
  holdfast-export { display: contents; } /* unknown before somebody asks for it */
  .end { display: flex; justify-content: end; align-items: center; }
  .save { display: flex; flex-wrap: wrap; gap: var(--space-1); }
  @media (max-width: 40rem) {
    .save .button { flex: 1 1 100%; }
  }
`
