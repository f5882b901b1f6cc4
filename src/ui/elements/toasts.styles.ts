import { css } from 'lit'

export const toastStyles = css`
  .toasts { position: fixed; inset-block-end: calc(5rem + env(safe-area-inset-bottom, 0px)); inset-inline: 1rem; z-index: var(--z-toast); display: grid; gap: .5rem; justify-items: center; pointer-events: none; }
  .toast { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; inline-size: min(36rem, 100%); padding: .75rem .75rem .75rem 1.25rem; border-radius: var(--radius-large); background: var(--color-water); color: #ebf2ef; color-scheme: dark; --color-surface: var(--color-water-raised); --color-hover: #ebf2ef17; box-shadow: 0 4px 8px #0003, 0 20px 48px #0004; pointer-events: auto; }
  .toast p { flex: 1 1 14rem; line-height: 1.4; }
  .toast b { display: block; }
  .toast.failed { box-shadow: inset 0 0 0 2px #fc918b, 0 20px 48px #0004; }
  @media (min-width: 60rem) {
    .toasts { inset-block-end: 1.5rem; inset-inline-start: calc(var(--rail) + 1rem); }
  }
  @media (forced-colors: active) {
    .toast { border: 1px solid; }
  }
`
