import type { PeerState } from './types.ts'

type Choices = Pick<PeerState, 'identity' | 'follows' | 'picturesOf'>

/** Whether pictures of this publisher are fetched without a click: one's own, and of whom the person follows or chose them of. */
export function showsPictures({ identity, follows, picturesOf }: Choices, owner: string): boolean {
  return owner === identity?.address || follows.includes(owner) || picturesOf.includes(owner)
}
