import { css } from 'lit'

export const dropStyles = css`
  .drop { display: grid; align-content: center; justify-items: start; gap: var(--space-2); min-block-size: 27rem; padding: clamp(1.5rem, 1rem + 3vw, 4rem); }
  .drop.opening h1 { max-inline-size: 13ch; }
  .drop .lead { max-inline-size: 34ch; }
  .acts { display: flex; flex-wrap: wrap; gap: var(--space-1); margin-block-start: var(--space-1); }
  .drop::after { content: ''; position: absolute; inset: .75rem; border: 2px dashed transparent; border-radius: 1.25rem; pointer-events: none; transition: border-color var(--time); }
  .drop.over { background: #04434b; }
  .drop.over [role='status'] { font-size: var(--text-lead); font-weight: var(--weight-label); }
  .drop.over::after { border-color: var(--color-accent); }

  .drop.compact { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: var(--space-2); min-block-size: 0; padding: var(--space-2) var(--space-2) var(--space-2) var(--space-3); border-radius: var(--radius-large); }
  .drop.compact h1, .drop.compact h2 { font-size: var(--text-h2); }
  .drop.compact .acts { margin: 0; }
  .drop.compact::after { inset: 6px; border-radius: 1rem; }
  .add { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-1); }

  .add > span:empty { margin-inline-start: calc(var(--space-1) * -1); }

  .kelp { position: absolute; inset-block-end: 0; inset-inline-end: 0; z-index: -1; block-size: 100%; inline-size: auto; max-inline-size: none; pointer-events: none; }
  .kelp:dir(rtl) { transform: scaleX(-1); }
  .kelp .far { color: #0a4148; }
  .kelp .near { color: #13525a; }
  .kelp g.own { color: #a77d26; }
  .kelp .pebble { fill: #275b61; }
  .kelp .pebble.own { fill: #f6b429; }
  .blade { transform-box: fill-box; transform-origin: 50% 100%; animation: sway var(--time-sway) ease-in-out infinite alternate; }
  g:nth-child(2n) .blade { animation-duration: 14s; animation-direction: alternate-reverse; }
  @keyframes sway { from { transform: rotate(-1.2deg) skewX(.6deg); } to { transform: rotate(1.2deg) skewX(-.6deg); } }

  @media (max-width: 40rem) {
    .drop.opening { min-block-size: 0; align-content: start; padding-block: 2rem 13.5rem; }
    .kelp { block-size: 13.25rem; }
    .drop.compact { padding: 1rem; }
    .drop .acts { inline-size: 100%; }
    .drop .acts .button { flex: 1; white-space: nowrap; padding-inline: .75rem; }
  }
  @media (prefers-reduced-motion: reduce) {
    .blade { animation: none; }
  }
  @media (forced-colors: active) {
    .drop:not(.over)::after { border-color: Canvas; }
    .kelp { display: none; }
  }
`
