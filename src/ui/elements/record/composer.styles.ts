import { css } from 'lit'

export const composerStyles = css`
  :host { scroll-margin-block-start: 5rem; }
  textarea { line-height: 1.5; resize: vertical; min-block-size: 8rem; }
  .field > [role='status']:empty, form > [role='status']:not(:has(*)) { display: none; }
  .field .plain { margin-inline-start: -.75rem; }
  .attached { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: .875rem; padding: .5rem; border-radius: var(--radius); background: var(--color-sunken); }
  .attached .name, .attached .meta { display: block; overflow-wrap: anywhere; line-height: 1.35; }
  .attached .meta { font-size: var(--text-small); color: var(--color-ink-quiet); }
  .attached .tile { background: var(--color-surface); }
  .cost { padding: 1rem 1.25rem; border-radius: var(--radius); }
  .cost b { font-size: var(--text-h3); }
  @media (forced-colors: active) {
    .attached { border: 1px solid; }
  }
`
