import type { Cid } from '../base/index.ts'
import type { Attachment } from '../ledger/index.ts'
import type { MessagePrice, ThreadMessage, ThreadName, ThreadsState } from './thread-api.ts'
import type { FoundInvite, RowProof, WalletState } from './wallet-api.ts'

/** What there is to show of the two; news have only what changed. Null: it is not known whose. */
export interface BookNews { readonly wallet?: WalletState | null, readonly threads?: ThreadsState | null }

/** A file beside a message, with what is shown of it. */
export interface NamedAttachment extends Attachment { readonly title: string, readonly type: 'a' | 'i' | 'p' | 'z' }

/**
 * Wallet and threads, as `WalletActs` and `ThreadActs` have them. A call may be said twice, when another tab takes over: `wish` is one for each thing wanted,
 * and what was wanted already is not done again. Fails with `not-found` while no ledger is open.
 */
export interface BookService {
  send(wish: string, to: string, amount: number): Promise<Cid>
  cancelSending(id: Cid): Promise<void>
  /** Of a line of the history, or a message. */
  proveRow(id: Cid): Promise<RowProof>
  makeInvite(wish: string, amount: number): Promise<string>
  readInvite(link: string): Promise<FoundInvite | null>
  claimInvite(link: string): Promise<Cid>
  readThread(name: ThreadName): Promise<readonly ThreadMessage[]>
  openThread(wish: string, title: string, text: string, attachment: NamedAttachment | null): Promise<ThreadName>
  reply(wish: string, name: ThreadName, text: string, attachment: NamedAttachment | null): Promise<Cid>
  messagePrice(): Promise<MessagePrice>
  muteThread(name: ThreadName, on: boolean): Promise<void>
  seenThread(name: ThreadName): Promise<void>
}
