import type { Address } from '../../base/index.ts'
import { assignment, hasHolders, publicationLimits, repeats, type Assignment, type Policy, type Publication } from '../../content/index.ts'
import { keys, type UploadRow } from '../../state/index.ts'
import { breaks, type Refusal } from '../rules.ts'
import { mayHold } from '../uploads/coins.ts'
import { endDuties, endDuty } from '../uploads/duties.ts'
import { renewRent } from '../uploads/rent.ts'
import { addHolders, isOver, removeHolders, returnEscrow } from '../uploads/rows.ts'
import { admit, deposit, expel, judgeTerms, putInEscrow } from '../uploads/terms.ts'
import type { Op, OpContext } from './types.ts'

/** Op 4 changes an upload of its sender. Nothing of it takes back what somebody has. */
export const assign: Op<Assignment> = {
  code: 4,
  name: 'assign',
  body: assignment,
  stampable: false,
  lasting: false,
  spends: ({ rent }) => deposit(rent),

  async judge(body, context) {
    const { state, sender, number } = context
    const row = await state.get(keys.upload(body.cid, sender))
    if (row === null) return breaks('upload-unknown', 'its sender publishes no such file')
    if (isOver(row, number)) return breaks('upload-over', 'it is withdrawn or past its time')
    const next = changed(row.publication, body)
    const refusal = judgeLists(body, next) ?? judgeEnd(body)
      ?? await judgeTerms(next, context, { policy: body.policy !== null, holders: body.holders !== null, keepers: body.keepers !== null, rent: body.rent !== null })
    if (refusal !== null) return refusal
    const back = body.withdrawn || body.rent !== null ? await state.get(keys.escrow(body.cid, sender)) ?? 0 : 0
    return await mayHold(state, sender, back) ? null : breaks('amount-range', 'its sender would hold more than amounts can say')
  },

  async apply(body, context) {
    const { state, parameters: { keeperPeriod }, number, sender, nonce } = context
    const { cid, policy, allow, deny, rent, until, withdrawn, replacedBy } = body
    const key = keys.upload(cid, sender)
    const row = await state.get(key)
    if (row === null) return
    const kept = await changeKeepers(row, body, context)
    if (rent !== null || withdrawn) {
      await renewRent(state, [cid, sender], kept, row.publication)
      await returnEscrow(state, [cid, sender])
      await putInEscrow(context, cid, deposit(rent))
    }
    const era = policy === null ? row.era : nonce
    await admit(context, cid, policy !== null && 'list' in policy ? [...policy.list, ...allow] : allow, era)
    await expel(context, cid, deny)
    const next = changed(row.publication, body)
    const holds = await changeHolders(row, next, context)
    state.set(key, {
      ...row, publication: next, holds, kept, era, until: until === null ? row.until : number + until * keeperPeriod, withdrawn, replacedBy: replacedBy ?? row.replacedBy,
    })
  },
}

/** The record as the change leaves it. What goes with nothing any more goes too: holders of a key that is public, and all offers of an upload that is withdrawn. */
function changed(record: Publication, { policy: wished, allow, deny, holders, keepers, rent, until, withdrawn }: Assignment): Publication {
  const policy = withReaders(wished ?? record.policy, allow, deny)
  return {
    ...record, policy,
    plain: 'owner' in policy || 'list' in policy ? null : record.plain,
    holders: withdrawn ? [] : holders ?? (hasHolders(policy) ? record.holders : []),
    keepers: withdrawn ? [] : keepers ?? record.keepers,
    rent: withdrawn ? null : rent ?? record.rent,
    until: until ?? record.until,
  }
}

/** Of a list as many readers stand in the record as fit. */
function withReaders(policy: Policy, allow: readonly Address[], deny: readonly Address[]): Policy {
  if (!('list' in policy)) return policy
  const readers = new Set([...policy.list, ...allow])
  for (const address of deny) readers.delete(address)
  return { list: [...readers].slice(0, publicationLimits.listed) }
}

function judgeLists({ allow, deny, policy }: Assignment, { policy: next }: Publication): Refusal | null {
  if (allow.length + deny.length > 0 && !('list' in next)) return breaks('upload-readers', 'who may read is no list')
  if (repeats([...allow, ...deny])) return breaks('upload-readers', 'somebody twice')
  return policy !== null && 'list' in policy && repeats(policy.list) ? breaks('upload-readers', 'somebody twice in its list') : null
}

/** An end is an end: nothing is offered with it. */
function judgeEnd({ cid, holders, keepers, rent, withdrawn, replacedBy }: Assignment): Refusal | null {
  if (replacedBy === cid) return breaks('upload-terms', 'replaced by itself')
  return withdrawn && (holders !== null || keepers !== null || rent !== null) ? breaks('upload-terms', 'offers with a withdrawal') : null
}

async function changeHolders(row: UploadRow, { holders }: Publication, { state, sender }: OpContext): Promise<readonly number[]> {
  const { publication: { holders: before, file: { cid } } } = row
  if (holders === before) return row.holds
  await removeHolders(state, row)
  return await addHolders(state, [cid, sender], holders)
}

/** Who stays: named keepers leave out whom they leave out; a withdrawal frees everybody. */
async function changeKeepers(row: UploadRow, { cid, keepers, withdrawn }: Assignment, { state, sender }: OpContext): Promise<readonly Address[]> {
  if (withdrawn) {
    await endDuties(state, [cid, sender], row)
    return []
  }
  if (keepers === null || keepers.length === 0) return row.kept
  for (const keeper of row.kept) if (!keepers.includes(keeper)) await endDuty(state, [cid, sender], keeper, row.publication, true)
  return row.kept.filter(keeper => keepers.includes(keeper))
}
