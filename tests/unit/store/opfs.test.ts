import { describe, expect, test } from 'vitest'
import { moveFile, openHandle, whenHandedOver } from '../../../src/store/opfs.ts'
import { MemFile } from '../../../src/store/mem-file.ts'

const content = Uint8Array.of(1, 2, 3)
const locked = new DOMException('locked', 'NoModificationAllowedError')

/** A file of a browser that knows handles, and moving where `move` is given. */
function fakeFile(disk: MemFile, move?: (...args: unknown[]) => Promise<void>): FileSystemFileHandle {
  const bytes = new Uint8Array(disk.getSize())
  disk.read(bytes, { at: 0 })
  return { kind: 'file', createSyncAccessHandle: async () => disk, getFile: async () => new Blob([bytes]), ...move === undefined ? {} : { move } } as unknown as FileSystemFileHandle
}

function diskWith(bytes: Uint8Array): MemFile {
  const disk = new MemFile(() => Infinity)
  disk.write(bytes, { at: 0 })
  return disk
}

describe('moveFile', () => {
  const folderOf = (target: MemFile): FileSystemDirectoryHandle => ({ getFileHandle: async () => fakeFile(target) }) as unknown as FileSystemDirectoryHandle

  test('moves where the browser can, and tries again while a dying context holds the file', async () => {
    const calls: unknown[][] = []
    const folder = folderOf(new MemFile(() => 0))
    await moveFile(fakeFile(diskWith(content), async (...args) => {
      calls.push(args)
      if (calls.length < 3) throw locked
    }), folder, 'name', async () => { throw new Error('removed') })
    expect(calls).toEqual([[folder, 'name'], [folder, 'name'], [folder, 'name']])
  })

  test('elsewhere copies whole, then removes', async () => {
    const target = diskWith(Uint8Array.of(9, 9, 9, 9, 9))
    let removed = 0
    await moveFile(fakeFile(diskWith(content)), folderOf(target), 'name', async () => {
      removed++
      expect(target.getSize()).toBe(3)
    })
    const bytes = new Uint8Array(3)
    target.read(bytes, { at: 0 })
    expect([bytes, removed]).toEqual([content, 1])
  })

  test('a copy that does not fit removes nothing', async () => {
    await expect(moveFile(fakeFile(diskWith(content)), folderOf(new MemFile(() => 2)), 'name', async () => { throw new Error('removed') })).rejects.toMatchObject({ code: 'storage-full' })
  })
})

describe('a lock', () => {
  const failing = (error: Error): FileSystemFileHandle => ({ createSyncAccessHandle: async () => { throw error } }) as unknown as FileSystemFileHandle

  test.each(['NoModificationAllowedError', 'InvalidStateError'])('by the name %s is busy', async name => {
    await expect(openHandle(failing(new DOMException('locked', name)), 'readwrite')).rejects.toMatchObject({ code: 'storage-busy' })
  })

  test('where there are no handles at all it is unsupported', async () => {
    await expect(openHandle({} as FileSystemFileHandle, 'readwrite')).rejects.toMatchObject({ code: 'unsupported' })
  })

  test('any other failure is not waited for', async () => {
    let tries = 0
    await expect(whenHandedOver(async () => {
      tries++
      throw new DOMException('gone', 'NotFoundError')
    })).rejects.toMatchObject({ code: 'not-found' })
    expect(tries).toBe(1)
  })
})
