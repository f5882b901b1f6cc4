import { html, type TemplateResult } from 'lit'
import { state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import { coins } from '../../strings/counts.ts'
import type { Peer, Upload } from '../../types.ts'
import { Sheet, type Form } from '../sheet.ts'

export type Changes = Parameters<Peer['publishing']['change']>[1]

/** A form in which the owner of an upload changes something of it: what is wrong is said beside its field, what is right is signed and on its way. */
export abstract class ChangeSheet extends Sheet {
  @state() protected upload: Upload | null = null

  protected abstract heading(): string
  /** Below the title of what is changed. */
  protected abstract fields(upload: Upload): TemplateResult
  /** What is to be changed; null where what was typed is wrong, which is said then. */
  protected abstract judge(upload: Upload): Changes | null

  protected override clear(): void {
    this.upload = null
  }

  protected fee(): TemplateResult {
    return html`<p class="small quiet">${msg(str`It is written in the ledger for everybody; the fee is ${coins(this.snapshot.wallet?.minimumFee ?? 0)}.`)}</p>`
  }

  protected override form(): Form {
    const { upload } = this
    const [heading, no] = [this.heading(), msg('Not now')]
    if (upload === null) return { heading, body: html``, no, yes: null, submit: async () => {} }
    return {
      heading, no, yes: msg('Change it'), doing: msg('Signing…'),
      body: html`<p><bdi><b>${upload.title}</b></bdi></p>${this.fields(upload)}`,
      submit: async () => {
        const change = this.judge(upload)
        if (change === null) {
          await this.toWrong()
          return
        }
        await this.peer.publishing.change(upload, change)
        this.close()
        this.dispatchEvent(new NoteEvent({ words: msg('The change is on its way. It counts once a block has it.'), undo: null }))
      },
    }
  }
}
