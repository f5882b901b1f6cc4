import { css } from 'lit'

export const appStyles = css`
  .skip { position: fixed; inset-block-start: -6rem; inset-inline-start: 1rem; z-index: 99; padding: .75rem 1rem; border: 0; border-radius: var(--radius); background: var(--color-ink); color: var(--color-ground); cursor: pointer; }
  .skip:focus { inset-block-start: .75rem; }
  .shell { min-block-size: 100vh; min-block-size: 100dvh; display: grid; grid-template: auto 1fr / minmax(0, 1fr); grid-template-areas: 'top' 'main'; }
  .top { grid-area: top; position: sticky; inset-block-start: 0; z-index: var(--z-sticky); padding: var(--space-1) var(--gutter); min-block-size: 4rem; background: var(--color-ground); }
  .top-in { display: flex; align-items: center; gap: var(--space-1); inline-size: 100%; min-block-size: 3rem; margin-inline: auto; }
  .top .home { display: grid; place-items: center; inline-size: 2.5rem; block-size: 3rem; margin-inline-start: -.375rem; color: var(--color-ink); text-decoration: none; }
  .top .switch { margin-inline-start: auto; font-size: var(--text-small); gap: .5rem; }
  .metered { display: flex; align-items: center; gap: .5rem; inline-size: 100%; max-inline-size: var(--page); margin-inline: auto; padding-block-end: .375rem; color: var(--color-warn); font-size: var(--text-small); font-weight: var(--weight-label); line-height: 1.3; }
  main { grid-area: main; padding: var(--space-1) var(--gutter) calc(7rem + var(--toasts, 0px)); min-inline-size: 0; }
  main:focus { outline: 0; }

  .rail { position: fixed; inset: auto 0 0; z-index: var(--z-nav); background: var(--color-surface); border-block-start: 1px solid var(--color-line); padding-block-end: env(safe-area-inset-bottom, 0px); }
  .rail .home { display: none; }
  .bar { display: grid; grid-template-columns: repeat(5, 1fr); }
  .place { position: relative; inline-size: 100%; border: 0; background: none; font-family: inherit; cursor: pointer; display: grid; justify-items: center; align-content: center; gap: 2px; min-block-size: 4rem; padding: 6px 2px 8px; color: var(--color-ink-soft); text-decoration: none; font-size: .8125rem; font-weight: 500; line-height: 1.2; }
  .spot { display: grid; place-items: center; inline-size: 3.25rem; block-size: 2rem; border-radius: var(--radius-pebble); }
  .place:hover { color: var(--color-ink); }
  .place:hover .spot { background: var(--color-hover); }
  .place[aria-current] { color: var(--color-ink); font-weight: 640; }
  .place[aria-current] .spot { background: var(--color-accent); color: var(--color-on-accent); }
  .place:focus-visible { outline-offset: -4px; border-radius: var(--radius); }

  .count { position: absolute; inset-block-start: 4px; inset-inline-start: calc(50% + 9px); min-inline-size: 1.25rem; block-size: 1.25rem; padding-inline: 5px; border-radius: 1rem; background: var(--color-ink); color: var(--color-ground); font-size: .75rem; font-weight: 640; line-height: 1.25rem; text-align: center; box-shadow: 0 0 0 2px var(--color-ground); }
  .places { position: fixed; inset: auto; inset-block-end: 5rem; inset-inline-end: .5rem; inline-size: 14rem; margin: 0; padding: .5rem; border: 0; border-radius: var(--radius-large); background: var(--color-surface); color: var(--color-ink); box-shadow: inset 0 0 0 1px var(--color-line), var(--lift-3); }
  .places a { display: flex; align-items: center; gap: .875rem; min-block-size: 3rem; padding: .375rem .75rem; border-radius: .625rem; color: var(--color-ink); text-decoration: none; }
  .places .count { position: static; margin-inline-start: auto; box-shadow: none; }
  .places a:hover { background: var(--color-hover); }
  .places a[aria-current] { font-weight: 640; }
  @media (max-width: 59.99rem) {
    .wide { display: none; }
  }

  .alone { max-inline-size: 40rem; margin: clamp(2rem, 10vh, 8rem) auto; padding-inline: var(--gutter); }
  .alone .home { color: var(--color-ink); margin-block-end: var(--space-3); }

  @media (min-width: 60rem) {
    .shell { grid-template: auto 1fr / var(--rail) minmax(0, 1fr); grid-template-areas: 'rail top' 'rail main'; }
    .rail { grid-area: rail; position: sticky; inset: 0 auto auto; block-size: 100vh; block-size: 100dvh; overflow-y: auto; background: none; border: 0; padding-block: var(--space-2); }
    .rail .home { display: grid; place-items: center; inline-size: 3.5rem; block-size: 3.5rem; margin: 0 auto var(--space-2); color: var(--color-ink); }
    .narrow { display: none; }
    .bar { grid-template-columns: 1fr; align-content: start; grid-auto-rows: max-content; }
    .bar .gap { margin-block-start: var(--space-2); }
    .top { min-block-size: 4.5rem; }
    .top .home { display: none; }
    .top-in { max-inline-size: var(--page); min-block-size: 3.5rem; }
    main { padding-block-end: calc(var(--space-8) + var(--toasts, 0px)); }
  }
  @media (forced-colors: active) {
    .place[aria-current] .spot, .places { border: 1px solid; }
  }
`
