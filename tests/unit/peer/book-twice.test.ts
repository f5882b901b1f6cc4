import { expect, test } from 'vitest'
import { judgeBodyBytes, pastOf, transactionId, type Ledger, type Transaction } from '../../../src/ledger/index.ts'
import { mine } from '../../support/mine.ts'
import { Device, keyOf, networkWith } from '../../support/book-device.ts'

/** Numbers that follow from a seed. */
function chanceOf(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0
    return (state >>> 8) % below
  }
}

/** Amounts the sender's transfers have on the head's chain. */
async function amounts(device: Device, ledger: Ledger = device.ledger): Promise<number[]> {
  const found: number[] = []
  for (const { root, header } of pastOf(ledger.chain, ledger.head)) {
    const bytes = header.number === 0 ? null : await device.store.body(root)
    const body = bytes === null ? null : judgeBodyBytes(bytes, header.body)
    if (body?.ok === true) for (const each of body.value.transactions) if (each.op === 1) found.push(each.body.amount)
  }
  return found.sort((a, b) => a - b)
}

/** Mines a block on a device's head of what it was offered, as far as that fits there; `reach`: who else gets it. */
async function block(device: Device, reach: readonly Device[], offered: readonly Transaction[], pool: string): Promise<void> {
  const { nonce } = await device.ledger.account(device.key.address)
  const chosen: Transaction[] = []
  for (const each of [...offered].sort((a, b) => Number(a.nonce - b.nonce))) if (each.nonce === nonce + BigInt(chosen.length) + 1n) chosen.push(each)
  for (;;) {
    const { header, body, time } = await mine(device.ledger, { pool, seconds: 60, transactions: chosen })
    device.now = Math.max(device.now, time)
    const verdict = await device.ledger.offer(header, body, device.now)
    if (!verdict.ok) {
      chosen.splice('index' in verdict && verdict.index !== undefined ? verdict.index : 0) // of a chain without its witness
      continue
    }
    await device.settle()
    for (const other of reach) await other.take(header, body, time)
    return
  }
}

test.each([1, 2, 3])('two devices of one person, whose blocks come apart and together: each wish is done, and once (%i)', async seed => {
  const chance = chanceOf(seed)
  const parameters = await networkWith({ ann: 1_000_000 })
  const [one, two] = [await Device.of('ann', parameters), await Device.of('ann', parameters)]
  const bob = await keyOf('bob')
  const wished: number[] = []
  for (let round = 0; round < 5; round++) {
    for (const device of [one, two]) {
      if (chance(3) === 0) continue
      wished.push(100 + wished.length)
      await device.book.send(`wish ${wished.length}`, bob.address, wished.at(-1)!)
    }
    if (chance(2) === 0) { // apart: each goes on by itself, then one hears of the longer chain of the other
      const from = one.ledger.head.header.number
      const [few, many] = chance(2) === 0 ? [one, two] : [two, one]
      await block(few, [], many.offered(), `few ${round}`) // so that its own are signed again, on a branch that goes
      for (let i = 0; i < 3; i++) await block(many, [], [], `many ${round}`)
      const late = [...pastOf(many.ledger.chain, many.ledger.head)].filter(({ header }) => header.number > from).toReversed()
      for (const { root } of late) {
        const [header, body] = [await many.store.find(many.ledger.parts(root).block), await many.store.body(root)]
        await few.take(header!, body!, many.now)
      }
      expect(few.ledger.head.root).toBe(many.ledger.head.root)
    } else await block(one, [two], chance(2) === 0 ? one.offered() : [...one.offered(), ...two.offered()], `both ${round}`)
    const there = await amounts(one)
    expect(there).toEqual([...new Set(there)])
  }
  for (let i = 0; i < 12 && (await amounts(one)).length < wished.length; i++) {
    const ids = new Set<string>()
    const all = [...one.offered(), ...two.offered()].filter(each => !ids.has(transactionId(each)) && ids.add(transactionId(each)))
    await block(one, [two], i % 2 === 0 ? all : all.toReversed(), `end ${i}`)
  }
  expect(await amounts(one)).toEqual(wished)
  for (const device of [one, two]) expect(device.wallet.rows.filter(({ kind, stage }) => kind === 'sent' && stage !== 'offered').map(({ amount }) => amount).toSorted((a, b) => a - b)).toEqual(wished)
}, 60_000) // some fifty blocks on two devices
