import { HoldfastError, limits, type Cid } from '../base/index.ts'
import { isProtectedKind, type Kind, type Member } from '../content/index.ts'
import { blobSource, openArchive, readSource, type ByteSource, type PlainSource } from '../media/index.ts'
import { openDatabase, openStoredFile, type ContentRow, type StoredFile } from '../store/index.ts'
import { keysChannel, networkChannel, type FileKey, type SealedKey, type StoredItem } from './stored-item.ts'
import { tabCalls } from './tab-calls.ts'

/** A file this device holds or is getting, for whoever reads it: the service worker, and the worker that unpacks into folders. */
export interface HeldFile {
  readonly kind: Kind
  readonly title: string
  /** Whether what it holds can be had: it is not protected, or its key is here. */
  readonly open: boolean
  /** Whether all of it is here and right. */
  readonly whole: boolean
  readonly members: readonly Member[] | null
  /** Bytes of the unpacked archive that can be read by now. */
  readonly readable: number
  /** Its bytes as they are stored and swarmed. */
  readonly stored: ByteSource
  /** What it holds once it is opened; the stored bytes themselves where it is not protected. */
  plain(): Promise<PlainSource>
}

/** Where files are found. */
export interface HeldFrom {
  row(cid: Cid): Promise<Pick<ContentRow, 'kind' | 'title' | 'status' | 'path' | 'members'> | null>
  /** A finished file by its path, as it is now; `not-found` or `unsupported` where it is not in a file system of ours. */
  file(path: string): Promise<StoredFile>
  describe(cid: Cid): Promise<StoredItem>
  read(cid: Cid, at: number, length: number): Promise<Uint8Array<ArrayBuffer>>
  openKey(sealed: SealedKey): Promise<FileKey>
  openPlain(stored: ByteSource, key: FileKey): Promise<PlainSource>
}

/**
 * What is held under `cid`; `not-found` where nothing is. Finished files that need no key are opened here, whether or not a tab of Holdfast is
 * open; for anything else the worker that leads is asked, and `timeout` says that there is none.
 */
export async function openHeld(cid: Cid, from: HeldFrom): Promise<HeldFile> {
  const row = await from.row(cid)
  if (row === null) throw new HoldfastError('not-found', 'not held here')
  if (row.status === 'SEEDING' && !isProtectedKind(row.kind)) {
    const file = await findFile(row.path, from)
    if (file !== null) return held({ ...row, whole: true, readable: Infinity, sealed: null }, file, from)
  }
  const item = await from.describe(cid)
  const file = item.path === null ? null : await findFile(item.path, from)
  const stored = file ?? readSource(item.size, async (at, length) => await from.read(cid, at, length), ...item.path === null ? [] : [limits.storedPartBytes])
  return held({ ...item, whole: item.path !== null }, stored, from)
}

type Known = Pick<HeldFile, 'kind' | 'title' | 'whole' | 'members' | 'readable'> & Pick<StoredItem, 'sealed'>

function held({ kind, title, whole, members, readable, sealed }: Known, stored: ByteSource, from: HeldFrom): HeldFile {
  return {
    kind, title, whole, members, readable, stored,
    open: !isProtectedKind(kind) || sealed !== null,
    async plain() {
      if (!isProtectedKind(kind)) return { size: stored.size, stream: () => stored.stream() }
      if (sealed === null) throw new HoldfastError('wrong-key', 'there is no key for it')
      return await from.openPlain(stored, await from.openKey(sealed))
    },
  }
}

/** Null where the bucket's files lie where only its own driver finds them. */
async function findFile(path: string, from: HeldFrom): Promise<ByteSource | null> {
  try {
    return blobSource(await from.file(path))
  } catch (error) {
    if (['not-found', 'unsupported'].includes(HoldfastError.from(error).code)) return null
    throw error
  }
}

/** What the network worker does for those who read, as `NetworkService` says. */
interface ItemReader {
  describe(cid: Cid): Promise<StoredItem>
  read(cid: Cid, at: number, length: number): Promise<Uint8Array<ArrayBuffer>>
}

/** What the keys worker does for them. */
interface KeyOpener { open(sealed: SealedKey): Promise<FileKey> }

/** The files of this browser. Asks the workers of the tab that leads, from wherever it is used. */
export function heldHere(): HeldFrom {
  const network = tabCalls<ItemReader>(networkChannel)
  const keys = tabCalls<KeyOpener>(keysChannel)
  return {
    async row(cid) {
      const database = await openDatabase()
      try { return await database.get('content', cid) } finally { await database.close() }
    },
    file: openStoredFile,
    describe: async cid => await network(async call => await call.describe(cid)),
    read: async (cid, at, length) => await network(async call => await call.read(cid, at, length)),
    openKey: async sealed => await keys(async call => await call.open(sealed)),
    openPlain: openArchive,
  }
}
