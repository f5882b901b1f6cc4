import { HoldfastError, limits, type Address } from '../base/index.ts'
import type { Database, Settings } from '../store/index.ts'
import type { Samaritan } from './keeping-api.ts'

/** What the person decides that the network worker lives by. */
export interface Choices {
  readonly consent: 'agreed' | 'declined' | 'unasked'
  readonly sharing: boolean
  readonly rates: Settings['rates']
  readonly metered: Settings['metered']
  readonly 'extra-relays': readonly string[]
  readonly 'reconcile-ms': number
  readonly rechecks: boolean
  readonly follows: readonly Address[]
  readonly keeps: Settings['keeps']
  readonly samaritan: Settings['samaritan']
  readonly listed: boolean
  readonly 'false-attachments': readonly string[]
  readonly 'left-attachments': readonly string[]
}

const names = ['consent', 'sharing', 'rates', 'metered', 'extra-relays', 'reconcile-ms', 'rechecks', 'follows', 'keeps', 'samaritan', 'listed', 'false-attachments', 'left-attachments'] as const
const atFirst: Choices = {
  'consent': 'unasked', 'sharing': true, 'rates': { up: null, down: null }, 'metered': 'pause', 'extra-relays': [], 'reconcile-ms': limits.reconcileMs, 'rechecks': true, 'follows': [], 'keeps': true, 'samaritan': { space: 2 ** 30, whose: 'fetched', charging: true, unmetered: true }, 'listed': false, 'false-attachments': [], 'left-attachments': [],
}

/** The choices as they stand in the database: read once, written through; `changed` is called with each new state, the first one too. */
export class ChoiceBook {
  current: Choices = atFirst

  constructor(private readonly database: Database, private readonly changed: (choices: Choices) => void) {}

  async open(): Promise<void> {
    const kept = await Promise.all(names.map(async name => [name, await this.database.setting(name)] as const))
    this.use({ ...atFirst, ...Object.fromEntries(kept.filter(([, value]) => value !== null)) })
  }

  async set<Name extends typeof names[number]>(name: Name, value: Settings[Name]): Promise<void> {
    this.use({ ...this.current, [name]: value }) // at once: the switch that stops all giving does not wait for a disk
    await this.database.set(name, value)
  }

  private use(choices: Choices): void {
    this.current = Object.freeze(choices)
    this.changed(this.current)
  }
}

/** Those that are followed afterwards; the oldest go where there are too many. */
export function followed(before: readonly Address[], owner: Address, on: boolean): readonly Address[] {
  return [...before.filter(each => each !== owner), ...on ? [owner] : []].slice(-limits.followed)
}

/** `bad-input` for what nobody could choose. */
export function checkSamaritan({ space, whose, charging, unmetered }: Samaritan): Samaritan {
  if (!Number.isSafeInteger(space) || space < 0 || !['fetched', 'followed', 'protected', 'public'].includes(whose)) throw new HoldfastError('bad-input', 'no such choice')
  return { space, whose, charging, unmetered }
}
