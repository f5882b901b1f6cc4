import { cidLink, hexString, nullable, struct, uint, type Cid } from '../../base/index.ts'
import { keys, threadId, type ThreadId } from '../../state/index.ts'
import { jsonText } from '../fields.ts'
import { breaks } from '../rules.ts'
import type { Op } from './types.ts'

/** A file beside a message: the trie of its sections, its size in bytes, its content id and the swarm it is found in. */
export interface Attachment { readonly root: Cid, readonly size: number, readonly cid: Cid, readonly infohash: string }

export interface Message {
  /** The message it answers; null, or its own sender and nonce, opens a thread. */
  readonly thread: ThreadId | null
  /** JSON text of an object, at most 1,024 bytes. */
  readonly message: string
  readonly attachment: Attachment | null
}

const attachment = struct({ root: cidLink, size: uint(2 ** 36, 1), cid: hexString(32), infohash: hexString(20) })

/** Op 2 says something, in a thread of its own or another's. */
export const message: Op<Message> = {
  code: 2,
  name: 'message',
  body: struct({ thread: nullable(threadId), message: jsonText, attachment: nullable(attachment) }),
  stampable: true,
  lasting: true,
  spends: () => 0,

  async judge({ thread }, { state, sender, nonce }) {
    if (thread === null || thread.address === sender && thread.nonce === nonce) return null
    const answered = await state.get(keys.output(thread.address, thread.nonce))
    return answered?.op === message.code ? null : breaks('thread-unknown', 'what it answers is no message of this chain')
  },

  async apply() { /* the output says it all */ },
}
