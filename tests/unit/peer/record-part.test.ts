import { expect, test } from 'vitest'
import type { LedgerUpdate } from '../../../src/peer/ledger-api.ts'
import { RecordPart, recordMethods } from '../../../src/peer/record-part.ts'
import { localNetwork } from '../../../src/ledger/index.ts'
import type { StateAnswer } from '../../../src/sync/index.ts'
import { Device, begin } from '../../support/book-device.ts'
import { mine } from '../../support/mine.ts'
import { chainOf, first, recordKeysOf, recordNetwork } from '../../support/record-device.ts'

const entries = { serve() {}, fetch: async () => await Promise.resolve([]), holders: async (hashes: readonly string[]) => await Promise.resolve(hashes.map(() => null)) }
const volumes = { has: async () => await Promise.resolve(false), share: async () => await Promise.resolve(false), fetch: async () => await Promise.resolve(null) }

async function partOf(device: Device): Promise<{ readonly part: RecordPart, readonly told: LedgerUpdate[] }> {
  const { ledger, sync, store, book, clock, key } = device
  const told: LedgerUpdate[] = []
  const identity = { address: key.address, backedUp: null, passphrase: false, locked: false }
  const part = new RecordPart(
    { ledger, sync, store, network: ledger.network, clock, keys: recordKeysOf(device) as never, identity: () => identity, tell: news => { told.push(news) } },
    { clock, entries, volumes, book: async () => await Promise.resolve(book) },
  )
  device.onHead = () => { part.onHead() }
  return { part, told }
}

test('what is recorded is told to tabs, and read back where it stands', async () => {
  const device = await Device.of('ann', await recordNetwork({ ann: 10_000 }))
  const { part, told } = await partOf(device)
  const records = recordMethods(async () => await part.service())
  await records.buyCredits('credits', 20)
  const news = () => told.at(-1)?.records
  const block = async (): Promise<void> => {
    const answer = await device.sync.answer({ future: { have: device.ledger.head.root, pool: 0 } }, 'somebody')
    if (!answer.ok) throw new Error(answer.reason)
    const { pool: { records: offered = [] } } = answer.value as StateAnswer<'future'>
    const { nonce } = await device.ledger.account(device.key.address)
    const { header, body, time } = await mine(device.ledger, { seconds: 60, transactions: device.offered().filter(each => each.nonce > nonce), offered: offered.map(each => new Uint8Array(each)) })
    await device.take(header, body, time)
    await records.credits()
  }
  await expect.poll(() => device.offered().length).toBe(1)
  await block()
  await block()
  expect(await records.credits()).toMatchObject({ credits: 20, rate: 2 })
  const { chain, entryHash } = await records.record('a', first('log', 'hello'))
  await expect.poll(() => news()?.sending).toMatchObject([{ wish: 'a', stage: 'offered', pulled: false }])
  await block()
  await block()
  await expect.poll(() => news()?.sending).toMatchObject([{ wish: 'a', stage: 'included', index: 0 }])
  await expect.poll(() => news()).toMatchObject({ chains: 1, credits: { credits: 9 } })
  expect(await records.chain(chain)).toMatchObject({ id: chainOf('log'), count: 1, first: entryHash, head: entryHash })
  expect(await records.entry(entryHash)).toMatchObject({ hash: entryHash, index: 0, content: new TextEncoder().encode('hello') })
  const last = news()!.change
  await records.pin(chain, true)
  await expect.poll(() => news()!.change).toBeGreaterThan(last)
  part.close()
  await expect(records.quote(first('log'))).rejects.toMatchObject({ code: 'not-found' })
  await device.stop()
})

test('a network without records has none, and says so', async () => {
  const network = localNetwork(begin)
  const device = await Device.of('ann', { ...network, ops: network.ops.filter(op => op !== 11) })
  const { part, told } = await partOf(device)
  await expect(part.service()).rejects.toMatchObject({ code: 'unsupported' })
  part.onHead()
  part.onStatus()
  expect(told).toEqual([])
  part.close()
  await device.stop()
})
