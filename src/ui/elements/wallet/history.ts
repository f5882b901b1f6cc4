import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { frond } from '../../drawings/kelp.ts'
import { icon } from '../../drawings/icons.ts'
import { emptyMark } from '../../drawings/mark.ts'
import { NoteEvent, ProblemEvent } from '../../events.ts'
import { saveBytes } from '../../files.ts'
import { bytes, moment, number } from '../../strings/format.ts'
import { failureWords, historyFile, movedCoins, otherWords, rowWords, signed, stageWords } from '../../strings/wallet.ts'
import { shared } from '../../tokens/index.ts'
import type { Cid, Peer, PeerState, RowProof, WalletRow } from '../../types.ts'
import '../copy.ts'
import { facts, num } from '../parts.ts'
import { stageChip, stageStyles } from '../stage.ts'
import { historyStyles } from './history.styles.ts'

const firstRows = 50

/** What came and what went, newest first; the exact terms and the proof of each on demand. */
@customElement('holdfast-history')
export class HoldfastHistory extends LitElement {
  static override readonly styles = [...shared, stageStyles, historyStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @state() private opened: Cid | null = null
  @state() private shown = firstRows
  /** Of the opened row. */
  @state() private proof: RowProof | 'asked' | 'none' | null = null

  private open(id: Cid): void {
    this.opened = this.opened === id ? null : id
    this.proof = null
  }

  private async prove({ id }: WalletRow): Promise<void> {
    this.proof = 'asked'
    let proof: RowProof | 'none' = 'none'
    try { proof = await this.peer.wallet.prove(id) } catch (error) {
      if ((error as { code?: string }).code !== 'not-found') this.dispatchEvent(new ProblemEvent(error))
    }
    if (this.opened === id) this.proof = proof
  }

  private async cancel({ id }: WalletRow): Promise<void> {
    try {
      await this.peer.wallet.cancel(id)
      this.dispatchEvent(new NoteEvent({ words: msg('It was taken back. Nothing was sent.'), undo: null }))
    } catch (error) {
      if ((error as { code?: string }).code !== 'already-exists') throw error
      this.dispatchEvent(new NoteEvent({ words: msg('Others have it already, so it cannot be taken back.'), undo: null }))
    }
  }

  private save(): void {
    saveBytes(new Blob([historyFile(this.snapshot.wallet?.rows ?? [])], { type: 'text/csv' }), 'holdfast-history.csv')
  }

  private proven(row: WalletRow): TemplateResult | typeof nothing {
    const { proof } = this
    if (proof === null) return row.block === null ? nothing : html`<div><button type="button" class="button small" @click=${() => { void this.prove(row) }}>${icon('shield', 18)}${msg('Show the proof')}</button></div>`
    if (proof === 'asked') return html`<p class="soft">${msg('Fetching what shows it, and checking.')}</p>`
    if (proof === 'none') return html`<p class="soft">${msg('Nobody who is here now keeps that block, so it cannot be shown again at this moment.')}</p>`
    return html`<p class="badge good">${icon('check', 18)}${msg('Verified on this device')}</p>
      <p class="soft">${row.kind === 'mined' ? msg('The header of the block is signed by your key, and what it paid you stands under its state root.')
        : msg('It lies in the body that the block names, and what it did stands under the state root.')}</p>
      ${facts([
        [msg('Block'), html`${num(number(proof.number))}${proof.index === null ? nothing : msg(html`, place ${num(number(proof.index + 1))} in it`)}`],
        [msg('State root'), html`<span class="mono">${proof.root}</span>`],
        [msg('Block id'), html`<span class="mono">${proof.block}</span>`],
        [msg('Shown by'), num(msg(str`${number(proof.nodes)} nodes, ${bytes(proof.bytes)}`))],
      ])}`
  }

  private details(row: WalletRow): TemplateResult {
    const early = row.stage === 'signing' || row.stage === 'stamping' || row.stage === 'failed'
    return html`<div class="details stack">
      <p>${stageWords(row.stage).about}</p>
      ${facts([
        ...row.other === null ? [] : [[otherWords(row.kind), html`<span class="mono" translate="no">${row.other}</span>`] as const],
        ...row.amount === 0 ? [] : [[msg('Coins'), num(number(row.amount))] as const],
        ...row.fee === 0 ? [] : [[msg('Fee'), num(number(row.fee))] as const],
        ...row.block === null ? [] : [[msg('Block'), num(number(row.block))] as const],
        [msg('When'), moment(row.time * 1000, Date.now(), true)],
        [row.kind === 'mined' ? msg('Block id') : msg('Transaction'), html`<span class="mono">${row.id}</span>`],
      ])}
      <div role="status" class="stack s1">${this.proven(row)}</div>
      ${early ? html`<div><button type="button" class="button small" @click=${() => { this.cancel(row).catch((error: unknown) => { this.dispatchEvent(new ProblemEvent(error)) }) }}>${row.stage === 'failed' ? msg('Forget it') : msg('Take it back')}</button></div>` : nothing}
    </div>`
  }

  private row(row: WalletRow): TemplateResult {
    const { title, about, icon: drawn } = rowWords(row)
    const moved = movedCoins(row)
    const open = this.opened === row.id
    const when = moment(row.time * 1000, Date.now())
    return html`<tr role="row" class=${open ? 'open' : ''}>
      <td role="cell" class="what"><span class="title"><span class="tile">${row.other === null ? icon(drawn) : frond(row.other)}</span><span><b><bdi>${title}</bdi></b>
        <span class="small quiet">${row.stage === 'failed' ? html`<span class="bad">${failureWords(row)}</span>` : about}<span class="narrow">, ${when}</span></span></span></span></td>
      <td role="cell" class="stage">${stageChip(row.stage)}</td>
      <td role="cell" class="when quiet">${when}</td>
      <td role="cell" class="coins num ${moved > 0 ? 'good' : ''}"><bdi>${row.stage === 'failed' ? html`<s>${signed(moved)}</s>` : signed(moved)}</bdi></td>
      <td role="cell" class="act"><button type="button" class="button icon-only ${open ? 'turned' : ''}" aria-expanded=${open} aria-label=${msg(str`Details: ${title}, ${signed(moved)}, ${when}`)} @click=${() => { this.open(row.id) }}>${icon('chevron')}</button></td>
    </tr>
    ${open ? html`<tr role="row" class="more"><td role="cell" colspan="5">${this.details(row)}</td></tr>` : nothing}`
  }

  override render() {
    const rows = this.snapshot.wallet?.rows ?? []
    return html`<section class="stack s1" aria-labelledby="history">
      <div class="line apart"><h2 id="history">${msg('History')}</h2>
        ${rows.length === 0 ? nothing : html`<button type="button" class="button plain small" @click=${this.save}>${icon('save', 18)}${msg('Save as file')}</button>`}</div>
      ${rows.length === 0
        ? html`<div class="empty">${emptyMark()}<h3>${msg('Nothing came or went yet')}</h3><p>${msg('Coins you send, get or make with blocks are listed here, with how far each has come.')}</p></div>`
        : html`<table role="table"><caption class="sr">${msg('What came and what went')}</caption>
          <thead><tr role="row"><th scope="col">${msg('What')}</th><th scope="col">${msg('Stage')}</th><th scope="col">${msg('When')}</th><th scope="col" class="coins">${msg('Coins')}</th><th scope="col" class="act"><span class="sr">${msg('Details')}</span></th></tr></thead>
          <tbody role="rowgroup">${repeat(rows.slice(0, this.shown), ({ id }) => id, row => this.row(row))}</tbody></table>
          ${rows.length > this.shown ? html`<div class="line"><button type="button" class="button small" @click=${() => { this.shown += firstRows }}>${msg('Show more')}</button></div>` : nothing}`}
    </section>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-history': HoldfastHistory } }
