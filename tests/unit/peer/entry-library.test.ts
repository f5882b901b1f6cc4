import { describe, expect, test } from 'vitest'
import { concat, utf8 } from '../../../src/base/index.ts'
import { chainIdOf, entryHash, formatAddress } from '../../../src/records/index.ts'
import type { RecordQuery } from '../../../src/peer/record-api.ts'
import { bytesOf, chainNamed, entryOf, firstEntryOf, signer } from '../../support/records.ts'
import { networkWith } from '../../support/book-device.ts'
import { LibraryDevice, entryBytes, payer } from '../../support/library-device.ts'
import { mine } from '../../support/mine.ts'

const failing = (code: string): unknown => expect.objectContaining({ name: 'HoldfastError', code })
const page = { offset: 0, limit: 50 }
const log = chainNamed('log')

async function device(change: Parameters<typeof networkWith>[1] = {}): Promise<LibraryDevice> {
  const made = await LibraryDevice.of(await networkWith({ ann: 1_000_000 }, change))
  await made.buy('ann', 5_000)
  return made
}

async function contents({ library }: LibraryDevice, query: Partial<RecordQuery> = {}): Promise<readonly (string | null)[]> {
  const { entries } = await library.search({ ...page, ...query })
  return entries.map(({ content }) => content === null ? null : new TextDecoder().decode(content))
}

const extId = (value: string | Uint8Array, how: 'exact' | 'prefix' = 'exact', position: number | null = null) => ({ extId: { value: typeof value === 'string' ? utf8(value) : value, how, position } })

describe('what is recorded', () => {
  test('is read by chain and place, by hash, and found by what it says', async () => {
    const here = await device()
    const { library } = here
    expect(await library.chains({ only: 'all', ...page })).toEqual({ chains: [], total: 0 })
    expect([await library.chain(log), await library.entry('ab'.repeat(32)), await library.entries(log, 0, 5)]).toEqual([null, null, []])

    const first = firstEntryOf('log', { content: 'begun' })
    await here.block([...here.recording(first, { begins: true }), ...here.recording(entryOf(log, { extIds: ['red', 'apple'], content: 'a' }))])
    const time = here.ledger.head.header.time
    await here.block([...here.recording(entryOf(log, { extIds: ['green', 'apple'], content: 'b' })), ...here.recording(firstEntryOf('other', { content: 'other' }), { begins: true })])
    expect(library.chainCount).toBe(2)

    const { chains, total } = await library.chains({ only: 'all', ...page })
    expect([total, chains.map(({ id }) => id)]).toEqual([2, [chainNamed('other'), log]])
    expect(chains[1]).toEqual({ id: log, name: [utf8('log')], first: entryHash(first), head: entryHash(entryOf(log, { extIds: ['green', 'apple'], content: 'b' })), count: 3, block: 4, time: here.ledger.head.header.time, pinned: false, here: 3, safe: false })
    expect((await library.chains({ only: 'all', offset: 1, limit: 1 })).chains.map(({ id }) => id)).toEqual([log])
    expect(await library.chain(log)).toEqual(chains[1])

    const entries = await library.entries(log, 0, 10)
    expect(entries.map(({ index, block, safe }) => [index, block, safe])).toEqual([[0, 3, true], [1, 3, true], [2, 4, false]])
    expect(entries[0]).toEqual({
      hash: entryHash(first), chain: log, index: 0, block: 3, time, safe: true, extIds: [utf8('log')], content: utf8('begun'), size: first.length, payer: formatAddress('EC', bytesOf(payer.publicKey)), holders: null,
    })
    expect((await library.entries(log, 1, 1)).map(({ index }) => index)).toEqual([1])
    expect(await library.entries(log, 3, 1)).toEqual([])
    expect(await library.entry(entries[2]!.hash)).toEqual((await library.entries(log, 2, 1))[0])

    expect(await contents(here)).toEqual([...chainNamed('other') > log ? ['other', 'b'] : ['b', 'other'], 'a', 'begun'])
    expect(await contents(here, { chain: log })).toEqual(['b', 'a', 'begun'])
    expect(await contents(here, extId('apple'))).toEqual(['b', 'a'])
    expect(await contents(here, extId('apple', 'exact', 0))).toEqual([])
    expect(await contents(here, extId('apple', 'exact', 1))).toEqual(['b', 'a'])
    expect(await contents(here, extId('re', 'prefix'))).toEqual(['a'])
    expect(await contents(here, extId('re'))).toEqual([])
    expect(await contents(here, { from: time + 1, chain: log })).toEqual(['b'])
    expect(await contents(here, { to: time })).toEqual(['a', 'begun'])
    expect(await contents(here, { payer: formatAddress('EC', bytesOf(signer('nobody').publicKey)) })).toEqual([])
    expect(await contents(here, { payer: formatAddress('EC', bytesOf(payer.publicKey)), ...extId('apple', 'exact', 1), chain: log, from: time, to: time })).toEqual(['a'])
    expect((await library.search({ offset: 1, limit: 1, chain: log })).entries.map(({ index }) => index)).toEqual([1])
    expect((await library.search({ offset: 1, limit: 1, chain: log })).total).toBe(3)
  })

  test('what nobody could mean is said to be that', async () => {
    const { library } = await device()
    for (const act of [
      async () => await library.chain('x'), async () => await library.entries(log, -1, 2), async () => await library.entry(log.toUpperCase()), async () => await library.search({ ...page, chain: 'x' }),
      async () => await library.search({ ...page, payer: 'EC' }), async () => await library.search({ offset: 0.5, limit: 1 }), async () => await library.search({ ...page, ...extId('a', 'exact', -1) }),
      async () => { await library.fetch(['x']) }, async () => await library.verify('{}', ['root']), async () => await library.receipt('x'),
    ]) await expect(act()).rejects.toEqual(failing('bad-input'))
    await expect(library.pin(log, true)).rejects.toEqual(failing('not-found'))
    await expect(library.receipt(log)).rejects.toEqual(failing('not-found'))
    await expect(library.fetch(Array.from({ length: 101 }, () => log))).rejects.toEqual(failing('too-many'))
  })

  test('long ExtIDs, and more of them than are in the index, are found all the same', async () => {
    const here = await device()
    const long = (end: string): Uint8Array => concat(utf8('x'.repeat(64)), utf8(end))
    const [a, b] = [{ extIds: [utf8('n'), long('one'), long('')], content: utf8('a') }, { extIds: [utf8('n'), long('two')], content: utf8('b') }]
    const many = { extIds: Array.from({ length: 300 }, (_, i) => utf8(`many ${i}`)), content: utf8('c') }
    const of = (entry: typeof a, chainId = chainIdOf(entry.extIds)) => entryBytes({ ...entry, chainId })
    await here.block([...here.recording(of(a), { begins: true }), ...here.recording(of(b), { begins: true }), ...here.recording(of(many), { begins: true })])
    expect(await contents(here, extId(long('one')))).toEqual(['a'])
    expect(await contents(here, extId(long('one'), 'exact', 2))).toEqual([])
    expect(await contents(here, extId(long('')))).toEqual(['a'])
    expect(new Set(await contents(here, extId(long(''), 'prefix')))).toEqual(new Set(['a', 'b']))
    expect(await contents(here, extId(long('t'), 'prefix'))).toEqual(['b'])
    expect(await contents(here, extId('many 299'))).toEqual(['c'])
    expect(await contents(here, extId('many 299', 'exact', 299))).toEqual(['c'])
    expect(await contents(here, extId('many 299', 'exact', 298))).toEqual([])
    expect(await contents(here, extId('many 3', 'exact', 3))).toEqual(['c'])
    expect(await contents(here, extId('many 29', 'prefix', 290))).toEqual(['c'])
  })

  test('copies of one entry are all there, each in its place', async () => {
    const here = await device()
    await here.block(here.recording(firstEntryOf('log'), { begins: true }))
    const twice = entryOf(log, { content: 'again' })
    await here.block([...here.recording(twice), ...here.recording(twice)])
    await here.block(here.recording(twice))
    expect((await here.library.entries(log, 0, 9)).map(({ index, block, content }) => [index, block, content?.length])).toEqual([[0, 3, 0], [1, 4, 5], [2, 4, 5], [3, 5, 5]])
    expect((await here.library.search({ ...page, chain: log })).entries.map(({ index }) => index)).toEqual([3, 2, 1, 0])
    expect(await here.library.entry(entryHash(twice))).toMatchObject({ index: 1 })
  })
})

describe('followed in step with blocks', () => {
  test('what a branch brought that lost is taken back', async () => {
    const here = await device()
    const there = await LibraryDevice.of(here.ledger.parameters)
    for (const at of [1, 2]) await there.take(await blockOf(here, at))
    await here.block(here.recording(firstEntryOf('log', { content: 'lost' }), { begins: true }))
    await here.block(here.recording(entryOf(log, { extIds: ['tag'], content: 'lost too' })))
    expect(await contents(here, extId('tag'))).toEqual(['lost too'])
    const other = there.recording(firstEntryOf('log', { content: 'stays' }), { begins: true })
    const longer = [await there.block(other, [], { pool: 'other', seconds: 20 })]
    while (here.ledger.head.header.number !== there.ledger.head.header.number || here.ledger.head.root !== there.ledger.head.root) {
      longer.push(await there.block([], [], { pool: 'other', seconds: 20 }))
      if (longer.length > 30) throw new Error('the other branch does not win')
      for (const each of longer.splice(0, longer.length)) await here.take(each)
    }
    expect(await contents(here)).toEqual(['stays'])
    expect(await contents(here, extId('tag'))).toEqual([])
    expect(await here.library.chain(log)).toMatchObject({ count: 1, here: 1 })
    expect(await here.library.shelf.read([entryHash(entryOf(log, { extIds: ['tag'], content: 'lost too' })), entryHash(firstEntryOf('log', { content: 'stays' }))])).toEqual([null, firstEntryOf('log', { content: 'stays' })])
  })

  test('after a restart, and after blocks it did not see, it goes on where it was', async () => {
    const here = await device()
    await here.block(here.recording(firstEntryOf('log', { content: '0' }), { begins: true }))
    here.library.close()
    await here.library.settle()
    const mined = await mine(here.ledger, { seconds: 60, records: here.recording(entryOf(log, { content: '1' })) })
    expect(await here.ledger.offer(mined.header, mined.body, mined.time)).toMatchObject({ ok: true })
    expect((await here.library.search(page)).total).toBe(1)
    await here.start()
    expect(await contents(here)).toEqual(['1', '0'])
    const before = await here.store.records.between('', '~')
    await here.restart()
    expect(await here.store.records.between('', '~')).toEqual(before)
  })

  test('a mutable range later it goes, but for what is followed, written here, paid for, or asked for', async () => {
    const here = await device({ range: 12, epoch: 4 })
    here.library.setPayers([])
    await here.block(here.recording(firstEntryOf('log', { content: 'followed' }), { begins: true }))
    await here.block(here.recording(firstEntryOf('own', { content: 'written' }), { begins: true }))
    await here.library.written(firstEntryOf('own', { content: 'written' }))
    await here.block(here.recording(firstEntryOf('rest', { content: 'of others' }), { begins: true }))
    await here.library.pin(log, true)
    await here.blocks(13)
    expect(await contents(here)).toEqual(['written', 'followed'])
    const [gone] = await here.library.entries(chainNamed('rest'), 0, 1)
    expect(gone).toMatchObject({ index: 0, block: 5, extIds: null, content: null, size: null, payer: null })
    const left = await here.store.records.keysBetween('', '~')
    expect(left.filter(key => key.includes(chainNamed('rest')) || key.includes(gone!.hash))).toEqual([])
    expect(left.filter(key => key.startsWith('block/') || key.startsWith('part/'))).toHaveLength(4)
    expect((await here.library.chains({ only: 'mine', ...page })).chains.map(({ id }) => id)).toEqual([chainNamed('own')])
    expect((await here.library.chains({ only: 'pinned', ...page })).chains.map(({ id }) => id)).toEqual([log])

    here.others.set(gone!.hash, firstEntryOf('rest', { content: 'of others' }))
    expect(await here.library.fetch([gone!.hash, 'ab'.repeat(32)])).toEqual([gone!.hash])
    expect((await here.library.entries(chainNamed('rest'), 0, 1))[0]).toMatchObject({ extIds: [utf8('rest')], block: 5, payer: null })
    expect((await contents(here, extId('rest')))).toEqual(['of others'])
    await here.library.pin(log, false)
    await here.library.unwritten(entryHash(firstEntryOf('own', { content: 'written' })))
    await here.follow()
    expect(await contents(here)).toEqual(['of others'])
    await here.blocks(27)
    expect(await here.store.records.keysBetween('', '~')).toEqual(['state'])
  })

  test('what the person paid for stays as long as it is the same person; nothing goes before it is known who that is', async () => {
    const here = await device({ range: 12, epoch: 4 })
    await here.block(here.recording(firstEntryOf('log', { content: 'paid' }), { begins: true }))
    await here.blocks(14)
    expect(await contents(here)).toEqual(['paid'])
    here.library.setPayers([formatAddress('EC', bytesOf(payer.publicKey))])
    await here.block()
    expect(await contents(here)).toEqual(['paid'])
    expect((await here.library.chains({ only: 'mine', ...page })).chains.map(({ id }) => id)).toEqual([log])
    here.library.setPayers([formatAddress('EC', bytesOf(signer('another').publicKey))])
    await here.block()
    expect(await contents(here)).toEqual([])
    expect(() => { here.library.setPayers(['FA']) }).toThrow(failing('bad-input'))
  })

  test('where nobody says for an hour who the person is, there is none', async () => {
    const here = await device({ range: 12, epoch: 4 })
    await here.block(here.recording(firstEntryOf('log', { content: 'of others' }), { begins: true }))
    await here.blocks(14)
    expect(await contents(here)).toEqual(['of others'])
    here.now += 3_601
    await here.follow()
    expect(await contents(here)).toEqual([])
  })

  test('a chain that is followed is filled with what was before: from the state, and from others', async () => {
    const here = await device({ range: 12, epoch: 4 })
    here.library.setPayers([])
    const entries = [firstEntryOf('log', { content: '0' }), ...Array.from({ length: 70 }, (_, i) => entryOf(log, { extIds: [`tag ${i}`], content: `${i + 1}` }))]
    for (let at = 0; at < entries.length; at += 25) await here.block(entries.slice(at, at + 25).flatMap((entry, i) => here.recording(entry, { begins: at + i === 0 })))
    await here.blocks(14)
    expect((await here.library.search(page)).total).toBe(0)
    for (const [i, entry] of entries.entries()) if (i !== 5) here.others.set(entryHash(entry), entry)
    await here.library.pin(log, true)
    await here.library.settle()
    expect(await here.library.chain(log)).toMatchObject({ count: 71, here: 70, pinned: true })
    expect(await contents(here, extId('tag 6'))).toEqual(['7'])
    expect((await here.library.entries(log, 3, 4)).map(({ content, block }) => [content === null ? null : new TextDecoder().decode(content), block])).toEqual([['3', 3], ['4', 3], [null, 3], ['6', 3]])
    here.asked = []
    await here.block(here.recording(entryOf(log, { content: 'new' })))
    expect(here.asked).toEqual([]) // what nobody had is asked for again later
    here.others.set(entryHash(entries[5]!), entries[5]!)
    here.now += 400
    await here.block()
    expect(await here.library.chain(log)).toMatchObject({ count: 72, here: 72 })
    expect((await here.library.entries(log, 5, 1))[0]).toMatchObject({ content: utf8('5'), block: 3, holders: 0 })
    await new Promise(done => { setTimeout(done, 5) })
    expect((await here.library.entries(log, 5, 1))[0]).toMatchObject({ holders: 2 })
  })

  test('filled while another branch wins, nothing of the one that lost is filed', async () => {
    const here = await device({ range: 12, epoch: 4 })
    const there = await LibraryDevice.of(here.ledger.parameters)
    for (const at of [1, 2]) await there.take(await blockOf(here, at))
    here.library.setPayers([])
    const entries = [firstEntryOf('log', { content: '0' }), ...Array.from({ length: 70 }, (_, i) => entryOf(log, { content: `${i + 1}` }))]
    for (let at = 0; at < entries.length; at += 25) await here.block(entries.slice(at, at + 25).flatMap((entry, i) => here.recording(entry, { begins: at + i === 0 })), [there])
    await here.blocks(14, [there])
    await here.block(here.recording(entryOf(log, { content: 'lost' })))
    expect(await contents(here)).toEqual(['lost'])
    for (const entry of entries) here.others.set(entryHash(entry), entry)
    here.onFetch = async () => {
      here.onFetch = async () => {}
      for (let i = 0; here.ledger.head.root !== there.ledger.head.root; i++) {
        if (i > 8) throw new Error('the other branch does not win')
        const { header, body, time } = await there.block([], [], { pool: 'other', seconds: 20 })
        here.now = Math.max(here.now, time)
        expect((await here.ledger.offer(header, body, here.now)).ok).toBe(true)
      }
      here.library.moved()
      while ((await contents(here, { chain: log })).includes('lost')) await new Promise(done => { setTimeout(done, 1) })
    }
    await here.library.pin(log, true)
    await here.library.settle()
    expect((await here.library.search({ ...page, chain: log })).total).toBe(71)
    expect(await here.library.chain(log)).toMatchObject({ count: 71, here: 71 })
  })

  test('on a metered line the states of others tell, and what is followed comes from them', async () => {
    const here = await device()
    const entries = [firstEntryOf('log', { content: '0' }), entryOf(log, { extIds: ['tag'], content: '1' })]
    const light = await LibraryDevice.of(here.ledger.parameters)
    for (const at of [1, 2]) await light.take(await blockOf(here, at))
    light.mode = 'headers'
    light.prover = here
    await here.block(here.recording(entries[0]!, { begins: true }), [light])
    await here.block([...here.recording(entries[1]!)], [light])
    await here.block([], [light])
    for (const entry of entries) light.others.set(entryHash(entry), entry)
    expect((await light.library.search(page)).total).toBe(0)
    expect((await light.library.entries(log, 0, 5)).map(({ hash, block, content }) => [hash, block, content])).toEqual(entries.map((entry, i) => [entryHash(entry), 3 + i, null]))
    await light.library.pin(log, true)
    await light.library.settle()
    expect(await contents(light, extId('tag'))).toEqual(['1'])
    const newer = entryOf(log, { extIds: ['new'], content: '2' })
    await here.block([...here.recording(newer)], [light])
    await here.block([], [light])
    light.others.set(entryHash(newer), newer)
    light.safeBelow = 1_000 // as with somebody who never kept a state: nothing is beyond doubt
    expect(await light.library.fetch([entryHash(newer)])).toEqual([entryHash(newer)])
    expect((await light.library.entries(log, 2, 1)).map(({ content, safe }) => [new TextDecoder().decode(content!), safe])).toEqual([['2', false]])
    light.safeBelow = 1
    light.mode = 'full'
    await light.follow()
    const { entries: [entry] } = await light.library.search({ ...page, ...extId('tag') })
    expect(entry?.payer).toBe(formatAddress('EC', bytesOf(payer.publicKey))) // the block tells more than the state did
    expect((await light.library.search(page)).total).toBe(3)
    light.mode = 'headers'
    light.prover = null
    await expect(light.library.chain(log)).rejects.toEqual(failing('peer-unreachable'))
  })
})

/** A block another device has, as it travels. */
async function blockOf({ ledger, store }: LibraryDevice, number: number) {
  let at = ledger.head
  while (at.header.number > number) at = ledger.chain.record(at.parent!)!
  const [header, body] = [await ledger.find(at.id), await store.body(at.root)]
  return { header: header!, body: body!, time: at.header.time, miner: { secret: new Uint8Array(), address: '', publicKey: new Uint8Array() } }
}
