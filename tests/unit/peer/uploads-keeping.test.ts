import { afterEach, expect, test } from 'vitest'
import { keys } from '../../../src/state/index.ts'
import { UploadDevice, cidOf, openRecord, lockedRecord, sealedKey, uploadNetwork } from '../../support/upload-device.ts'

const made: UploadDevice[] = []
afterEach(async () => { for (const device of made.splice(0)) await device.stop() })

async function run(...args: Parameters<typeof UploadDevice.of>): Promise<UploadDevice> {
  const device = await UploadDevice.of(...args)
  made.push(device)
  return device
}

const rent = (wanted: number) => ({ each: 0, periods: 2, wanted })

/** Somebody who publishes, and keepers with a pledge. */
async function people(pledged: number, ...keepers: readonly string[]): Promise<[UploadDevice, ...UploadDevice[]]> {
  const network = await uploadNetwork(Object.fromEntries(['ann', ...keepers].map(name => [name, 1_000])))
  const ann = await run('ann', network)
  const others: UploadDevice[] = []
  for (const name of keepers) {
    const one = await run(name, network)
    await one.uploads.desk.openKeeping(`open ${name}`, { pledged, price: 0, public: false })
    others.push(one)
  }
  await ann.block(others)
  return [ann, ...others]
}

const published = async (ann: UploadDevice, name: string, keepers: readonly UploadDevice[], wanted = keepers.length): Promise<void> => {
  await ann.uploads.desk.publish(name, lockedRecord(name, { keepers: keepers.map(({ address }) => address), rent: rent(wanted) }), sealedKey(name))
}

test('an offer is told with the block that has it, and is a duty once the keeper has the file, accepted it, and that is safe', async () => {
  const [ann, kim] = await people(5_000, 'kim') as [UploadDevice, UploadDevice]
  expect(kim.last.keeping).toMatchObject({ open: { bond: 0, pledged: 5_000, load: 0, count: 0, price: 0, public: false, status: 'active', period: null, settled: null }, terms: { pays: false } })
  await published(ann, 'Tides', [kim])
  await ann.block([kim])
  const name = ann.named('Tides')
  expect(kim.events).toMatchObject([{ event: 'upload.complete', ...name, offered: { title: 'Tides', protected: true, files: [{ size: 1_000 }], waits: false } }])
  expect(ann.events).toMatchObject([{ event: 'upload.complete', ...name, offered: null }])
  expect(kim.duty).toMatchObject({ offered: [], obliged: [] }) // the safety root lies below
  await kim.safeBelow(0)
  expect(kim.duty).toMatchObject({ network: kim.device.ledger.network, fresh: true, safe: 2, offered: [name], obliged: [] })

  kim.uploads.held({ verified: [name], verdicts: [], lost: [] })
  kim.uploads.held({ verified: [name], verdicts: [], lost: [] })
  await kim.settle()
  expect(kim.device.offered().filter(({ op, nonce }) => op === 5 && nonce === 2n)).toHaveLength(1)
  expect(kim.last.sending).toMatchObject([{ op: 5, cid: cidOf('Tides'), title: 'Tides' }])
  await ann.block([kim])
  expect(await ann.uploads.find(name)).toMatchObject({ kept: [kim.address] })
  expect(kim.events.at(-1)).toMatchObject({ event: 'replication_set.updated', ...name, offered: null })
  expect(kim.last.keeping.open).toMatchObject({ load: 1_000, count: 1 })
  expect(kim.duty).toMatchObject({ offered: [name], obliged: [] })
  await kim.safeBelow(0)
  expect(kim.duty).toMatchObject({ offered: [], obliged: [{ ...name, keyCommit: expect.any(String), waits: false }] })
  expect(kim.device.offered().filter(({ nonce }) => nonce > 2n)).toEqual([])
})

test('a keeper takes on what its rules like: locked files, as far as they fit; and what is under way counts', async () => {
  const [ann, kim] = await people(2_500, 'kim') as [UploadDevice, UploadDevice]
  await ann.uploads.desk.publish('open', openRecord('open', { keepers: [kim.address], rent: rent(1) }), null)
  for (const name of ['one', 'two', 'three']) await published(ann, name, [kim])
  await ann.block([kim])
  await kim.safeBelow(0)
  expect(kim.duty.offered.map(({ title }) => title)).toHaveLength(2)
  expect(kim.duty.offered.some(({ title }) => title === 'open')).toBe(false)
  const [first, ...rest] = ['one', 'two', 'three'].map(name => ann.named(name))
  kim.uploads.held({ verified: [first!], verdicts: [], lost: [] })
  await kim.settle()
  kim.uploads.held({ verified: rest, verdicts: [], lost: [] })
  await kim.settle()
  await ann.block([kim])
  expect(kim.last.keeping.open).toMatchObject({ load: 2_000, count: 2 })
  expect(kim.last.sending).toEqual([])
})

test('what was found wrong is neither offered nor accepted; what the person let go is not taken on again by itself', async () => {
  const [ann, kim] = await people(5_000, 'kim') as [UploadDevice, UploadDevice]
  for (const name of ['wrong', 'unwanted']) await published(ann, name, [kim])
  await ann.block([kim])
  kim.uploads.held({ verified: [ann.named('unwanted')], verdicts: [{ ...ann.named('wrong'), verdict: 'not-owner' }], lost: [] })
  await kim.settle()
  await ann.block([kim])
  await kim.safeBelow(0)
  expect(kim.duty).toMatchObject({ offered: [], obliged: [ann.named('unwanted')] })
  await kim.uploads.desk.release('no', [ann.named('unwanted')], 'ordinary')
  await kim.settle()
  await ann.block([kim])
  kim.uploads.held({ verified: [ann.named('unwanted')], verdicts: [], lost: [] })
  await kim.safeBelow(0)
  expect(kim.duty).toMatchObject({ offered: [], obliged: [] })
  expect(kim.last.keeping.open).toMatchObject({ count: 0, load: 0 })
  await kim.uploads.desk.accept('yes', [ann.named('unwanted')])
  await kim.settle()
  await ann.block([kim])
  expect(kim.last.keeping.open).toMatchObject({ count: 1 })
})

test('of two keepers for one place the second fails with the reason and goes on; a keeper who is left out waits for the others', async () => {
  const [ann, kim, lee] = await people(5_000, 'kim', 'lee') as [UploadDevice, UploadDevice, UploadDevice]
  await published(ann, 'Tides', [kim, lee], 1)
  await ann.block([kim, lee])
  await lee.uploads.desk.accept('late', [ann.named('Tides')])
  kim.uploads.held({ verified: [ann.named('Tides')], verdicts: [], lost: [] })
  await kim.settle()
  await ann.block([kim]) // of which lee hears later
  const { ledger, store } = ann.device
  await lee.device.take((await store.find(ledger.parts(ledger.head.root).block))!, (await store.body(ledger.head.root))!, ann.device.now)
  await lee.settle()
  expect(lee.last.sending).toMatchObject([{ op: 5, stage: 'failed', problem: { data: { rule: 'offer-taken' } } }])
  await kim.safeBelow(0)
  expect(kim.duty.obliged).toMatchObject([{ ...ann.named('Tides'), waits: true }])
  await lee.uploads.desk.publish('own', openRecord('own'), null) // the nonce of what failed is free again
  await lee.settle()
  await lee.block([ann, kim])
  expect(await lee.titles('own')).toEqual(['own'])
})

test('what was accepted by itself and too late is not told as a failure', async () => {
  const [ann, kim, lee] = await people(5_000, 'kim', 'lee') as [UploadDevice, UploadDevice, UploadDevice]
  await published(ann, 'Tides', [kim, lee], 1)
  await ann.block([kim, lee])
  for (const keeper of [kim, lee]) keeper.uploads.held({ verified: [ann.named('Tides')], verdicts: [], lost: [] })
  for (const keeper of [kim, lee]) await keeper.settle()
  expect(lee.last.sending).toMatchObject([{ op: 5, stage: 'offered' }])
  await ann.block([kim])
  const { ledger, store } = ann.device
  await lee.device.take((await store.find(ledger.parts(ledger.head.root).block))!, (await store.body(ledger.head.root))!, ann.device.now)
  await lee.settle()
  expect(lee.last.sending).toEqual([])
  expect(lee.device.offered().filter(({ nonce }) => nonce > 1n)).toEqual([])
})

test('what nobody has any more is let go as lost, once', async () => {
  const [ann, kim] = await people(5_000, 'kim') as [UploadDevice, UploadDevice]
  await published(ann, 'Tides', [kim])
  await ann.block([kim])
  kim.uploads.held({ verified: [ann.named('Tides')], verdicts: [], lost: [] })
  await kim.settle()
  await ann.block([kim])
  for (let i = 0; i < 3; i++) kim.uploads.held({ verified: [], verdicts: [], lost: [ann.named('Tides')] })
  await kim.settle()
  expect(kim.last.sending).toMatchObject([{ op: 5 }])
  await ann.block([kim])
  expect(await ann.uploads.find(ann.named('Tides'))).toMatchObject({ kept: [] })
  expect(kim.last).toMatchObject({ keeping: { open: { count: 0 } }, sending: [] })
})

test('nothing is to be taken away while the network is not followed, and nobody has duties whom nobody knows', async () => {
  const [, kim] = await people(5_000, 'kim') as [UploadDevice, UploadDevice]
  await kim.safeBelow(0)
  expect(kim.duty.fresh).toBe(true)
  kim.device.status = { ...kim.device.status, stage: 'beginning' }
  kim.uploads.moved()
  await kim.settle()
  expect(kim.duty.fresh).toBe(false)
  kim.uploads.setPerson(null)
  await kim.settle()
  expect(kim.duty).toBeNull()
})

test('what a device keeps unasked is chosen within its space, and stays where nothing is rarer', async () => {
  const network = await uploadNetwork({ ann: 1_000, kim: 0 })
  const [ann, kim] = [await run('ann', network), await run('kim', network)]
  for (const name of ['Tides', 'Eels']) await ann.uploads.desk.publish(name, lockedRecord(name), sealedKey(name))
  await ann.block([kim])
  const [tides, eels] = [ann.named('Tides'), ann.named('Eels')]
  const choices = { whose: 'protected' as const, charging: false, follows: [] }
  const chosen = async (space: number, unasked: readonly string[]) => {
    kim.uploads.held({ verified: [], verdicts: [], lost: [], samaritan: { ...choices, space }, unasked })
    await kim.settle()
    return kim.duty.samaritan?.map(({ cid }) => cid)
  }
  expect(new Set(await chosen(2_000, []))).toEqual(new Set([tides.cid, eels.cid]))
  for (const { cid } of [tides, eels]) expect(await chosen(1_000, [cid])).toEqual([cid])
  kim.uploads.held({ verified: [], verdicts: [], lost: [], samaritan: null, unasked: [] })
  await kim.settle()
  expect(kim.duty.samaritan).toBeNull()
})

test('a keeper that could not be read with its block is known all the same', async () => {
  const network = await uploadNetwork({ ann: 1_000, kim: 1_000 })
  const [ann, kim] = [await run('ann', network), await run('kim', network)]
  await kim.uploads.desk.openKeeping('open', { pledged: 5_000, price: 0, public: false })
  await kim.settle()
  const { ledger } = ann.device
  const values = ledger.values.bind(ledger)
  let failures = 0
  ledger.values = async (names, root) => {
    if (failures === 0 && names.includes(keys.keeper(kim.address).name)) {
      failures++
      throw new Error('the disk did not answer')
    }
    return await values(names, root)
  }
  await ann.block([kim])
  expect(failures).toBe(1)
  await ann.blocks(1, [kim])
  expect(await ann.uploads.rankKeepers({ bytes: 1_000, protected: true, each: null })).toMatchObject([{ address: kim.address }])
})
