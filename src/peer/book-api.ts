import type { Cid } from '../base/index.ts'
import type { Attachment } from '../ledger/index.ts'
import type { MessagePrice, ThreadMessage, ThreadName, ThreadsState } from './thread-api.ts'
import type { FoundInvite, RowProof, WalletState } from './wallet-api.ts'

/** Where the ledger worker serves wallet and threads to all tabs. */
export const bookChannel = 'holdfast/book'

/** What there is to show; each is null while no ledger is open. News have only what changed. */
export interface BookNews { readonly wallet?: WalletState | null, readonly threads?: ThreadsState | null }

/** A file beside a message, with what is shown of it. */
export interface NamedAttachment extends Attachment { readonly title: string, readonly type: 'a' | 'i' | 'p' | 'z' }

/**
 * Wallet and threads, as `WalletActs` and `ThreadActs` have them. A call may be said twice, when another tab takes over: `wish` is one for each thing wanted,
 * and what was wanted already is not done again. Fails with `not-found` while no ledger is open.
 */
export interface BookService {
  state(): Promise<BookNews>
  send(wish: string, to: string, amount: number): Promise<Cid>
  cancel(id: Cid): Promise<void>
  prove(id: Cid): Promise<RowProof>
  invite(wish: string, amount: number): Promise<string>
  readInvite(link: string): Promise<FoundInvite | null>
  claim(link: string): Promise<Cid>
  read(name: ThreadName): Promise<readonly ThreadMessage[]>
  open(wish: string, title: string, text: string, attachment: NamedAttachment | null): Promise<ThreadName>
  reply(wish: string, name: ThreadName, text: string, attachment: NamedAttachment | null): Promise<Cid>
  price(): Promise<MessagePrice>
  mute(name: ThreadName, on: boolean): Promise<void>
  seen(name: ThreadName): Promise<void>
}
