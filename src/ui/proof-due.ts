import type { PeerState, UploadName } from './types.ts'

/** Whether something of this upload is to be shown in the period that runs, and was not yet. */
export function proofDue({ uploads }: Pick<PeerState, 'uploads'>, { cid, owner }: UploadName): boolean {
  return uploads?.keeping.open?.period?.picks.some(pick => pick.cid === cid && pick.owner === owner && pick.state !== 'answered') ?? false
}
