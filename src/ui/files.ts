import type { SourceFile } from './types.ts'

/** The files of an input; those of a chosen folder keep their path in it. */
export function chosenFiles(list: FileList): SourceFile[] {
  return Array.from(list, file => ({ file, path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath }))
}

/** How many things are being dragged over, 0 when they are no files. */
export function draggedCount(transfer: DataTransfer | null): number {
  return Array.from(transfer?.items ?? []).filter(item => item.kind === 'file').length
}

/** Whether files are being dragged: while over the page some browsers tell only this. */
export function dragsFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false
}

/**
 * The dropped files, folders walked through to the bottom.
 * Entries must be taken from `transfer` before the first wait: it is emptied when the drop event is over.
 * @throws DOMException when one of them cannot be read
 */
export async function droppedFiles(transfer: DataTransfer): Promise<SourceFile[]> {
  const taken = Array.from(transfer.items).filter(item => item.kind === 'file')
    .map(item => item.webkitGetAsEntry() ?? item.getAsFile())
  const found = await Promise.all(taken.map(async one =>
    one === null ? [] : one instanceof File ? [{ file: one, path: one.name }] : await filesOf(one)))
  return found.flat()
}

async function filesOf(entry: FileSystemEntry): Promise<SourceFile[]> {
  const path = entry.fullPath.replace(/^\//, '')
  if (isFile(entry)) return [{ file: await new Promise<File>((done, fail) => { entry.file(done, fail) }), path }]
  if (!isFolder(entry)) return []
  const reader = entry.createReader()
  const found: SourceFile[] = []
  for (;;) {
    // A reader gives its entries in parts (100 in Chromium) and an empty one at the end.
    const part = await new Promise<FileSystemEntry[]>((done, fail) => { reader.readEntries(done, fail) })
    if (part.length === 0) return found
    for (const inner of part) found.push(...await filesOf(inner))
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

/** Hands something made here to the browser as an ordinary download. */
export function saveBytes(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => { URL.revokeObjectURL(address) }) // the download has begun when this task is over
}
