import { expect, test } from 'vitest'
import { addressBytes } from '../../../src/base/index.ts'
import { recordsOfBlock } from '../../../src/records/index.ts'
import { keys } from '../../../src/state/index.ts'
import { TestChain, somebody } from '../../support/ledger.ts'
import { accountHash, chainNamed, commitTo, commitToChain, entryOf, firstEntryOf, payment, signer } from '../../support/records.ts'

const [ann, ben] = [somebody('Ann'), somebody('Ben')]
const eve = signer('Eve')

test('coins become credits, credits a chain with two entries, and coins come back', async () => {
  let chain = await TestChain.begin({ people: [ann, ben], creditRate: 3 })
  chain = await chain.extend({ transactions: [await chain.wiring(ann, eve.address, 10_000)] })
  const ms = 1_000 * chain.tip.header.time
  const first = firstEntryOf('log')
  const second = entryOf(chainNamed('log'), { content: 'hello' })
  const records = [
    payment({ time: ms, from: [[9_000, eve]], to: [[5_000, accountHash(addressBytes(ben.address)!)]], buy: [[3_000, eve.publicKey]] }),
    commitToChain(first, eve, { time: ms }), commitTo(second, eve, { time: ms }), first, second,
  ]
  const before = chain
  chain = await before.extend({ records })
  expect(await chain.state.read(keys.credit(eve.publicKey))).toBe(1_000 - 11 - 1)
  expect(await chain.state.read(keys.factoid(eve.address))).toBe(1_000)
  expect(await chain.state.read(keys.fees)).toBe(4_000)
  expect((await chain.state.account(ben)).balance).toBe(1_000_000 + 5_000)
  const row = await chain.state.read(keys.chain(chainNamed('log')))
  expect(row).toMatchObject({ count: 2, sequence: 0, block: 2 })
  const effects = await recordsOfBlock(before.state, { number: 2, time: chain.tip.header.time, parentTime: before.tip.header.time, network: chain.network }, records)
  expect(effects.entryBlocks.map(({ keyMR }) => keyMR)).toEqual([row?.keyMR])
  expect(effects.directoryBlock?.keyMR).toBe((await chain.state.read(keys.directory))?.keyMR)
})
