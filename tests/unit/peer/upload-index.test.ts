import { expect, test } from 'vitest'
import { UploadIndex, type IndexedUpload } from '../../../src/peer/upload-index.ts'

const [ann, bob] = ['TY8pvmmcNyr6NUy7LVXotxQeLiaMgd1RTX', 'TYPFsuqKiNaeJQbKGYYJbqiVaEoGSmS2CD']
const cidOf = (number: number): string => number.toString(16).padStart(8, '0').repeat(8)

function upload(number: number, change: Partial<IndexedUpload> = {}): IndexedUpload {
  return { cid: cidOf(number), owner: ann, kind: 'audio', title: `Title ${number}`, about: '', tags: [], block: number, withdrawn: false, until: 1_000, asks: null, taken: [], bytes: 1_000, protected: true, copies: 0, ...change }
}

function titles(index: UploadIndex, text = '', change: Partial<Parameters<UploadIndex['search']>[0]> = {}, me: string | null = null, hidden: (each: IndexedUpload) => boolean = () => false): readonly string[] {
  return index.search({ text, kind: null, owner: null, own: false, from: 0, most: 50, ...change }, me, hidden).uploads.map(({ title }) => title)
}

test('whatever comes, goes and changes in whatever order, the newest are first', () => {
  let state = 7
  const below = (most: number): number => {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0
    return (state >>> 8) % most
  }
  const [index, model] = [new UploadIndex(), new Map<string, IndexedUpload>()]
  for (let step = 0; step < 3_000; step++) {
    const cid = cidOf(below(60))
    if (below(3) === 0) {
      index.drop({ cid, owner: ann })
      model.delete(cid)
    } else {
      const known = model.get(cid)
      const each = upload(0, { cid, title: `${step}`, block: known !== undefined && below(4) > 0 ? known.block : below(20) })
      index.set(each)
      model.set(cid, each)
    }
    if (step % 7 !== 0) continue
    const expected = [...model.values()].sort((a, b) => b.block - a.block || (a.cid < b.cid ? 1 : -1)).map(({ title }) => title)
    expect(titles(index, '', { most: 100 })).toEqual(expected)
    expect(index.size).toBe(model.size)
    expect(index.newest).toBe(Math.max(0, ...[...model.values()].map(({ block }) => block)))
  }
})

test('words are found wherever they stand, without case and accents; all of them must be there', () => {
  const index = new UploadIndex()
  index.set(upload(1, { title: 'Été à la Plage', tags: ['Ambient'] }))
  index.set(upload(2, { title: 'Plague', about: 'été' }))
  expect(titles(index, 'ete')).toEqual(['Plague', 'Été à la Plage'])
  expect(titles(index, '  ÉTÉ   ambient ')).toEqual(['Été à la Plage'])
  expect(titles(index, 'été plage plague')).toEqual([])
})

test('a content id is found by its beginning, an address as it is; pages, kinds and owners', () => {
  const index = new UploadIndex()
  for (let i = 1; i <= 5; i++) index.set(upload(i, { owner: i % 2 === 0 ? bob : ann, kind: i === 5 ? 'image' : 'audio' }))
  expect(titles(index, cidOf(3))).toEqual(['Title 3'])
  expect(titles(index, cidOf(3).slice(0, 8))).toEqual(['Title 3'])
  expect(titles(index, cidOf(3).slice(0, 7))).toEqual([])
  expect(titles(index, bob)).toEqual(['Title 4', 'Title 2'])
  expect(titles(index, bob.toLowerCase())).toEqual([])
  expect(titles(index, '', { kind: 'image' })).toEqual(['Title 5'])
  expect(titles(index, '', { owner: bob })).toEqual(['Title 4', 'Title 2'])
  expect(titles(index, '', { own: true }, ann)).toEqual(['Title 5', 'Title 3', 'Title 1'])
  expect(titles(index, '', { own: true }, null)).toEqual([])
  expect(titles(index, '', { from: 1, most: 2 })).toEqual(['Title 4', 'Title 3'])
  expect(index.search({ text: '', kind: null, owner: null, own: false, from: 4, most: 5 }, null, ({ block }) => block === 2)).toEqual({ uploads: [], total: 4 })
})

const isActive = (keeper: string): boolean => keeper === ann

test('offers are those that ask for this account or anybody, the oldest first, and none of its own or withdrawn', () => {
  const index = new UploadIndex()
  index.set(upload(4, { asks: [bob] }))
  index.set(upload(2, { asks: 'anybody' }))
  index.set(upload(3, { asks: [ann] }))
  index.set(upload(5, { asks: 'anybody', owner: bob }))
  index.set(upload(6, { asks: [bob], withdrawn: true }))
  expect(index.offersTo(bob, isActive).map(({ block }) => block)).toEqual([2, 4])
  index.set(upload(7, { asks: 'anybody', taken: [ann] }))
  index.set(upload(8, { asks: 'anybody', taken: [ann, 'Tgone'] }))
  expect(index.offersTo(bob, isActive).map(({ block }) => block)).toEqual([2, 4, 8]) // one of its keepers has his place no more
  index.drop(upload(8))
  index.set(upload(2))
  index.drop(upload(4))
  expect(index.offersTo(bob, isActive)).toEqual([])
})
