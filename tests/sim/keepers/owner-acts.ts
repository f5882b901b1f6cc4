import { sha256, toHex, utf8, type Address } from '../../../src/base/index.ts'
import { publicationLimits, type Publication } from '../../../src/content/index.ts'
import { rankKeepers } from '../../../src/ledger/index.ts'
import { priceOf } from '../../../src/peer/keeper-rules.ts'
import type { UploadRow } from '../../../src/state/index.ts'
import { isOver } from '../../../src/peer/upload-rows.ts'
import type { Device } from './device.ts'
import { SimFile, fileSize } from './files.ts'
import type { Wish } from './keeper-acts.ts'
import type { Stage } from './stage.ts'
import { namedOf } from './view.ts'

const wanted = 3

/** What an owner's device does next, if anything: it publishes, and looks now and then whether places are open. */
export function ownerWish(stage: Stage, device: Device, at: number): Wish | null {
  if (device.toPublish > 0) return publish(stage, device)
  if (stage.number < device.lookAt) return null
  device.lookAt = stage.number + Math.ceil(stage.settings.period / 8)
  return device.person.kind === 'false root' ? withdraw(stage, device, at) : tend(stage, device, at)
}

/** It is counted as published when the state has it. */
function publish(stage: Stage, device: Device): Wish | null {
  const { view, settings, disks } = stage
  const { kind, number, gang } = device.person
  const name = `file ${settings.seed} ${number} ${device.toPublish}`
  const known = stage.names.get(name)
  if (known !== undefined && view.own.get(device.address)?.has(known) === true) {
    device.toPublish--
    return publishes(device) ? publish(stage, device) : null
  }
  const file = known === undefined ? new SimFile(name, fileSize(device.person.chance)) : disks.files.get(namedOf(known)[0])!
  disks.files.set(file.cid, file)
  stage.names.set(name, `${file.cid}/${device.address}`)
  device.keep(file.cid)
  const keepers = kind === 'sybil owner' ? stage.gangKeepers(gang) : ranked(stage, device.address, file.size)
  if (keepers.length < (kind === 'sybil owner' ? 1 : wanted)) return null // not enough of them yet
  const short = kind === 'owner' && device.toPublish % 5 === 0
  const record: Publication = {
    kind: 'archive', protected: false, images: [], title: name, about: '', tags: [], plain: null, maker: '', policy: { open: null }, keyCommit: null, holders: [], keepers,
    file: kind === 'false root' ? { ...file.published, audit: toHex(sha256(utf8(name))) } : file.published,
    rent: { each: kind === 'false root' ? 10 * rentEach : rentEach, periods: short ? 5 : 52, wanted: Math.min(wanted, keepers.length) }, until: short ? 8 : 52,
  }
  return { op: 3, body: record }
}

function publishes({ toPublish }: Device): boolean { return toPublish > 0 }

/** Coins a period and place. */
export const rentEach = 20_000

/** Places of those who are away, gone or left are offered to others. One half of the owners leave for good once everything is kept by as many as they wanted, and has been for a while. */
function tend(stage: Stage, device: Device, at: number): Wish | null {
  const { view, number } = stage
  const { person, address } = device
  let safe = true
  for (const ref of view.own.get(address) ?? []) {
    const row = view.uploads.get(ref)
    if (row === undefined || isOver(row, number)) continue
    const active = activeOf(stage, row)
    if (active.filter(keeper => isTrusted(stage, ref, keeper)).length < wanted) safe = false
    if (person.kind !== 'owner' || active.length >= wanted || row.block + stage.settings.period / 2 > number) continue
    // As a person lets the program do it: who keeps stays, others are asked before those who were asked in vain.
    const asked = row.publication.keepers.filter(each => !active.includes(each) && view.keepers.get(each)?.status === 'active')
    const fresh = ranked(stage, address, row.publication.file.size, [...row.kept, ...asked])
    if (fresh.length === 0) continue
    const keepers = [...active, ...fresh, ...asked].slice(0, publicationLimits.keepers)
    return { op: 4, body: { cid: namedOf(ref)[0], policy: null, allow: [], deny: [], holders: null, keepers, rent: null, until: null, withdrawn: false, replacedBy: null } }
  }
  if (person.kind === 'owner' && person.number % 2 === 0 && safe && at > person.joins + 2) device.leave()
  return null
}

/** Whether a keeper stood by an upload for two whole periods, and missed nothing lately. */
function isTrusted({ view, number, settings: { period } }: Stage, ref: string, keeper: Address): boolean {
  const duty = view.duties.get(keeper)?.get(ref)
  return duty !== undefined && number - duty.since >= 3 * period && view.keepers.get(keeper)?.missed === 0
}

function activeOf({ view }: Stage, { kept }: UploadRow): readonly Address[] { return kept.filter(address => view.keepers.get(address)?.status === 'active') }

/** Takes its coins back before the end. */
function withdraw(stage: Stage, { address }: Device, at: number): Wish | null {
  if (!stage.isEnding(at)) return null
  const ref = [...stage.view.own.get(address) ?? []].find(each => stage.view.uploads.get(each)?.withdrawn === false)
  return ref === undefined ? null : { op: 4, body: { cid: namedOf(ref)[0], policy: null, allow: [], deny: [], holders: null, keepers: null, rent: null, until: null, withdrawn: true, replacedBy: null } }
}

/** Whom an owner asks: active keepers who missed nothing lately, have room and take the price, in the order a peer ranks them in. Nobody has asked them for pieces yet. */
function ranked({ view, parameters, personOf }: Stage, owner: Address, bytes: number, but: readonly Address[] = []): readonly Address[] {
  const candidates = [...view.keepers].flatMap(([address, keeper]) => {
    const { status, missed, pledged, load, bond, periods, results, public: plain } = keeper
    const may = !but.includes(address) && status === 'active' && missed === 0 && load + bytes <= pledged && bond >= parameters.keeperBondPerGiB * (load + bytes) / GiB && plain && priceOf(keeper, bytes) <= rentEach
    return may ? [{ address, room: pledged - load, periods, proved: bitsOf(results), asked: 0, answered: 0, relays: [`relay ${(personOf(address)?.number ?? 0) % 3}`] }] : []
  })
  return rankKeepers(owner, candidates, bytes).slice(0, publicationLimits.keepers).map(({ address }) => address)
}

const GiB = 2 ** 30

export function bitsOf(results: bigint): number { return results.toString(2).replaceAll('0', '').length }
