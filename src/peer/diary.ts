import { KeyedLock, decode, encode, limits, type Address, type Cid } from '../base/index.ts'
import { ancestor, judgeBodyBytes, judgeTransactionBytes, pastOf, transaction, transactionId, type Body, type Chain, type Link, type Parameters, type Transaction } from '../ledger/index.ts'
import { keys, output } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { BookStore, DiaryDone, MessageValue, ThreadMark } from './book-values.ts'
import { earnedOf, entriesOf, messageRef, type Entries } from './diary-entries.ts'
import { DiaryPages } from './diary-pages.ts'
import type { ThreadName } from './thread-api.ts'
import { parseThreadName } from './thread-name.ts'

export interface DiaryParts {
  readonly chain: Chain
  readonly parameters: Pick<Parameters, 'range' | 'reward'>
  readonly sync: Pick<Sync, 'status' | 'read' | 'fetch'>
  readonly store: BookStore
  /** Whether a row must stay, however many there are. */
  needed(row: Cid): boolean
}

/** A stretch of the chain that has to be read: after undoing all above `keep`. `gap`: blocks before it are at hand no more. */
interface Way { readonly keep: number, readonly joined: readonly Link[], readonly gap: boolean }

/**
 * The history of one chain as this person sees it: own transactions, transfers to the own address, own blocks, and everybody's messages. It follows the head,
 * undoing what blocks brought that are no longer on the chain, and goes on after a restart from the block it had written last.
 */
export class Diary {
  #done: DiaryDone | null
  #owner: Address | null
  #pages: DiaryPages
  #last: { readonly id: Cid, readonly body: Body } | null = null
  /** Up to which block it is written down. */
  #written: number | null
  readonly #lock = new KeyedLock()

  private constructor(private readonly parts: DiaryParts, done: DiaryDone | null, pages: DiaryPages) {
    this.#done = done
    this.#owner = done?.owner ?? null
    this.#pages = pages
    this.#written = done?.number ?? null
  }

  static async open(parts: DiaryParts): Promise<Diary> {
    const { done, pages } = await load(parts.store)
    return new Diary(parts, done, pages)
  }

  get owner(): Address | null { return this.#owner }
  get pages(): DiaryPages { return this.#pages }
  /** From this number on every block was read, up to the one named by `upTo`. */
  get from(): number { return this.#done?.from ?? 0 }
  get upTo(): Cid | null { return this.#done?.id ?? null }

  /** Whose history it is; that of another one is read anew, as far back as blocks are kept. */
  async setOwner(owner: Address | null): Promise<void> {
    await this.#lock.run('', async () => {
      if (owner === this.#owner) return
      this.#owner = owner
      for (const id of this.#pages.rows.keys()) this.#pages.dropRow(id)
      this.#done = this.#written = null
      await this.parts.store.setValues({ ...this.#pages.changes(), diary: undefined })
    })
  }

  /** Reads up to the head, as far as bodies can be had. Resolves with whether all of it was. */
  async follow(): Promise<boolean> {
    return await this.#lock.run('', async () => {
      try { return await this.#follow() } catch (error) {
        await this.#again() // what is in memory may be ahead of what is kept
        throw error
      }
    })
  }

  async mark(name: ThreadName, change: Partial<ThreadMark>): Promise<void> {
    await this.#lock.run('', async () => {
      this.#pages.setMark(name, { ...this.#pages.marks.get(name) ?? { muted: false, seen: null }, ...change })
      await this.#write()
    })
  }

  /** Fetches what opened a thread, where it is older than what was read and somebody keeps it. */
  async recall(name: ThreadName): Promise<void> {
    await this.#lock.run('', async () => {
      const opener = parseThreadName(name)
      if (opener === null || this.#pages.threads.get(name)?.some(message => messageRef(message.author, message.nonce) === name) === true) return
      const found = await this.parts.sync.read([keys.output(opener.address, opener.nonce).name])
      const bytes = found?.values[0] ?? null
      const place = bytes === null ? null : decode(output, bytes)
      if (place?.ok !== true || place.value.transaction === null) return
      const got = await this.parts.sync.fetch(place.value.transaction)
      const judged = got === null ? null : judgeTransactionBytes(got)
      if (judged?.ok !== true || judged.value.op !== 2 || transactionId(judged.value) !== place.value.transaction) return
      const { sender, nonce, time, body: { message: json, attachment } } = judged.value
      this.#pages.addMessage({ id: place.value.transaction, thread: name, author: sender, nonce, json, attachment, time, kept: false, block: place.value.block, number: 0, index: place.value.index })
      await this.#write()
    })
  }

  async #follow(): Promise<boolean> {
    const { chain, sync, parameters: { range } } = this.parts
    const { head } = sync.status
    if (this.#done?.id === head.id) return true
    const { keep, joined, gap } = this.#way(head)
    this.#pages.undo(keep)
    let from = gap || this.#done === null ? keep + 1 : this.#done.from
    const base = ancestor(chain, head, keep)
    this.#done = base === null ? null : { ...spotOf(base), from, owner: this.#owner }
    const wrote = new Set<ThreadName>()
    for (const [i, link] of joined.entries()) {
      const body = await this.#body(link)
      if (body === null && link.header.number > head.header.number - range) break // others may have it the next time
      if (body === null) from = link.header.number + 1
      else await this.#read(link, body, wrote)
      this.#done = { ...spotOf(link), from, owner: this.#owner }
      if ((i + 1) % limits.diaryBlocks === 0) await this.#write()
    }
    for (const name of wrote) await this.#keep(name)
    this.#pages.bound(this.#owner, id => this.parts.needed(id))
    await this.#write()
    return this.upTo === head.id
  }

  /** Blocks that brought nothing are not worth a write each. */
  async #write(): Promise<void> {
    const [changes, done] = [this.#pages.changes(), this.#done]
    if (done === null || changes === null && this.#written !== null && Math.abs(done.number - this.#written) < limits.diaryRestBlocks) return
    await this.parts.store.setValues({ ...changes, diary: done })
    this.#written = done.number
  }

  /** How the head is reached from what was done. */
  #way(head: Link): Way {
    const { chain, parameters: { range } } = this.parts
    const done = this.#done
    const joined: Link[] = []
    // In `headers` nobody knows the root of the newest block yet, but that of its parent.
    let old = done === null ? null : chain.record(done.root) ?? (done.parent === null ? null : chain.record(done.parent))
    for (const at of pastOf(chain, head)) {
      const { number } = at.header
      if (done !== null && number === done.number && at.id === done.id) return { keep: number, joined: joined.toReversed(), gap: false }
      while (old !== null && old.header.number > number) old = old.parent === null ? null : chain.record(old.parent)
      if (done !== null && number < done.number && old?.id === at.id) return { keep: number, joined: joined.toReversed(), gap: false }
      if (number === 0) return { keep: 0, joined: joined.toReversed(), gap: false }
      if (number <= head.header.number - range) return { keep: number, joined: joined.toReversed(), gap: true }
      joined.push(at)
    }
    return { keep: (joined.at(-1)?.header.number ?? head.header.number + 1) - 1, joined: joined.toReversed(), gap: true }
  }

  async #read(link: Link, body: Body, wrote: Set<ThreadName>): Promise<void> {
    const entries = entriesOf(link, body, this.#owner, link.header.miner === this.#owner ? await this.#earned(link) : 0)
    this.#last = { id: link.id, body }
    for (const row of entries.rows) this.#pages.addRow(row)
    for (const message of entries.messages) await this.#note(message, entries, wrote)
  }

  async #note(message: Entries['messages'][number], { answers, bytes }: Entries, wrote: Set<ThreadName>): Promise<void> {
    const { store } = this.parts
    const thread = this.#pages.threadOf(answers.get(message.id)!)
    const own = message.author === this.#owner
    const kept = own || this.#isKept(thread)
    if (kept) await store.keepObject(message.id, bytes.get(message.id)!)
    if (own && !this.#isKept(thread)) wrote.add(thread)
    this.#pages.addMessage({ ...message, thread, kept })
  }

  /** Whether this device keeps all messages of a thread for others: the person wrote in it. */
  #isKept(name: ThreadName): boolean { return this.#pages.threads.get(name)?.some(({ author }) => author === this.#owner) ?? false }

  /** Keeps what was said in a thread before the person wrote in it. */
  async #keep(name: ThreadName): Promise<void> {
    const { store, sync } = this.parts
    for (const message of this.#pages.threads.get(name)?.slice() ?? []) {
      if (message.kept) continue
      const bytes = await this.#transactionBytes(message) ?? await sync.fetch(message.id)
      if (bytes === null) continue
      await store.keepObject(message.id, bytes)
      this.#pages.addMessage({ ...message, kept: true })
    }
  }

  async #transactionBytes({ id, block, number, index }: MessageValue): Promise<Uint8Array | null> {
    const link = ancestor(this.parts.chain, this.parts.sync.status.head, number)
    const body = link?.id === block ? await this.#body(link) : null
    const each: Transaction | undefined = index === null ? undefined : body?.transactions[index]
    return each !== undefined && transactionId(each) === id ? encode(transaction, each) : null
  }

  /** Fees of the block before, and the reward. */
  async #earned(link: Link): Promise<number> {
    const parent = link.parent === null ? null : this.parts.chain.record(link.parent)
    if (parent === null) return this.parts.parameters.reward
    const body = this.#last?.id === parent.id ? this.#last.body : await this.#body(parent)
    return body === null ? this.parts.parameters.reward : earnedOf(body, this.parts.parameters)
  }

  /** From here or from others; null where nobody has it. */
  async #body({ root, header }: Link): Promise<Body | null> {
    const { store, sync } = this.parts
    const bytes = await store.body(root) ?? await sync.fetch(header.body)
    const judged = bytes === null ? null : judgeBodyBytes(bytes, header.body)
    return judged?.ok === true ? judged.value : null
  }

  async #again(): Promise<void> {
    const { done, pages } = await load(this.parts.store)
    this.#done = done
    this.#pages = pages
    this.#written = done?.number ?? null
  }
}

function spotOf({ id, root, parent, header: { number } }: Link): Pick<DiaryDone, 'id' | 'root' | 'parent' | 'number'> { return { id, root, parent, number } }

async function load(store: BookStore): Promise<{ readonly done: DiaryDone | null, readonly pages: DiaryPages }> {
  const [done, rows, messages, marks] = [await store.value('diary'), await store.values('row/'), await store.values('message/'), await store.values('thread/')]
  const sorted = messages.map(([, message]) => message).sort((a, b) => a.number - b.number)
  return { done, pages: new DiaryPages(rows.map(([, row]) => row), sorted, marks.map(([name, mark]) => [name.slice('thread/'.length), mark])) }
}
