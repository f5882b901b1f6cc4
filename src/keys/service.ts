import type { Random } from '../base/index.ts'
import { openDatabase, type Database } from '../store/index.ts'
import { createAccessKeys, type AccessKeyService } from './access-keys.ts'
import { createFactomKeys, importedPair, type FactomKeyService } from './factom-keys.ts'
import { createFileKeys, type FileKeyService } from './file-keys.ts'
import { IdentityBook } from './identity-book.ts'
import { createIdentity, stateOf, type IdentityService, type IdentityState } from './identity.ts'
import { OwnStore } from './own-store.ts'
import { createRecordKeys, type RecordKeyService } from './record-keys.ts'
import { createSecrets, type SecretService } from './secrets.ts'

/** What the keys worker does. It alone ever holds secrets. */
export interface KeyService extends FileKeyService, AccessKeyService, IdentityService, SecretService, RecordKeyService, FactomKeyService {}

const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }

export interface KeyServiceOptions {
  readonly open?: () => Promise<Database>
  /** Another identity stands, or the present one changed, or was unlocked. */
  readonly changed?: (state: IdentityState) => void
  /** Whether WebCrypto knows X25519; found out where it is not said. */
  readonly hasX25519?: () => Promise<boolean>
}

/** The service over the keys of this origin's database. */
export function createKeyService({ open = openDatabase, changed = () => {}, hasX25519 }: KeyServiceOptions = {}): KeyService {
  const store = new OwnStore(open)
  const book = new IdentityBook(store, random, row => { changed(stateOf(row, book)) })
  const files = createFileKeys(store, async () => await book.ensure(), random)
  return {
    ...files, ...createAccessKeys({ book, files, random, hasX25519 }), ...createSecrets(store, random), ...createIdentity({ store, book, files, random }), ...createRecordKeys(book, importedPair(book)),
    ...createFactomKeys(book, random),
  }
}
