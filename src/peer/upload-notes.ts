import type { ContentVerdict } from '../content/index.ts'
import { refOf } from './upload-index.ts'
import type { UploadName } from './upload-api.ts'

/** What was found in the bytes of an upload, and when, ms since 1970. */
export interface VerdictValue { readonly code: ContentVerdict, readonly at: number }

export interface NoteValues {
  readonly [verdict: `local/verdict/${string}`]: VerdictValue
  /** Let go by the person, ms since 1970: it is not taken on again by itself. */
  readonly [letGo: `local/let-go/${string}`]: number
}

export type NoteChanges = { -readonly [Name in keyof NoteValues]?: NoteValues[Name] | undefined }

export interface NoteStore {
  values<Prefix extends string>(prefix: Prefix): Promise<readonly (readonly [string, NoteValues[keyof NoteValues & `${Prefix}${string}`]])[]>
  /** Undefined forgets. */
  setValues(values: NoteChanges): Promise<void>
}

/** What this device knows of uploads beside the ledger, told to nobody: by content id and owner, written down before it counts. */
export class UploadNotes {
  readonly #verdicts = new Map<string, VerdictValue>()
  readonly #letGo = new Set<string>()

  private constructor(private readonly store: NoteStore) {}

  static async open(store: NoteStore): Promise<UploadNotes> {
    const notes = new UploadNotes(store)
    for (const [name, value] of await store.values('local/verdict/')) notes.#verdicts.set(name.slice('local/verdict/'.length), value)
    for (const [name] of await store.values('local/let-go/')) notes.#letGo.add(name.slice('local/let-go/'.length))
    return notes
  }

  verdictOf(name: UploadName): ContentVerdict | null { return this.#verdicts.get(refOf(name))?.code ?? null }
  isLetGo(name: UploadName): boolean { return this.#letGo.has(refOf(name)) }

  /** Null where a person wants to try once more, or its bytes were right after all. Resolves with whether that is new. */
  async judge(name: UploadName, code: ContentVerdict | null, now: number): Promise<boolean> {
    const ref = refOf(name)
    if (this.verdictOf(name) === code) return false
    const value = code === null ? undefined : { code, at: now }
    const changes: NoteChanges = {}
    changes[`local/verdict/${ref}`] = value
    await this.store.setValues(changes)
    if (value === undefined) this.#verdicts.delete(ref)
    else this.#verdicts.set(ref, value)
    return true
  }

  async letGo(name: UploadName, now: number | null): Promise<void> {
    const ref = refOf(name)
    if (this.#letGo.has(ref) === (now !== null)) return
    const changes: NoteChanges = {}
    changes[`local/let-go/${ref}`] = now ?? undefined
    await this.store.setValues(changes)
    if (now === null) this.#letGo.delete(ref)
    else this.#letGo.add(ref)
  }
}
