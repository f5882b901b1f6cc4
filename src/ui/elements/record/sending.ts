import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { attempt } from '../../events.ts'
import { dropDraft, forgetSent, keepDraft, sentDraft } from '../../record-draft.ts'
import { recordHash } from '../../route.ts'
import { ago, number } from '../../strings/format.ts'
import { chainName, credits as creditWords, failedWords, recordStage, shortHash } from '../../strings/records.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, RecordChain, RecordSending } from '../../types.ts'
import { notice } from '../parts.ts'
import { stepStyles } from '../steps.ts'
import { wayOf } from './parts.ts'

/** Shown at once: what failed, then the first of the others; somebody may have hundreds on their way. */
const mostShown = 5

/** What was written is to be written again; `chain` is where, null for a new one. */
export class AgainEvent extends Event {
  static readonly type = 'holdfast-again'
  constructor(readonly chain: string | null) {
    super(AgainEvent.type)
  }
}

/** The person's own entries that are on their way, each with its steps, or with what became of it. */
@customElement('holdfast-record-sending')
export class HoldfastRecordSending extends LitElement {
  static override readonly styles = [...shared, stepStyles, css`
    article { padding-block: 1rem; border-block-start: 1px solid var(--color-line); }
    li:first-child > article { border-block-start: 0; }
    .way { display: flex; flex-wrap: wrap; gap: .375rem var(--space-2); font-size: var(--text-small); }
    .way li { display: flex; align-items: center; gap: .5rem; padding: 0; }
    .way li::before { display: none; }
    .way .working { font-weight: var(--weight-label); }
    .notice .plain:first-child { margin-inline-start: -.875rem; }
    .way .waiting { color: var(--color-ink-quiet); }
  `]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) sending: readonly RecordSending[] = []
  /** Chains that are known here, for their names. */
  @property({ attribute: false }) chains: readonly RecordChain[] = []
  /** Whether they stand on the page of their chain. */
  @property({ type: Boolean }) within = false
  @state() private all = false

  private again({ chain, begins, entryHash, wish }: RecordSending): void {
    const draft = sentDraft(entryHash)
    const where = begins ? null : chain
    if (draft !== null) keepDraft(where, draft)
    else dropDraft(where)
    forgetSent(entryHash)
    attempt(this, this.peer.records.forget(wish))
    this.dispatchEvent(new AgainEvent(where))
  }

  private failed(one: RecordSending): TemplateResult {
    const { what, next } = failedWords(one)
    return notice('danger', what, next, html`<div class="line">
      ${sentDraft(one.entryHash) === null ? nothing : html`<button type="button" class="button small" @click=${() => { this.again(one) }}>${icon('again', 18)}${msg('Write it again')}</button>`}
      <button type="button" class="button plain small" @click=${() => { attempt(this, this.peer.records.forget(one.wish)) }}>${msg('Forget it')}</button></div>`)
  }

  private titleOf({ begins, chain }: RecordSending): string {
    return begins ? msg('A new chain') : this.within ? msg('An entry') : msg(str`An entry of ${chainName(this.chains.find(({ id }) => id === chain) ?? { name: null, id: chain })}`)
  }

  private where({ stage, block, index, pulled, credits }: RecordSending): string {
    const cost = msg(str`Cost: ${creditWords(credits)}.`)
    if (block === null) return [recordStage(stage).about, stage === 'local' || pulled ? '' : msg('Keep this tab open until others have it.'), cost].filter(words => words !== '').join(' ')
    return `${index === null ? msg(str`In block ${number(block)}.`) : msg(str`In block ${number(block)}, as No. ${number(index)} of its chain.`)} ${recordStage(stage).about} ${cost}`
  }

  private row(one: RecordSending): TemplateResult {
    const { chain, entryHash, stage, made, index } = one
    const title = this.titleOf(one)
    const leads = this.within && index === null ? null : recordHash(chain, index)
    return html`<li><article class="stack s1" aria-label=${msg(str`${title}, ${shortHash(entryHash)}`)}>
      <p class="line s2"><b>${leads === null ? title : html`<a href=${leads}><bdi>${title}</bdi></a>`}</b>
        <span class="small quiet">${ago(made * 1000, Date.now())}, <span class="mono">${shortHash(entryHash)}</span></span></p>
      ${stage === 'failed' ? this.failed(one) : html`${wayOf(stage)}<p class="small soft">${this.where(one)}</p>`}
    </article></li>`
  }

  override render() {
    const [failed, going] = [this.sending.filter(({ stage }) => stage === 'failed'), this.sending.filter(({ stage }) => stage !== 'failed')]
    const shown = [...failed, ...going].slice(0, this.all ? undefined : Math.max(mostShown, failed.length))
    const more = this.sending.length - shown.length
    return html`<ul aria-label=${msg('On their way')}>${repeat(shown, ({ wish }) => wish, one => this.row(one))}</ul>
      ${more === 0 ? nothing : html`<p class="line s2 small"><span class="soft">${msg(str`${number(more)} more on their way.`)}</span><button type="button" class="button small" @click=${() => { this.all = true }}>${msg('Show all of them')}</button></p>`}`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-record-sending': HoldfastRecordSending } }
