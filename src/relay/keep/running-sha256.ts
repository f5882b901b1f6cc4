import { createHash } from 'node:crypto'
import type { RunningHash } from '../../content/index.ts'

/** SHA-256 by Node, which begins anew with each digest. */
export function runningSha256(): RunningHash {
  let hash = createHash('sha256')
  return {
    update(bytes) { hash.update(bytes) },
    digest() {
      const digest = hash.digest()
      hash = createHash('sha256')
      return digest
    },
  }
}
