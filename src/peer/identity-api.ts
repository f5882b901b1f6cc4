import type { Backup, IdentityState, ImportedKey, JudgedWords, Restored } from '../keys/index.ts'

/** What a person does with the identity of this device. All secrets stay in the keys worker, but for the words and the file, when they are asked for. */
export interface IdentityActs {
  /** Makes an identity where there is none yet. */
  ensure(): Promise<void>
  /** `wrong-passphrase` where it is not that. */
  unlock(passphrase: string): Promise<void>
  /** Sets, changes, or with null removes the passphrase; `current` is that of now, where there is one. `wrong-passphrase`, `bad-input` where the new one is too short. */
  setPassphrase(current: string, next: string | null): Promise<void>
  /** The recovery words, to be written down. `locked` before the passphrase was given, as for the next two. */
  words(): Promise<readonly string[]>
  /** Whether these are words of the phrase, with their places from 1: three right ones are a backup. */
  confirmWords(answers: readonly { readonly place: number, readonly word: string }[]): Promise<boolean>
  /** Saves a backup encrypted with `passphrase` as an ordinary download, which counts as a backup; tells its name and of how many files it has the keys. */
  saveFile(passphrase: string): Promise<{ readonly name: string, readonly keys: number }>
  /** Whose words these are, or why they are nobody's. */
  judgeWords(text: string): Promise<JudgedWords>
  /** Whose file this is; `backup-damaged`, `backup-newer`, `wrong-passphrase`. */
  judgeFile(text: string, passphrase: string): Promise<{ readonly address: string, readonly keys: number }>
  /** Takes the place of the present identity. `files`: of how many files keys came with it. */
  restore(backup: Backup): Promise<Restored>
  /**
   * Takes in a secret key of Factom's, `Fs..` or `Es..`, which the words do not give back. `bad-input` where it is none: `data.fault` is the code of what is wrong with the text, `address-public` where
   * it is an address and no secret; `already-exists`, `too-many`, `locked`.
   */
  importKey(text: string): Promise<ImportedKey>
  /** The secret of one, by its FA or EC address. */
  exportKey(address: string): Promise<string>
  removeKey(address: string): Promise<void>
}

export type { Backup, IdentityState, ImportedKey, JudgedWords, Restored }
