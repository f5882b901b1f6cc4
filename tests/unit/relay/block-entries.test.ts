import { expect, test } from 'vitest'
import { fromHex, limits } from '../../../src/base/index.ts'
import { entriesQuestion, holdsQuestion, judgeEntries, judgeHolds } from '../../../src/net/index.ts'
import { BlockEntries } from '../../../src/relay/anchor/block-entries.ts'
import { relayContent } from '../../../src/relay/relay-content.ts'
import { entryHash } from '../../../src/records/index.ts'
import { keyOf, ledgerInMemory, mine, transact } from '../../support/mine.ts'
import { recordNetwork } from '../../support/record-device.ts'
import { chainNamed, commitTo, commitToChain, entryOf, firstEntryOf, payment, signer } from '../../support/records.ts'

const asker = { peerId: 'somebody', limited: false, signal: new AbortController().signal }
const hash = (digit: string): string => digit.repeat(64)

/** A ledger with a chain whose first entry and some more lie in a block each. */
async function ledgerWith(count: number) {
  const ledger = await ledgerInMemory(await recordNetwork({ ann: 100_000 }))
  const eve = signer('Eve')
  const block = async (what: Partial<Parameters<typeof mine>[1]>) => {
    const made = await mine(ledger, { seconds: 60, ...what })
    expect(await ledger.offer(made.header, made.body, made.time)).toMatchObject({ ok: true })
  }
  const now = () => 1_000 * ledger.head.header.time
  await block({ transactions: [await transact(ledger, await keyOf('ann'), { op: 1, body: { to: eve.address, amount: 5_000 } }, ledger.head.header.time)] })
  await block({ records: [payment({ time: now(), from: [[5_000, eve]], buy: [[1_000, eve.publicKey]] })] })
  const entries = [firstEntryOf('log'), ...Array.from({ length: count - 1 }, (_, i) => entryOf(chainNamed('log'), { content: `${i}` }))]
  for (const [i, entry] of entries.entries()) await block({ records: [i === 0 ? commitToChain(entry, eve, { time: now() }) : commitTo(entry, eve, { time: now() }), entry] })
  return { ledger, block, eve, entries, hashes: entries.map(entryHash) }
}

test('entries of blocks that are here are given, in the order of the question, and nothing else', async () => {
  const { ledger, block, eve, entries, hashes } = await ledgerWith(3)
  const answer = relayContent(null, new BlockEntries(ledger))
  const asked = [hashes[2]!, hash('0'), hashes[0]!]
  const reply = await answer(entriesQuestion(asked), asker)
  expect(reply.ok && judgeEntries(reply.value, asked)).toEqual({ ok: true, value: [entries[2], null, entries[0]] })
  const held = await answer(holdsQuestion(asked), asker)
  expect(held.ok && judgeHolds(held.value, asked)).toEqual({ ok: true, value: [hashes[2], hashes[0]] })
  await block({ records: [commitTo(entries[0]!, eve, { time: 1_000 * ledger.head.header.time + 1 }), entries[0]!] }) // a second copy, and that is the newest
  expect(await new BlockEntries({ head: ledger.head, chain: ledger.chain, read: ledger.read.bind(ledger), bodyOf: async link => link.header.number === 3 ? null : await ledger.bodyOf(link) }).read([hashes[0]!])).toEqual([entries[0]])
  for (const question of [{ info: { cid: fromHex(hash('1')), infohash: null } }, { volume: { chain: fromHex(chainNamed('log')), number: 0 } }]) expect(await answer(question, asker)).toMatchObject({ ok: false, code: 'not-found' })
  expect(await answer({ entries: 1 }, asker)).toMatchObject({ ok: false, code: 'bad-input' })
})

test('no more blocks are read for one question than an anchor reads', async () => {
  const { ledger, entries, hashes } = await ledgerWith(limits.anchorEntryBlocks + 2)
  let read = 0
  const given = await new BlockEntries({ head: ledger.head, chain: ledger.chain, read: ledger.read.bind(ledger), bodyOf: async link => { read++; return await ledger.bodyOf(link) } }).read(hashes)
  expect(read).toBe(limits.anchorEntryBlocks)
  expect(given).toEqual(entries.map((entry, i) => i < limits.anchorEntryBlocks ? entry : null))
})
