import { html } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import '../copy.ts'
import { notice } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'

const asked = 3

/** Shows the recovery words once they are asked for, and asks for three of them. */
@customElement('holdfast-words')
export class HoldfastWords extends Sheet {
  @state() private words: readonly string[] = []
  /** Places that are asked for, from 1; empty while the words are shown. */
  @state() private places: readonly number[] = []
  @state() private answers: readonly string[] = []

  async show(): Promise<void> {
    await this.open()
  }

  protected override clear(): void {
    this.words = this.places = this.answers = []
  }

  protected override form(): Form {
    return this.words.length === 0 ? this.care() : this.places.length === 0 ? this.written() : this.confirmation()
  }

  private care(): Form {
    return {
      heading: msg('Your recovery words'),
      body: html`<p>${msg('Twelve words that bring back your address, and all that is yours by it, in any browser. Write them on paper, in order.')}</p>
        ${notice('warn', msg('Whoever has them is you'), msg('They can sign in your name and open your protected files, for ever. Nobody who helps you needs them. See that nobody looks over your shoulder.'))}
        <p class="small soft">${msg('The words do not hold the keys of files whose link you were sent or made. Those are in the backup file alone.')}</p>`,
      no: msg('Not now'),
      yes: msg('Show the words'),
      submit: async () => {
        const words = await this.peer.identity.words()
        await this.step(() => { this.words = words })
      },
    }
  }

  private written(): Form {
    return {
      heading: msg('Write these down'),
      body: html`<ol class="words" translate="no">${this.words.map(word => html`<li>${word}</li>`)}</ol>
        <holdfast-copy .text=${this.words.join(' ')} label=${msg('Copy the words')}></holdfast-copy>
        <p class="small soft">${msg('Other programs can read what was copied. Paper cannot be read from afar.')}</p>`,
      no: msg('Not now'),
      yes: msg('I have written them down'),
      submit: async () => {
        await this.step(() => {
          this.places = chosenPlaces(this.words.length)
          this.answers = this.places.map(() => '')
        })
      },
    }
  }

  private confirmation(): Form {
    return {
      heading: msg('Three of them, to be sure'),
      body: html`<p>${msg('Read them off your paper.')}</p>
        ${this.places.map((place, i) => this.field({ id: `word-${String(place)}`, label: msg(str`Word ${place}`), value: this.answers[i] ?? '', change: word => { this.answers = this.answers.with(i, word) } }))}`,
      more: html`<button type="button" class="button plain" @click=${() => { void this.step(() => { this.places = [] }) }}>${msg('Show them again')}</button>`,
      no: msg('Not now'),
      yes: msg('Confirm'),
      submit: async () => {
        if (!await this.peer.identity.confirmWords(this.places.map((place, i) => ({ place, word: this.answers[i] ?? '' })))) {
          this.problem = msg('These are not the words. Look at your paper again; one letter is enough.')
          return
        }
        this.close()
        this.dispatchEvent(new NoteEvent({ words: msg('Backed up. Keep the paper where you keep what matters.'), undo: null }))
      },
    }
  }
}

/** Three different places, in order. */
function chosenPlaces(count: number): readonly number[] {
  const places = Array.from({ length: count }, (_, i) => i + 1)
  const numbers = crypto.getRandomValues(new Uint32Array(count))
  return places.toSorted((a, b) => (numbers[a - 1] ?? 0) - (numbers[b - 1] ?? 0)).slice(0, asked).toSorted((a, b) => a - b)
}

declare global { interface HTMLElementTagNameMap { 'holdfast-words': HoldfastWords } }
