import { expect, test } from 'vitest'
import { addressOfBytes, encode } from '../../../src/base/index.ts'
import { publication, type PublishedFile } from '../../../src/content/index.ts'
import type { PublishOrder } from '../../../src/peer/publish-api.ts'
import { checkOrder, isProtected, publishRecord, type PublishMade } from '../../../src/peer/publish-record.ts'

const file = (digit: string): PublishedFile => ({ cid: digit.repeat(64), size: 10, infohash: digit.repeat(40), audit: digit.repeat(64) })
const order: PublishOrder = {
  files: [{ path: 'a.wav', file: new File(['a'], 'a.wav') }], covers: [], kind: 'audio', title: ' Harbour at 4 a.m. ', about: 'One night', tags: ['sea '], protect: true, policy: 'public', holders: [], keepers: [], wanted: null, until: 4,
}
const someone = addressOfBytes(new Uint8Array(20).fill(7))
const made: PublishMade = { file: file('1'), images: [file('2')], plain: '3'.repeat(64), maker: 'maker-1', key: '4'.repeat(64) }
const record = (change: Partial<PublishOrder> = {}) => publishRecord({ ...order, ...change }, made)
const codeOf = (change: Partial<PublishOrder>) => { try { checkOrder({ ...order, ...change }); return 'taken' } catch (error) { return (error as { code: string }).code } }

test('a record is what the ledger takes', () => {
  const { holders, ...rest } = record()
  expect(rest).toMatchObject({ kind: 'audio', protected: true, title: 'Harbour at 4 a.m.', tags: ['sea'], policy: { public: '4'.repeat(64) }, rent: null, until: 4, keepers: [] })
  expect(() => encode(publication, { ...rest, keyCommit: '5'.repeat(64), holders: [] })).not.toThrow()
  expect(holders).toEqual([])
})

test('which recording it is, is told where anybody may hear it, and nowhere else', () => {
  expect([record(), record({ policy: { pay: { price: 5, share: 0 } } }), record({ policy: 'owner' }), record({ policy: { list: [someone] } })].map(({ plain }) => plain)).toEqual([made.plain, made.plain, null, null])
})

test('keepers are asked without rent, for as long as it stands', () => {
  expect(record({ wanted: 3, until: 13 }).rent).toEqual({ each: 0, periods: 13, wanted: 3 })
})

test('what is protected: music always, pictures never, archives as the person says', () => {
  expect((['audio', 'image', 'archive'] as const).map(kind => [isProtected({ kind, protect: true }), isProtected({ kind, protect: false })])).toEqual([[true, true], [false, false], [true, false]])
})

test('files that together are more than a record can name are refused before they are read', () => {
  const large = (size: number) => [{ path: 'a.bin', file: Object.defineProperty(new File([''], 'a.bin'), 'size', { value: size }) }]
  expect([2 ** 36, 2 ** 36 + 1].map(size => codeOf({ kind: 'archive', protect: false, policy: 'open', files: large(size) }))).toEqual(['taken', 'too-large'])
  expect(codeOf({ files: large(2 ** 36 + 1) }), 'what becomes of a recording is known once it is made').toBe('taken')
})

test('what no network would take is refused before anything is made', () => {
  const many = Array.from({ length: 9 }, () => new File([''], 'c.png'))
  expect([
    {}, { files: [] }, { files: [...order.files, ...order.files] }, { covers: many }, { title: ' ' }, { title: 'x'.repeat(129) }, { about: 'x'.repeat(513) }, { tags: [''] }, { tags: Array.from({ length: 9 }, () => 'x') },
    { until: 0 }, { until: 53 }, { policy: 'open' as const }, { kind: 'archive' as const, protect: false }, { kind: 'archive' as const, protect: false, policy: 'open' as const }, { kind: 'image' as const, policy: 'open' as const },
    { kind: 'image' as const, policy: 'open' as const, covers: many.slice(1) }, { holders: ['nobody'] }, { keepers: [someone] }, { keepers: [someone], wanted: 1 }, { keepers: [someone], wanted: 2 },
  ].map(codeOf)).toEqual([
    'taken', 'bad-input', 'bad-input', 'bad-input', 'bad-input', 'bad-input', 'bad-input', 'bad-input', 'bad-input', 'bad-input', 'bad-input', 'bad-input', 'bad-input', 'taken', 'taken', 'bad-input', 'bad-input', 'bad-input', 'taken', 'bad-input',
  ])
})
