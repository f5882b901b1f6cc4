import { css } from 'lit'

export const checkStyles = css`
  .back { margin-inline-start: -.75rem; }
  form { max-inline-size: 48rem; }
  form.over { box-shadow: inset 0 0 0 3px var(--color-accent); }
  textarea { resize: vertical; line-height: 1.5; font-size: var(--text-small); }
  [role='status']:empty { display: none; }
  #verdict:focus { outline: 0; } /* takes the focus when the answer is there, is no stop of its own */
  .says { overflow-wrap: anywhere; }
`
