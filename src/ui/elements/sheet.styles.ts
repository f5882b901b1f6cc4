import { css } from 'lit'

export const sheetStyles = css`
  :host { display: contents; } /* a dialog that is closed takes no row of a grid */
  h2:focus { outline: 0; } /* takes the focus when the step changes, is no stop of its own */
  #problem:empty { display: none; }
  textarea { font: inherit; letter-spacing: inherit; line-height: 1.6; resize: vertical; min-block-size: 7rem; }
  .radio { display: flex; align-items: center; gap: .75rem; min-block-size: var(--target-small); cursor: pointer; }
  .choices-told { display: grid; gap: var(--space-1); padding: .75rem 1rem; border-radius: var(--radius); background: var(--color-sunken); }
  .choices { max-block-size: 18rem; overflow-y: auto; }
  .choices .file { cursor: pointer; border-block-start: 1px solid var(--color-line); }
  .choices .title { display: flex; gap: .875rem; align-items: center; min-inline-size: 0; }
  .choices input { inline-size: 1.25rem; block-size: 1.25rem; margin: 0; accent-color: light-dark(var(--color-slot), var(--color-accent)); }
  .radio input { inline-size: 1.25rem; block-size: 1.25rem; margin: 0; accent-color: light-dark(var(--color-slot), var(--color-accent)); }
  .words { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: var(--space-1); counter-reset: word; padding: var(--space-2); border-radius: var(--radius); background: var(--color-sunken); }
  .words li { counter-increment: word; display: grid; grid-template-columns: 2.25rem minmax(0, 1fr); font-family: var(--font-mono); direction: ltr; user-select: text; }
  .words li::before { content: counter(word) '.'; color: var(--color-ink-quiet); }
  .whose { padding: .75rem 1rem; border-radius: var(--radius); background: var(--color-sunken); }
  .acts:not(.single) > :first-child:not(:nth-last-child(2)) { margin-inline-end: auto; }
`
