import { describe, expect, test } from 'vitest'
import { entryHash, judgeExport, type RecordFinding } from '../../../src/records/index.ts'
import { chainNamed, entryOf, firstEntryOf } from '../../support/records.ts'
import { networkWith } from '../../support/book-device.ts'
import { LibraryDevice } from '../../support/library-device.ts'
import { memLedgerStore } from '../../../src/store/index.ts'

const failing = (code: string): unknown => expect.objectContaining({ name: 'HoldfastError', code })
const log = chainNamed('log')

function claims(judged: { readonly ok: boolean, readonly value?: readonly RecordFinding[] }): Record<string, boolean | null> {
  if (!judged.ok) throw new Error(JSON.stringify(judged))
  return Object.fromEntries(judged.value!.map(({ claim, holds }) => [claim, holds]))
}

const all = { 'format': true, 'entry-hash': true, 'chain-id': true, 'state-proof': true, 'block': true, 'entry-block': true, 'directory-block': true, 'trust': true }

describe('a receipt', () => {
  test('of a block in range leads from the entry through Factom blocks and the state to the safety root, and holds with that root alone', async () => {
    const here = await LibraryDevice.of(await networkWith({ ann: 1_000_000 }))
    await here.buy('ann', 100)
    const entries = [firstEntryOf('log'), entryOf(log, { content: 'one' }), entryOf(log, { extIds: ['tag'], content: 'two' })]
    await here.block(entries.flatMap((entry, i) => here.recording(entry, { begins: i === 0 })))
    await here.block(here.recording(entryOf(log, { content: 'later' })))
    await here.blocks(3)
    for (const entry of entries) {
      const text = await here.library.receipt(entryHash(entry))
      const { headers } = JSON.parse(text) as { headers: unknown[] }
      expect(headers).toHaveLength(3) // block 3 to the safety root at 6
      expect(claims(await here.library.verify(text, []))).toEqual(all)
      expect(claims(judgeExport(text, [here.status.safe.root]))).toEqual(all)
      expect(claims(judgeExport(text, []))['trust']).toBeNull()
      expect(claims(judgeExport(text, ['ab'.repeat(32)]))['trust']).toBe(false)
    }
    const text = await here.library.receipt(entryHash(entries[1]!))
    const wrong = JSON.stringify({ ...JSON.parse(text) as object, index: 2 })
    expect(claims(await here.library.verify(wrong, []))).toMatchObject({ 'state-proof': false, 'trust': null })
    // Another device of the network knows the root; one of another network does not, and says what is left to find out.
    const other = await LibraryDevice.of(await networkWith({ ann: 1_000_000, ben: 7 }))
    expect(claims(await other.library.verify(text, []))).toEqual({ ...all, trust: null })
    expect(claims(await other.library.verify(text, [here.status.safe.root]))).toEqual(all)
    expect(await other.library.verify('no JSON', [])).toMatchObject({ ok: false, code: 'bad-input' })
  })

  test('of a block whose state is gone says what the safe state says, and shows its blocks where they are kept', async () => {
    const here = await LibraryDevice.of(await networkWith({ ann: 1_000_000 }, { range: 12, epoch: 4 }))
    here.library.setPayers([])
    await here.buy('ann', 100)
    const [kept, left] = [firstEntryOf('log'), firstEntryOf('left', { content: 'of others' })]
    await here.block([...here.recording(kept, { begins: true }), ...here.recording(left, { begins: true })])
    await here.library.pin(log, true)
    for (let i = 0; i < 30; i++) await here.block(i === 20 ? here.recording(entryOf(log, { content: 'later' })) : [])
    while (await here.store.pruneStep());
    const text = await here.library.receipt(entryHash(kept))
    expect(claims(await here.library.verify(text, []))).toEqual({ ...all, 'entry-block': null, 'directory-block': null })
    expect(JSON.parse(text)).toMatchObject({ chain: log, index: 0, headers: [] })
    const { branch } = JSON.parse(text) as { branch: readonly { readonly top: string }[] }
    expect(claims(judgeExport(text, [branch.at(-1)!.top]))).toMatchObject({ 'entry-block': true, 'directory-block': true })
    await expect(here.library.receipt(entryHash(left))).rejects.toEqual(failing('not-found')) // nobody has its bytes
    here.others.set(entryHash(left), left)
    const bare = await here.library.receipt(entryHash(left))
    expect(JSON.parse(bare)).toMatchObject({ entryBlock: null, branch: null })
    expect(claims(await here.library.verify(bare, []))).toMatchObject({ 'state-proof': true, 'block': true, 'trust': true, 'entry-block': null })
  })

  test('of a block that is not safe yet ends in its own root, which is trusted once it is', async () => {
    const here = await LibraryDevice.of(await networkWith({ ann: 1_000_000 }), await memLedgerStore<object>({ states: 100, bodies: 100 }))
    await here.buy('ann', 100)
    here.safeBelow = 3
    const entry = firstEntryOf('log', { content: 'new' })
    await here.block(here.recording(entry, { begins: true }))
    const text = await here.library.receipt(entryHash(entry))
    expect(JSON.parse(text)).toMatchObject({ headers: [] })
    expect(claims(await here.library.verify(text, []))).toEqual({ ...all, trust: null })
    expect(claims(await here.library.verify(text, [here.ledger.head.root]))).toEqual(all)
    await here.blocks(3)
    expect(claims(await here.library.verify(text, []))).toEqual(all) // it became safe
  })
})
