import { html, nothing, type TemplateResult } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { icon } from '../drawings/icons.ts'
import { fold, notice } from '../elements/parts.ts'
import { stepStyles } from '../elements/steps.ts'
import { PageDrop } from '../page-drop.ts'
import { errorWords } from '../strings/errors.ts'
import { bytes } from '../strings/format.ts'
import { findingWords } from '../strings/findings.ts'
import { claimWords, holdWords, verdictOf } from '../strings/records.ts'
import { shared } from '../tokens/index.ts'
import type { RecordFinding } from '../types.ts'
import { checkStyles } from './check.styles.ts'
import { Place } from './place.ts'

/** A receipt has an entry of 10 KiB and its proofs; a JSON export of Factom may have some more. */
const mostBytes = 4_000_000

/** Trusted roots are 64 hexadecimal digits each. */
const rootShape = /^[0-9a-f]{64}$/

/** Checks a receipt, claim by claim, with nothing but what is on this page: no network, no ledger, no account. */
@customElement('holdfast-check')
export class HoldfastCheck extends Place {
  static override readonly styles = [...shared, stepStyles, checkStyles]

  @state() private text = ''
  @state() private name = ''
  @state() private roots = ''
  @state() private busy = false
  @state() private findings: readonly RecordFinding[] | null = null
  @state() private wrong = ''
  @state() private wrongRoots = ''
  @query('#file') private readonly picker!: HTMLInputElement

  private readonly drop = new PageDrop(this, ({ files: [file] }) => { void this.take(file) })

  private async take(file: File | undefined): Promise<void> {
    if (file === undefined) return
    if (file.size > mostBytes) {
      this.put('', '')
      this.wrong = msg(str`${file.name} has ${bytes(file.size)}, far more than any receipt. Nothing was read.`)
      return
    }
    try { this.put(await file.text(), file.name) } catch {
      this.wrong = msg('The file could not be read. Check that it still exists, and choose it again.')
      return
    }
    await this.check()
  }

  private put(text: string, name: string): void {
    this.text = text
    this.name = name
    this.findings = null
    this.wrong = ''
  }

  private trusted(): readonly string[] | null {
    const roots = this.roots.split(/[\s,]+/).map(root => root.replace(/^0x/i, '').toLowerCase()).filter(root => root !== '')
    return roots.every(root => rootShape.test(root)) ? roots : null
  }

  private async check(): Promise<void> {
    const trusted = this.trusted()
    this.wrongRoots = trusted === null ? msg('A root has 64 hexadecimal digits. One of these has not.') : ''
    this.wrong = this.text.trim() === '' ? msg('There is nothing to check yet.') : ''
    if (trusted === null || this.wrong !== '' || this.busy) {
      await this.look(this.wrong === '' ? '#roots' : '#receipt')
      return
    }
    this.busy = true
    try {
      const judged = await this.peer.records.verify(this.text, trusted)
      this.findings = judged.ok ? judged.value : null
      if (!judged.ok) this.wrong = judged.code === 'bad-input' ? msg('This is no receipt, nor anything of Factom that can be read. Copy all of it and paste it again.') : `${errorWords(judged).what}. ${errorWords(judged).next}`
    } catch (error) {
      this.wrong = `${errorWords(error).what}. ${errorWords(error).next}`
    } finally { this.busy = false }
    await this.look(this.wrong === '' ? '#verdict' : '#receipt')
  }

  private async look(where: string): Promise<void> {
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(where)?.focus()
  }

  private said(findings: readonly RecordFinding[]): TemplateResult {
    const { tone, title, text } = verdictOf(findings)
    return html`<section class="stack" aria-labelledby="verdict">
      <h2 id="verdict" class="h3" tabindex="-1">${msg('What came of it')}</h2>
      ${notice(tone, title, text)}
      <ol class="steps" aria-label=${msg('Claims')}>${findings.map(finding => {
        const { claim, holds } = finding
        const says = findingWords(finding)
        const { tone: mark, icon: drawn, words } = holdWords(holds)
        return html`<li><span class="at ${mark}">${icon(drawn, 16)}</span><div><b>${claimWords(claim)}</b> <span class="small ${holds === false ? 'bad' : holds === true ? 'good' : 'quiet'}">${words}</span><p class="says"><bdi>${says}</bdi></p></div></li>`
      })}</ol></section>`
  }

  private error(id: string, words: string): TemplateResult {
    return html`<div id=${id} role="status">${words === '' ? nothing : html`<p class="error">${icon('warning', 18)}<span>${words}</span></p>`}</div>`
  }

  override render() {
    const { findings, snapshot } = this
    return html`<div class="page"><nav aria-label=${msg('Back')}><a class="button plain small back" href="#/records">${icon('back')}${msg('Records')}</a></nav>
      <div class="stack"><h1 tabindex="-1">${msg('Check a receipt')}</h1>
        <p class="lead">${msg('It is read on this device and sent nowhere. No connection is needed.')}</p></div>
      <div class="cols ${findings === null ? '' : 'two'}"><form class="panel stack ${this.drop.over !== null ? 'over' : ''}" aria-label=${msg('A receipt')} novalidate @submit=${(event: Event) => { event.preventDefault(); void this.check() }}>
        <div class="field"><label for="receipt">${msg('The receipt')}</label>
          <p class="hint" id="about">${this.drop.over !== null ? msg('Let go to read it.') : msg('Paste it, or drop the file anywhere on this page. Receipts, entries, commits and blocks of Factom are known too.')}</p>
          <textarea class="input mono" id="receipt" rows="8" dir="ltr" spellcheck="false" autocomplete="off" placeholder="{ &quot;format&quot;: &quot;holdfast-receipt/1&quot;, …" .value=${live(this.text)} aria-invalid=${this.wrong !== ''} aria-describedby="about wrong" @input=${(event: Event) => { this.put((event.target as HTMLTextAreaElement).value, '') }}></textarea>
          ${this.error('wrong', this.wrong)}</div>
        <div class="line apart"><span class="small soft"><bdi>${this.name}</bdi></span>
          <input id="file" type="file" accept=".json,application/json,text/plain" hidden aria-label=${msg('Receipt file')} @change=${(event: Event) => { const input = event.target as HTMLInputElement; void this.take(input.files?.[0]).then(() => { input.value = '' }) }} />
          <button type="button" class="button small" @click=${() => { this.picker.click() }}>${icon('file', 18)}${msg('Choose a file')}</button></div>
        ${fold(msg('Whose word you take'), html`<div class="field"><label for="roots">${msg('Roots you trust')}</label>
          <p class="hint" id="roots-about">${snapshot.ledger.phase === 'open' ? msg('Those this device found final are trusted by themselves. Others, from somebody you trust, go here: state roots, or KeyMRs of Directory Blocks, one a line.') : msg('State roots, or KeyMRs of Directory Blocks, one a line, from somebody you trust. This device knows none by itself yet.')}</p>
          <textarea class="input mono" id="roots" rows="3" dir="ltr" spellcheck="false" autocomplete="off" .value=${live(this.roots)} aria-invalid=${this.wrongRoots !== ''} aria-describedby="roots-about roots-wrong" @input=${(event: Event) => { this.roots = (event.target as HTMLTextAreaElement).value; this.wrongRoots = '' }}></textarea>
          ${this.error('roots-wrong', this.wrongRoots)}</div>`)}
        <button class="button primary big" aria-disabled=${this.busy}>${icon('shield')}${this.busy ? msg('Checking…') : msg('Check it')}</button></form>
        ${findings === null ? nothing : this.said(findings)}</div></div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-check': HoldfastCheck } }
