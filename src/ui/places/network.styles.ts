import { css } from 'lit'

export const networkStyles = css`
  .peers { inline-size: 100%; block-size: auto; direction: ltr; }
  .peers text { font: 640 13px var(--font-text); fill: #0e2a2c; }
  .ring { fill: none; stroke: var(--color-line); stroke-dasharray: 2 6; }
  .direct { fill: none; stroke: #f9bc38; stroke-width: 2; opacity: .85; }
  .torelay { fill: none; stroke: #83a3a5; stroke-width: 2; }
  .relayed { stroke: #83a3a5; stroke-width: 2; stroke-dasharray: 4 5; }
  .peer { fill: #d5ebe6; }
  .peer.far { fill: #01333a; stroke: #d5ebe6; stroke-width: 2; }
  .relay { fill: #0b3f46; stroke: #83a3a5; stroke-width: 2; }
  .you { fill: #f6b429; }
  .legend { display: flex; flex-wrap: wrap; gap: .375rem 1.5rem; font-size: var(--text-small); }
  .legend div, .legend dt { display: flex; align-items: center; gap: .5rem; }
  .legend dt { color: var(--color-ink-soft); }
  .legend dd { font-weight: var(--weight-label); }
  .line-key { inline-size: 1.5rem; border-block-start: 2.5px solid #f9bc38; }
  .line-key.dashed { border-block-start: 2.5px dashed #83a3a5; }
  .post-key { inline-size: .75rem; block-size: .75rem; border-radius: 3px; background: #0b3f46; box-shadow: inset 0 0 0 2px #83a3a5; transform: rotate(45deg); }
  .chart { inline-size: 100%; block-size: auto; direction: ltr; overflow: visible; }
  .chart text { font: 10.5px var(--font-text); fill: var(--color-ink-soft); }
  .chart .grid { stroke: var(--color-line); stroke-width: 1; }
  .chart .aim { stroke: #83a3a5; stroke-width: 2; stroke-dasharray: 4 5; }
  .chart .line { fill: none; stroke: var(--color-accent); stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
  .chart .area { fill: var(--color-accent); fill-opacity: .14; }
  .unit { font-size: var(--text-small); font-weight: var(--weight-text); font-variation-settings: var(--flare-text); color: var(--color-ink-soft); }
  p > .line-key { display: inline-block; vertical-align: middle; margin-inline-end: .375rem; }
  .notice + .notice { margin-block-start: 0; }
  table { inline-size: 100%; border-collapse: collapse; font-size: var(--text-small); }
  th { text-align: start; font-weight: 500; color: var(--color-ink-quiet); padding: .5rem .75rem .5rem 0; border-block-end: 1px solid var(--color-line); }
  td { padding: .625rem .75rem .625rem 0; border-block-end: 1px solid var(--color-line); }
  .scroll { overflow-x: auto; }
  @media (max-width: 40rem) {
    .relays .file { grid-template-columns: auto minmax(0, 1fr); }
    .relays .end { grid-column: 2; text-align: start; }
    .chart text { font-size: 15px; }
  }
  @media (forced-colors: active) {
    .direct, .chart .line { stroke: CanvasText; }
    .chart text { fill: CanvasText; }
    .chart .grid, .chart .aim { stroke: GrayText; }
  }
`
