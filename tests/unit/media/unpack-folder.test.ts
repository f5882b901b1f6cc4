import { expect, test } from 'vitest'
import { HoldfastError } from '../../../src/base/index.ts'
import { unpackFolder } from '../../../src/media/index.ts'
import { archiveOf, noisy } from '../content/archive-help.ts'
import { text } from '../../contract/support/archives.ts'

/** As much of a folder of the person's disk as unpacking asks for. */
class FakeFolder {
  readonly kind = 'directory'
  readonly entries = new Map<string, FakeFolder | string>()
  constructor(readonly name: string) {}
  async * keys() { yield* this.entries.keys() }
  async getDirectoryHandle(name: string) {
    const folder = this.entries.get(name) as FakeFolder | undefined ?? new FakeFolder(name)
    this.entries.set(name, folder)
    return folder
  }
  async getFileHandle(name: string) {
    this.entries.set(name, name)
    return { name, createWritable: async () => ({ write: async () => {}, close: async () => {}, abort: async () => {} }) }
  }
  async removeEntry(name: string) { this.entries.delete(name) }
}

const archive = archiveOf([{ path: 'a/one', bytes: text('one') }, { path: 'a/two', bytes: noisy(300_000) }])
const members = [{ path: 'a/one', size: 3, offset: 512 }, { path: 'a/two', size: 300_000, offset: 1536 }]

test('what is stopped before it has begun unpacks nothing', async () => {
  for (const early of [true, false]) {
    const parent = new FakeFolder('parent')
    const stop = new AbortController()
    if (early) stop.abort(new HoldfastError('aborted', 'stopped'))
    const unpacking = unpackFolder(new Blob([archive]), members, parent as unknown as FileSystemDirectoryHandle, 'trip', { signal: stop.signal })
    stop.abort(new HoldfastError('aborted', 'stopped'))
    await expect(unpacking).rejects.toMatchObject({ code: 'aborted', data: { files: 0 } })
    expect([...parent.entries.keys()]).toEqual([])
  }
})

test('what nobody stops is unpacked', async () => {
  const parent = new FakeFolder('parent')
  expect(await unpackFolder(new Blob([archive]), members, parent as unknown as FileSystemDirectoryHandle, 'trip')).toEqual({ folder: 'trip', files: 2, bytes: 300_003 })
})
