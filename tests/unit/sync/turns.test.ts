import { beforeEach, expect, test, vi } from 'vitest'
import { HoldfastError, encode, type Cid } from '../../../src/base/index.ts'
import { childRules, judgeBodyBytes, signReceipt, signTransaction, transaction, turnAfter, type Ledger, type Parameters, type Transaction, type UnsignedHeader } from '../../../src/ledger/index.ts'
import { paceOf } from '../../../src/sync/pace.ts'
import { Turns } from '../../../src/sync/turns.ts'
import { type SyncMemory, type Voter } from '../../../src/sync/index.ts'
import { Pool } from '../../../src/sync/pool/pool.ts'
import { RecordPool } from '../../../src/sync/pool/record-pool.ts'
import { Memory } from '../../sim/world/memory.ts'
import { keyOf, mine, type Key } from '../../support/mine.ts'
import { ann, begin, ben, copyOf, cy, emptyLedger, give, grow, payment, rescueOf, signWith, signatures, voterOf } from './world.ts'
import { seeded } from './random-help.ts'

let ledger: Ledger
let memory: SyncMemory
let now: number
let person: Key
let voter: Voter | null
let may: boolean
let sealed: number
let pool: Pool
let powerAt: (root: Cid) => Promise<bigint>

beforeEach(async () => {
  ledger = await emptyLedger()
  await grow(ledger, 'bcb')
  memory = new Memory().of(async () => true)
  person = ann
  voter = voterOf(ann)
  may = true
  sealed = 0
  pool = new Pool()
  now = ledger.head.header.time
  powerAt = async () => { throw new HoldfastError('peer-unreachable') }
})

const turnsOf = (over = ledger): Turns => new Turns({
  ledger: over, pool, records: new RecordPool(), memory, random: seeded(3), pace: paceOf(over.parameters), now: () => now, voter: () => voter, powerAt: async root => await powerAt(root), mayMine: () => may, onSealed() { sealed++ },
})

/** Seconds from the head to this person's deadline. */
async function intervalOf(over: Ledger, { address, publicKey }: Key): Promise<number> {
  const { power } = await over.account(address, childRules(over.chain, over.head, over.parameters).powerRoot)
  return Number(turnAfter(over.chain, over.head, { publicKey, power }, over.network, over.parameters)!.interval)
}

/** Goes to a block after which this person's deadline lies between these. */
async function until(from: number, to: number, more: Partial<Parameters> = {}): Promise<{ readonly over: Ledger, readonly interval: number }> {
  for (let i = 0; ; i++) {
    const over = await emptyLedger({ time: begin + i, ...more })
    await grow(over, 'b')
    const interval = await intervalOf(over, person)
    if (interval >= from && interval <= to) {
      now = over.head.header.time
      return { over, interval }
    }
  }
}

const sign = (header: UnsignedHeader): Uint8Array => signWith(person)(header)
async function makes(turns: Turns, over = ledger): Promise<UnsignedHeader> {
  await turns.turn()
  const header = (await turns.draft(over.head.root))!
  await turns.seal(header, sign(header))
  return header
}

const isTold = async (turns: Turns, parent: Cid): Promise<boolean> => await Promise.race([turns.changed(parent).then(() => true), new Promise<false>(done => { setTimeout(done, 20, false) })])

test('a deadline block is sealed a little before its time, and is the head when that comes', async () => {
  const { over, interval } = await until(5, 50)
  const turns = turnsOf(over)
  const { header: { time } } = over.head
  expect(await turns.turn()).toEqual({ parent: over.head.root, sealAt: 1000 * (time + interval - paceOf(over.parameters).seal) })
  expect([turns.due, turns.tooYoung, turns.answer(false)]).toEqual([time + interval, false, { plan: time + interval }])
  const before = over.head.root
  const header = await makes(turns, over)
  expect([header.time, over.head.root, over.nextTime(now), sealed]).toEqual([time + interval, before, time + interval, 1])
  expect(turns.answer(true)).toMatchObject({ sealed: { number: header.number, miner: ann.address } })
  expect(await turns.turn()).toEqual({ parent: before, sealAt: null })
  await over.advance(time + interval)
  expect(over.head.header.miner).toBe(ann.address)
})

test('a turn that is past is not used: whoever comes back makes a rescue, at its own time', async () => {
  const { over, interval } = await until(5, 50)
  const { header: { time } } = over.head
  const { rescue } = over.parameters
  now = time + interval + rescue
  const turns = turnsOf(over)
  expect(await turns.turn()).toEqual({ parent: over.head.root, sealAt: 1000 * (time + interval - paceOf(over.parameters).seal) })
  now++
  expect(await turns.turn()).toEqual({ parent: over.head.root, sealAt: 1000 * (time + rescue) })
  expect((await makes(turns, over)).time).toBe(now)
})

test('who would have to wait long lets others go first, by a sixth of it, at most one block time', async () => {
  const { rescue, blockTime } = ledger.parameters
  const { over, interval } = await until(rescue + 6, rescue + 6 * blockTime - 1)
  expect((await turnsOf(over).turn()).sealAt).toBe(1000 * (over.head.header.time + rescue + Math.floor((interval - rescue) / 6)))
  const far = await until(rescue + 6 * blockTime + 1, 100_000)
  expect((await turnsOf(far.over).turn()).sealAt).toBe(1000 * (far.over.head.header.time + rescue + blockTime))
})

test('one block on each root, also after a restart', async () => {
  now += ledger.parameters.rescue + 20
  const turns = turnsOf()
  const root = ledger.head.root
  const twin = await copyOf([])
  expect(twin.head.header.number).toBe(0)
  const header = await makes(turns)
  expect(await turns.draft(root)).toBeNull()
  await expect(turns.seal(header, sign(header))).rejects.toMatchObject({ code: 'already-exists' })

  const again = turnsOf()
  await again.restore()
  expect(ledger.head.header).toMatchObject({ number: 4, miner: ann.address })
  const other = await emptyLedger() // the block was lost with the tab, its mark was not
  await grow(other, 'bcb')
  expect(other.head.root).toBe(root)
  const third = turnsOf(other)
  await third.restore()
  expect(other.head.root).toBe(ledger.head.root)
  expect((await memory.values('sealed/')).map(([name]) => name)).toEqual([`sealed/${root}`])
})

test('a block nobody has the root of any more is forgotten', async () => {
  now += 80
  await makes(turnsOf())
  const turns = turnsOf()
  await turns.restore()
  await grow(ledger, 'b'.repeat(ledger.parameters.range))
  await turns.headMoved()
  expect(await memory.values('sealed/')).toHaveLength(1)
  await grow(ledger, 'bb')
  await turns.headMoved()
  expect(await memory.values('sealed/')).toEqual([])
  const fresh = turnsOf()
  await makes(fresh)
  await grow(ledger, 'b'.repeat(ledger.parameters.range + 2))
  await turnsOf().restore()
  expect(await memory.values('sealed/')).toEqual([])
})

test('it is on disk before anybody sees it; a full disk takes nothing away', async () => {
  now += 80
  const writes: (() => void)[] = []
  const values = memory
  memory = { ...values, async setValues(changes) {
    await new Promise<void>(resolve => { writes.push(resolve) })
    await values.setValues(changes)
  } }
  const turns = turnsOf()
  await turns.turn()
  const header = (await turns.draft(ledger.head.root))!
  const sealing = turns.seal(header, sign(header))
  await expect.poll(() => writes.length).toBe(1)
  expect(turns.answer(false)).not.toHaveProperty('sealed')
  expect(await turns.draft(ledger.head.root)).toBeNull()
  writes[0]!()
  await sealing
  expect(ledger.head.header.miner).toBe(ann.address)

  memory = { ...values, async setValues() { throw new HoldfastError('storage-full') } }
  await grow(ledger, 'b')
  now = ledger.head.header.time + 80
  const full = turnsOf()
  await full.turn()
  const second = (await full.draft(ledger.head.root))!
  await expect(full.seal(second, sign(second))).rejects.toMatchObject({ code: 'storage-full' })
  expect([full.answer(false), ledger.childrenOf(ledger.head.root)]).toEqual([{ plan: full.due }, []])
  expect(await full.draft(ledger.head.root)).not.toBeNull()
})

test('another header than the drafted one, or another hand, is not sealed', async () => {
  now += 80
  const turns = turnsOf()
  await turns.turn()
  const header = (await turns.draft(ledger.head.root))!
  await expect(turns.seal({ ...header, time: header.time + 1 }, sign(header))).rejects.toMatchObject({ code: 'bad-input' })
  await expect(turns.seal(header, signWith(ben)(header))).rejects.toMatchObject({ code: 'bad-input' })
  expect([await memory.values('sealed/'), ledger.head.header.number]).toEqual([[], 3])
  turns.forget()
  await expect(turns.seal(header, sign(header))).rejects.toMatchObject({ code: 'bad-input' })
  await turns.turn()
  const own = (await turns.draft(ledger.head.root))!
  await turns.seal(own, sign(own))
  expect(ledger.head.header.number).toBe(4)
})

test('no draft on a stale parent, for another person, nor where nothing may be made', async () => {
  now += 80
  const turns = turnsOf()
  const { root } = ledger.head
  await turns.turn()
  may = false
  expect([await turns.draft(root), await turns.turn(), turns.answer(false)]).toEqual([null, { parent: root, sealAt: null }, { none: 'resting' }])
  may = true
  const account = ledger.account.bind(ledger)
  ledger.account = async (...asked) => {
    voter = voterOf(ben) // in the middle of it
    return await account(...asked)
  }
  expect(await turns.draft(root)).toBeNull()
  ledger.account = account
  voter = null
  turns.forget()
  expect([await turns.turn(), await turns.draft(root), turns.due, turns.tooYoung]).toEqual([{ parent: root, sealAt: null }, null, null, null])
  voter = voterOf(ann)
  turns.forget()
  await give(ledger, [await rescueOf(ledger, 'cy')])
  expect(await turns.draft(root)).toBeNull()
  expect(turns.answer(true)).toEqual({ none: 'cut-off' })
})

test('a better block on the head ends the turn, a worse one does not', async () => {
  const { over, interval } = await until(30, 50)
  const turns = turnsOf(over)
  const { time } = over.head.header
  const worse = await mine(over, { pool: 'late', from: interval + 1, seconds: interval + 9 })
  expect(await over.offer(worse.header, worse.body, now)).toMatchObject({ ok: true })
  expect((await turns.turn()).sealAt).toBe(1000 * (time + interval - paceOf(over.parameters).seal))
  expect(await turns.draft(over.head.root)).not.toBeNull()
  const better = await mine(over, { pool: 'early', from: 1, seconds: interval - 1 })
  expect(await over.offer(better.header, better.body, now)).toMatchObject({ ok: true })
  expect([(await turns.turn()).sealAt, await turns.draft(over.head.root)]).toEqual([null, null])
})

test('accounts without power are too young', async () => {
  const strict = await emptyLedger({ minimumPower: 0 })
  now = strict.head.header.time + 80
  voter = voterOf(await keyOf('nobody 0'))
  const turns = turnsOf(strict)
  expect(await turns.turn()).toEqual({ parent: strict.head.root, sealAt: null })
  expect([turns.tooYoung, turns.answer(false), turns.due]).toEqual([true, { none: 'too-young' }, null])
  may = false
  expect(turns.answer(false)).toEqual({ none: 'too-young' })
})

test('where the state of the powers is not here others prove it, and it is asked again where nobody did', async () => {
  const powerAfter = ledger.powerAfter.bind(ledger)
  ledger.powerAfter = async (parent, miner, prove) => await powerAfter(parent, miner).then(async () => await prove!(parent.root, miner))
  const turns = turnsOf()
  expect(await turns.turn()).toEqual({ parent: ledger.head.root, sealAt: null })
  expect([turns.tooYoung, turns.answer(false)]).toEqual([null, { none: 'too-young' }])
  powerAt = async () => 10n
  expect((await turns.turn()).sealAt).not.toBeNull()
  powerAt = async () => { throw new HoldfastError('storage-lost') }
  turns.forget()
  await expect(turns.turn()).rejects.toMatchObject({ code: 'storage-lost' })
})

test('transactions are chosen, and those that execution refuses are set aside for others', async () => {
  now += 80
  const put = async (value: { readonly bytes: Uint8Array }): Promise<void> => { expect(await pool.add(value.bytes, 'them', async () => null)).toBe('new') }
  const sent = ledger.head.header.time + 1 // whichever turn it is
  const good = await payment(ledger, ann, ben, sent)
  const bad = await transactTo(ledger, cy, sent)
  await put(good)
  await put(bad)
  const turns = turnsOf()
  await makes(turns)
  const body = judgeBodyBytes((await ledger.find(ledger.head.header.body))!, ledger.head.header.body)
  expect(body.ok && body.value.transactions.map(({ sender }) => sender)).toEqual([ann.address])
  expect(pool.candidates(now).map(entry => entry.transaction.sender)).toEqual([ann.address])
  expect(pool.candidates(now + ledger.parameters.blockTime)).toHaveLength(2)
})

/** A payment with a witness that is no block: only execution sees that. */
async function transactTo(over: Ledger, from: Key, time: number): Promise<{ readonly bytes: Uint8Array, readonly value: Transaction }> {
  const { value: { signature: _, ...unsigned } } = await payment(over, from, ben, time)
  const value = signTransaction({ ...unsigned, fee: 50, witness: 'ab'.repeat(32) }, from.secret, signatures)
  return { bytes: encode(transaction, value), value }
}

test('who waits for a change looks again on a new head, and at once where there is another', async () => {
  const turns = turnsOf()
  const { root } = ledger.head
  await turns.changed('elsewhere')
  let woken = 0
  const waiting = turns.changed(root).then(() => { woken++ })
  await turns.turn()
  expect(woken).toBe(0)
  await give(ledger, [await rescueOf(ledger, 'cy')])
  await turns.headMoved()
  await waiting
  expect(woken).toBe(1)
})

test('receipts of visitors go into the next own block, once, and those of others do not', async () => {
  const { over } = await until(5, 50)
  const turns = turnsOf(over)
  const { mined } = await over.account(ann.address)
  const receiptFor = (server: Key) => signReceipt({ server: server.address, serverNonce: mined + 1n, visitor: ben.address, attachment: 'ab'.repeat(32), percent: 100, charge: 0n, time: now }, over.network, ben.secret, signatures)
  const receipt = receiptFor(ann)
  for (const each of [receipt, receipt, receiptFor(cy)]) turns.log(each)
  const header = await makes(turns, over)
  await over.advance(header.time)
  const body = judgeBodyBytes((await over.find(header.body))!, header.body)
  expect(body.ok && body.value.attachments).toEqual([receipt])
})

test('an own block that the disk did not take is offered again, and none is signed in its place', async () => {
  now += ledger.parameters.rescue + 20
  const turns = turnsOf()
  const { root } = ledger.head
  vi.spyOn(ledger, 'offer').mockRejectedValueOnce(new HoldfastError('storage-full'))
  await expect(makes(turns)).rejects.toMatchObject({ code: 'storage-full' })
  expect(await turns.draft(root)).toBeNull()
  await turns.turn()
  expect(ledger.head.header).toMatchObject({ previousRoot: root, miner: ann.address })
  expect(sealed).toBe(1)
})

test('who heard that there is no turn is not left waiting for what became otherwise before it asked to be told', async () => {
  const turns = turnsOf()
  may = false
  const { parent, sealAt } = await turns.turn()
  expect(sealAt).toBeNull()
  may = true
  turns.wake() // its question for a change is still on its way
  expect(await isTold(turns, parent)).toBe(true)
  expect((await turns.turn()).sealAt).not.toBeNull()
  expect(await isTold(turns, parent)).toBe(false)
})

test('another person while the power of the one before is looked up: their turn is asked for at once', async () => {
  const turns = turnsOf()
  const asked = turns.turn()
  voter = voterOf(ben)
  turns.forget()
  const { parent, sealAt } = await asked
  expect(sealAt).toBeNull()
  expect(await isTold(turns, parent)).toBe(true)
})
