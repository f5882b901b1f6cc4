import { css } from 'lit'

export const composerStyles = css`
  .panel { padding: var(--space-2); }
  textarea { font: inherit; letter-spacing: inherit; line-height: 1.5; resize: vertical; min-block-size: 5.5rem; }
  .field > [role='status']:empty { display: none; }
  form > [role='status']:not(:has(p)) { display: none; }
  .attached { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: .875rem; padding: .5rem; border-radius: var(--radius); background: var(--color-sunken); }
  .attached .name, .attached .meta { display: block; overflow-wrap: anywhere; line-height: 1.35; }
  .attached .meta { font-size: var(--text-small); color: var(--color-ink-quiet); }
  .attached .tile { background: var(--color-surface); }
  @media (forced-colors: active) {
    .attached { border: 1px solid; }
  }
`
