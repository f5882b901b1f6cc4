import { css } from 'lit'

export const threadStyles = css`
  h1 { font-size: var(--text-h2); }
  .head { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5rem; align-items: start; }
  nav { margin-inline-start: -.75rem; }
  .post { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .125rem .875rem; }
  .avatar { grid-row: span 2; border-radius: .875rem; }
  .by { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: start; min-block-size: 2rem; }
  .by .line { gap: 0 .625rem; min-block-size: 2rem; }
  .by b { line-height: 1.3; }
  .by time { font-size: var(--text-small); color: var(--color-ink-quiet); }
  .by .button { inline-size: 2rem; min-block-size: 2rem; margin-inline-end: -.375rem; }
  .body { grid-column: 2; display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; }
  .body > p { white-space: pre-line; overflow-wrap: anywhere; }
  .attach { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: .875rem; padding: .625rem; border-radius: var(--radius); box-shadow: inset 0 0 0 1px var(--color-line); background: var(--color-surface); max-inline-size: 30rem; }
  .attach b, .attach span.small { display: block; overflow-wrap: anywhere; line-height: 1.35; }
  .details { padding: .75rem 1rem; border-radius: var(--radius); background: var(--color-sunken); }
  .details p { font-size: var(--text-small); }
  @media (min-width: 60rem) {
    .only-narrow { display: none; }
  }
  @media (max-width: 22rem) {
    .attach { grid-template-columns: auto minmax(0, 1fr); }
    .attach .button { grid-column: 2; justify-self: start; }
  }
  @media (forced-colors: active) {
    .attach, .details { border: 1px solid; }
  }
`
