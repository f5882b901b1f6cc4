/** One thing a receipt or an export claims, and whether it holds; null where what is there does not tell. */
export interface RecordFinding {
  /** `signature`: of a commit or transaction; `hash`: any other that was said; `trust`: whether the root it ends in is one somebody trusts. */
  readonly claim: 'format' | 'entry-hash' | 'chain-id' | 'entry-block' | 'directory-block' | 'state-proof' | 'block' | 'signature' | 'hash' | 'trust'
  readonly holds: boolean | null
  readonly says: string
}

export type Claim = RecordFinding['claim']

export function holds(claim: Claim, says: string): RecordFinding { return { claim, holds: true, says } }
export function fails(claim: Claim, says: string): RecordFinding { return { claim, holds: false, says } }
export function open(claim: Claim, says: string): RecordFinding { return { claim, holds: null, says } }

/** Whether a value that was said is the one that was found. */
export function compared(claim: Claim, what: string, said: string, found: string): RecordFinding {
  return said === found ? holds(claim, `${what} is ${found}.`) : fails(claim, `${what} is ${found}, not ${said}.`)
}

/** Whether somebody trusts one of these. */
export function trusted(names: readonly string[], what: string, roots: ReadonlySet<string>): RecordFinding {
  const found = names.find(name => roots.has(name))
  const last = names.at(-1)!
  if (found !== undefined) return holds('trust', `The ${what} ${found} is one that you trust.`)
  return roots.size === 0 ? open('trust', `All this is worth as much as the ${what} ${last}: compare it with one that you trust.`) : fails('trust', `The ${what} ${last} is none that you trust.`)
}
