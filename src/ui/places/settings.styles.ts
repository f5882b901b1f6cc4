import { css } from 'lit'

export const settingsStyles = css`
  .settings { max-inline-size: 44rem; }
  .settings .panel { padding-block: .75rem; }
  .settings .panel > * + * { border-block-start: 1px solid var(--color-line); }
  .setting { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .5rem 1rem; padding-block: .875rem; min-block-size: 4rem; }
  .setting > div:first-child { flex: 1 1 12rem; min-inline-size: 0; }
  .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); gap: var(--space-2); padding-block: .875rem; }
  .switch.row { padding-block: .625rem; }
  .panel > p, .panel > .facts, .panel > .field { padding-block: .875rem; max-inline-size: none; }
`
