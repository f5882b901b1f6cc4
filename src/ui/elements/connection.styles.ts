import { css } from 'lit'

export const connectionStyles = css`
  .pill { display: inline-flex; align-items: center; gap: .5rem; min-block-size: var(--target-small); padding: .25rem .875rem .25rem .75rem; border: 0; border-radius: var(--radius-full); background: var(--color-water); color: #ebf2ef; font-size: var(--text-small); font-weight: var(--weight-label); line-height: 1.2; text-align: start; cursor: pointer; }
  .pill:hover { background: #0b434b; }
  .pill:focus-visible { border-radius: var(--radius-full); }
  .dot { flex: none; inline-size: .75rem; block-size: .6875rem; border-radius: var(--radius-pebble); background: #71d6a3; }
  .reaching .dot { background: linear-gradient(90deg, #f9bc38 50%, transparent 50%); box-shadow: inset 0 0 0 1.5px #f9bc38; }
  .offline { background: var(--color-surface); color: var(--color-ink); box-shadow: inset 0 0 0 1.5px var(--color-edge); }
  .offline:hover { background: linear-gradient(var(--color-hover), var(--color-hover)), var(--color-surface); }
  .offline .dot { background: none; box-shadow: inset 0 0 0 2px var(--color-danger); }

  [popover] { position: fixed; inset: auto; inset-block-start: 4.25rem; inset-inline-start: var(--gutter); inline-size: min(23rem, calc(100vw - 2rem)); max-block-size: calc(100dvh - 6rem); overflow-y: auto; margin: 0; padding: var(--space-3); border: 0; border-radius: var(--radius-large); background: var(--color-surface); color: var(--color-ink); box-shadow: inset 0 0 0 1px var(--color-line), var(--lift-3); }
  [popover] h2 { margin-block-end: var(--space-2); }
  [popover] > p { margin-block-start: var(--space-2); }
  @media (min-width: 60rem) {
    [popover] { inset-inline-start: max(calc(var(--rail) + var(--gutter)), calc(var(--rail) + (100vw - var(--rail) - var(--page)) / 2)); }
  }
  @media (forced-colors: active) {
    .pill, [popover] { border: 1px solid; }
    .dot { forced-color-adjust: none; }
  }
`
