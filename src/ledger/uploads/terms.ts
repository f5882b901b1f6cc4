import { fromHex, type Address, type Cid } from '../../base/index.ts'
import { keyCommitment, publicationFault, repeats, type Publication, type Rent } from '../../content/index.ts'
import { keys } from '../../state/index.ts'
import { breaks, type Refusal } from '../rules.ts'
import type { OpContext } from '../ops/types.ts'
import type { Parameters } from '../parameters.ts'

/** The op without which nobody proves that he keeps what he is paid for. */
const auditOp = 6

/** Whether keepers of a network are paid, and put up bonds. Where nothing is proved, nothing is: coins would lie in escrow with no way to earn them. */
export function paysKeepers({ ops }: Parameters): boolean { return ops.includes(auditOp) }

/** Coins a rent takes into escrow: for each keeper and period. */
export function deposit(rent: Rent | null): number { return rent === null ? 0 : rent.each * rent.periods * rent.wanted }

/**
 * The first rule a record of `sender` breaks, as it stands or as a change would leave it: E2, E4 to E7. `checked` says which members are new: who stands there from before was
 * judged then.
 */
export async function judgeTerms(record: Publication, context: OpContext, checked: { readonly policy: boolean, readonly holders: boolean, readonly keepers: boolean, readonly rent: boolean }): Promise<Refusal | null> {
  const fault = publicationFault(record)
  if (fault !== null) return breaks('upload-terms', fault)
  if (checked.policy && !fitsCommitment(record)) return breaks('upload-key', 'the key in it is not the one it commits to')
  return (checked.holders ? await judgeHolders(record, context) : null)
    ?? (checked.keepers ? await judgeKeepers(record.keepers, context) : null)
    ?? (checked.rent ? judgeRent(record.rent, context) : null)
}

/** E4. */
function fitsCommitment({ file: { cid }, policy, keyCommit }: Publication): boolean {
  return !('public' in policy) || keyCommitment(cid, fromHex(policy.public) ?? new Uint8Array()) === keyCommit
}

/** E5. */
async function judgeHolders({ holders }: Publication, { state, sender }: OpContext): Promise<Refusal | null> {
  if (repeats(holders.map(({ address }) => address))) return breaks('upload-holders', 'a holder twice')
  for (const { address, box } of holders) {
    if (address === sender) return breaks('upload-holders', 'its owner as a holder')
    if (await state.get(keys.box(address)) !== box) return breaks('upload-holders', `sealed to another key than ${address} has`)
  }
  return null
}

/** E6. */
async function judgeKeepers(keepers: readonly Address[], { state, sender }: OpContext): Promise<Refusal | null> {
  if (repeats(keepers)) return breaks('upload-keepers', 'a keeper twice')
  for (const address of keepers) {
    if (address === sender) return breaks('upload-keepers', 'its owner as a keeper')
    if ((await state.get(keys.keeper(address)))?.status !== 'active') return breaks('upload-keepers', `${address} is no active keeper`)
  }
  return null
}

/** E7, but for the balance, which bounds the whole too. */
function judgeRent(rent: Rent | null, context: OpContext): Refusal | null {
  return rent !== null && rent.each > 0 && !paysKeepers(context.parameters) ? breaks('rent-unpaid', 'keepers are not paid on this network') : null
}

/** Makes these addresses members of an upload's list, as its policy of this era has it. */
export async function admit({ state, sender }: OpContext, cid: Cid, members: readonly Address[], era: bigint): Promise<void> {
  for (const address of members) {
    const key = keys.access(cid, sender, address)
    state.set(key, { purchase: null, ...await state.get(key), member: era })
  }
}

/** Takes these addresses off an upload's list. */
export async function expel({ state, sender }: OpContext, cid: Cid, members: readonly Address[]): Promise<void> {
  for (const address of members) {
    const key = keys.access(cid, sender, address)
    const row = await state.get(key)
    if (row !== null) state.set(key, row.purchase === null ? null : { ...row, member: null })
  }
}

/** Coins of the sender, who has paid them already, into the escrow of its upload, in place of what was there. */
export async function putInEscrow({ state, sender }: OpContext, cid: Cid, amount: number): Promise<void> {
  const key = keys.escrow(cid, sender)
  await state.get(key)
  state.set(key, amount === 0 ? null : amount)
}
