import { publicationLimits } from './publication-codec.ts'
import type { Policy, Publication } from './publication.ts'

/** Whether the key is given out by the owner and by holders, so that a record may name some. */
export function hasHolders(policy: Policy): boolean { return 'owner' in policy || 'list' in policy || 'pay' in policy }

/** Whether it may be told which recording it is: who is kept out would learn it from the hash. */
function tellsPlain(policy: Policy): boolean { return 'public' in policy || 'pay' in policy }

/** Why the members of a record, each fit alone, do not go together; null where they do. */
export function publicationFault({ kind, protected: locked, file, images, plain, policy, keyCommit, holders, keepers, rent, until }: Publication): string | null {
  if (repeats([file, ...images].map(({ cid }) => cid))) return 'the same file twice'
  if (kind === 'audio' && !locked) return 'audio that is not protected'
  if (kind === 'image' && locked) return 'an image that is protected'
  if (kind === 'image' && images.length > 0) return 'an image with images'
  if (locked === 'open' in policy) return 'an open policy where and only where nothing is locked'
  if (locked === (keyCommit === null)) return 'a key commitment where and only where there is a key'
  if (plain !== null && (kind !== 'audio' || !tellsPlain(policy))) return 'tells which recording it is'
  if (holders.length > 0 && !hasHolders(policy)) return 'holders of a key that nobody asks for'
  if ('list' in policy && repeats(policy.list)) return 'somebody twice in its list'
  if (keepers.length > 0 && rent === null) return 'keepers without a rent'
  if (rent !== null && keepers.length > 0 && rent.wanted > keepers.length) return 'more keepers wanted than named'
  if (rent !== null && rent.periods > until) return 'a rent for longer than it lasts'
  return null
}

/** What a record may not have where work stands in for its fee; null where it has nothing of that. */
export function stampedFault({ images, policy, holders, keepers, rent, until }: Publication): string | null {
  if (keepers.length > 0 || rent !== null) return 'keepers and rent come with a fee'
  if ('pay' in policy || holders.length > 0) return 'a price and holders come with a fee'
  if (images.length > publicationLimits.stampedImages) return `more than ${publicationLimits.stampedImages} image comes with a fee`
  return until > publicationLimits.stampedPeriods ? `more than ${publicationLimits.stampedPeriods} periods come with a fee` : null
}

/** Bytes somebody takes on who keeps an upload: the file and its images. */
export function uploadBytes({ file, images }: Pick<Publication, 'file' | 'images'>): number {
  return [file, ...images].reduce((sum, { size }) => sum + size, 0)
}

export function repeats(names: readonly string[]): boolean { return new Set(names).size < names.length }
