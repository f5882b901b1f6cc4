import { expect, test } from 'vitest'
import { draggedCount, dragsFiles, droppedFiles } from '../../../src/ui/files.ts'

const file = (fullPath: string) => ({
  isFile: true, isDirectory: false, fullPath,
  file: (done: (file: File) => void) => { done(new File([fullPath], fullPath)) },
})

/** A folder whose reader gives its entries two at a time, as browsers give theirs a hundred at a time. */
function folder(fullPath: string, inner: readonly object[]) {
  return {
    isFile: false, isDirectory: true, fullPath,
    createReader: () => {
      let at = 0
      return { readEntries: (done: (part: readonly object[]) => void) => { done(inner.slice(at, at += 2)) } }
    },
  }
}

function transfer(entries: readonly (object | null)[]): DataTransfer {
  const items = entries.map(entry => ({ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => new File(['x'], 'plain.txt') }))
  return { types: ['Files'], items: [...items, { kind: 'string' }] } as unknown as DataTransfer
}

test('dropped folders are walked to the bottom, and every file keeps its path', async () => {
  const deep = folder('/maps/leith', [file('/maps/leith/1890.png')])
  const dropped = transfer([folder('/maps', [file('/maps/a'), file('/maps/b'), deep, folder('/maps/empty', [])]), file('/one.txt'), null])
  expect((await droppedFiles(dropped)).map(({ path }) => path)).toEqual(['maps/a', 'maps/b', 'maps/leith/1890.png', 'one.txt', 'plain.txt'])
})

test('a file that cannot be read fails the drop', async () => {
  const locked = { ...file('/locked'), file: (_done: unknown, fail: (error: Error) => void) => { fail(new Error('locked')) } }
  await expect(droppedFiles(transfer([locked]))).rejects.toThrow('locked')
})

test('only files count as dragged', () => {
  expect(draggedCount(transfer([file('/a'), file('/b')]))).toBe(2)
  expect(draggedCount(null)).toBe(0)
  expect(dragsFiles({ types: ['text/plain'] } as unknown as DataTransfer)).toBe(false)
})
