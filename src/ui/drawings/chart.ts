import { html, nothing, svg, type TemplateResult } from 'lit'

const [width, height] = [400, 150]
const [left, right, top, bottom] = [48, 4, 12, 26]

interface Series {
  /** What it shows with its present values, read instead of the picture. */
  readonly name: string
  readonly points: readonly { readonly x: number, readonly y: number }[]
  /** A dashed line across, as of what is aimed at. */
  readonly aim?: number
  readonly formatX: (x: number) => string
  readonly formatY: (y: number) => string
}

/** The next round number above, whose half is one too. */
export function niceTop(largest: number): number {
  if (!(largest > 0)) return 1
  const unit = 10 ** Math.floor(Math.log10(largest))
  return [1, 2, 4, 6, 8, 10].map(step => step * unit).find(step => step >= largest) ?? 10 * unit
}

/** A line of 2 px over a hairline grid, from 0 at the bottom; the same facts are in a table beside it. */
export function chart({ name, points, aim, formatX, formatY }: Series): TemplateResult {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return html``
  const high = niceTop(Math.max(aim ?? 0, ...points.map(({ y }) => y)))
  const x = (value: number): number => left + (width - left - right) * (last.x === first.x ? .5 : (value - first.x) / (last.x - first.x))
  const y = (value: number): number => height - bottom - (height - top - bottom) * value / high
  const line = points.map(point => `${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`).join('L')
  const middle = Math.round((first.x + last.x) / 2)
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label=${name}>
    ${[0, high / 2, high].map(value => svg`<line class="grid" x1=${left} x2=${width - right} y1=${y(value)} y2=${y(value)} /><text x=${left - 8} y=${y(value) + 4} text-anchor="end">${formatY(value)}</text>`)}
    ${aim === undefined ? nothing : svg`<line class="aim" x1=${left} x2=${width - right} y1=${y(aim)} y2=${y(aim)} />`}
    <path class="area" d=${`M${x(first.x).toFixed(1)} ${y(0)}L${line}L${x(last.x).toFixed(1)} ${y(0)}z`} />
    <path class="line" d=${`M${line}`} />
    <text x=${left} y=${height - 6}>${formatX(first.x)}</text>
    ${points.length < 9 ? nothing : svg`<text x=${x(middle)} y=${height - 6} text-anchor="middle">${formatX(middle)}</text>`}
    <text x=${width - right} y=${height - 6} text-anchor="end">${formatX(last.x)}</text>
  </svg>`
}
