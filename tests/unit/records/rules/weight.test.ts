import { expect, test } from 'vitest'
import { limits } from '../../../../src/base/index.ts'
import { recordWeight } from '../../../../src/records/index.ts'
import { RecordScales } from '../../../../src/records/rules/weight.ts'
import { chainNamed, commitTo, commitToChain, entryOf, firstEntryOf, payment, signer } from '../../../support/records.ts'

const eve = signer('Eve')
const first = firstEntryOf('chain')

test('what a record may cost is told by its bytes', () => {
  expect(recordWeight(commitTo(first, eve, { time: 1 }))).toEqual({ signatures: 1, outputs: 0 })
  expect(recordWeight(commitToChain(first, eve, { time: 1 }))).toEqual({ signatures: 1, outputs: 0 })
  expect(recordWeight(payment({ time: 1, from: [[9, eve], [9, eve]], to: [[1, eve.address], [1, eve.address], [1, eve.address]], buy: [[1, eve.publicKey]] }))).toEqual({ signatures: 2, outputs: 4 })
  expect(recordWeight(first)).toEqual({ signatures: 0, outputs: 0 })
  // An entry of a commit's length may be one.
  for (const length of [135, 136, 137, 199, 200, 201]) expect(recordWeight(entryOf(chainNamed('chain'), { payload: length - 35 })).signatures, String(length)).toBe(length === 136 || length === 200 ? 1 : 0)
  for (const bytes of [[], [2], [2, 0, 0, 0, 0, 0, 0, 255]]) expect(recordWeight(Uint8Array.from(bytes))).toEqual({ signatures: bytes[7] ?? 0, outputs: 0 })
})

test('what is refused does not count', () => {
  const scales = new RecordScales()
  const heavy = Uint8Array.from([2, 0, 0, 0, 0, 0, 0, limits.recordSignatures, 255, 255])
  for (let i = 0; i < 3; i++) expect(scales.judge(heavy)).toBeNull()
  scales.add(heavy)
  expect(scales.judge(Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 1, 0, 0]))).toMatchObject({ rule: 'record-excess' })
  expect(scales.judge(Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 1, 1]))).toBeNull()
  expect(scales.judge(Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 2, 1]))).toMatchObject({ rule: 'record-excess' })
})
