import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { peersPicture } from '../drawings/peers.ts'
import { chain } from '../elements/chain.ts'
import '../elements/ledger/alert.ts'
import { blockList, charts } from '../elements/ledger/charts.ts'
import { mining } from '../elements/ledger/mining.ts'
import { facts, fold, notice, num } from '../elements/parts.ts'
import { stepStyles, steps } from '../elements/steps.ts'
import { direct, relayWords } from '../strings/connection.ts'
import { peers as peerCount } from '../strings/counts.ts'
import { errorWords } from '../strings/errors.ts'
import { ago, number, rate } from '../strings/format.ts'
import { standing } from '../strings/ledger.ts'
import { shared } from '../tokens/index.ts'
import type { OpenLedger, Relay } from '../types.ts'
import { networkStyles } from './network.styles.ts'
import { Place } from './place.ts'

const second = 1000

/** Who is connected and how, and every step on the way with its reason. */
@customElement('holdfast-network')
export class HoldfastNetwork extends Place {
  static override readonly styles = [...shared, stepStyles, networkStyles]

  private timer: ReturnType<typeof setInterval> | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    this.timer = setInterval(() => { this.requestUpdate() }, second) // the countdowns
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.timer)
  }

  private relay(relay: Relay) {
    const { tone, words } = relayWords(relay, Date.now())
    return html`<li><div class="file"><span class="tile">${icon('relay')}</span>
      <span><bdi class="name">${host(relay.address)}</bdi><bdi class="meta mono">${short(relay.peerId)}</bdi></span>
      <span class="end"><span class=${tone}>${words}</span></span></div></li>`
  }

  private table() {
    const { peers } = this.snapshot.connection
    if (peers.length === 0) return html`<p class="soft">${msg('Nobody else is connected now.')}</p>`
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${msg('Peers')}><table><caption class="sr">${msg('Peers')}</caption>
      <thead><tr><th scope="col">${msg('Peer')}</th><th scope="col">${msg('Line')}</th><th scope="col">${msg('Round trip')}</th><th scope="col">${msg('Since')}</th></tr></thead>
      <tbody>${peers.map(peer => html`<tr><td><bdi class="mono">${short(peer.peerId)}</bdi></td>
        <td>${peer.path === 'direct' ? msg('direct') : msg('through a relay')}</td>
        <td>${peer.rtt === null ? msg('not measured') : num(msg(str`${number(Math.round(peer.rtt))} ms`))}</td>
        <td>${ago(peer.since, Date.now())}</td></tr>`)}</tbody></table></div>`
  }

  private trackers(): string {
    const asked = new Set(this.snapshot.items.map(({ tracker }) => tracker))
    if (asked.has('ok')) return msg('answer')
    return asked.has('unreachable') ? msg('do not answer; asked again by themselves') : msg('not asked yet')
  }

  private standing(ledger: OpenLedger): TemplateResult {
    const { tone, words } = standing(ledger)
    return html`<span class="chip ${tone}">${icon(tone === 'ok' ? 'check' : tone === 'info' ? 'clock' : 'warning', 17)}${words}</span>`
  }

  private problem({ problem }: OpenLedger): TemplateResult | typeof nothing {
    if (problem === null) return nothing
    const { what, next } = errorWords(problem)
    return html`<div role="status">${notice('warn', msg(str`The blocks of others are followed, but not all could be done: ${what}`), next)}</div>`
  }

  private forks({ forks }: OpenLedger): TemplateResult | typeof nothing {
    if (forks.length === 0) return nothing
    return fold(msg(str`Forks seen, ${number(forks.length)}`), html`<p class="small soft">${msg('Where blocks of two miners met, and which branch this device took.')}</p>
      <ul class="rows">${forks.map(({ at, depth, taken, seen, tip }) => html`<li><div class="file"><span class="tile">${icon('network')}</span>
        <span><span class="name">${depth === 1 ? msg(str`After block ${number(at)}, 1 deep`) : msg(str`After block ${number(at)}, ${number(depth)} deep`)}</span><bdi class="meta mono">${short(tip)}</bdi></span>
        <span class="end">${taken ? msg('taken') : msg('left aside')}<br />${ago(seen * 1000, Date.now())}</span></div></li>`)}</ul>`)
  }

  override render() {
    const { peer, snapshot } = this
    const { connection, sent, items, network, leads, ledger, identity } = snapshot
    const open = ledger.phase === 'open' ? ledger : null
    const near = direct(connection)
    const used = connection.relays.filter(({ state }) => state === 'reserved' || state === 'connected').length
    const [into, out] = [items.reduce((sum, { rateIn }) => sum + rateIn, 0), items.reduce((sum, { rateOut }) => sum + rateOut, 0)]
    return html`<div class="page">
      <div class="line apart"><h1 tabindex="-1">${msg('Network')}</h1>${open === null ? nothing : this.standing(open)}</div>
      <holdfast-alert .peer=${peer} .snapshot=${snapshot}></holdfast-alert>
      <div class="cols wide-side even">
        <section class="water stack" aria-labelledby="around">
          <div class="line apart"><h2 id="around">${msg(str`${peerCount(connection.peers.length)} around you`)}</h2>
            <span class="small soft">${msg(html`in ${num(rate(into))}, out ${num(rate(out))}`)}</span></div>
          ${peersPicture(connection)}
          <dl class="legend">
            <div><dt><i class="line-key"></i>${msg('direct')}</dt><dd>${number(near)}</dd></div>
            <div><dt><i class="line-key dashed"></i>${msg('through a relay')}</dt><dd>${number(connection.peers.length - near)}</dd></div>
            <div><dt><i class="post-key"></i>${msg('relay')}</dt><dd>${number(used)}</dd></div>
          </dl>
        </section>
        <section class="panel stack" aria-labelledby="how"><h2 id="how">${msg('How you are connected')}</h2>${steps(connection)}</section>
      </div>
      ${open === null ? nothing : this.problem(open)}
      <section class="panel stack" aria-labelledby="chain"><h2 id="chain" class="sr">${msg('Chain')}</h2>${chain(snapshot, Date.now())}</section>
      ${open === null ? nothing : charts(open)}
      <div class="cols two">${open === null ? nothing : mining(this, peer, open, Date.now())}
      <section class="stack s1" aria-labelledby="relays"><h2 id="relays">${msg('Relays')}</h2>
        ${connection.relays.length === 0 ? html`<p class="soft">${msg('No relay is known yet.')}</p>` : html`<ul class="rows panel relays">${connection.relays.map(relay => this.relay(relay))}</ul>`}
        ${used === 1 ? html`<p class="small quiet">${msg('Everything hangs on one relay now. Direct lines stay when it goes, but nobody new can be met.')}</p>` : nothing}</section></div>
      <p class="small soft">${leads
        ? msg('This tab leads: it holds the connections for all tabs of this browser. Close it, and another one takes over.')
        : msg('Another tab leads: it holds the connections for all tabs of this browser. Close it, and this one or another takes over.')}</p>
      <div>${open === null ? nothing : html`${blockList(open, identity?.address, Date.now())}${this.forks(open)}`}
        ${fold(msg('Peers'), this.table())}
        ${fold(msg('Details'), facts([
          [msg('Network'), html`<bdi>${network}</bdi>`],
          ...ledger.phase === 'open' ? [[msg('Ledger'), html`<span class="mono">${ledger.network}</span>`] as const] : [],
          [msg('Your peer id'), html`<span class="mono">${connection.peerId}</span>`],
          [msg('Trackers'), this.trackers()],
          [msg('WebRTC connections'), html`${num(msg(str`${number(connection.rtc.live)} live`))}, ${num(msg(str`${number(connection.rtc.made)} made`))}`],
          [msg('Sent unasked'), num(msg(str`${number(sent.unasked)} of ${number(sent.frames)} frames`))],
        ]))}</div>
    </div>`
  }
}

/** The name of the machine in a multiaddr: what stands after its first name or number part. */
function host(address: string): string {
  return /^\/(?:dns[46]?|dnsaddr|ip[46])\/([^/]+)/.exec(address)?.[1] ?? address
}

function short(id: string): string {
  return id.length > 20 ? `${id.slice(0, 8)}…${id.slice(-8)}` : id
}

declare global { interface HTMLElementTagNameMap { 'holdfast-network': HoldfastNetwork } }
