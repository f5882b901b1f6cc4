import { html, nothing } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { frond } from '../../drawings/kelp.ts'
import { icon } from '../../drawings/icons.ts'
import { chosenFiles } from '../../files.ts'
import { bytes } from '../../strings/format.ts'
import type { Cid, Item, SourceFile } from '../../types.ts'
import { notice, num } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'

/** What was chosen: something that is given already, or files that are to be shared first. */
export class AttachEvent extends Event {
  static readonly type = 'holdfast-attach'
  constructor(readonly chosen: { readonly cid: Cid } | { readonly files: readonly SourceFile[] }) {
    super(AttachEvent.type)
  }
}

/** What a message can carry: all of it is here and given, and needs no key, as everybody who reads the message may fetch it. */
function attachable(items: readonly Item[]): readonly Item[] {
  return items.filter(({ state: at, giving, protected: locked }) => at === 'here' && giving && !locked)
}

/** Chooses what a message carries. */
@customElement('holdfast-attach')
export class HoldfastAttach extends Sheet {
  @state() private chosen: Cid | null = null
  @query('#new-file') private readonly input!: HTMLInputElement

  async show(): Promise<void> {
    await this.open()
  }

  protected override clear(): void {
    this.chosen = null
  }

  private take(): void {
    const files = chosenFiles(this.input.files ?? new DataTransfer().files)
    this.input.value = ''
    if (files.length === 0) return
    this.close()
    this.dispatchEvent(new AttachEvent({ files }))
  }

  protected override form(): Form {
    const items = attachable(this.snapshot.items)
    return {
      heading: msg('Attach something'),
      body: html`${notice('plain', nothing, msg('Everybody who reads the message can fetch it, from you and from whoever keeps it. They see your IP address while they do.'))}
        ${items.length === 0 ? html`<p class="soft">${msg('Nothing in your Library is given to others without a key now.')}</p>`
          : html`<fieldset><legend class="label">${msg('From your Library')}</legend><div class="rows choices">${items.map(({ cid, title, size }) => html`<label class="file"><input type="radio" name="item" .checked=${this.chosen === cid} @change=${() => { this.chosen = cid; this.problem = '' }} />
              <span class="title"><span class="tile">${frond(cid)}</span><bdi class="name">${title}</bdi></span><span class="end">${num(bytes(size))}</span></label>`)}</div></fieldset>`}
        <input id="new-file" type="file" multiple hidden aria-label=${msg('Files to share and attach')} @change=${() => { this.take() }} />`,
      more: html`<button type="button" class="button" @click=${() => { this.input.click() }}>${icon('plus')}${msg('Share a new file')}</button>`,
      no: msg('Not now'),
      yes: items.length === 0 ? null : msg('Attach'),
      submit: async () => {
        const cid = this.chosen
        if (cid === null) {
          this.problem = msg('Choose one of them first, or share a new file.')
          return
        }
        this.close()
        this.dispatchEvent(new AttachEvent({ cid }))
        await Promise.resolve()
      },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-attach': HoldfastAttach } }
