import { concat } from '../../../src/base/index.ts'
import { TdfWriter } from '../../../src/content/index.ts'
import { createKeyService } from '../../../src/keys/service.ts'
import type { SealedKey } from '../../../src/peer/stored-item.ts'
export { archiveOf } from '../../unit/content/archive-help.ts'

/** The keys of this origin, as the keys worker has them. */
export const keyService = createKeyService()

/** `plain` in a protected file, and the key that opens it here. */
export async function protect(plain: Uint8Array<ArrayBuffer>): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>, readonly sealed: SealedKey }> {
  const { sealed, cipher, mac, policy, keyAccess } = await keyService.newFileKey()
  const parts: Uint8Array[] = []
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
  const writer = new TdfWriter({ cipher, mac, policy, keyAccess, random, mimeType: 'application/gzip', maxBytes: 2 ** 31 }, part => { parts.push(part.slice()) })
  writer.write(plain)
  await writer.drain()
  await writer.finish()
  return { bytes: concat(...parts), sealed }
}
