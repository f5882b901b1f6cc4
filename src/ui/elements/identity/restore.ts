import { html, nothing } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { NoteEvent } from '../../events.ts'
import { number } from '../../strings/format.ts'
import type { Backup, JudgedWords } from '../../types.ts'
import { notice } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'

/** As `limits.backupFileBytes` says; whoever reads it judges again. */
const fileChars = 16 * 1024 * 1024

/** Brings somebody back from words or from a file, once it was seen whom. */
@customElement('holdfast-restore')
export class HoldfastRestore extends Sheet {
  @state() private from: 'words' | 'file' = 'words'
  @state() private typed = ''
  @state() private file: { readonly name: string, readonly text: string } | null = null
  @state() private passphrase = ''
  /** What was given, and whose it is. */
  @state() private found: { readonly backup: Backup, readonly address: string, readonly keys: number } | null = null
  @query('#backup') private readonly input!: HTMLInputElement

  async show(): Promise<void> {
    await this.open()
  }

  protected override clear(): void {
    this.from = 'words'
    this.typed = this.passphrase = ''
    this.file = this.found = null
  }

  protected override form(): Form {
    return this.found === null ? this.entry() : this.replacement(this.found)
  }

  private entry(): Form {
    return {
      heading: msg('Restore'),
      body: html`<fieldset class="stack s1"><legend class="label">${msg('From')}</legend>
          ${this.choice('words', msg('Recovery words'))}${this.choice('file', msg('A backup file'))}</fieldset>
        ${this.from === 'words' ? this.phraseField() : this.fileFields()}`,
      no: msg('Not now'),
      yes: msg('Look whose it is'),
      submit: async () => { await (this.from === 'words' ? this.lookAtWords() : this.lookAtFile()) },
    }
  }

  private choice(from: 'words' | 'file', words: string) {
    return html`<label class="radio"><input type="radio" name="from" .checked=${live(this.from === from)} @change=${() => { this.from = from; this.problem = '' }} />${words}</label>`
  }

  private phraseField() {
    return html`<div class="field"><label for="typed">${msg('Your words, in order')}</label>
      <textarea class="input" id="typed" rows="4" autocomplete="off" autocapitalize="off" spellcheck="false" translate="no" .value=${live(this.typed)} aria-invalid=${this.problem !== ''} aria-describedby="typed-hint problem"
        @input=${(event: Event) => { this.typed = (event.target as HTMLTextAreaElement).value; this.problem = '' }}></textarea>
      <p class="hint" id="typed-hint">${msg('With spaces between them, in small letters or capitals.')}</p></div>`
  }

  private fileFields() {
    return html`<div class="line s2">
        <input id="backup" type="file" accept=".json,application/json" hidden aria-label=${msg('Backup file')} @change=${(event: Event) => { void this.act(async () => { await this.take(event.target as HTMLInputElement) }) }} />
        <button type="button" class="button" @click=${() => { this.input.click() }}>${icon('file')}${msg('Choose the file')}</button>
        <span class="small soft"><bdi>${this.file?.name ?? msg('None chosen yet')}</bdi></span></div>
      ${this.field({ id: 'opens', label: msg('Passphrase of the file'), type: 'password', autocomplete: 'off', value: this.passphrase, change: value => { this.passphrase = value } })}`
  }

  private async take(input: HTMLInputElement): Promise<void> {
    const chosen = input.files?.[0]
    input.value = '' // the same file can be chosen again
    if (chosen === undefined) return
    this.file = { name: chosen.name, text: chosen.size > fileChars ? '' : await chosen.text() } // what is too large is no backup, and said to be none
  }

  private async lookAtWords(): Promise<void> {
    const judged = await this.peer.identity.judgeWords(this.typed)
    if (judged.ok) await this.step(() => { this.found = { backup: { words: this.typed }, address: judged.address, keys: 0 } })
    else this.problem = phraseProblem(judged)
  }

  private async lookAtFile(): Promise<void> {
    const { file, passphrase } = this
    if (file === null) {
      this.problem = msg('Choose a file first.')
      return
    }
    const { address, keys } = await this.peer.identity.judgeFile(file.text, passphrase)
    await this.step(() => { this.found = { backup: { file: file.text, passphrase }, address, keys } })
  }

  private replacement({ backup, address, keys }: { readonly backup: Backup, readonly address: string, readonly keys: number }): Form {
    const present = this.snapshot.identity
    const same = present?.address === address
    const lost = present !== null && !same && present.backedUp === null
    return {
      heading: same ? msg('This is you already') : msg('Be this person here?'),
      body: html`<p class="whose mono" translate="no">${address}</p>
        ${keys === 0 ? nothing : html`<p>${keys === 1 ? msg('The file has the key of 1 protected file.') : msg(str`The file has the keys of ${number(keys)} protected files.`)} ${msg('Those that are not here are added.')}</p>`}
        ${same ? nothing : lost
          ? notice('danger', msg('Who you are here now was never backed up'), html`<p>${msg('It goes with its address and all that is yours by it, for good:')}</p><p class="mono" translate="no">${present.address}</p>`)
          : html`<p class="soft">${msg('It takes the place of who you are here now. What this device holds stays.')}</p>`}
        ${same || present?.imported === undefined ? nothing : notice('warn', msg('Keys of Factom go too'), msg('Those that were brought here are lost with it. Keep copies of them, or a backup file that has them.'))}
        ${same || present?.passphrase !== true ? nothing : html`<p class="small soft">${msg('The passphrase of now goes too; set a new one afterwards.')}</p>`}`,
      no: msg('Leave it as it is'),
      yes: same ? keys === 0 ? msg('Good') : msg('Add the keys') : msg('Replace'),
      tone: lost ? 'danger' : 'primary',
      submit: async () => {
        const { files } = await this.peer.identity.restore(backup)
        this.close()
        const added = files === 0 ? '' : files === 1 ? msg('The key of 1 file was added.') : msg(str`The keys of ${number(files)} files were added.`)
        this.dispatchEvent(new NoteEvent({ words: `${same ? msg('You are who you were.') : msg('Restored.')} ${added}`.trim(), undo: null }))
      },
    }
  }
}

/** What is wrong with typed words. */
function phraseProblem(judged: Exclude<JudgedWords, { readonly ok: true }>): string {
  switch (judged.problem) {
    case 'count': return judged.count === 0 ? msg('There are no words here yet.') : judged.count === 1 ? msg('A phrase has 12 words, or 15, 18, 21 or 24. This is 1.') : msg(str`A phrase has 12 words, or 15, 18, 21 or 24. These are ${number(judged.count)}.`)
    case 'unknown': {
      const list = judged.words.map(({ place, word }) => msg(str`word ${place} “${word}”`)).join(', ')
      return msg(str`Not in the list of words: ${list}. Look at each letter.`)
    }
    case 'checksum': return msg('All of them are words of the list, but not of one phrase. One is another word, or two changed places.')
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-restore': HoldfastRestore } }
