import { limits, type Address, type Cid } from '../base/index.ts'
import type { BookChanges, MessageValue, RowValue, ThreadMark } from './book-values.ts'
import { messageRef } from './diary-entries.ts'
import type { ThreadName } from './thread-api.ts'

/** All that is written in the diary, in memory, with what of it has changed since it was last written down. */
export class DiaryPages {
  readonly rows = new Map<Cid, RowValue>()
  readonly messages = new Map<Cid, MessageValue>()
  readonly marks = new Map<ThreadName, ThreadMark>()
  /** Messages of each thread in the order of the chain. */
  readonly threads = new Map<ThreadName, MessageValue[]>()
  /** Which thread a message is in, by its sender and nonce. */
  readonly #threadOf = new Map<string, ThreadName>()
  #changes: BookChanges = {}

  constructor(rows: Iterable<RowValue>, messages: Iterable<MessageValue>, marks: Iterable<readonly [ThreadName, ThreadMark]>) {
    for (const row of rows) this.rows.set(row.id, row)
    for (const message of messages) this.#place(message)
    for (const [name, mark] of marks) this.marks.set(name, mark)
  }

  /** The thread that an answer to this message goes to. */
  threadOf(ref: string): ThreadName { return this.#threadOf.get(ref) ?? ref }

  addRow(row: RowValue): void {
    this.rows.set(row.id, row)
    this.#changes[`row/${row.id}`] = row
  }

  addMessage(message: MessageValue): void {
    this.#take(message.id)
    this.#place(message)
    this.#changes[`message/${message.id}`] = message
    const own = messageRef(message.author, message.nonce)
    if (message.thread === own) return
    // Answers to it that were read before it took it for what opened their thread.
    for (const answer of this.threads.get(own)?.slice() ?? []) this.addMessage({ ...answer, thread: message.thread })
  }

  setMark(name: ThreadName, mark: ThreadMark): void {
    this.marks.set(name, mark)
    this.#changes[`thread/${name}`] = mark
  }

  /** Takes out what blocks above `number` brought. */
  undo(number: number): void {
    for (const row of this.rows.values()) if (row.number > number) this.dropRow(row.id)
    for (const message of this.messages.values()) if (message.number > number) this.dropMessage(message.id)
  }

  dropRow(id: Cid): void {
    if (this.rows.delete(id)) this.#changes[`row/${id}`] = undefined
  }

  dropMessage(id: Cid): void {
    if (this.#take(id)) this.#changes[`message/${id}`] = undefined
  }

  /** Keeps within the limits: the oldest rows go that nobody needs, and whole threads, those `owner` wrote in last. */
  bound(owner: Address | null, needed: (row: Cid) => boolean): void {
    if (this.rows.size > limits.walletRows) {
      const spare = [...this.rows.values()].filter(({ id }) => !needed(id)).sort(byPlace)
      for (const { id } of spare.slice(0, this.rows.size - limits.walletRows)) this.dropRow(id)
    }
    if (this.messages.size <= limits.threadMessages) return
    const wrote = (messages: readonly MessageValue[]): number => messages.some(({ author }) => author === owner) ? 1 : 0
    const order = [...this.threads].sort(([, a], [, b]) => wrote(a) - wrote(b) || byPlace(a.at(-1)!, b.at(-1)!))
    for (const [name, messages] of order) {
      if (this.messages.size <= limits.threadMessages) return
      const own = wrote(messages) > 0 // of those the oldest messages go, and no more than must
      for (const { id } of messages.slice(0, own ? this.messages.size - limits.threadMessages : messages.length)) this.dropMessage(id)
      if (this.threads.has(name) || this.marks.get(name)?.muted !== false) continue
      this.marks.delete(name)
      this.#changes[`thread/${name}`] = undefined
    }
  }

  get isChanged(): boolean { return Object.keys(this.#changes).length > 0 }

  /** What has changed since it was last asked; null where nothing did. */
  changes(): BookChanges | null {
    const changes = this.#changes
    this.#changes = {}
    return Object.keys(changes).length === 0 ? null : changes
  }

  /** These could not be written down. */
  owe(changes: BookChanges | null): void { this.#changes = { ...changes, ...this.#changes } }

  #place(message: MessageValue): void {
    this.messages.set(message.id, message)
    this.#threadOf.set(messageRef(message.author, message.nonce), message.thread)
    const thread = this.threads.get(message.thread) ?? []
    if (thread.length === 0) this.threads.set(message.thread, thread)
    let at = thread.length
    while (at > 0 && byPlace(thread[at - 1]!, message) > 0) at--
    thread.splice(at, 0, message)
  }

  #take(id: Cid): boolean {
    const message = this.messages.get(id)
    if (message === undefined) return false
    this.messages.delete(id)
    this.#threadOf.delete(messageRef(message.author, message.nonce))
    const thread = this.threads.get(message.thread)!
    thread.splice(thread.indexOf(message), 1)
    if (thread.length === 0) this.threads.delete(message.thread)
    return true
  }
}

interface Placed { readonly number: number, readonly index: number | null }

/** In the order of the chain; what a block brings its miner comes after its transactions. */
export function byPlace(a: Placed, b: Placed): number { return a.number - b.number || (a.index ?? Infinity) - (b.index ?? Infinity) || 0 }
