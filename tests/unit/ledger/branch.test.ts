import { expect, test } from 'vitest'
import { utf8, type Address, type Cid } from '../../../src/base/index.ts'
import { accountFromProof, localNetwork, type Ledger, type Parameters, type PowerAt } from '../../../src/ledger/index.ts'
import { keys, noAccount } from '../../../src/state/index.ts'
import { grow, late, positionsAbove, take } from '../../support/branches.ts'
import { must } from '../../support/ledger.ts'
import { keyOf, ledgerInMemory } from '../../support/mine.ts'

const network: Parameters = { ...localNetwork(1_700_000_000), epoch: 5, activeWindow: 20 }

/** Powers as another peer proves them, and how often it was asked. */
function provedBy(ledger: Ledger): { readonly powerAt: PowerAt, readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    async powerAt(root: Cid, miner: Address) {
      asked.push(root)
      return must(accountFromProof(ledger.parts(root).state, miner, await ledger.prove([keys.account(miner).name], root))).power
    },
  }
}

const nobody: PowerAt = async () => { throw new Error('nobody was to be asked') }

test('a branch is judged by its headers, with powers that others prove, and weighed before any body is here', async () => {
  const [one, other] = [await ledgerInMemory(network), await ledgerInMemory(network)]
  await take(other, await grow(one, 3))
  await grow(one, 2, { from: 8, seconds: 20 })
  const bodies = await grow(other, 16, { seconds: 2 })
  const peer = provedBy(other)
  const branch = must(await one.judgeBranch(positionsAbove(other, 3), peer.powerAt))
  expect(branch.tip).toMatchObject({ root: other.head.root, hit: other.head.hit, power: other.head.power, interval: other.head.interval, kind: other.head.kind })
  expect(branch.links).toHaveLength(16)
  expect(new Set(peer.asked)).toEqual(new Set([5, 10].map(number => branch.links[number - 4]!.root)))
  expect(branch.chain.record(one.head.root)).toBe(one.head)
  expect(one.chain.record(branch.tip.root)).toBeNull()
  expect(one.compare(branch)).toEqual({ verdict: 'switch', safe: null })
  expect(other.compare(must(await other.judgeBranch(positionsAbove(one, 3), provedBy(one).powerAt)))).toEqual({ verdict: 'keep' })
  await take(one, bodies)
  expect(one.head.root).toBe(other.head.root)
  expect(must(await one.judgeBranch(positionsAbove(other, -1), nobody)).tip).toBe(one.head)
})

test('a branch grows, from its tip or from the middle', async () => {
  const [one, other] = [await ledgerInMemory(network), await ledgerInMemory(network)]
  await grow(other, 12)
  const all = positionsAbove(other, 0)
  const { powerAt } = provedBy(other)
  const first = must(await one.judgeBranch(all.slice(0, 8), powerAt))
  const whole = must(await one.judgeBranch(all.slice(8), powerAt, first))
  expect(whole.links.map(({ root }) => root)).toEqual(must(await other.judgeBranch(all, nobody)).links.map(({ root }) => root))
  expect(must(await one.judgeBranch(all.slice(5), powerAt, first)).tip.root).toBe(other.head.root)
  expect(await one.judgeBranch(all.slice(9), powerAt, first)).toMatchObject({ ok: false, rule: 'unknown-parent' })
  expect(await one.judgeBranch([], powerAt)).toMatchObject({ ok: false, rule: 'unknown-parent' })
})

test('who has headers alone compares branches with each other', async () => {
  const parameters: Parameters = { ...network, short: 2 }
  const [light, one, other] = [await ledgerInMemory(parameters), await ledgerInMemory(parameters), await ledgerInMemory(parameters)]
  const shared = await grow(one, 12)
  await take(other, shared)
  await grow(one, 4, { pool: 'stranger', from: 5, seconds: 30 })
  await grow(other, 9, { seconds: 3 })
  const [weak, strong] = await Promise.all([one, other].map(async ledger => must(await light.judgeBranch(positionsAbove(ledger, 0), provedBy(ledger).powerAt))))
  expect(light.compare(strong!, weak)).toEqual({ verdict: 'switch', safe: null })
  expect(light.compare(weak!, strong)).toEqual({ verdict: 'keep' })
  expect(light.compare(weak!, weak)).toEqual({ verdict: 'keep' })
  expect([light.compare(strong!), light.head.header.number]).toEqual([{ verdict: 'switch', safe: null }, 0])
})

test('what breaks a rule is refused; a false state is found out by the child that names another', async () => {
  const [one, other] = [await ledgerInMemory(network), await ledgerInMemory(network)]
  await grow(other, 12)
  const all = positionsAbove(other, 0)
  const { powerAt } = provedBy(other)
  const forged = all.map((position, i) => i === 4 ? { ...position, header: { ...position.header, time: position.header.time + 1 } } : position)
  expect(await one.judgeBranch(forged, powerAt)).toMatchObject({ ok: false, rule: 'block-signature' })
  expect(await one.judgeBranch(all.toSpliced(5, 1), powerAt)).toMatchObject({ ok: false, rule: 'unknown-parent' })
  const lied = all.map((position, i) => i === 6 ? { ...position, state: '11'.repeat(32) } : position)
  expect(await one.judgeBranch(lied, powerAt)).toMatchObject({ ok: false, rule: 'unknown-parent' })
  expect(await one.judgeBranch(lied.slice(0, 7), powerAt)).toMatchObject({ ok: true })
  expect(await one.judgeBranch(all, powerAt)).toMatchObject({ ok: true })
  expect(await one.judgeBranch(all, nobody)).toMatchObject({ ok: true }) // all were judged before
  const fresh = await ledgerInMemory(network)
  const believing = await ledgerInMemory(network)
  expect(await believing.judgeBranch(all, async () => 10n ** 15n)).toMatchObject({ ok: false, rule: 'block-due' })
  await expect(fresh.judgeBranch(all, nobody)).rejects.toThrow('nobody was to be asked')
})

test('a kept block is taken as it is, whatever state is claimed after it', async () => {
  const [one, other] = [await ledgerInMemory(network), await ledgerInMemory(network)]
  await take(other, await grow(one, 4))
  const lied = positionsAbove(one, 0).map((position, i) => i === 3 ? { ...position, state: '11'.repeat(32) } : position)
  expect(must(await other.judgeBranch(lied, nobody)).tip).toBe(other.head)
})

test('an account is read from a proof, or it is told that there is none', async () => {
  const ledger = await ledgerInMemory(network)
  const [block] = await grow(ledger, 1)
  const { state } = ledger.parts(ledger.head.root)
  const { address } = block!.miner
  const proof = await ledger.prove([keys.account(address).name])
  expect(accountFromProof(state, address, proof)).toEqual({ ok: true, value: await ledger.account(address) })
  const stranger = (await keyOf('stranger')).address
  expect(accountFromProof(state, stranger, await ledger.prove([keys.account(stranger).name]))).toEqual({ ok: true, value: noAccount })
  expect(accountFromProof(state, address, [])).toMatchObject({ ok: false, code: 'bad-frame' })
  expect(accountFromProof(state, address, [utf8('no node')])).toMatchObject({ ok: false, code: 'wrong-bytes' })
})

test('the safety root is the first block until it is set, on the chain of the head alone, and never deeper than the range', async () => {
  const ledger = await ledgerInMemory({ ...network, range: 6 })
  const [genesis] = positionsAbove(ledger, -1)
  expect(ledger.safe.header).toBe(genesis!.header)
  await grow(ledger, 4)
  const side = await ledgerInMemory({ ...network, range: 6 })
  const [left] = await grow(side, 1, { from: 20, seconds: 60 })
  await take(ledger, [left!])
  expect(() => { ledger.setSafe(side.head.root) }).toThrow(expect.objectContaining({ code: 'bad-input' }))
  expect(() => { ledger.setSafe('00'.repeat(32)) }).toThrow(expect.objectContaining({ code: 'bad-input' }))
  const { root } = ledger.head
  ledger.setSafe(root)
  expect(ledger.safe.root).toBe(root)
  await grow(ledger, 6)
  expect(ledger.safe.root).toBe(root)
  await grow(ledger, 1)
  expect(ledger.safe.header.number).toBe(5)
})

test('a head that leaves the safety root needs the weight for it, or a person; the root then stands where they part', async () => {
  const parameters: Parameters = { ...network, short: 2 }
  const [one, other] = [await ledgerInMemory(parameters), await ledgerInMemory(parameters)]
  const shared = await grow(one, 12)
  await take(other, shared)
  await grow(one, 3, { pool: 'stranger', from: 5, seconds: 30 })
  const right = await grow(other, 6, { pool: 'other stranger', seconds: 2 })
  const fork = positionsAbove(other, 12)[0]!.header.previousRoot!
  one.setSafe(one.head.root)
  const left = one.head
  const moves: [Cid, Cid][] = []
  one.onMove = (from, to) => { moves.push([from.root, to.root]) }
  const branch = must(await one.judgeBranch(positionsAbove(other, 12), provedBy(other).powerAt))
  expect(one.compare(branch)).toEqual({ verdict: 'alert', why: 'leaves-safe' })
  await take(one, right)
  expect([one.head.root, moves]).toEqual([left.root, []])
  await one.adoptTip(branch.tip.root)
  expect([one.head.root, one.safe.root]).toEqual([branch.tip.root, fork])
  expect(moves).toEqual([[left.root, branch.tip.root]])
  await expect(one.adoptTip('00'.repeat(32))).rejects.toMatchObject({ code: 'not-found' })
})

test('miners of more than half of the weight may leave the safety root', async () => {
  const parameters: Parameters = { ...network, short: 2 }
  const [one, other] = [await ledgerInMemory(parameters), await ledgerInMemory(parameters)]
  const shared = await grow(one, 12)
  await take(other, shared)
  await grow(one, 1, { pool: 'stranger', from: 5, seconds: 30 })
  const fork = one.head.parent!
  one.setSafe(one.head.root)
  const right = await grow(other, 30, { seconds: 3 })
  await take(one, right)
  expect(one.head.root).toBe(other.head.root)
  expect(one.safe.root).toBe(fork)
})

test('whoever listens hears of each head, also of those that come to their time', async () => {
  const ledger = await ledgerInMemory(network)
  const heard: number[] = []
  ledger.onMove = (from, to) => { heard.push(from.header.number, to.header.number) }
  const ahead = await ledgerInMemory(network)
  const [first, second] = await grow(ahead, 2, { from: 3, seconds: 9 })
  await ledger.offer(first!.header, first!.body, first!.time)
  expect(await ledger.offer(second!.header, second!.body, first!.time)).toMatchObject({ ok: true })
  expect(heard).toEqual([0, 1])
  const tip = ahead.head.root
  await expect(ledger.adoptTip(tip)).rejects.toMatchObject({ code: 'bad-input' })
  await ledger.advance(late)
  expect(heard).toEqual([0, 1, 1, 2])
})
