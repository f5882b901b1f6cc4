import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { attempt } from '../../events.ts'
import { dropDraft, forgetSent, keepDraft, sentDraft } from '../../record-draft.ts'
import { recordHash } from '../../route.ts'
import { ago, number } from '../../strings/format.ts'
import { chainName, credits as creditWords, failedWords, shortHash } from '../../strings/records.ts'
import { shared } from '../../tokens/index.ts'
import type { Peer, RecordSending } from '../../types.ts'
import { notice } from '../parts.ts'
import { stageStyles } from '../stage.ts'
import { stepStyles } from '../steps.ts'
import { recordChip, recordParts, wayOf } from './parts.ts'

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
  static override readonly styles = [...shared, stageStyles, stepStyles, recordParts, css`
    article { padding-block: 1rem; border-block-start: 1px solid var(--color-line); }
    li:first-child > article { border-block-start: 0; }
    .way { grid-template-columns: repeat(auto-fit, minmax(min(9rem, 100%), 1fr)); gap: .5rem var(--space-2); }
    .way li { padding: 0; }
    .way li::before { display: none; }
  `]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) sending: readonly RecordSending[] = []
  /** Whether they stand on the page of their chain. */
  @property({ type: Boolean }) within = false

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

  private row(one: RecordSending): TemplateResult {
    const { chain, entryHash, begins, stage, pulled, made, block, index, credits } = one
    const title = begins ? msg('A new chain') : this.within ? msg('An entry') : msg(str`An entry of ${chainName({ name: null, id: chain })}`)
    const hash = recordHash(chain, index ?? null)
    return html`<li><article class="stack s1" aria-label=${msg(str`${title}, ${shortHash(entryHash)}`)}>
      <div class="line apart"><span><b>${stage === 'included' || stage === 'safe' ? html`<a href=${hash}>${title}</a>` : this.within ? title : html`<a href=${recordHash(chain)}>${title}</a>`}</b>
        <span class="small quiet">${ago(made * 1000, Date.now())}, <span class="mono">${shortHash(entryHash)}</span></span></span>${recordChip(stage)}</div>
      ${stage === 'failed' ? this.failed(one) : wayOf(stage)}
      ${stage === 'failed' ? nothing : html`<p class="small soft">${block === null ? pulled ? msg('Others have it, so this tab may be closed.') : msg('Keep this tab open until others have it.')
        : index === null ? msg(str`In block ${number(block)}.`) : msg(str`In block ${number(block)}, as No. ${number(index)} of its chain.`)} ${msg(str`It costs ${creditWords(credits)}.`)}</p>`}
    </article></li>`
  }

  override render() {
    return html`<ul aria-label=${msg('On their way')}>${repeat(this.sending, ({ wish }) => wish, one => this.row(one))}</ul>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-record-sending': HoldfastRecordSending } }
