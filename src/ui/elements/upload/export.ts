import { html, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import { errorWords } from '../../strings/errors.ts'
import type { Cid, ExportFormat, ExportProgress } from '../../types.ts'
import { choice, choiceStyles } from '../choice.ts'
import { bar } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'

export interface ExportWish {
  readonly cid: Cid
  readonly member: number | null
  readonly name: string
  readonly formats: readonly ExportFormat[]
}

function words(format: ExportFormat): { name: string, about: string } {
  return {
    copy: () => ({ name: msg('As it is'), about: msg('Its own bytes, unchanged.') }),
    flac: () => ({ name: 'FLAC', about: msg('Lossless, about half of WAV.') }),
    wav: () => ({ name: 'WAV', about: msg('Lossless and large; every program reads it.') }),
    mp3: () => ({ name: 'MP3', about: msg('Small, for any player. Some of the sound is left out.') }),
    m4a: () => ({ name: 'M4A', about: msg('Small, for phones. Some of the sound is left out.') }),
    mp4: () => ({ name: 'MP4', about: msg('For any player. Copied where it fits, else made anew, which takes long.') }),
  }[format]()
}

/** Saves one file in a format the person chooses; converting it takes a while and can be stopped. */
@customElement('holdfast-export')
export class HoldfastExport extends Sheet {
  static override readonly styles = [...Sheet.styles, choiceStyles]

  @state() private wish: ExportWish | null = null
  @state() private format: ExportFormat = 'copy'
  @state() private progress: ExportProgress | null = null
  private stop: AbortController | null = null

  async show(wish: ExportWish): Promise<void> {
    await this.open()
    this.wish = wish
    this.format = wish.formats[0] ?? 'copy'
  }

  /** Whoever leaves the form stops what it does. */
  protected override clear(): void {
    this.stop?.abort()
    this.stop = this.progress = this.wish = null
  }

  private async save({ cid, member, name }: ExportWish): Promise<void> {
    const stop = new AbortController()
    this.stop = stop
    this.progress = { done: 0, total: 0, state: 'reading' }
    let saved: string | null
    try {
      saved = await this.peer.publishing.export(cid, this.format, { member, signal: stop.signal, onProgress: progress => { if (this.stop === stop) this.progress = progress } })
    } catch (error) {
      if (stop.signal.aborted) return
      const { what, next } = errorWords(error)
      this.problem = `${what}. ${next}`
      return
    } finally {
      if (this.stop === stop) this.stop = this.progress = null
    }
    this.close()
    this.dispatchEvent(new NoteEvent({ words: msg(str`${saved ?? name} is saved as the browser saves its downloads.`), undo: null }))
  }

  protected override form(): Form {
    const { wish, progress } = this
    if (wish === null) return { heading: msg('Save'), body: html``, no: msg('Not now'), yes: null, submit: async () => {} }
    return {
      heading: msg(str`Save ${wish.name}`),
      body: progress === null
        ? html`<fieldset class="choices"><legend class="label">${msg('In which format')}</legend>${wish.formats.map(format => {
          const { name, about } = words(format)
          return choice({ group: 'format', id: format, label: name, about, checked: this.format === format, choose: () => { this.format = format; this.problem = '' } })
        })}</fieldset>`
        : html`<div class="stack s1"><p role="status">${progress.state === 'reading' ? msg('Reading it.') : progress.state === 'converting' ? msg('Converting it on this device.') : msg('Handing it to the browser.')}</p>
          ${bar({ title: msg(str`Saving ${wish.name}`), done: progress.done, total: progress.total, tone: 'thick', waiting: progress.total === 0 || progress.done === 0 })}
          ${progress.total === 0 ? nothing : html`<p class="small soft">${msg(str`${Math.floor(100 * progress.done / progress.total)} %`)}</p>`}</div>`,
      no: progress === null ? msg('Not now') : msg('Stop'),
      yes: progress === null ? msg('Save') : null,
      submit: async () => { await this.save(wish) },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-export': HoldfastExport } }
