import { limits, sha256, toHex, utf8 } from '../../../src/base/index.ts'
import { earned, type Keep, type UnsignedTransaction } from '../../../src/ledger/index.ts'
import { isOffered, takenBy, takesOn } from '../../../src/peer/keeper-rules.ts'
import { isRipe, worthy, type DueRent } from '../../../src/peer/rent-desk.ts'
import type { Keeper, KeeperNow } from '../../../src/state/index.ts'
import type { Device } from './device.ts'
import type { Stage } from './stage.ts'
import { namedOf, refOf, type Ref } from './view.ts'

export type Wish = Pick<UnsignedTransaction, 'op' | 'body'>
const says = (body: Keep): Wish => ({ op: 5, body })

/** What a keeper's device does next, if anything: proofs first, at the first chance. */
export function keeperWish(stage: Stage, device: Device, at: number): Wish | null {
  const keeper = stage.view.keepers.get(device.address)
  const { luck, luckAt } = device.person
  const retired = luck === 'retires' && at >= luckAt
  if (keeper === undefined) return retired ? null : open(stage, device)
  if (keeper.status === 'gone' || keeper.status === 'closing') return null
  if (retired) return says({ close: null })
  const now = stage.view.now.get(device.address)
  restore(stage, device, at)
  return (now === undefined ? null : answer(stage, device, now)) ?? letGo(stage, device, at) ?? accept(stage, device, keeper, at) ?? claim(stage, device, keeper)
}

function open({ settings, parameters }: Stage, { person }: Device): Wish {
  // So little that those who are always there, and so the first, cannot keep everything; who means to drop some of it pledges most.
  const pledged = 2 ** 16 * (person.kind === 'drops a tenth' || person.kind === 'releases picks' ? 12 : 1 + person.number % 8)
  // A Sybil's keepers want nobody else's files.
  const price = person.kind === 'sybil keeper' ? 2 ** 40 - 1 : 0
  return says({ open: { bond: parameters.keeperBond, pledged, price, box: toHex(sha256(utf8(`box ${settings.seed} ${person.number}`))), public: true } })
}

/** What was promised and is missing is fetched again, unless it was thrown away on purpose; and attackers throw away. */
function restore({ view }: Stage, device: Device, at: number): void {
  const { kind } = device.person
  const each = kind === 'drops a tenth' ? 10 : kind === 'releases picks' ? 2 : null
  for (const ref of view.duties.get(device.address)?.keys() ?? []) {
    const [cid] = namedOf(ref)
    if (each !== null && !device.looked.has(ref)) {
      device.looked.add(ref)
      if (device.looked.size % each === 1) {
        device.dropped.add(cid)
        if (device.has(cid)) device.forget(cid)
      }
    }
    if (device.has(cid) || device.dropped.has(cid) || kind === 'sybil keeper' || device.fetch(cid, at)) device.missing.delete(ref)
    else if (!device.missing.has(ref)) device.missing.set(ref, at)
  }
}

/** What nobody gave for a whole period is let go: it would cost the rent of all the rest, and the bond at last. */
function letGo({ view }: Stage, device: Device, at: number): Wish | null {
  const duties = view.duties.get(device.address)
  for (const ref of device.missing.keys()) if (duties?.has(ref) !== true) device.missing.delete(ref)
  const lost = [...device.missing].filter(([, since]) => at - since >= 1).map(([ref]) => namedOf(ref)).slice(0, limits.uploadsNamed)
  return lost.length === 0 ? null : says({ release: { uploads: lost, reason: 'lost' } })
}

function answer(stage: Stage, device: Device, { settled, picks, answered }: KeeperNow): Wish | null {
  const asked = picks.flatMap((pick, place) => (answered >> place & 1) === 1 ? [] : [{ ...pick, place }])
  if (asked.length === 0) return null
  const { kind } = device.person
  const missing = asked.filter(({ cid }) => !shows(stage, device, cid))
  if (missing.length > 0 && kind === 'releases picks') {
    const uploads = [...new Set(missing.map(({ cid, owner }) => refOf(cid, owner)))].filter(ref => stage.view.duties.get(device.address)?.has(ref) === true)
    if (uploads.length > 0) return says({ release: { uploads: uploads.map(namedOf), reason: 'ordinary' } })
  }
  if (missing.length > 0 && device.triedAt < settled && kind === 'drops a tenth') {
    device.triedAt = settled
    device.lies = true
    const [{ cid, leaf, place }] = missing as [typeof missing[0]]
    return { op: 6, body: { settled, proofs: [{ pick: place, ...stage.disks.files.get(cid)!.forged(leaf) }] } }
  }
  const proofs = asked.filter(({ cid }) => shows(stage, device, cid)).map(({ cid, leaf, place }) => ({ pick: place, ...stage.disks.files.get(cid)!.proof(leaf) }))
  return proofs.length === 0 ? null : { op: 6, body: { settled, proofs } }
}

/** Whether its people have a file: those of a Sybil have its owner's. */
function shows({ disks }: Stage, device: Device, cid: string): boolean {
  const { gang, kind } = device.person
  return device.has(cid) || kind === 'sybil keeper' && [...disks.copies(cid)].some(({ person }) => person.gang === gang)
}

/** Offers that the keeper's rules like are fetched, checked and accepted. */
function accept(stage: Stage, device: Device, keeper: Keeper, at: number): Wish | null {
  if (!device.stirred) return null
  device.stirred = false
  const { view, parameters, number } = stage
  const isActive = (address: string): boolean => view.keepers.get(address)?.status === 'active'
  const taken = takenBy(keeper)
  const uploads: Ref[] = []
  for (const ref of view.offers.get(device.address) ?? []) {
    const row = view.uploads.get(ref)
    const [cid, owner] = namedOf(ref)
    if (row === undefined || device.wrong.has(ref) || uploads.length === limits.uploadsNamed || !isOffered({ cid, owner }, row, device.address, number, isActive)) continue
    if (device.person.kind === 'sybil keeper') {
      if (stage.personOf(owner)?.gang === device.person.gang) uploads.push(ref)
      continue
    }
    if (!takesOn(keeper, taken, row, parameters)) continue
    if (device.dropped.has(cid)) { // promised once more, without having it
      uploads.push(ref)
      continue
    }
    if (!device.fetch(cid, at)) {
      device.stirred = true // nobody who has it is there: next time
      continue
    }
    if (device.finds(ref, row)) uploads.push(ref)
    else {
      device.wrong.add(ref)
      stage.counts.seenThrough++
      device.forget(cid)
    }
  }
  if (uploads.length > 0) device.stirred = true
  return uploads.length === 0 ? null : says({ accept: { uploads: uploads.map(namedOf) } })
}

/** Rent of proved periods, once that is worth it. Looked at when another period is over. */
function claim(stage: Stage, device: Device, { periods }: Keeper): Wish | null {
  if (periods === device.periods) return null
  const due = worthy(dueTo(stage, device).filter(({ coins }) => coins > 0), stage.parameters.minimumFee)
  if (due.length === 0) {
    device.periods = periods
    return null
  }
  return says({ claim: { uploads: due.map(({ cid, owner }) => [cid, owner] as const) } })
}

/** What its duties have earned and it did not claim. */
export function dueTo({ view }: Stage, { address }: Device): readonly DueRent[] {
  const keeper = view.keepers.get(address)
  if (keeper === undefined) return []
  return [...view.duties.get(address) ?? []].flatMap(([ref, duty]) => {
    const rent = view.uploads.get(ref)?.publication.rent ?? null
    if (rent === null) return []
    const [cid, owner] = namedOf(ref)
    const { coins, last } = earned(keeper, duty, rent, view.escrow.get(ref) ?? 0)
    return [{ cid, owner, coins, last, paid: duty.claimed * rent.each, waiting: keeper.periods - duty.next, ripe: isRipe(keeper, duty, rent) }]
  })
}
