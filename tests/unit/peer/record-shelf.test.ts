import { expect, test } from 'vitest'
import '../../../src/relay/node20.ts'
import { GroupCommit } from '../../../src/peer/group-commit.ts'
import { RecordShelf } from '../../../src/peer/record-shelf.ts'
import type { RecordChanges, RecordStore } from '../../../src/peer/record-values.ts'

/** A disk whose writes take as long as a test says. */
function disk(): { readonly store: RecordStore, readonly kept: Map<string, unknown>, hold: Promise<void> | null } {
  const kept = new Map<string, unknown>()
  const made = {
    kept, hold: null as Promise<void> | null,
    store: {
      value: async (name: string) => kept.get(name) ?? null,
      values: async (prefix: string) => [...kept].filter(([name]) => name.startsWith(prefix)),
      async setValues(changes: RecordChanges) {
        await made.hold
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined) kept.delete(name)
          else kept.set(name, value)
        }
      },
    } as unknown as RecordStore,
  }
  return made
}

const fresh = { wish: 'w', owner: 'T', made: 1, chain: 'c', entryHash: 'e', begins: false, after: null, credits: 1, copies: 0, entry: new Uint8Array([1]) }

test('what is forgotten just as it is signed stays forgotten', async () => {
  const made = disk()
  const shelf = await RecordShelf.open(made.store, new GroupCommit(made.store))
  await shelf.add([fresh])
  const [live] = shelf.all()
  const free = Promise.withResolvers<void>()
  made.hold = free.promise
  const forgotten = shelf.forget([live!])
  const signed = shelf.keep([[live!, { commits: [{ bytes: new Uint8Array([2]), time: 1 }] }]])
  free.resolve()
  await Promise.all([forgotten, signed])
  expect([...made.kept.keys()]).toEqual([])
  expect((await RecordShelf.open(made.store, new GroupCommit(made.store))).size).toBe(0)
})

test('where it could not be forgotten it is kept on', async () => {
  const made = disk()
  const shelf = await RecordShelf.open(made.store, new GroupCommit(made.store))
  await shelf.add([fresh])
  const [live] = shelf.all()
  made.hold = Promise.reject(new Error('full'))
  await expect(shelf.forget([live!])).rejects.toThrow('full')
  made.hold = null
  await shelf.keep([[live!, { spent: true }]])
  expect(made.kept.get('record/000000000001')).toMatchObject({ spent: true })
})
