import type { Cid } from '../base/index.ts'

/** What a message says of a file beside its content: the root of its sections. `from`: that message, `<T..>/<nonce>`. */
export interface AttachmentName { readonly root: Cid, readonly from: string }
