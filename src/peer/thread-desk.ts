import { HoldfastError, limits, type Address, type Cid } from '../base/index.ts'
import { formatLink, readMessage, writeMessage } from '../content/index.ts'
import type { Attachment, Parameters } from '../ledger/index.ts'
import { keys } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { NamedAttachment } from './book-api.ts'
import type { MessageValue } from './book-values.ts'
import type { Diary } from './diary.ts'
import { messageRef } from './diary-entries.ts'
import { byPlace } from './diary-pages.ts'
import type { Outbox } from './outbox.ts'
import type { Sending } from './outbox-shelf.ts'
import { proveRow, type ProofParts } from './row-proof.ts'
import type { StampSearch } from './stamp-search.ts'
import { stageAt } from './stages.ts'
import type { MessagePrice, ThreadAttachment, ThreadMessage, ThreadName, ThreadSummary, ThreadsState } from './thread-api.ts'
import { parseThreadName } from './thread-name.ts'
import type { RowProof } from './wallet-api.ts'

export interface ThreadDeskParts {
  readonly parameters: Parameters
  /** Address of the app, without a fragment. */
  readonly base: string
  readonly sync: Pick<Sync, 'status'>
  readonly diary: Diary
  readonly outbox: Outbox
  readonly stamps: StampSearch
  readonly proofs: ProofParts
  owner(): Promise<Address>
  changed(): void
}

/** An own message that no block has yet. */
interface Pending { readonly thread: ThreadName, readonly sending: Sending, readonly body: { readonly message: string, readonly attachment: Attachment | null } }

/** Threads, in the worker that holds the ledger. */
export class ThreadDesk {
  constructor(private readonly parts: ThreadDeskParts) {}

  state(): ThreadsState {
    const { pages } = this.parts.diary
    const pending = this.#pending()
    const names = new Set([...pages.threads.keys(), ...pending.map(({ thread }) => thread)])
    const summaries = [...names].map(name => this.#summary(name, pending.filter(({ thread }) => thread === name)))
    const threads = summaries.sort((a, b) => b.last.time - a.last.time).slice(0, limits.threadsShown)
    return { threads, unread: threads.reduce((sum, { muted, unread }) => muted ? sum : sum + unread, 0) }
  }

  async read(said: ThreadName): Promise<readonly ThreadMessage[]> {
    const name = this.#current(said)
    const { diary } = this.parts
    const pending = this.#pending().filter(({ thread }) => thread === name)
    if (!pending.some(({ sending }) => messageRef(sending.sender, sending.nonces.at(-1) ?? 0n) === name)) await diary.recall(name)
    const messages = diary.pages.threads.get(name) ?? []
    if (messages.length + pending.length === 0) throw new HoldfastError('not-found', 'no such thread is known here')
    return [...messages.map(message => this.#ofMessage(message)), ...pending.map(each => this.#ofPending(each))]
  }

  async open(wish: string, title: string, text: string, attachment: NamedAttachment | null): Promise<ThreadName> {
    const message = textOf(title, text, attachment)
    const owner = await this.parts.owner()
    const { nonce } = await this.parts.outbox.add(wish, { op: 2, body: { thread: null, message, attachment: bare(attachment) } }, owner, 'planned')
    return messageRef(owner, nonce)
  }

  async reply(wish: string, said: ThreadName, text: string, attachment: NamedAttachment | null): Promise<Cid> {
    const name = this.#current(said)
    const thread = parseThreadName(name)
    if (thread === null) throw new HoldfastError('bad-input', 'no name of a thread')
    const message = textOf(null, text, attachment)
    const owner = await this.parts.owner()
    const body = { thread: { address: thread.address, nonce: thread.nonce }, message, attachment: bare(attachment) }
    return (await this.parts.outbox.add(wish, { op: 2, body }, owner, 'signed')).id
  }

  async price(): Promise<MessagePrice> {
    const { diary: { owner }, outbox, stamps, parameters: { minimumFee, stampBits } } = this.parts
    const account = owner === null ? null : await outbox.account(owner)
    if (owner !== null && account !== null && account.balance - outbox.leaving(owner) >= minimumFee) return { fee: minimumFee, seconds: 0 }
    return { fee: null, seconds: stamps.seconds(stampBits) }
  }

  async mute(said: ThreadName, on: boolean): Promise<void> {
    await this.parts.diary.mark(this.#known(said), { muted: on })
    this.parts.changed()
  }

  async seen(said: ThreadName): Promise<void> {
    const { diary } = this.parts
    const name = this.#known(said)
    const last = diary.pages.threads.get(name)?.at(-1)
    const before = diary.pages.marks.get(name)?.seen ?? null
    if (last === undefined || before !== null && byPlace(before, last) >= 0) return
    await diary.mark(name, { seen: { number: last.number, index: last.index ?? 0 } })
    this.parts.changed()
  }

  /** Whether a message of this id is in a block; then what shows it. */
  async prove(id: Cid): Promise<RowProof | null> {
    const { diary, outbox, proofs } = this.parts
    const message = diary.pages.messages.get(id) ?? diary.pages.messages.get(outbox.idOf(id) ?? id)
    return message === undefined ? null : await proveRow(proofs, message.id, message, keys.output(message.author, message.nonce))
  }

  #summary(name: ThreadName, pending: readonly Pending[]): ThreadSummary {
    const { diary } = this.parts
    const messages = diary.pages.threads.get(name) ?? []
    const { muted = false, seen = null } = diary.pages.marks.get(name) ?? {}
    const shown = pending.at(-1)
    const newest = messages.at(-1)
    const last = shown === undefined ? this.#ofMessage(newest!) : this.#ofPending(shown)
    const authors = new Set([...messages.map(({ author }) => author), ...pending.map(({ sending }) => sending.sender)])
    const { begun } = diary
    const unread = begun === null ? 0 : messages.filter(message => message.author !== diary.owner && message.number > begun && (seen === null || byPlace(seen, message) < 0)).length
    const opener = readMessage(messages[0]?.json ?? shown?.body.message ?? '{}')
    return {
      name, title: opener.title ?? firstLine(opener.text) ?? opener.name ?? '', author: parseThreadName(name)?.address ?? last.author, last, messages: messages.length + pending.length,
      people: authors.size, unread, muted,
    }
  }

  #pending(): readonly Pending[] {
    return this.parts.outbox.list().flatMap(sending => {
      if (sending.what.op !== 2) return []
      const { thread, message, attachment } = sending.what.body
      const name = thread === null ? messageRef(sending.sender, sending.nonces.at(-1) ?? 0n) : this.parts.diary.pages.threadOf(messageRef(thread.address, thread.nonce))
      // One that waits for others of the person's has no nonce yet, so a thread it opens has no name.
      return thread === null && sending.nonces.length === 0 ? [] : [{ thread: name, sending, body: { message, attachment } }]
    })
  }

  /** A thread that was opened under another nonce than it has now goes by both names. */
  #current(name: ThreadName): ThreadName {
    const { diary: { pages }, outbox } = this.parts
    const opener = parseThreadName(name)
    if (opener === null || pages.threads.has(name)) return name
    return pages.threadOf(messageRef(opener.address, outbox.nonceOf(opener.address, opener.nonce)))
  }

  #known(said: ThreadName): ThreadName {
    const name = this.#current(said)
    if (parseThreadName(name) === null) throw new HoldfastError('bad-input', 'no name of a thread')
    return name
  }

  #ofMessage({ id, author, nonce, json, time, attachment, number }: MessageValue): ThreadMessage {
    const { diary, sync, parameters } = this.parts
    return { ...this.#said(json, attachment, messageRef(author, nonce)), id, author, own: author === diary.owner, time, stage: stageAt(number, sync.status, parameters), problem: null }
  }

  #ofPending({ sending: { id, sender, time, stage, problem }, body: { message, attachment } }: Pending): ThreadMessage {
    return { ...this.#said(message, attachment, null), id, author: sender, own: true, time, stage, problem }
  }

  #said(json: string, attachment: Attachment | null, from: string | null): { readonly text: string, readonly attachment: ThreadAttachment | null } {
    const { text, name, type } = readMessage(json)
    if (attachment === null) return { text, attachment: null }
    const { cid, infohash, size, root } = attachment
    // Of a protected one the key comes another way; whoever has that finds it by its content id alone.
    const link = this.parts.base + (type === 'p' ? `#/get/${cid}` : formatLink({ cid, infohash, size, kind: type, key: null, relays: [], name: name ?? '' }))
    return { text, attachment: { cid, infohash, size, title: name, link, said: from === null ? null : { root, from } } }
  }
}

function textOf(title: string | null, text: string, attachment: NamedAttachment | null): string {
  return writeMessage({ title, text, name: attachment?.title ?? null, type: attachment?.type ?? 'z' })
}

function bare(attachment: NamedAttachment | null): Attachment | null {
  if (attachment === null) return null
  const { root, size, cid, infohash } = attachment
  return { root, size, cid, infohash }
}

function firstLine(text: string): string | null { return text.split('\n', 1)[0] || null }
