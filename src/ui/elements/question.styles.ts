import { css } from 'lit'

export const questionStyles = css`
  dialog { inline-size: min(34rem, calc(100vw - 2rem)); max-block-size: calc(100dvh - 2rem); padding: 0; border: 0; border-radius: var(--radius-water); background: var(--color-surface); color: var(--color-ink); box-shadow: var(--lift-3); }
  dialog::backdrop { background: var(--color-scrim); }
  .dialog { display: grid; gap: var(--space-2); grid-template-columns: minmax(0, 1fr); padding: clamp(1.25rem, .8rem + 2vw, 2rem); }
  .acts { display: flex; flex-wrap: wrap; justify-content: end; gap: var(--space-1); margin-block-start: var(--space-1); }
  @media (forced-colors: active) {
    dialog { border: 1px solid; }
  }
`
