import { css } from 'lit'

/** Paper and water, and what lies on them: rows, bars, chips, notices, facts. */
export const surfaces = css`
  .panel { background: var(--color-surface); border-radius: var(--radius-large); padding: clamp(1rem, .6rem + 1.7vw, 1.75rem); box-shadow: inset 0 0 0 1px var(--color-line); min-inline-size: 0; }

  /* Water flips every role to its dark value and brings its own surfaces. */
  .water { color-scheme: dark; --color-surface: var(--color-water-raised); --color-sunken: var(--color-water-deep); --color-line: var(--color-water-line); --color-edge: #83a3a5; --color-slot: #00161a; --color-hover: #ebf2ef17; --color-press: #ebf2ef2b; position: relative; isolation: isolate; overflow: hidden; min-inline-size: 0; padding: clamp(1.25rem, .8rem + 2vw, 2.25rem); border-radius: var(--radius-water); background: var(--color-water); color: var(--color-ink); }
  .water.inner { border-radius: var(--radius-large); padding: clamp(1rem, .6rem + 1.7vw, 1.75rem); }

  /* Every bar is a dark slot with light in it. */
  progress { display: block; appearance: none; inline-size: 100%; block-size: .625rem; border: 0; border-radius: 1rem; background: var(--color-slot); overflow: hidden; color: var(--color-accent); }
  progress.thick { block-size: 1rem; }
  progress::-webkit-progress-bar { background: var(--color-slot); }
  progress::-webkit-progress-value { background: var(--color-accent); border-radius: 1rem; transition: inline-size var(--time-slow) var(--ease-settle); }
  progress::-moz-progress-bar { background: var(--color-accent); border-radius: 1rem; }
  progress.paused::-webkit-progress-value { background: repeating-linear-gradient(115deg, var(--color-accent) 0 6px, #8d6a1c 6px 10px); }
  progress.paused::-moz-progress-bar { background: repeating-linear-gradient(115deg, var(--color-accent) 0 6px, #8d6a1c 6px 10px); }
  progress.failed::-webkit-progress-value { background: #fc918b; }
  progress.failed::-moz-progress-bar { background: #fc918b; }
  .flow { position: relative; block-size: .625rem; border-radius: 1rem; background: var(--color-slot); overflow: hidden; }
  .flow::after { content: ''; position: absolute; inset-block: 0; inset-inline-start: 30%; inline-size: 30%; border-radius: 1rem; background: linear-gradient(90deg, transparent, var(--color-accent)); animation: flow 2.4s var(--ease-settle) infinite; }
  @keyframes flow { from { inset-inline-start: -30%; } to { inset-inline-start: 100%; } }

  .rows { display: grid; grid-template-columns: minmax(0, 1fr); }
  .rows > li { border-block-start: 1px solid var(--color-line); }
  .rows > li:first-child { border-block-start: 0; }
  .file { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: .25rem .875rem; min-block-size: 3.5rem; padding-block: .5rem; }
  /* Isolated names have a direction of their own, but stand on the side the page begins at. */
  bdi.name, bdi.meta { text-align: left; }
  :host(:dir(rtl)) bdi.name, :host(:dir(rtl)) bdi.meta { text-align: right; }
  .file .name { display: block; overflow-wrap: anywhere; line-height: 1.35; }
  .file .meta { display: block; font-size: var(--text-small); color: var(--color-ink-quiet); line-height: 1.4; overflow-wrap: anywhere; }
  .file .end { font-size: var(--text-small); color: var(--color-ink-soft); text-align: end; }
  .tile { flex: none; display: grid; place-items: center; inline-size: 2.75rem; block-size: 2.75rem; border-radius: .75rem; background: var(--color-sunken); color: var(--color-ink-soft); overflow: hidden; }
  .tile > .frond { inline-size: 100%; block-size: 100%; }

  .transfer { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .5rem .875rem; align-items: center; padding-block: 1.125rem; }
  .transfer .who { min-inline-size: 0; }
  .transfer .name { display: block; font-weight: var(--weight-label); line-height: 1.3; overflow-wrap: anywhere; }
  .transfer .state { display: flex; gap: .375rem; align-items: start; font-size: var(--text-small); color: var(--color-ink-soft); line-height: 1.4; }
  .transfer .acts { display: flex; }
  .transfer .bar { grid-column: 2 / -1; display: grid; gap: .5rem; }
  .marks { display: flex; flex-wrap: wrap; gap: 0 1.25rem; font-size: var(--text-small); color: var(--color-ink-quiet); }
  .marks b { color: var(--color-ink); }

  .badge { display: inline-flex; align-items: center; gap: .375rem; font-size: var(--text-small); font-weight: var(--weight-label); line-height: 1.3; color: var(--color-ink); }
  .badge.lone { color: var(--color-warn); }
  .badge.good { color: var(--color-ok); }
  .chip { display: inline-flex; align-items: center; gap: .375rem; min-block-size: 1.75rem; padding: .125rem .625rem .125rem .5rem; border-radius: var(--radius-full); background: var(--color-sunken); color: var(--color-ink-soft); font-size: var(--text-small); font-weight: 500; line-height: 1.3; white-space: nowrap; }
  .chip.ok { background: var(--color-ok-wash); color: var(--color-ok); }
  .chip.warn { background: var(--color-warn-wash); color: var(--color-warn); }
  .chip.danger { background: var(--color-danger-wash); color: var(--color-danger); }
  .chip.info { background: var(--color-info-wash); color: var(--color-info); }
  .chip.outline { background: none; box-shadow: inset 0 0 0 1.5px var(--color-edge); }
  .chip.paused { background: repeating-linear-gradient(115deg, var(--color-sunken) 0 8px, var(--color-surface) 8px 12px); color: var(--color-ink); }

  .notice { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .25rem .75rem; padding: .875rem 1rem; border-radius: var(--radius); background: var(--color-info-wash); color: var(--color-ink); }
  .notice > .icon { color: var(--color-info); margin-block-start: 1px; }
  .notice.ok { background: var(--color-ok-wash); }
  .notice.ok > .icon { color: var(--color-ok); }
  .notice.warn { background: var(--color-warn-wash); }
  .notice.warn > .icon { color: var(--color-warn); }
  .notice.danger { background: var(--color-danger-wash); }
  .notice.danger > .icon { color: var(--color-danger); }
  .notice.plain { background: none; padding: 0; }
  .notice.plain > .icon { color: var(--color-ink-quiet); }
  .notice b { display: block; font-size: var(--text-base); }
  .notice p, .notice li { font-size: var(--text-small); }
  .notice .line { margin-block-start: .5rem; }

  .facts { display: grid; grid-template-columns: minmax(0, 1fr); font-size: var(--text-small); }
  .facts > div { display: grid; grid-template-columns: minmax(6.5rem, 9.5rem) minmax(0, 1fr); gap: .25rem 1rem; padding-block: .625rem; border-block-start: 1px solid var(--color-line); }
  .facts > div:first-child { border: 0; }
  .facts dt { color: var(--color-ink-quiet); }
  .facts dd { min-inline-size: 0; }
  .stats { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(6.25rem, 100%), 1fr)); gap: var(--space-2); }
  .stats > div { min-inline-size: 0; }
  .stats dt { font-size: var(--text-small); color: var(--color-ink-soft); }
  .stats dd { font-size: var(--text-h2); font-weight: var(--weight-head); font-variation-settings: var(--flare-head); line-height: 1.25; letter-spacing: -.01em; }
  .stats dd small { display: block; white-space: normal; overflow-wrap: anywhere; font-size: var(--text-small); font-weight: 400; font-variation-settings: var(--flare-text); color: var(--color-ink-quiet); letter-spacing: 0; }

  details { border-block: 1px solid var(--color-line); }
  details + details { border-block-start: 0; }
  summary { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-block-size: 3.5rem; font-weight: var(--weight-label); cursor: pointer; list-style: none; }
  summary::-webkit-details-marker { display: none; }
  summary .icon { transition: transform var(--time) var(--ease-settle); }
  details[open] > summary .icon { transform: rotate(180deg); }
  details > .body { padding-block-end: var(--space-3); }

  .empty { display: grid; justify-items: center; align-content: center; text-align: center; gap: var(--space-1); min-block-size: 16.5rem; padding: var(--space-5) var(--space-2); border-radius: var(--radius-large); background: var(--color-sunken); }
  .empty > svg { margin-block-end: .5rem; }
  .empty p { color: var(--color-ink-soft); max-inline-size: 36ch; }
  .empty .button { margin-block-start: var(--space-1); }

  @media (max-width: 40rem) {
    .facts > div { grid-template-columns: minmax(0, 1fr) minmax(0, 2fr); }
    .transfer .bar { grid-column: 1 / -1; }
  }
  @media (prefers-reduced-motion: reduce) {
    .flow::after { animation: none; }
  }
  @media (forced-colors: active) {
    .panel, .water, .chip, .notice, progress, .flow { border: 1px solid; }
    progress::-webkit-progress-value { forced-color-adjust: none; background: Highlight !important; }
    .flow::after { forced-color-adjust: none; background: Highlight; }
  }
`
