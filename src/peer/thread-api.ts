import type { Address, Cid, ErrorObject, Infohash } from '../base/index.ts'
import type { AttachmentName } from './attachment-name.ts'
import type { Stage } from './wallet-api.ts'

/** `<T..>/<nonce>` of the message that opened it. */
export type ThreadName = string

/** `said`: the root of its sections, and the message that says so; null while no block has that. `link`: of a protected one it names the content alone. */
export interface ThreadAttachment { readonly cid: Cid, readonly infohash: Infohash, readonly size: number, readonly title: string | null, readonly link: string, readonly said: AttachmentName | null }

export interface ThreadMessage {
  /** Content id of its transaction. */
  readonly id: Cid
  readonly author: Address
  readonly own: boolean
  readonly text: string
  /** Seconds since 1970, as its author says. */
  readonly time: number
  readonly attachment: ThreadAttachment | null
  readonly stage: Stage
  readonly problem: ErrorObject | null
}

export interface ThreadSummary {
  readonly name: ThreadName
  /** First line of what opened it. */
  readonly title: string
  readonly author: Address
  readonly last: ThreadMessage
  readonly messages: number
  readonly people: number
  readonly unread: number
  readonly muted: boolean
}

export interface ThreadsState {
  /** Newest word first. */
  readonly threads: readonly ThreadSummary[]
  /** Of those that are not muted. */
  readonly unread: number
}

/** What a message costs the one who writes it: a fee in coins, or some seconds of this device's work. */
export interface MessagePrice { readonly fee: number | null, readonly seconds: number }

/** Acts of Threads. Texts are public; with what is around them they have at most 1,024 bytes (`left` tells). */
export interface ThreadActs {
  read(name: ThreadName): Promise<readonly ThreadMessage[]>
  /** Small files of these messages, which are on show in a thread that the person opened, begin to come by themselves, on an unmetered line; not those the person took off before. */
  beginSmall(messages: readonly ThreadMessage[]): Promise<void>
  /** Opens a thread; `attachment` is the content id of a finished item of the Library that is given to others. Resolves with its name. */
  open(title: string, text: string, attachment?: Cid): Promise<ThreadName>
  reply(name: ThreadName, text: string, attachment?: Cid): Promise<Cid>
  /** Bytes that are left for the text; below 0 it is too long. */
  left(title: string | null, text: string): number
  price(): Promise<MessagePrice>
  mute(name: ThreadName, on: boolean): Promise<void>
  /** The person has seen all of it. */
  seen(name: ThreadName): Promise<void>
  prove(id: Cid): Promise<{ readonly root: Cid, readonly block: Cid, readonly number: number }>
}
