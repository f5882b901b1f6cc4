import type { Address, Clock } from '../base/index.ts'
import type { PublishedFile } from '../content/index.ts'
import type { UploadRow } from '../state/index.ts'
import type { Probes } from './keeping-api.ts'
import type { UploadName } from './upload-api.ts'
import { refOf } from './upload-index.ts'

/** Of a keeper and an upload: pieces asked for and given, and when that was last, ms since 1970. */
export interface ProbeValue extends Probes { readonly at: number }

export interface ProbeStore {
  values(prefix: 'local/probe/'): Promise<readonly (readonly [string, ProbeValue])[]>
  /** Undefined forgets. */
  setValues(values: { readonly [probe: `local/probe/${string}`]: ProbeValue | undefined }): Promise<void>
}

export interface ProbeDeskParts {
  readonly store: ProbeStore
  readonly clock: Clock
  /** What this account publishes or keeps. */
  uploads(me: Address): Promise<readonly (readonly [UploadName, UploadRow])[]>
  /** Whether one of somebody's devices is there. */
  isThere(keeper: Address): boolean
  /** As `PieceProbe.ask`. */
  ask(keeper: Address, file: PublishedFile): Promise<boolean | null>
}

const prefix = 'local/probe/'
/** One a day of each keeper and upload; one at a time. */
const [eachMs, anyMs] = [86_400_000, 60_000]
/** After so many the older half counts no more. */
const remembered = 20

/** What keepers give when they are asked: told to nobody, shown, and looked at when keepers are ranked. */
export class ProbeDesk {
  readonly #known = new Map<string, ProbeValue>()
  #next = 0

  private constructor(private readonly parts: ProbeDeskParts) {}

  static async open(parts: ProbeDeskParts): Promise<ProbeDesk> {
    const desk = new ProbeDesk(parts)
    for (const [name, value] of await parts.store.values(prefix)) desk.#known.set(name.slice(prefix.length), value)
    return desk
  }

  /** Of one upload, or of all of them. */
  of(keeper: Address, upload: UploadName | null): Probes | null {
    const found = [...this.#known].filter(([name]) => upload === null ? name.endsWith(`/${keeper}`) : name === `${refOf(upload)}/${keeper}`).map(([, value]) => value)
    return found.length === 0 ? null : { asked: found.reduce((sum, { asked }) => sum + asked, 0), answered: found.reduce((sum, { answered }) => sum + answered, 0) }
  }

  /** Asks one keeper who is there, the one that was asked longest ago, where it is time. Resolves with whether something new is known. */
  async tend(me: Address): Promise<boolean> {
    const { clock, uploads, isThere, ask } = this.parts
    const now = clock.now()
    if (now < this.#next) return false
    this.#next = now + anyMs
    const due = (await uploads(me)).flatMap(([name, { kept, publication: { file } }]) => kept.filter(keeper => keeper !== me && isThere(keeper)).map(keeper => {
      const ref = `${refOf(name)}/${keeper}`
      return { ref, keeper, file, known: this.#known.get(ref) ?? { asked: 0, answered: 0, at: 0 } }
    })).filter(({ known }) => now - known.at >= eachMs).toSorted((a, b) => a.known.at - b.known.at)
    for (const { ref, keeper, file, known } of due) {
      const answered = await ask(keeper, file)
      if (answered === null) continue
      await this.#note(ref, known, answered, now)
      return true
    }
    return false
  }

  async #note(ref: string, { asked, answered }: ProbeValue, given: boolean, at: number): Promise<void> {
    const half = asked < remembered ? 1 : 2
    const value = { asked: Math.floor(asked / half) + 1, answered: Math.floor(answered / half) + (given ? 1 : 0), at }
    await this.parts.store.setValues({ [`${prefix}${ref}`]: value })
    this.#known.set(ref, value)
  }
}
