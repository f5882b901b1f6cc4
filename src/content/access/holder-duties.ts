import type { KeyName } from './key-seeker.ts'

/** A key that lies here. `purpose`: what for it was taken; `missing`: number of the safety root from which on its owner no longer lists this account as a holder. */
export interface KeptName extends KeyName { readonly purpose: 'access' | 'holder' | 'recover', readonly missing: number | null }

export interface HolderDuties {
  /** To be fetched. */
  readonly fetch: readonly KeyName[]
  /** Rows whose `missing` is another now. */
  readonly mark: readonly KeptName[]
  /** To be deleted. */
  readonly drop: readonly KeyName[]
}

/**
 * What a holder has to fetch, and may no longer keep: keys it was given to give to others, an epoch after they were taken from it at the safety root. What somebody
 * has as a reader, or of an own file, stays. `expected`: uploads that list this account at the safety root, which is block `safe`.
 */
export function holderDuties(expected: readonly KeyName[], kept: readonly KeptName[], safe: number, epoch: number): HolderDuties {
  const listed = new Set(expected.map(nameOf))
  const here = new Set(kept.map(nameOf))
  const held = kept.filter(({ purpose }) => purpose === 'holder')
  const gone = held.filter(each => !listed.has(nameOf(each)))
  const isOver = ({ missing }: KeptName): boolean => missing !== null && safe - missing >= epoch
  return {
    fetch: expected.filter(each => !here.has(nameOf(each))),
    mark: [
      ...held.filter(each => each.missing !== null && listed.has(nameOf(each))).map(each => ({ ...each, missing: null })),
      ...gone.filter(({ missing }) => missing === null || missing > safe).map(each => ({ ...each, missing: safe })), // it may have gone back
    ],
    drop: gone.filter(isOver).map(({ cid, owner }) => ({ cid, owner })),
  }
}

function nameOf({ cid, owner }: KeyName): string { return `${cid}/${owner}` }
