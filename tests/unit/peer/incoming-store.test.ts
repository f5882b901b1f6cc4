import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import '../../../src/relay/node20.ts'
import { cleanIncoming, keepIncoming, takeIncoming } from '../../../src/peer/incoming-store.ts'

const absent = (): Error => Object.assign(new Error(), { name: 'NotFoundError' })

/** A folder in memory, as far as it is asked; a file is there, empty, before it is written. */
class Folder {
  readonly there = new Map<string, Folder | Blob[]>()
  /** Before the names are told. */
  onKeys: () => Promise<void> = async () => {}

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<Folder> {
    const known = this.there.get(name)
    if (known instanceof Folder) return await Promise.resolve(known)
    if (!create) throw absent()
    const made = new Folder()
    this.there.set(name, made)
    return made
  }

  async getFileHandle(name: string) {
    const bytes = this.there.get(name) as Blob[] | undefined ?? []
    this.there.set(name, bytes)
    return await Promise.resolve({
      createWritable: async () => {
        await written
        return new WritableStream<Uint8Array<ArrayBuffer>>({ write: chunk => { bytes.push(new Blob([chunk])) } })
      },
      getFile: async () => await Promise.resolve(new File(bytes, name)),
    })
  }

  async removeEntry(name: string): Promise<void> {
    await Promise.resolve()
    if (!this.there.delete(name)) throw absent()
  }

  async * keys() {
    const names = [...this.there.keys()]
    await this.onKeys()
    yield* names
  }
}

let root: Folder
/** Files are written once it resolves. */
let written: Promise<void>
const held = new Map<string, Promise<unknown>>()

/** Web Locks, as far as they are asked. */
const locks = {
  async request(name: string, ...[options, then]: [object, (lock: object | null) => Promise<unknown>] | [() => Promise<unknown>]): Promise<unknown> {
    const task = then ?? options as () => Promise<unknown>
    if (then !== undefined && held.has(name)) return await task(null)
    await held.get(name)
    const holding = task({})
    held.set(name, holding)
    try { return await holding } finally { held.delete(name) }
  },
}

beforeEach(() => {
  root = new Folder()
  written = Promise.resolve()
  held.clear()
  vi.stubGlobal('navigator', { locks, storage: { getDirectory: async () => await Promise.resolve(root) } })
})
afterEach(() => { vi.unstubAllGlobals() })

const place = async (): Promise<Folder> => await (await root.getDirectoryHandle('holdfast', { create: true })).getDirectoryHandle('incoming', { create: true })
const sizes = (taken: Awaited<ReturnType<typeof takeIncoming>>): number[] => taken.flatMap(({ files }) => files.map(({ file }) => file.size))
const files = [{ name: 'a', file: new Blob(['abc']) }]

test('a page takes nothing that is still being written', async () => {
  const free = Promise.withResolvers<void>()
  written = free.promise
  const kept = keepIncoming(files)
  await vi.waitFor(async () => { expect((await place()).there.size).toBe(1) })
  expect(sizes(await takeIncoming())).toEqual([])
  free.resolve()
  await kept
  expect(sizes(await takeIncoming())).toEqual([3])
})

test('what another page lets go of meanwhile keeps nothing else from being taken', async () => {
  for (let i = 0; i < 3; i++) await keepIncoming(files)
  const at = await place()
  at.onKeys = async () => { await at.removeEntry([...at.there.keys()].sort()[1]!) }
  expect(sizes(await takeIncoming())).toEqual([3, 3])
  held.clear()
  at.onKeys = async () => { await at.removeEntry([...at.there.keys()].sort()[0]!) }
  await cleanIncoming(Date.now() + 10 * 86_400_000)
  expect(at.there.size).toBe(0)
})
