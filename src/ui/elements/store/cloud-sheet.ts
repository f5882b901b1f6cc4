import { html } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { NoteEvent } from '../../events.ts'
import { notice } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'
import { cloudFields, cloudName, cloudPlace, clouds, type Cloud } from './cloud-form.ts'

/** Names a bucket in the cloud and what opens it; tries it, and then everything moves there. */
@customElement('holdfast-cloud-sheet')
export class HoldfastCloudSheet extends Sheet {
  @state() private cloud: Cloud = 's3'
  @state() private fields: Readonly<Record<string, string>> = {}
  @state() private missing = ''

  async show(): Promise<void> {
    await this.open()
  }

  protected override clear(): void {
    this.fields = {}
    this.missing = ''
  }

  protected override form(): Form {
    return {
      heading: msg('Keep files in a cloud store'),
      body: html`${notice('info', msg('What this means'), html`<p>${msg('Whoever runs the store sees the bytes, and that it is you. Protected files are encrypted; the others are not. What you fetch is put together on this device first, so there has to be room for the largest of them.')}</p>
          <p>${msg(html`The bucket’s CORS rules have to let in this site (<bdi>${location.origin}</bdi>), with all methods and headers, and expose <bdi>ETag</bdi> and <bdi>Content-Range</bdi>.`)}</p>`)}
        <div class="field"><label for="cloud">${msg('Kind of store')}</label><span class="select"><select class="input" id="cloud" @change=${(event: Event) => { this.cloud = (event.target as HTMLSelectElement).value as Cloud; this.missing = '' }}>
          ${clouds.map(cloud => html`<option value=${cloud} .selected=${live(cloud === this.cloud)}>${cloudName(cloud)}</option>`)}</select>${icon('chevron')}</span></div>
        ${cloudFields(this.cloud).map(({ id, label, hint, secret, optional }) => this.field({
          id, label: optional === true ? msg(str`${label} (may be empty)`) : label, value: this.fields[id] ?? '', ...hint === undefined ? {} : { hint }, ...secret === true ? { type: 'password' as const } : {},
          wrong: this.missing === id ? msg('This is needed.') : '',
          change: value => { this.fields = { ...this.fields, [id]: value }; this.missing = '' },
        }))}`,
      no: msg('Not now'),
      yes: msg('Try it and move there'),
      doing: msg('Trying it'),
      submit: async () => {
        const missing = cloudFields(this.cloud).find(({ id, optional }) => optional !== true && (this.fields[id] ?? '').trim() === '')
        if (missing !== undefined) {
          this.missing = missing.id
          await this.look(missing.id)
          return
        }
        const { url, keys } = cloudPlace(this.cloud, this.fields)
        try { await this.peer.store.choose(url, keys) } catch (error) {
          if ((error as { code?: unknown }).code !== 'bad-input') throw error
          this.problem = msg('A name, an address or a key here is not of the form such have. Nothing was changed.')
          return
        }
        this.close()
        this.dispatchEvent(new NoteEvent({ words: msg('The store answers. Your files move there now.'), undo: null }))
      },
    }
  }

  private async look(id: string): Promise<void> {
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(`#${id}`)?.focus()
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-cloud-sheet': HoldfastCloudSheet } }
