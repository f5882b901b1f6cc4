import { css } from 'lit'

export const walletStyles = css`
  .have { font-size: var(--text-base); font-weight: var(--weight-text); font-variation-settings: var(--flare-text); letter-spacing: 0; color: var(--color-ink-soft); }
  .big { font-size: var(--text-hero); font-weight: var(--weight-head); font-variation-settings: var(--flare-head); line-height: 1.04; letter-spacing: -.02em; }
  .big > span { font-size: var(--text-h2); letter-spacing: 0; color: var(--color-ink-soft); font-weight: var(--weight-text); font-variation-settings: var(--flare-text); }
  .whose { display: grid; grid-template: auto 1fr / 8rem minmax(0, 1fr); gap: var(--space-1) var(--space-2); align-items: start; }
  .whose holdfast-qr { grid-row: span 2; }
  .lock { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .5rem; }
  @media (max-width: 40rem) {
    .line > .button.big { flex: 1 1 40%; padding-inline: 1rem; white-space: nowrap; }
  }
  @media (max-width: 26rem) {
    .whose { grid-template: auto auto / 6.5rem minmax(0, 1fr); }
    .whose holdfast-qr { grid-row: auto; }
    .whose holdfast-copy { grid-column: 1 / -1; }
  }
`
