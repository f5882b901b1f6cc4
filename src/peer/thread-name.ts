import { isAddress } from '../base/index.ts'
import type { ThreadId } from '../state/index.ts'
import type { ThreadName } from './thread-api.ts'

/** Which message opened a thread, by the thread's name; null for no such name. */
export function parseThreadName(name: ThreadName): ThreadId | null {
  const [, address, nonce = ''] = /^(T\w+)\/([1-9]\d{0,19})$/.exec(name) ?? []
  return isAddress(address) && BigInt(nonce) < 1n << 64n ? { address, nonce: BigInt(nonce) } : null
}
