import { expect, test } from 'vitest'
import { dutyReason } from '../../../src/content/index.ts'
import { asPictureOf, picturesOf } from '../../../src/peer/picture-of.ts'
import type { ContentRow } from '../../../src/store/index.ts'
import { goingWith, listed } from '../../../src/ui/publication-items.ts'
import { got } from '../../support/ui-states.ts'

const cid = (digit: string): string => digit.repeat(64)
const duty = (upload: string): string => dutyReason('obliged', 'net', { cid: cid(upload), owner: 'T' }, cid('c'))
const row = (reasons: readonly string[], pictureOf?: readonly string[]): ContentRow => ({ cid: cid('c'), reasons, ...pictureOf === undefined ? {} : { pictureOf } }) as ContentRow

test.each<[string, ContentRow, readonly string[]]>([
  ['fetched with its upload', row(['wanted'], [cid('a')]), [cid('a')]],
  ['published with it', row(['own'], [cid('a')]), [cid('a')]],
  ['kept for its upload', row([duty('a')]), [cid('a')]],
  ['kept for one, fetched with another', row(['wanted', duty('a')], [cid('b')]), [cid('b'), cid('a')]],
  ['given on', row(['wanted', 'samaritan'], [cid('a')]), [cid('a')]],
  ['fetched for itself', row(['wanted']), []],
  ['fetched for itself, and kept', row(['wanted', duty('a')]), []],
  ['an upload itself', row([duty('c')]), []],
  ['pinned', row(['wanted', 'pinned'], [cid('a')]), []],
  ['shared by link', row(['own', 'shared'], [cid('a')]), []],
  ['of a thread', row(['attachment'], [cid('a')]), []],
])('%s', (_, held, uploads) => { expect(picturesOf(held)).toEqual(uploads) })

test('what was here for itself stays so; what is wanted for itself is no picture alone any more', () => {
  expect(asPictureOf(row(['wanted']), cid('a'))).toEqual(row(['wanted']))
  expect(asPictureOf(row(['own']), cid('a'), true)).toEqual(row(['own'], [cid('a')]))
  expect(asPictureOf(row(['wanted'], [cid('a')]), cid('b'))).toEqual(row(['wanted'], [cid('a'), cid('b')]))
  expect(asPictureOf(row(['wanted'], [cid('a')]), cid('a'))).toEqual(row(['wanted'], [cid('a')]))
  expect(asPictureOf(row(['wanted'], [cid('a')]), null)).toEqual(row(['wanted']))
})

test('pictures are listed with what they belong to, and by themselves where that is not here; they go with the last one', () => {
  const item = (digit: string, ...of: readonly string[]) => ({ ...got, cid: cid(digit), pictureOf: of.map(cid) })
  const [song, other, cover, both, lone] = [item('a'), item('b'), item('1', 'a'), item('2', 'a', 'b'), item('3', 'd')]
  const { items, picturesIn } = listed([song, cover, other, both, lone])
  expect(items).toEqual([song, other, lone])
  expect([picturesIn(song), picturesIn(other)]).toEqual([[cover, both], [both]])
  expect(goingWith([song, cover, other, both, lone], song)).toEqual([cover])
  expect(goingWith([song, cover, both], song)).toEqual([cover, both])
})
