import { css } from 'lit'

/** What every shadow root starts from: reset, text, focus and the few helpers of layout. */
export const base = css`
  :host { display: block; min-inline-size: 0; }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, p, ul, ol, dl, dd, figure, fieldset { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  fieldset { border: 0; min-inline-size: 0; }
  legend { padding: 0; }
  svg { display: block; flex: none; }
  button, input, select { font: inherit; color: inherit; font-variation-settings: inherit; letter-spacing: inherit; }

  h1, h2, h3 { font-weight: var(--weight-head); font-variation-settings: var(--flare-head); line-height: var(--leading-tight); letter-spacing: -.012em; text-wrap: balance; overflow-wrap: anywhere; }
  h1 { font-size: var(--text-h1); }
  h1:focus { outline: 0; } /* takes the focus when the place changes, is no stop of its own */
  h2 { font-size: var(--text-h2); }
  h3, .h3 { font-size: var(--text-h3); letter-spacing: -.005em; line-height: var(--leading-snug); }
  .hero { font-size: var(--text-hero); line-height: 1.04; letter-spacing: -.02em; }
  p { text-wrap: pretty; max-inline-size: var(--measure); }
  strong, b { font-weight: var(--weight-label); }
  a { color: inherit; text-decoration: underline; text-decoration-color: var(--color-accent-text); text-decoration-thickness: 2px; text-underline-offset: .2em; }
  a:hover { text-decoration-thickness: 3px; }
  bdi { unicode-bidi: isolate; }

  .lead { font-size: var(--text-lead); color: var(--color-ink-soft); }
  .small { font-size: var(--text-small); line-height: 1.45; }
  .soft { color: var(--color-ink-soft); }
  .quiet { color: var(--color-ink-quiet); }
  .good { color: var(--color-ok); }
  .care { color: var(--color-warn); }
  .bad { color: var(--color-danger); }
  .num { font-variant-numeric: lining-nums tabular-nums; white-space: nowrap; }
  .mono { font-family: var(--font-mono); font-size: .875em; letter-spacing: -.02em; overflow-wrap: anywhere; }
  .sr { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  :focus-visible { outline: 3px solid var(--color-focus); outline-offset: 2px; border-radius: var(--radius-small); }

  .page { inline-size: 100%; max-inline-size: var(--page); margin-inline: auto; display: grid; gap: var(--space-4); grid-template-columns: minmax(0, 1fr); align-content: start; }
  .stack { display: grid; gap: var(--space-2); grid-template-columns: minmax(0, 1fr); align-content: start; }
  .stack.s1 { gap: var(--space-1); }
  .stack.s3 { gap: var(--space-3); }
  .stack.s4 { gap: var(--space-4); }
  .line { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-1); }
  .line.s2 { gap: var(--space-1) var(--space-2); }
  .line.apart { justify-content: space-between; }
  .cols { display: grid; gap: var(--space-4); grid-template-columns: minmax(0, 1fr); align-items: start; }
  @media (min-width: 60rem) {
    .cols.two { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .cols.side { grid-template-columns: minmax(0, 1fr) 22.5rem; }
    .cols.wide-side { grid-template-columns: minmax(0, 1fr) 26rem; }
    .cols.even { align-items: stretch; }
  }
`
