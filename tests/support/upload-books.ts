import { expect } from 'vitest'
import { decode, type Address, type Cid } from '../../src/base/index.ts'
import { uploadBytes } from '../../src/content/index.ts'
import { keys, type KeyList, type StateKey, type UploadRow } from '../../src/state/index.ts'
import { must, type MapState } from './ledger.ts'

/** All uploads of a state. */
export function uploadsIn(state: MapState): readonly { readonly cid: Cid, readonly owner: Address, readonly row: UploadRow }[] {
  return rowsOf(state, /^upload\/([0-9a-f]{64})\/(T\w+)$/, keys.upload('', '')).map(([, [cid = '', owner = ''], row]) => ({ cid, owner, row }))
}

/** All purchases that are not settled. */
export function purchasesIn(state: MapState): readonly { readonly cid: Cid, readonly owner: Address, readonly buyer: Address, readonly granted: boolean }[] {
  return rowsOf(state, /^access\/([0-9a-f]{64})\/(T\w+)\/(T\w+)$/, keys.access('', '', ''))
    .flatMap(([, [cid = '', owner = '', buyer = ''], { purchase }]) => purchase?.settled === false ? [{ cid, owner, buyer, granted: purchase.grant !== null }] : [])
}

function rowsOf<T>(state: MapState, pattern: RegExp, { codec }: StateKey<T>): (readonly [name: string, parts: readonly string[], row: T])[] {
  return [...state.rows].flatMap(([name, bytes]) => {
    const found = pattern.exec(name)
    return found === null ? [] : [[name, found.slice(1), must(decode(codec, bytes))] as const]
  })
}

/** Every list says what the rows say, and nothing hangs in the air: looked at from both sides. */
export async function expectBooksToFit(state: MapState): Promise<void> {
  const uploads = uploadsIn(state)
  const list = async <T>(of: KeyList<T>): Promise<(T | null)[]> => await Promise.all(Array.from({ length: await state.read(of.total) ?? 0 }, async (_, i) => await state.read(of.at(i))))
  const sorted = (names: readonly unknown[]): unknown[] => names.map(String).sort()

  const all = await list(keys.uploads)
  expect(sorted(all)).toEqual(sorted(uploads.map(({ cid, owner }) => [cid, owner])))
  for (const { cid, owner, row } of uploads) {
    expect(all[row.index]).toEqual([cid, owner])
    expect(await state.read(keys.by(owner).at(row.byOwner))).toBe(cid)
    expect(row.holds).toHaveLength(row.publication.holders.length)
    for (const [i, { address }] of row.publication.holders.entries()) expect(await state.read(keys.holds(address).at(row.holds[i]!))).toEqual([cid, owner])
    for (const keeper of row.kept) {
      const duty = await state.read(keys.kept(cid, owner, keeper))
      expect(await state.read(keys.duty(keeper, duty?.i ?? -1))).toEqual([cid, owner])
    }
  }
  for (const owner of new Set(uploads.map(upload => upload.owner))) expect(sorted(await list(keys.by(owner)))).toEqual(sorted(uploads.filter(upload => upload.owner === owner).map(({ cid }) => cid)))
  for (const cid of new Set(uploads.map(upload => upload.cid))) expect((await state.read(keys.uploadsOf(cid)))?.count).toBe(uploads.filter(upload => upload.cid === cid).length)

  const keepers = rowsOf(state, /^keeper\/(T\w+)$/, keys.keeper(''))
  expect(sorted(await list(keys.keepers))).toEqual(sorted(keepers.map(([, [address]]) => address)))
  for (const [, [address = ''], { index, count, load }] of keepers) {
    const kept = uploads.filter(({ row }) => row.kept.includes(address))
    expect(await state.read(keys.keepers.at(index))).toBe(address)
    expect([count, load]).toEqual([kept.length, kept.reduce((sum, { row }) => sum + uploadBytes(row.publication), 0)])
  }

  const count = (pattern: RegExp): number => [...state.rows.keys()].filter(name => pattern.test(name)).length
  const sum = (of: (row: UploadRow) => number): number => uploads.reduce((total, { row }) => total + of(row), 0)
  expect(count(/^upload\/\d+$/)).toBe(uploads.length)
  expect(count(/^upload\/[0-9a-f]{64}$/)).toBe(new Set(uploads.map(({ cid }) => cid)).size)
  expect(count(/^by\/T\w+\/\d+$/)).toBe(uploads.length)
  expect(count(/^by\/T\w+\/total$/)).toBe(new Set(uploads.map(({ owner }) => owner)).size)
  expect(count(/^holds\/T\w+\/\d+$/)).toBe(sum(row => row.holds.length))
  expect(count(/^upload\/[0-9a-f]{64}\/T\w+\/kept\//)).toBe(sum(row => row.kept.length))
  expect(count(/^keeper\/T\w+\/\d+$/)).toBe(sum(row => row.kept.length))
  for (const name of state.rows.keys()) if (name.startsWith('escrow/')) expect(state.rows.has(name.replace('escrow/', 'upload/'))).toBe(true)
  expect(await state.read(keys.uploadCursor) ?? 0).toBeLessThan(Math.max(1, uploads.length))
}
