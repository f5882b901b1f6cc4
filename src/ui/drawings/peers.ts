import { html, svg, type TemplateResult } from 'lit'
import { msg, str } from '@lit/localize'
import { number } from '../strings/format.ts'
import type { Connection } from '../types.ts'

const [centreX, centreY] = [320, 210]

/** Points on an ellipse around you, evenly between two angles (radians, 0 at the right, down is positive). */
function around(count: number, from: number, to: number, reach: number): { x: number, y: number }[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = from + (to - from) * (count === 1 ? .5 : i / (count - 1))
    const near = reach * (i % 2 === 0 ? 1 : .68)
    return { x: Math.round(centreX + Math.cos(angle) * 280 * near), y: Math.round(centreY + Math.sin(angle) * 180 * near) }
  })
}

/** How a hand draws a line: bent a little to one side. */
function bend(x: number, y: number): string {
  const [mx, my] = [(centreX + x) / 2, (centreY + y) / 2]
  return `M${centreX} ${centreY}Q${Math.round(mx + (y - centreY) * .12)} ${Math.round(my - (x - centreX) * .08)} ${x} ${y}`
}

/** You in the middle, direct peers above, relays and those behind them below. The same facts are in a table beside it. */
export function peersPicture({ peers, relays }: Connection): TemplateResult {
  const direct = peers.filter(({ path }) => path === 'direct')
  const relayed = peers.filter(({ path }) => path === 'relayed')
  const used = relays.filter(({ state }) => state === 'reserved' || state === 'connected')
  const near = around(direct.length, Math.PI * 1.04, Math.PI * 1.96, .94)
  const posts = around(used.length, Math.PI * .78, Math.PI * .22, .6).map(({ x }, i) => ({ x, y: 296, peerId: used[i]?.peerId }))
  const far = relayed.map((peer, i) => {
    const post = posts.find(({ peerId }) => peerId !== undefined && peer.relays.includes(peerId)) ?? posts[i % Math.max(1, posts.length)]
    const share = relayed.length === 1 ? 0 : i / (relayed.length - 1) - .5
    return { x: Math.round(centreX + share * 480), y: 384, from: post ?? { x: centreX, y: centreY } }
  })
  const words = msg(str`You in the middle. ${number(direct.length)} direct, ${number(relayed.length)} through a relay, ${number(used.length)} relays.`)
  return html`<svg class="peers" viewBox="0 0 640 420" role="img" aria-label=${words}>
    ${[.34, .68, 1].map(k => svg`<ellipse cx=${centreX} cy=${centreY} rx=${290 * k} ry=${190 * k} class="ring" />`)}
    ${near.map(({ x, y }) => svg`<path d=${bend(x, y)} class="direct" />`)}
    ${posts.map(({ x, y }) => svg`<path d=${bend(x, y)} class="torelay" />`)}
    ${far.map(({ x, y, from }) => svg`<path d=${`M${from.x} ${from.y}L${x} ${y}`} class="relayed" />`)}
    ${near.map(({ x, y }) => svg`<ellipse cx=${x} cy=${y} rx="9" ry="8" class="peer" />`)}
    ${far.map(({ x, y }) => svg`<ellipse cx=${x} cy=${y} rx="9" ry="8" class="peer far" />`)}
    ${posts.map(({ x, y }) => svg`<rect x=${x - 11} y=${y - 11} width="22" height="22" rx="5" transform=${`rotate(45 ${x} ${y})`} class="relay" />`)}
    <ellipse cx=${centreX} cy=${centreY} rx="26" ry="22" class="you" /><text x=${centreX} y=${centreY + 5} text-anchor="middle">${msg('You')}</text>
  </svg>`
}
