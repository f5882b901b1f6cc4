import { bool, limits, list, nothing, oneOf, struct, u40, uint, type Address, type Codec } from '../../base/index.ts'
import { repeats, uploadBytes } from '../../content/index.ts'
import { append, boxKey, keys, pledge, uploadName, type Keeper, type NamedUpload, type StateView, type UploadRow } from '../../state/index.ts'
import { breaks, type Refusal } from '../rules.ts'
import { give, mayHold } from '../uploads/coins.ts'
import { beginDuty, isBound, leave } from '../uploads/duties.ts'
import { payRent } from '../uploads/rent.ts'
import { isOver } from '../uploads/rows.ts'
import { paysKeepers } from '../uploads/terms.ts'
import type { Op, OpContext } from './types.ts'

/** Why a keeper lets something go. `lost`: nobody has it any more. */
export const releaseReasons = ['ordinary', 'legal', 'lost'] as const
export type ReleaseReason = typeof releaseReasons[number]

/** What a keeper says. `open` also changes what it said before; `claim` takes the rent of periods that were proved; `close` ends all. */
export type Keep =
  | { readonly open: { readonly bond: number, readonly pledged: number, readonly price: number, readonly box: string, readonly public: boolean } }
  | { readonly accept: { readonly uploads: readonly NamedUpload[] } }
  | { readonly release: { readonly uploads: readonly NamedUpload[], readonly reason: ReleaseReason } }
  | { readonly claim: { readonly uploads: readonly NamedUpload[] } }
  | { readonly close: null }

const GiB = 2n ** 30n

const reasonCode = uint(releaseReasons.length - 1)
const reason: Codec<ReleaseReason> = {
  write(out, value) { reasonCode.write(out, releaseReasons.indexOf(value)) },
  read: input => releaseReasons[reasonCode.read(input)]!,
}
const named = list(uploadName, limits.uploadsNamed)

/** Op 5: somebody keeps what others publish. Nothing is assigned to anybody: who is offered an upload accepts it, or not. */
export const keep: Op<Keep> = {
  code: 5,
  name: 'keep',
  body: oneOf({
    open: struct({ bond: u40, pledged: pledge, price: u40, box: boxKey, public: bool }), accept: struct({ uploads: named }), release: struct({ uploads: named, reason }),
    claim: struct({ uploads: named }), close: nothing,
  }),
  stampable: false,
  lasting: false,
  spends: body => 'open' in body ? body.open.bond : 0,

  async judge(body, context) {
    const keeper = await context.state.get(keys.keeper(context.sender))
    if ('open' in body) return await judgeOpen(body.open.bond, keeper, context)
    if (keeper === null) return breaks('keeper-unknown', 'its sender is no keeper')
    if ('close' in body) return judgeClose(keeper, context)
    const { uploads } = 'accept' in body ? body.accept : 'claim' in body ? body.claim : body.release
    if (repeats(uploads.map(upload => upload.join()))) return breaks('keep-twice', 'an upload twice')
    return 'accept' in body ? await judgeAccept(uploads, keeper, context) : await judgeDuties(uploads, context)
  },

  async apply(body, context) {
    if ('open' in body) await open(body.open, context)
    else if ('accept' in body) for (const upload of body.accept.uploads) await accept(upload, context)
    else if ('claim' in body) for (const upload of body.claim.uploads) await claim(upload, context)
    else if ('release' in body) await release(body.release, context)
    else await close(context)
  },
}

async function judgeOpen(bond: number, keeper: Keeper | null, context: OpContext): Promise<Refusal | null> {
  const { state, parameters } = context
  if (keeper !== null && !isBound(keeper)) return breaks('keeper-void', 'it is gone, or closing')
  const most = paysKeepers(parameters) ? limits.keepersSettled * parameters.keeperPeriod : Infinity
  if (keeper === null && (await state.get(keys.keepers.total) ?? 0) >= most) return breaks('keeper-full', `the network has its ${most} keepers`)
  return await judgeBond(bond, keeper?.bond ?? 0, context)
}

/** Where nothing is proved nobody has put up anything, and nothing has to end. */
function judgeClose({ status }: Keeper, { parameters }: OpContext): Refusal | null {
  if (!paysKeepers(parameters)) return breaks('keeper-void', 'keepers of this network release what they keep')
  return status === 'closing' ? breaks('keeper-void', 'it is closing already') : null
}

/** A bond is at least what the network wants, and only grows until its keeper closes. */
async function judgeBond(bond: number, before: number, context: OpContext): Promise<Refusal | null> {
  const { state, sender, parameters } = context
  if (bond < parameters.keeperBond) return breaks('keeper-bond', `a bond of ${bond}, below ${parameters.keeperBond}`)
  if (bond > 0 && !paysKeepers(parameters)) return breaks('keeper-bond', 'keepers of this network put up no bond')
  if (bond < before) return breaks('keeper-bond', `less than the ${before} there are`)
  return await mayHold(state, sender, before) ? null : breaks('amount-range', 'its sender would hold more than amounts can say')
}

async function judgeAccept(uploads: readonly NamedUpload[], { load, count, pledged, bond, status }: Keeper, context: OpContext): Promise<Refusal | null> {
  const { parameters: { keeperBondPerGiB } } = context
  if (status !== 'active') return breaks('keeper-unknown', 'its sender is no active keeper')
  if (count + uploads.length > limits.keeperUploads) return breaks('keeper-full', `more than ${limits.keeperUploads} uploads`)
  let bytes = load
  for (const upload of uploads) {
    const row = await context.state.get(keys.upload(...upload))
    const refusal = await judgeOffer(upload, row, context)
    if (row === null || refusal !== null) return refusal
    bytes += uploadBytes(row.publication)
  }
  if (bytes > pledged) return breaks('keeper-full', `${bytes} bytes, of ${pledged} pledged`)
  return BigInt(bond) * GiB < BigInt(keeperBondPerGiB) * BigInt(bytes) ? breaks('keeper-bond', `a bond of ${bond} for ${bytes} bytes`) : null
}

async function judgeOffer([, owner]: NamedUpload, row: UploadRow | null, { state, sender, number }: OpContext): Promise<Refusal | null> {
  if (row === null) return breaks('upload-unknown', 'nobody publishes this')
  if (isOver(row, number)) return breaks('upload-over', 'it is withdrawn or past its time')
  const { publication: { keepers, rent }, kept } = row
  if (rent === null || owner === sender || keepers.length > 0 && !keepers.includes(sender)) return breaks('offer-unknown', 'not offered to its sender')
  if (kept.includes(sender)) return breaks('offer-taken', 'accepted before')
  return kept.length < rent.wanted || await replaceable(state, row) !== null ? null : breaks('offer-taken', 'all places are taken')
}

/** A keeper whose place others may take: the first one who is not active. */
async function replaceable(state: StateView, { kept }: UploadRow): Promise<Address | null> {
  for (const address of kept) if ((await state.get(keys.keeper(address)))?.status !== 'active') return address
  return null
}

async function judgeDuties(uploads: readonly NamedUpload[], { state, sender }: OpContext): Promise<Refusal | null> {
  for (const upload of uploads) if (await state.get(keys.kept(...upload, sender)) === null) return breaks('duty-unknown', 'named without being kept')
  return null
}

async function open({ bond, pledged, price, box, public: plain }: Extract<Keep, { open: unknown }>['open'], { state, sender, number }: OpContext): Promise<void> {
  const key = keys.keeper(sender)
  const before = await state.get(key)
  if (before !== null) await give(state, sender, before.bond)
  const fresh = before === null ? { index: await append(state, keys.keepers, sender), load: 0, count: 0, status: 'active' as const, missed: 0, periods: 0, results: 0n, lost: 0, since: number } : before
  state.set(key, { ...fresh, bond, pledged, price, box, public: plain })
  await state.get(keys.box(sender))
  state.set(keys.box(sender), box)
}

async function accept(upload: NamedUpload, { state, sender, number }: OpContext): Promise<void> {
  const key = keys.upload(...upload)
  const row = await state.get(key)
  if (row === null || row.publication.rent === null) return
  if (row.kept.length >= row.publication.rent.wanted) {
    const former = await replaceable(state, row)
    if (former !== null) await leave(state, upload, former, false)
  }
  await beginDuty(state, upload, sender, row.publication, number)
  const left = await state.get(key)
  if (left !== null) state.set(key, { ...left, kept: [...left.kept, sender] })
}

async function release({ uploads, reason: said }: Extract<Keep, { release: unknown }>['release'], { state, sender }: OpContext): Promise<void> {
  for (const upload of uploads) await leave(state, upload, sender, false)
  const keeper = await state.get(keys.keeper(sender))
  if (keeper !== null && said === 'lost') state.set(keys.keeper(sender), { ...keeper, lost: keeper.lost + uploads.length })
}

/** Takes what was earned; a duty that is paid to the end is over. */
async function claim(upload: NamedUpload, { state, sender }: OpContext): Promise<void> {
  const row = await state.get(keys.upload(...upload))
  if (row !== null && await payRent(state, upload, sender, row.publication)) await leave(state, upload, sender, true)
}

/** Its duties are void, and it is settled twice before the bond is free. */
async function close({ state, sender }: OpContext): Promise<void> {
  const [key, now] = [keys.keeper(sender), keys.keeperNow(sender)]
  const keeper = await state.get(key)
  await state.get(now)
  if (keeper === null) return
  state.set(key, { ...keeper, status: 'closing', missed: 0 })
  state.set(now, null)
}
