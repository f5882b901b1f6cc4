import { HoldfastError, limits, type Address, type Cid, type Judged, type Random } from '../base/index.ts'
import { formatLink, type Link } from '../content/index.ts'
import type { NetworkId } from '../ledger/index.ts'
import { putting, type Change, type Database, type IdentityRow } from '../store/index.ts'
import { backupName, judgeBackup, openBackup, valueOf, writeBackup, type BackupContent } from './backup-file.ts'
import { entryCreditKey, factoidKey, publicKeys, type PublicKeys } from './derivation.ts'
import { openFactomKey, shownKey, writeFactomSecret, type ImportedKey } from './factom-keys.ts'
import type { FileKeyService } from './file-keys.ts'
import type { IdentityBook } from './identity-book.ts'
import type { OwnStore } from './own-store.ts'
import { checkNewPassphrase } from './passphrase.ts'
import { judgePhrase, phraseWords, seedOf, type JudgedPhrase } from './phrase.ts'
import { signTyped, type SignRequests } from './signing.ts'

/** What pages show of the person, and what whoever publishes asks before it does. */
export interface IdentityState {
  readonly address: Address
  /** Whether the person has saved it: by the words (some were asked for), or in a file. Null: if this browser is cleared it is gone. */
  readonly backedUp: 'words' | 'file' | null
  /** Whether a passphrase is set. */
  readonly passphrase: boolean
  /** Whether it was not given yet, so that nothing can be signed. */
  readonly locked: boolean
  /** Factom's keys that were made elsewhere and brought here; absent where there are none. */
  readonly imported?: readonly ImportedKey[]
}

export interface NetworkKeys {
  /** Ed25519 public keys of this person's Factoid and Entry Credit addresses on a network, 32 bytes each. */
  readonly factoid: Uint8Array<ArrayBuffer>
  readonly entryCredit: Uint8Array<ArrayBuffer>
}

/** Typed words: why they are no phrase, or whose they are. */
export type JudgedWords = { readonly ok: true, readonly address: Address } | Exclude<JudgedPhrase, { readonly ok: true }>

/** The other side of a backup: words as they were typed, or the text of a file and its passphrase. */
export type Backup = { readonly words: string } | { readonly file: string, readonly passphrase: string }

/** `files`: keys of files that came with it and were not here. */
export interface Restored { readonly address: Address, readonly files: number }

/**
 * Who the person is. Whatever needs the phrase fails with `locked` while it is. An identity is made by the first call that needs one. Nothing secret
 * leaves but the words, by `words`, and the encrypted file, by `backupFile`.
 */
export interface IdentityService {
  /** The identity, null where none was needed yet. */
  identity(): Promise<IdentityState | null>
  ensureIdentity(): Promise<IdentityState>
  publicKeys(): Promise<PublicKeys>
  networkKeys(network: NetworkId): Promise<NetworkKeys>
  /** A signature of 65 bytes for what `SignRequests` lists. `not-own` where it speaks for another address. */
  sign<Kind extends keyof SignRequests>(kind: Kind, network: NetworkId, value: SignRequests[Kind]): Promise<Uint8Array<ArrayBuffer>>

  /** `wrong-passphrase`, and nothing changes. */
  unlock(passphrase: string): Promise<void>
  /** Sets, changes, or with null removes the passphrase; `current` is that of now, where there is one. */
  setPassphrase(current: string, next: string | null): Promise<void>

  /** The words, to be written down. */
  words(): Promise<readonly string[]>
  /** Whether these are words of the phrase, `limits.confirmWords` of them at least, with their places from 1; then it counts as backed up. */
  confirmWords(answers: readonly { readonly place: number, readonly word: string }[]): Promise<boolean>
  /** A file with the phrase, the keys of all protected files and those of Factom that were brought here, encrypted with a passphrase of its own. `keys`: of how many files. */
  backupFile(passphrase: string): Promise<{ readonly name: string, readonly text: string, readonly keys: number }>
  /** The person has the file. */
  confirmFile(): Promise<void>

  judgeWords(text: string): Promise<JudgedWords>
  /** Whose backup a file is and of how many files it has the keys; `backup-damaged`, `backup-newer`, `wrong-passphrase`. */
  judgeFile(text: string, passphrase: string): Promise<{ readonly address: Address, readonly keys: number }>
  /**
   * Replaces the identity by what a backup holds, and adds the keys of files that are not here, as opened links; all or nothing. Without a passphrase
   * afterwards, unless it was the present one already. Fails as `judgeFile`, and `bad-input` for words that are no phrase.
   */
  restore(backup: Backup): Promise<Restored>
}

export interface IdentityParts {
  readonly store: OwnStore
  readonly book: IdentityBook
  readonly files: Pick<FileKeyService, 'seal' | 'reveal'>
  readonly random: Random
}

export function createIdentity({ store, book, files, random }: IdentityParts): IdentityService {
  return {
    async identity() {
      const row = await book.find()
      return row === null ? null : stateOf(row, book)
    },
    ensureIdentity: async () => stateOf(await book.ensure(), book),

    async publicKeys() {
      const { address, ledger, recovery, box } = await book.ensure()
      return { address, ledger, recovery, box }
    },

    async networkKeys(network) {
      const { seed } = await book.secrets()
      return { factoid: factoidKey(seed, network).public, entryCredit: entryCreditKey(seed, network).public }
    },

    async sign(kind, network, value) {
      const { address, ledger } = await book.secrets()
      const device = await store.use(async database => await database.setting('device-key'))
      return await signTyped(kind, network, value, { address, device }, ledger)
    },

    async unlock(passphrase) { await book.unlock(passphrase) },
    async setPassphrase(current, next) { await book.setPassphrase(current, next) },

    words: async () => phraseWords((await book.secrets()).entropy),

    async confirmWords(answers) {
      const words = phraseWords((await book.secrets()).entropy)
      const right = answers.every(({ place, word }) => words[place - 1] === word.normalize('NFKD').trim().toLowerCase())
      if (!right || new Set(answers.map(({ place }) => place)).size < limits.confirmWords) return false
      await book.markBackedUp('words')
      return true
    },

    async backupFile(passphrase) {
      checkNewPassphrase(passphrase)
      const { entropy, address, seed } = await book.secrets()
      const factom = await Promise.all(((await book.ensure()).factom ?? []).map(async row => writeFactomSecret(row.kind, await openFactomKey(row, seed))))
      const kept = await store.use(async database => await keptLinks(database, files))
      if (kept.length > limits.backupKeys) throw new HoldfastError('too-many', 'more keys than a backup holds')
      return { name: backupName(address), text: await writeBackup({ entropy, files: kept, factom }, address, passphrase, random), keys: kept.length }
    },

    async confirmFile() { await book.markBackedUp('file') },

    async judgeWords(text) {
      const judged = judgePhrase(text)
      return judged.ok ? { ok: true, address: await addressOf(judged.entropy) } : judged
    },

    async judgeFile(text, passphrase) {
      const { entropy, files: links } = await opened(judgeBackup(text), passphrase)
      return { address: await addressOf(entropy), keys: links.length }
    },

    async restore(backup) {
      if ('words' in backup) {
        const judged = judgePhrase(backup.words)
        if (!judged.ok) throw new HoldfastError('bad-input', 'these words are no phrase')
        return { address: (await book.replace(judged.entropy, 'words')).address, files: 0 }
      }
      const content = await opened(judgeBackup(backup.file), backup.passphrase)
      let added = 0
      const { address } = await book.replace(content.entropy, 'file', content.factom, async database => {
        const changes = await missingKeys(database, content.files, files)
        added = changes.length
        return changes
      })
      return { address, files: added }
    },
  }
}

export function stateOf(row: IdentityRow, book: IdentityBook): IdentityState {
  const state = { address: row.address, backedUp: row.backedUp, passphrase: row.passphrase !== null, locked: book.isLocked(row) }
  return row.factom === undefined ? state : { ...state, imported: row.factom.map(shownKey) }
}

async function addressOf(entropy: Uint8Array): Promise<Address> {
  return publicKeys(await seedOf(entropy)).address
}

/** What is in a backup, whose address must be that of its phrase. */
async function opened(judged: Judged<Parameters<typeof openBackup>[0]>, passphrase: string): Promise<BackupContent> {
  const file = valueOf(judged)
  const content = valueOf(await openBackup(file, passphrase))
  if (await addressOf(content.entropy) !== file.address) throw new HoldfastError('backup-damaged', 'its phrase is another person’s')
  return content
}

/** Links of all protected files here whose keys are known, removed ones left out. Most of these keys no phrase gives back. */
async function keptLinks(database: Database, { reveal }: Pick<FileKeyService, 'reveal'>): Promise<readonly Link[]> {
  const rows = await database.getAll('content')
  const held = rows.filter(({ status }) => status !== 'TRASHED').map(({ title, ...row }) => ({ ...row, name: title }))
  const links = new Map<Cid, Link>()
  for (const { cid, infohash, size, kind, name, relays, sealed } of [...held, ...await database.getAll('opened')]) {
    if (sealed !== null && !links.has(cid)) links.set(cid, writable({ cid, infohash, size, kind, name, relays, key: await reveal(sealed) }))
  }
  return [...links.values()]
}

/** A link that can be written: of relays with very long names the file is found without. */
function writable(link: Link): Link {
  try { formatLink(link) } catch { return { ...link, relays: [] } }
  return link
}

/** Rows for the keys that are not here, each sealed to this device. */
async function missingKeys(database: Database, links: readonly Link[], { seal }: Pick<FileKeyService, 'seal'>): Promise<readonly Change[]> {
  const [content, waiting] = [await database.getAll('content'), await database.getAll('opened')]
  const known = new Set([...content.filter(({ sealed, status }) => sealed !== null && status !== 'TRASHED'), ...waiting].map(({ cid }) => cid))
  const changes: Change[] = []
  for (const { key, ...link } of links) {
    if (known.has(link.cid) || key === null) continue
    known.add(link.cid)
    changes.push(putting('opened', { ...link, sealed: await seal(new Uint8Array(key)), openedAt: Date.now(), restored: true }))
  }
  return changes
}
