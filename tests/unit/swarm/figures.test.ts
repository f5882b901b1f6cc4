import { expect, test } from 'vitest'
import { PieceMap, addPiece, hasPiece, piecesIn } from '../../../src/swarm/bitfield.ts'
import { RateWindow } from '../../../src/swarm/rate.ts'

test('bitfields as BEP 3 has them: the first piece is the highest bit', () => {
  const pieces = new PieceMap(9 * 4 + 1, 4)
  const bitfield = pieces.empty()
  expect(bitfield).toHaveLength(2)
  for (const index of [0, 7, 9]) addPiece(bitfield, index)
  expect(bitfield).toEqual(Uint8Array.of(0b1000_0001, 0b0100_0000))
  expect(piecesIn(bitfield, pieces.count)).toEqual([0, 7, 9])
  expect(pieces.bytes(index => hasPiece(bitfield, index))).toBe(9)
  expect([pieces.count, pieces.length(8), pieces.length(9)]).toEqual([10, 4, 1])
})

test('a rate is that of the last five seconds', () => {
  const rate = new RateWindow()
  const seen = Array.from({ length: 41 }, (_, index) => rate.sample(250 * index, 1000 * Math.min(index, 20)))
  expect(seen[0]).toBe(0)
  expect(seen[1]).toBe(2000) // one sample says little: as if it were half a second
  expect(seen.slice(3, 20).every(value => value === 4000)).toBe(true)
  expect(seen[40]).toBe(0)
  expect(seen[30]).toBe(2000)
})
