import { inEnglish, say, type Saying, type SayingCode } from './sayings.ts'

/** One thing a receipt or an export claims, and whether it holds; null where what is there does not tell. */
export interface RecordFinding {
  /** `signature`: of a commit or transaction; `hash`: any other that was said; `trust`: whether the root it ends in is one somebody trusts. */
  readonly claim: 'format' | 'entry-hash' | 'chain-id' | 'entry-block' | 'directory-block' | 'state-proof' | 'block' | 'signature' | 'hash' | 'trust'
  readonly holds: boolean | null
  /** In English; whoever speaks otherwise has `code` and the words that stand in it. */
  readonly says: string
  readonly code: SayingCode
  readonly words: readonly string[]
  /** Which part of the export it is about, from 1; absent where that has one alone, or it is about several. */
  readonly part?: number
}

export type Claim = RecordFinding['claim']

function finding(claim: Claim, holding: boolean | null, saying: Saying): RecordFinding { return { claim, holds: holding, says: inEnglish(saying), ...saying } }

export function holds(claim: Claim, saying: Saying): RecordFinding { return finding(claim, true, saying) }
export function fails(claim: Claim, saying: Saying): RecordFinding { return finding(claim, false, saying) }
export function open(claim: Claim, saying: Saying): RecordFinding { return finding(claim, null, saying) }

/** The same, of one part of several. */
export function ofPart(found: RecordFinding, part: number): RecordFinding { return { ...found, part, says: `Part ${part}: ${found.says}` } }

/** Whether a value that was said is the one that was found: `same` says the latter, `other` both. */
export function compared(claim: Claim, said: string, found: string, same: Saying, other: Saying): RecordFinding { return said === found ? holds(claim, same) : fails(claim, other) }

/** The same of a member of JSON by its name. */
export function comparedMember(claim: Claim, name: string, said: string, found: string): RecordFinding { return compared(claim, said, found, say('is', name, found), say('is-not', name, found, said)) }

const trustSayings = {
  'state-root': ['state-root-trusted', 'state-root-open', 'state-root-strange'],
  'directory': ['directory-trusted', 'directory-open', 'directory-strange'],
} as const

/** Whether somebody trusts one of these. */
export function trusted(names: readonly string[], what: keyof typeof trustSayings, roots: ReadonlySet<string>): RecordFinding {
  const [own, loose, strange] = trustSayings[what]
  const found = names.find(name => roots.has(name))
  const last = names.at(-1)!
  if (found !== undefined) return holds('trust', say(own, found))
  return roots.size === 0 ? open('trust', say(loose, last)) : fails('trust', say(strange, last))
}
