import { css } from 'lit'

/** Buttons, fields and switches. One primary button a screen; targets of 48 px, 40 in dense rows. */
export const controls = css`
  .button { position: relative; display: inline-flex; align-items: center; justify-content: center; gap: .5rem; min-block-size: var(--target); padding: .5rem 1.25rem; border: 0; border-radius: var(--radius); background: var(--color-surface); color: var(--color-ink); box-shadow: inset 0 0 0 var(--stroke-strong) var(--color-edge); font-weight: var(--weight-label); line-height: 1.2; text-decoration: none; text-align: center; cursor: pointer; overflow-wrap: anywhere; transition: background var(--time-quick), box-shadow var(--time-quick), transform var(--time-quick); }
  .button:hover { background: linear-gradient(var(--color-hover), var(--color-hover)), var(--color-surface); }
  .button:active { background: linear-gradient(var(--color-press), var(--color-press)), var(--color-surface); transform: translateY(1px); }
  .button.primary { background: var(--color-accent); color: var(--color-on-accent); box-shadow: var(--press-out), var(--lift-1); font-weight: 620; padding-block-end: .625rem; }
  .button.primary:hover { background: var(--color-accent-hover); }
  .button.primary:active { background: var(--color-accent-press); box-shadow: var(--press-in); }
  .button.danger { color: var(--color-danger); box-shadow: inset 0 0 0 var(--stroke-strong) var(--color-danger); }
  .button.plain { background: none; box-shadow: none; padding-inline: .75rem; }
  .button.plain:hover { background: var(--color-hover); }
  .button.big { min-block-size: 3.5rem; padding-inline: 1.75rem; font-size: var(--text-lead); }
  .button.small { min-block-size: var(--target-small); padding: .375rem .875rem; font-size: var(--text-small); border-radius: .625rem; }
  .button.full { inline-size: 100%; }
  .button.icon-only { inline-size: var(--target); padding: 0; background: none; box-shadow: none; border-radius: var(--radius-full); color: var(--color-ink-soft); }
  .button.icon-only:hover { background: var(--color-hover); color: var(--color-ink); }
  .button[disabled] { color: var(--color-ink-quiet); background: var(--color-sunken); box-shadow: none; cursor: not-allowed; transform: none; }

  .field { display: grid; gap: .375rem; min-inline-size: 0; }
  .label, .field > label { font-weight: var(--weight-label); font-size: var(--text-small); }
  .hint { font-size: var(--text-small); color: var(--color-ink-quiet); line-height: 1.45; }
  .error { font-size: var(--text-small); color: var(--color-danger); line-height: 1.45; display: flex; gap: .375rem; align-items: start; }
  .input { inline-size: 100%; min-block-size: var(--target); padding: .625rem .875rem; border: var(--stroke-strong) solid var(--color-edge); border-radius: var(--radius); background: var(--color-surface); color: var(--color-ink); }
  .input::placeholder { color: var(--color-ink-quiet); opacity: 1; }
  .input:focus-visible { outline-offset: 0; border-radius: var(--radius); }
  .input[aria-invalid='true'] { border: 2px solid var(--color-danger); }
  select.input { appearance: none; padding-inline-end: 2.75rem; }
  .select { position: relative; display: block; }
  .select .icon { position: absolute; inset-inline-end: .875rem; inset-block-start: calc(50% - 10px); pointer-events: none; color: var(--color-ink-soft); }
  .with-button { display: flex; gap: var(--space-1); }
  .with-button .input { flex: 1; min-inline-size: 0; }

  .switch { display: inline-flex; align-items: center; gap: .625rem; min-block-size: var(--target); cursor: pointer; font-weight: var(--weight-label); }
  .switch.row { display: flex; justify-content: space-between; gap: var(--space-2); font-weight: var(--weight-text); min-block-size: 3.5rem; }
  .switch.row b, .switch .sub, .sub { display: block; }
  .sub { font-size: var(--text-small); color: var(--color-ink-quiet); line-height: 1.4; }
  .switch input { appearance: none; flex: none; position: relative; inline-size: 3rem; block-size: 1.75rem; margin: 0; border-radius: 1rem; background: var(--color-sunken); border: var(--stroke-strong) solid var(--color-edge); cursor: pointer; transition: background var(--time); }
  .switch input::after { content: ''; position: absolute; inset-block-start: 3px; inset-inline-start: 4px; inline-size: 1.1875rem; block-size: 1.125rem; border-radius: var(--radius-pebble); background: var(--color-edge); transition: inset-inline-start var(--time) var(--ease-settle); }
  .switch input:checked { background: var(--color-slot); border-color: light-dark(var(--color-slot), var(--color-edge)); }
  .switch input:checked::after { inset-inline-start: 1.4375rem; background: var(--color-accent); }

  .check { display: grid; grid-template-columns: auto minmax(0, 1fr); align-items: start; gap: .75rem; padding-block: .375rem; min-block-size: var(--target); cursor: pointer; }
  .check input { appearance: none; display: grid; place-items: center; inline-size: 1.5rem; block-size: 1.5rem; margin: 0; border: var(--stroke-strong) solid var(--color-edge); border-radius: var(--radius-small); background: var(--color-surface); cursor: pointer; }
  .check input::after { content: ''; inline-size: .375rem; block-size: .75rem; margin-block-start: -.1875rem; border: solid var(--color-accent); border-width: 0 3px 3px 0; transform: rotate(45deg); visibility: hidden; }
  .check input:checked { background: var(--color-slot); border-color: light-dark(var(--color-slot), var(--color-edge)); }
  .check input:checked::after { visibility: visible; }
  .check b { display: block; line-height: 1.5; }

  @media (max-width: 40rem) {
    .wide { flex: 1 1 40%; }
  }
  @media (forced-colors: active) {
    .button:not(.icon-only) { border: 1px solid; }
    .check input:checked { forced-color-adjust: none; background: Highlight; }
    .check input:checked::after { border-color: HighlightText; }
    .switch input::after { forced-color-adjust: none; background: CanvasText; }
    .switch input:checked { forced-color-adjust: none; background: Highlight; }
    .switch input:checked::after { background: HighlightText; }
  }
`
