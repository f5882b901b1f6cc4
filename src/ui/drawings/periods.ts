import { css, svg, html, type TemplateResult } from 'lit'
import { periodsWords } from '../strings/keeping.ts'

/** Two columns of a third of their width apart; those of periods that were missed are low and hollow, so that it is no matter of colour alone. */
const [step, width, height] = [6, 4, 20]

export const periodStyles = css`
  .periods { inline-size: auto; max-inline-size: 100%; block-size: 1.25rem; overflow: visible; }
  .periods:dir(rtl) { transform: scaleX(-1); }
  .periods .proved { fill: var(--color-ok); }
  .periods .missed { fill: none; stroke: var(--color-warn); stroke-width: 1.5; }
  @media (forced-colors: active) {
    .periods .proved { fill: CanvasText; }
    .periods .missed { stroke: CanvasText; }
  }
`

/** The last periods of a keeper, oldest first; the same is said in words beside it. */
export function periodStrip(results: readonly boolean[]): TemplateResult {
  const whole = Math.max(1, results.length) * step - step + width
  return html`<svg class="periods" viewBox="0 0 ${whole} ${height}" width=${whole} height=${height} preserveAspectRatio="xMinYMid meet" role="img" aria-label=${periodsWords(results)}>
    ${results.map((proved, i) => proved ? svg`<rect class="proved" x=${i * step} y="0" width=${width} height=${height} rx="2" />`
      : svg`<rect class="missed" x=${i * step + .75} y=${height - 6} width=${width - 1.5} height="5.25" rx="1" />`)}</svg>`
}
