import { noChange } from 'lit'
import { Directive, directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js'
import { attempt } from '../events.ts'

/** How long what was done may take to be shown, ms: snapshots of the tab that leads come apart from its answers, a few hundred ms after them under load. */
const shownMs = 1000

/** Does what the switch now says; undefined where nothing is done yet, since a question comes first. */
export type Turn = (on: boolean) => Promise<unknown> | undefined

/** Keeps a switch as somebody has left it until that is done and shown: a page drawn in between, from before, would turn it back under their finger. */
class Switched extends Directive {
  #input: HTMLInputElement | null = null
  #checked = false
  #turn: Turn = () => undefined
  /** What somebody has chosen and is not yet done and shown. */
  #wanted: { readonly on: boolean, done: boolean } | null = null

  constructor(part: PartInfo) {
    super(part)
    if (part.type !== PartType.ELEMENT) throw new Error('A switch is an element.')
  }

  render(checked: boolean, turn: Turn): typeof noChange {
    [this.#checked, this.#turn] = [checked, turn]
    return noChange
  }

  override update({ element }: ElementPart, [checked, turn]: [checked: boolean, turn: Turn]): typeof noChange {
    if (this.#input === null) {
      this.#input = element as HTMLInputElement
      this.#input.addEventListener('change', this.#turned)
    }
    this.render(checked, turn)
    if (this.#wanted?.done === true && this.#wanted.on === checked) this.#wanted = null
    this.#show()
    return noChange
  }

  #show(): void {
    if (this.#input !== null && this.#wanted === null) this.#input.checked = this.#checked
  }

  readonly #turned = (): void => {
    const input = this.#input
    if (input === null) return
    const wanted = { on: input.checked, done: false }
    const act = this.#turn(wanted.on)
    this.#wanted = act === undefined ? null : wanted
    this.#show()
    const free = (): void => {
      if (this.#wanted !== wanted) return // turned again since
      this.#wanted = null
      this.#show()
    }
    act?.then(() => {
      wanted.done = true
      if (wanted.on === this.#checked) free()
      else setTimeout(free, shownMs)
    }, free)
    attempt(input, act)
  }
}

/** On `<input type="checkbox" role="switch" ${switched(checked, turn)}>`: shows `checked`, and does what it is turned to. A failure is told to the person. */
export const switched = directive(Switched)
