import { css } from 'lit'

export const libraryStyles = css`
  table { inline-size: 100%; border-collapse: collapse; font-size: var(--text-small); }
  th { text-align: start; font-weight: 500; color: var(--color-ink-quiet); padding: .5rem .75rem .5rem 0; border-block-end: 1px solid var(--color-line); white-space: nowrap; }
  td { padding: .875rem .75rem .875rem 0; border-block-end: 1px solid var(--color-line); vertical-align: middle; }
  tbody tr:last-child td { border-block-end: 0; }
  .end { text-align: end; padding-inline-end: 0; white-space: nowrap; }
  .title { display: flex; gap: .875rem; align-items: center; font-size: var(--text-base); line-height: 1.35; }
  .title > span:last-child { min-inline-size: 0; overflow-wrap: anywhere; }
  .title a { font-weight: var(--weight-label); text-decoration-thickness: 1.5px; }
  .storage { inline-size: 100%; block-size: 1rem; border-radius: 1rem; background: var(--color-slot); overflow: hidden; }
  .storage:dir(rtl) { transform: scaleX(-1); }
  .storage .mine, .key.mine { fill: var(--color-accent); background: var(--color-accent); }
  .storage .theirs, .key.theirs { fill: #8ec5be; background: #8ec5be; }
  .storage .kept, .key.kept { fill: #e3a48c; background: #e3a48c; }
  .storage .coming { fill: #4f7f83; }
  .key.coming { background: #4f7f83; }
  .storage .removed { fill: #315f64; }
  .key.removed { background: repeating-linear-gradient(115deg, #4f7f83 0 3px, #0b3f46 3px 5px); }
  .risk { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .5rem; font-size: var(--text-small); max-inline-size: none; }
  .risk > .icon, .risk b { color: var(--color-warn); }
  .legend { display: flex; flex-wrap: wrap; gap: .375rem 1.5rem; font-size: var(--text-small); }
  .legend div { display: flex; align-items: center; gap: .5rem; }
  .legend dt { display: flex; align-items: center; gap: .5rem; color: var(--color-ink-soft); }
  .legend dd { font-weight: var(--weight-label); }
  .key { inline-size: .875rem; block-size: .8125rem; border-radius: var(--radius-pebble); forced-color-adjust: none; }

  .why { display: block; }
  .title .line { margin-block-start: .25rem; }
  .menu { inline-size: min(22rem, calc(100vw - 2rem)); padding: .75rem; border: 0; border-radius: var(--radius-large); background: var(--color-surface); color: var(--color-ink); box-shadow: inset 0 0 0 1px var(--color-line), var(--lift-3); text-align: start; white-space: normal; }
  .menu > p { padding: .25rem .75rem; overflow-wrap: anywhere; }
  .menu > .sub { margin-block-start: -.5rem; padding-block: 0 .5rem; padding-inline: 2.5rem .75rem; }
  .menu .button { justify-content: start; inline-size: 100%; text-align: start; }
  /* Beside its button where the browser can; in the middle of the screen elsewhere. */
  @supports (position-area: block-end) {
    .menu { position-area: block-end span-inline-start; position-try-fallbacks: flip-block; margin: .25rem 0; }
  }
  .removed .end { justify-content: end; }

  @media (max-width: 40rem) {
    .removed.file { grid-template-columns: auto minmax(0, 1fr); }
    .removed .end { grid-column: 2; justify-content: start; }
  }
  @media (forced-colors: active) {
    .menu { border: 1px solid; }
  }
  @media (max-width: 59.99rem) {
    thead { position: absolute; clip-path: inset(50%); inline-size: 1px; block-size: 1px; overflow: hidden; }
    table, tbody { display: block; }
    tr { display: flex; flex-wrap: wrap; align-items: center; gap: .375rem 1rem; padding-block: .875rem; padding-inline-start: 3.625rem; border-block-end: 1px solid var(--color-line); }
    tbody tr:last-child { border: 0; }
    td { display: block; padding: 0; border: 0; order: 3; }
    td:first-child { order: 1; flex: 1 1 calc(100% - 3.375rem); margin-inline-start: -3.625rem; min-inline-size: 0; }
    td.end { order: 2; flex: none; inline-size: 6rem; margin-inline-end: -.5rem; }
    td.rate:not(.moving) { display: none; }
  }
`
