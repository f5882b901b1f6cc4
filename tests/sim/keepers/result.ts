import { limits, type Address } from '../../../src/base/index.ts'
import { isOver } from '../../../src/peer/upload-rows.ts'
import { noCoins, type Sums } from './books.ts'
import type { Said } from './chain.ts'
import { honestKeepers, type Kind } from './crowd.ts'
import type { Device } from './device.ts'
import { dueTo } from './keeper-acts.ts'
import { bitsOf } from './owner-acts.ts'
import type { Settings } from './settings.ts'
import type { Stage } from './stage.ts'
import { namedOf } from './view.ts'

/** What became of the coins of those who are alike. */
export interface Income {
  readonly who: string
  readonly people: number
  /** Uploads promised, each for a period. */
  readonly promised: number
  /** Of these, what was on their disks. */
  readonly kept: number
  readonly proved: number
  readonly failed: number
  /** Claimed, and earned and not claimed yet. */
  readonly rent: number
  readonly due: number
  readonly fees: number
  readonly burned: number
  /** What they have more than at the beginning, what lies in bonds, is due to them, or lies in escrow for their own files, counted. */
  readonly gain: number
}

export interface Result extends Settings {
  readonly blocks: number
  readonly branches: number
  readonly forks: number
  readonly deepest: number
  /** Keepers who were asked for other leaves because of that. */
  readonly settledAgain: number
  readonly uploads: number
  readonly keepers: number
  readonly lost: number
  /** How many uploads of honest owners have so many copies, of those that somebody keeps. */
  readonly copies: Readonly<Record<number, number>>
  readonly rent: number
  readonly sums: Sums
  /** Transactions of keeping, by what they say. */
  readonly slots: Readonly<Record<string, number>>
  readonly share: number
  readonly proofs: number
  readonly proved: number
  readonly failed: number
  readonly forged: number
  readonly seenThrough: number
  /** Transactions that found no place any more: on the head, where others were quicker, and on branches beside it, where other leaves are asked for. Each costs nothing. */
  readonly refused: number
  readonly refusedBeside: number
  readonly incomes: readonly Income[]
  readonly broken: readonly string[]
  readonly seconds: number
}

export function resultOf(stage: Stage, seconds: number): Result {
  const { settings, chain, view, devices, counts, parameters } = stage
  const { said, height } = onChain(stage)
  const slots: Record<string, number> = {}
  const sent = new Map<Address, number>()
  let proofs = 0
  for (const { sender, what, leaves } of said) {
    sent.set(sender, (sent.get(sender) ?? 0) + 1)
    if (what !== 'publish') slots[what] = (slots[what] ?? 0) + 1
    proofs += leaves
  }
  const { sums } = chain.of(chain.head.root)
  const rows = devices.map(device => accountOf(stage, device, (sent.get(device.address) ?? 0) * parameters.minimumFee))
  const incomes = incomesOf(rows)
  const total = (of: (row: Row) => number): number => rows.reduce((sum, row) => sum + of(row), 0)
  const share = Object.values(slots).reduce((sum, count) => sum + count, 0) / (height * limits.blockTransactions)
  const copies: Record<number, number> = {}
  for (const [ref, row] of view.uploads) {
    const [cid, owner] = namedOf(ref)
    if (row.kept.length === 0 || isOver(row, height) || stage.personOf(owner)?.kind !== 'owner') continue
    const { size } = stage.disks.copies(cid)
    copies[size] = (copies[size] ?? 0) + 1
  }
  return {
    ...settings, blocks: height, branches: chain.made.size - 1 - height, forks: counts.forks, deepest: counts.deepest, settledAgain: counts.settledAgain, uploads: view.uploads.size, keepers: view.keepers.size,
    lost: stage.lost.size, copies, rent: total(row => row.rent), sums: { ...noCoins, ...sums }, slots, share, proofs, proved: total(row => row.proved), failed: total(row => row.failed),
    forged: counts.forged, seenThrough: counts.seenThrough, refused: counts.refused, refusedBeside: counts.refusedBeside, incomes, broken: [...brokenIn(stage, rows, share), ...gainers(incomes)], seconds,
  }
}

interface Row extends Income { readonly device: Device, readonly kind: Kind, readonly status: string }

function onChain({ chain }: Stage): { readonly said: readonly Said[], readonly height: number } {
  const said: Said[] = []
  for (let at = chain.of(chain.head.root); at.link.parent !== null; at = chain.of(at.link.parent)) said.push(...at.said)
  return { said, height: chain.head.header.number }
}

/** What an account has more than at the beginning, and why. */
function accountOf(stage: Stage, device: Device, fees: number): Row {
  const { view, parameters, promised } = stage
  const { person: { kind }, address } = device
  const begun = parameters.allocations.find(each => each.address === address)!.balance
  const { balance } = view.accounts.get(address) ?? { balance: begun }
  const keeper = view.keepers.get(address)
  const [proved, periods] = [bitsOf(keeper?.results ?? 0n), keeper?.periods ?? 0]
  const burned = keeper?.status === 'gone' ? parameters.keeperBond - keeper.bond : 0
  const gain = balance + (keeper?.bond ?? 0) - begun
  // What is due to a Sybil's keepers lies in escrow for its own files.
  const due = kind === 'sybil keeper' ? 0 : dueTo(stage, device).reduce((sum, { coins }) => sum + coins, 0)
  return {
    who: kind, people: 1, device, kind, status: keeper?.status ?? 'none', promised: sumOf(promised.get(address)?.map(({ count }) => count)), kept: sumOf(promised.get(address)?.map(({ kept }) => kept)), proved, failed: periods - proved,
    rent: device.person.keeps ? gain + fees + burned : 0, due, fees, burned, gain: gain + due + (device.person.keeps ? 0 : escrowOf(view, address)),
  }
}

function sumOf(numbers: readonly number[] = []): number { return numbers.reduce((sum, each) => sum + each, 0) }

function escrowOf({ escrow }: Stage['view'], owner: Address): number {
  let sum = 0
  for (const [ref, amount] of escrow) if (ref.endsWith(owner)) sum += amount
  return sum
}

const luckName = { holiday: 'honest, two weeks away', disk: 'honest, a disk lost', broken: 'honest, broken for good', retires: 'honest, closed in order' } as const

/** A Sybil is one, whatever its parts are called. */
function incomesOf(rows: readonly Row[]): readonly Income[] {
  const found = new Map<string, Income>()
  for (const { kind, device, ...row } of rows) {
    if (kind === 'owner') continue
    const who = kind.startsWith('sybil') ? 'owner and keepers at once' : honestKeepers.has(kind) && device.person.luck !== 'none' ? luckName[device.person.luck] : kind
    const before = found.get(who)
    found.set(who, before === undefined ? { ...row, who } : {
      who, people: before.people + 1, promised: before.promised + row.promised, kept: before.kept + row.kept, proved: before.proved + row.proved, failed: before.failed + row.failed, rent: before.rent + row.rent, due: before.due + row.due, fees: before.fees + row.fees,
      burned: before.burned + row.burned, gain: before.gain + row.gain,
    })
  }
  return [...found.values()]
}

/** Who cheats with what he promised has less of each file on his disk than who is always there and keeps all of them. Said where there is enough of both to compare. */
function gainers(incomes: readonly Income[]): readonly string[] {
  const enough = 1_000
  const honest = incomes.find(({ who }) => who === 'always there')
  if (honest === undefined || honest.kept < enough) return []
  return incomes.filter(({ who, gain, kept }) => (who === 'drops a tenth' || who === 'releases picks') && kept >= enough && gain / kept >= honest.gain / honest.kept).map(({ who }) => `${who}, and gains by it`)
}

/** All that must hold, and does not. */
function brokenIn({ chain, lost, counts, view, parameters }: Stage, rows: readonly Row[], share: number): readonly string[] {
  const broken: string[] = []
  const holds = (what: string, is: boolean): void => { if (!is) broken.push(what) }
  const { sums } = chain.of(chain.head.root)
  holds(`coins: ${chain.wrong}`, chain.wrong === null)
  holds(`${lost.size} files that somebody promised to keep are lost`, lost.size === 0)
  holds(`keeping took ${(100 * share).toFixed(1)} % of the slots`, share <= 0.1)
  holds(`${counts.forgedTaken} made-up proofs got into blocks`, counts.forgedTaken === 0)
  const paid = rows.reduce((sum, { rent }) => sum + rent, 0)
  const spent = rows.reduce((sum, { device, gain, fees }) => sum + (device.person.keeps ? 0 : -gain - fees), 0)
  holds(`${paid} coins of rent came to keepers, ${spent} from owners`, paid === spent)
  const gone = rows.filter(({ status }) => status === 'gone').length
  holds(`${sums.burned} coins burned of ${gone} bonds`, sums.burned === gone * Math.floor(parameters.keeperBond / 10))
  const missing = rows.reduce((sum, { burned }) => sum + burned, 0)
  holds(`${sums.burned} coins burned, ${missing} of bonds missing`, sums.burned === missing)
  for (const { kind, device: { person: { luck, number } }, failed, status, burned } of rows) {
    if (!honestKeepers.has(kind)) continue
    holds(`keeper ${number} (${kind}) failed ${failed} times`, luck !== 'none' && luck !== 'retires' || failed === 0)
    holds(`keeper ${number} (${kind}) was away for two weeks and failed ${failed} times`, luck !== 'holiday' || failed <= 2)
    holds(`keeper ${number} (${kind}, ${luck}) lost ${burned} of its bond`, luck === 'broken' || burned === 0 && status !== 'gone')
  }
  const gang = rows.filter(({ kind }) => kind.startsWith('sybil'))
  holds('an owner who is all keepers gained', gang.reduce((sum, { gain }) => sum + gain, 0) <= 0)
  holds('who published a false root gained', rows.every(({ kind, gain }) => kind !== 'false root' || gain <= 0))
  holds('a false root was accepted', [...view.uploads].every(([ref, { kept }]) => kept.length === 0 || rows.find(({ device }) => ref.endsWith(device.address))?.kind !== 'false root'))
  return broken
}
