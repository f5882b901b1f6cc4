import { KeyedLock, decode, limits, type Address, type Cid } from '../base/index.ts'
import { ancestor, judgeTransactionBytes, transactionId, type Body, type Chain, type Link, type Parameters } from '../ledger/index.ts'
import { keys, output } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { BookStore, DiaryDone, ThreadMark } from './book-values.ts'
import { DiaryBodies } from './diary-bodies.ts'
import { entriesOf, messageRef, type Entries } from './diary-entries.ts'
import { DiaryPages } from './diary-pages.ts'
import { diaryWay } from './diary-way.ts'
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

/**
 * The history of one chain as this person sees it: own transactions, transfers to the own address, own blocks, and everybody's messages. It follows the head,
 * undoing what blocks brought that are no longer on the chain, and goes on after a restart from the block it had written last.
 */
export class Diary {
  #done: DiaryDone | null
  #owner: Address | null
  #begun: number | null
  #pages: DiaryPages
  readonly #bodies: DiaryBodies
  /** The recent block whose body could not be had, and how often. */
  #lacking: { readonly id: Cid, readonly tries: number } | null = null
  /** Up to which block it is written down. */
  #written: number | null
  readonly #lock = new KeyedLock()

  private constructor(private readonly parts: DiaryParts, done: DiaryDone | null, pages: DiaryPages) {
    this.#bodies = new DiaryBodies(parts)
    this.#done = done
    this.#owner = done?.owner ?? null
    this.#begun = done?.begun ?? null
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
  /** The head when this device first followed the network: what was said before is nothing new. Null before. */
  get begun(): number | null { return this.#begun }
  /** The number of the block named by `upTo`. */
  get number(): number | null { return this.#done?.number ?? null }

  /** The network is followed, from here on where it never was before. */
  async begin(number: number): Promise<void> {
    await this.#lock.run('', async () => {
      if (this.#begun !== null || this.#done === null) return
      this.#begun = number
      this.#done = { ...this.#done, begun: number }
      await this.parts.store.setValues({ diary: this.#done })
    })
  }

  /** Whose history it is; that of another one is read anew, as far back as blocks are kept. */
  async setOwner(owner: Address | null): Promise<void> {
    await this.#lock.run('', async () => {
      if (owner === this.#owner) return
      this.#owner = owner
      this.#dropRows()
      await this.#save(undefined)
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

  /** Reads some of the blocks before those that were read, newest first, as far back as others keep them. Resolves with whether there are more. */
  async readBack(): Promise<boolean> {
    return await this.#lock.run('', async () => {
      const { chain, sync: { status: { head } }, parameters: { range } } = this.parts
      const done = this.#done
      if (done === null || done.id !== head.id) return false
      const last = Math.max(1, head.header.number - range + 1)
      const wrote = new Set<ThreadName>()
      let [from, link] = [done.from, done.from > last ? ancestor(chain, head, done.from - 1) : null]
      for (let blocks = 0; link !== null && from > last && blocks < limits.diaryBackBlocks; blocks++) {
        const body = await this.#bodies.read(link, true)
        if (body === null) break
        await this.#read(link, body, wrote)
        from = link.header.number
        link = link.parent === null ? null : chain.record(link.parent)
      }
      if (from === done.from) return false
      this.#done = { ...done, from }
      for (const name of wrote) await this.#keep(name)
      this.#pages.bound(this.#owner, id => this.parts.needed(id))
      await this.#save(this.#done)
      return from > last
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
    const { chain, sync } = this.parts
    const { head } = sync.status
    if (this.#done?.id === head.id) return true
    const { keep, joined, gap } = diaryWay(chain, head, this.#done, this.parts.parameters.range)
    this.#pages.undo(keep)
    let from = gap || this.#done === null ? keep + 1 : this.#done.from
    const base = ancestor(chain, head, keep)
    this.#done = base === null ? null : { ...spotOf(base), from, owner: this.#owner, begun: this.#begun }
    const wrote = new Set<ThreadName>()
    for (const [i, link] of joined.entries()) {
      const recent = link.header.number > head.header.number - limits.diaryRecentBlocks
      const body = await this.#bodies.read(link, recent)
      if (body === null && recent && this.#lacks(link)) break // others may have it the next time
      if (body === null) from = link.header.number + 1
      else await this.#read(link, body, wrote)
      this.#done = { ...spotOf(link), from, owner: this.#owner, begun: this.#begun }
      if ((i + 1) % limits.diaryBlocks === 0) await this.#write()
    }
    for (const name of wrote) await this.#keep(name)
    this.#pages.bound(this.#owner, id => this.parts.needed(id))
    await this.#write()
    return this.upTo === head.id
  }

  /** Blocks that brought nothing are not worth a write each. */
  async #write(): Promise<void> {
    const done = this.#done
    if (done === null || !this.#pages.isChanged && this.#written !== null && Math.abs(done.number - this.#written) < limits.diaryRestBlocks) return
    await this.#save(done)
    this.#written = done.number
  }

  /** What cannot be written down is written with what comes next. */
  async #save(diary: DiaryDone | undefined): Promise<void> {
    const changes = this.#pages.changes()
    try { await this.parts.store.setValues({ ...changes, diary }) } catch (error) {
      this.#pages.owe(changes)
      throw error
    }
  }

  #dropRows(): void {
    for (const id of this.#pages.rows.keys()) this.#pages.dropRow(id)
    this.#done = this.#written = null
  }

  /** Whether to wait for a body that nobody gave just now. */
  #lacks({ id }: Link): boolean {
    const tries = this.#lacking?.id === id ? this.#lacking.tries + 1 : 1
    this.#lacking = { id, tries }
    return tries < limits.diaryBodyTries
  }

  async #read(link: Link, body: Body, wrote: Set<ThreadName>): Promise<void> {
    const owner = this.#owner
    const entries = entriesOf(link, body, owner, link.header.miner === owner ? await this.#bodies.earned(link) : 0, await this.#bodies.payments(link, body, owner))
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
    const { store } = this.parts
    for (const message of this.#pages.threads.get(name)?.slice() ?? []) {
      if (message.kept) continue
      const bytes = await this.#bodies.transactionOf(message)
      if (bytes === null) continue
      await store.keepObject(message.id, bytes)
      this.#pages.addMessage({ ...message, kept: true })
    }
  }

  async #again(): Promise<void> {
    const { done, pages } = await load(this.parts.store)
    this.#done = done
    this.#pages = pages
    this.#written = done?.number ?? null
    if ((done?.owner ?? null) !== this.#owner) this.#dropRows() // that it is another's now was not written down
  }
}

function spotOf({ id, root, parent, header: { number } }: Link): Pick<DiaryDone, 'id' | 'root' | 'parent' | 'number'> { return { id, root, parent, number } }

async function load(store: BookStore): Promise<{ readonly done: DiaryDone | null, readonly pages: DiaryPages }> {
  const [done, rows, messages, marks] = [await store.value('diary'), await store.values('row/'), await store.values('message/'), await store.values('thread/')]
  const sorted = messages.map(([, message]) => message).sort((a, b) => a.number - b.number)
  return { done, pages: new DiaryPages(rows.map(([, row]) => row), sorted, marks.map(([name, mark]) => [name.slice('thread/'.length), mark])) }
}
