import { css } from 'lit'

export const historyStyles = css`
  table { inline-size: 100%; border-collapse: collapse; font-size: var(--text-small); }
  th { text-align: start; font-weight: 500; color: var(--color-ink-quiet); padding: .5rem .75rem .5rem 0; border-block-end: 1px solid var(--color-line); white-space: nowrap; }
  td { padding: .75rem .75rem .75rem 0; border-block-end: 1px solid var(--color-line); vertical-align: middle; }
  tbody tr:last-child td { border-block-end: 0; }
  tr.open td { border-block-end: 0; }
  .title { display: flex; gap: .875rem; align-items: center; font-size: var(--text-base); line-height: 1.35; }
  .title > span:last-child { min-inline-size: 0; overflow-wrap: anywhere; }
  .title b, .title .small { display: block; }
  .coins { text-align: end; font-size: var(--text-base); font-weight: 620; }
  th.coins { font-size: inherit; font-weight: 500; }
  .act { inline-size: 3rem; padding-inline-end: 0; text-align: end; }
  .act .button { margin-inline-end: -.75rem; }
  .act .icon { transition: transform var(--time) var(--ease-settle); }
  .turned .icon { transform: rotate(180deg); }
  .narrow { display: none; }
  .more > td { padding-block: 0 1rem; padding-inline-end: 0; }
  .details { padding: 1rem; border-radius: var(--radius); background: var(--color-sunken); }
  .details p { font-size: var(--text-small); }

  @media (max-width: 47.99rem) {
    thead { position: absolute; clip-path: inset(50%); inline-size: 1px; block-size: 1px; overflow: hidden; }
    table, tbody { display: block; }
    .when { display: none; }
    .narrow { display: inline; }
    tr { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: .25rem .5rem; align-items: center; padding-block: .875rem; border-block-end: 1px solid var(--color-line); }
    tbody tr:last-child, tr.open { border: 0; }
    td { padding: 0; border: 0; }
    td.what { grid-area: 1 / 1; }
    td.coins { grid-area: 1 / 2; }
    td.act { grid-area: 1 / 3; inline-size: 2.25rem; }
    td.stage { grid-area: 2 / 1 / auto / -1; padding-inline-start: 3.625rem; }
    tr.more { display: block; padding-block-start: 0; }
    .more > td { display: block; padding: 0; }
  }
`
