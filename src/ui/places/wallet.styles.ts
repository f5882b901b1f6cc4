import { css } from 'lit'

export const walletStyles = css`
  .have { font-size: var(--text-base); font-weight: var(--weight-text); font-variation-settings: var(--flare-text); letter-spacing: 0; color: var(--color-ink-soft); }
  .big { font-size: var(--text-hero); font-weight: var(--weight-head); font-variation-settings: var(--flare-head); line-height: 1.04; letter-spacing: -.02em; }
  .big > span { font-size: var(--text-h2); letter-spacing: 0; color: var(--color-ink-soft); font-weight: var(--weight-text); font-variation-settings: var(--flare-text); }
  .whose { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: var(--space-2); align-items: start; }
  holdfast-invites:empty { display: contents; }
  @media (max-width: 40rem) {
    .line > .button.big { flex: 1 1 40%; }
  }
  @media (max-width: 22rem) {
    .whose { grid-template-columns: minmax(0, 1fr); }
  }
`
