import { html, svg, type TemplateResult } from 'lit'
import type { DirectiveResult } from 'lit/directive.js'
import { guard } from 'lit/directives/guard.js'
import { seeded } from './seeded.ts'

interface Frond { readonly x: number, readonly base: number, readonly top: number, readonly leaf: number, readonly stem: number, readonly seed: number }

const at = (n: number): string => n.toFixed(1)

/** A leaf from the stem at (x, y) to its tip, `side` -1 or 1: two curves, fuller below. */
function leaf(x: number, y: number, side: number, length: number): string {
  const p = (along: number, up: number): string => `${at(x + side * length * along)} ${at(y - length * up)}`
  return `M${p(0, 0)}C${p(.35, .4)} ${p(.68, .64)} ${p(1, .6)}C${p(.87, .34)} ${p(.6, -.1)} ${p(0, 0)}z`
}

/** A blade of kelp grown from its seed: a swaying stem, leaves to both sides that shorten upwards, a bladder at each. */
function grow({ x, base, top, leaf: longest, stem, seed }: Frond): TemplateResult<2> {
  const random = seeded([seed])
  const height = base - top
  const [phase, amp] = [random() * 6, height * (.03 + random() * .03)]
  const sway = (t: number): number => x + (Math.sin(phase + t * 5) - Math.sin(phase)) * amp * Math.min(1, t * 2)
  const line = Array.from({ length: 13 }, (_, i) => `${at(sway(i / 12))} ${at(base - height * i / 12)}`)
  const count = Math.max(4, Math.round(height / (longest * .45)))
  const leaves = Array.from({ length: count }, (_, i) => {
    const t = .1 + .9 * i / (count - 1)
    return { x: sway(t), y: base - height * t, side: i % 2 === 0 ? 1 : -1, length: longest * (.62 + .5 * Math.sin(Math.PI * Math.min(1, t + .12))) * (1 - .25 * t) * (.8 + .4 * random()) }
  })
  return svg`<path d=${`M${line.join('L')}`} fill="none" stroke="currentColor" stroke-width=${stem} stroke-linecap="round" stroke-linejoin="round" />
    <path d=${leaves.map(({ x: lx, y, side, length }) => leaf(lx, y, side, length)).join('')} fill="currentColor" />
    ${leaves.map(({ x: lx, y, side }) => svg`<ellipse cx=${at(lx + side * stem * .5)} cy=${at(y + 1)} rx=${at(stem * 1.05)} ry=${at(stem * 1.5)}
      transform=${`rotate(${38 * side} ${at(lx + side * stem * .5)} ${at(y + 1)})`} fill="currentColor" />`)}`
}

/** The five fingers that hold a pebble on the ground, y = 432. */
function hold(x: number, own: boolean): TemplateResult<2> {
  const fingers = [-28, -15, 0, 15, 28].map(dx => `M${x} 394C${x} 410 ${x + dx * .92} 408 ${x + dx} ${Math.abs(dx) > 20 ? 432 : 420}`).join('')
  return svg`<ellipse cx=${x + 2} cy="432" rx="24" ry="15" class=${own ? 'pebble own' : 'pebble'} />
    <path d=${fingers} fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" />`
}

const far: readonly Frond[] = [
  { x: 470, base: 434, top: 96, leaf: 56, stem: 3, seed: 11 },
  { x: 610, base: 434, top: 126, leaf: 58, stem: 3, seed: 7 },
]
const near: readonly (Frond & { readonly own?: true })[] = [
  { x: 545, base: 410, top: 8, leaf: 78, stem: 3, seed: 23 },
  { x: 400, base: 410, top: 150, leaf: 66, stem: 3, seed: 5 },
  { x: 592, base: 410, top: 192, leaf: 54, stem: 3, seed: 42, own: true },
]

/** The kelp of the first screen: four strangers' and, in yellow, yours. */
export function kelp(): TemplateResult {
  return html`<svg class="kelp" viewBox="0 0 640 440" width="640" height="440" aria-hidden="true" preserveAspectRatio="xMaxYMax slice">
    ${far.map(one => svg`<g class="far"><g class="blade">${grow(one)}</g></g>`)}
    ${near.map(one => svg`<g class=${one.own === true ? 'own' : 'near'}><g class="blade">${grow(one)}</g>${hold(one.x, one.own === true)}</g>`)}
  </svg>`
}

/** Ground and ink of covers: weed on paper, after cyanotypes and charts; 7:1 and more. */
const inks = [['#cfe3ee', '#1c516f'], ['#f3d6c8', '#7e3a1c'], ['#dfe3c4', '#4d5512'], ['#f7dfae', '#6f4a05'], ['#cde8dc', '#12523a'], ['#e7d5ea', '#5b2a66']] as const

/** A face for something without a picture: the same id grows the same frond, once. A help to the eye, never a proof. */
export function frond(id: string): DirectiveResult {
  return guard([id], () => draw(id))
}

function draw(id: string): TemplateResult {
  const bytes = Array.from(id.slice(-16), letter => letter.codePointAt(0) ?? 0)
  const [ground, ink] = inks[bytes.reduce((sum, byte) => sum + byte, 0) % inks.length] ?? inks[0]
  const random = seeded(bytes)
  return html`<svg class="frond" viewBox="0 0 40 40" aria-hidden="true" preserveAspectRatio="xMidYMid slice">
    <rect width="40" height="40" fill=${ground} />
    <g color=${ink}>${grow({ x: 20, base: 36, top: 5 + random() * 4, leaf: 9 + random() * 3, stem: .9, seed: Math.floor(random() * 1e6) })}</g>
    <ellipse cx="20" cy="36.5" rx="5" ry="2.3" fill=${ink} />
  </svg>`
}
