import { HoldfastError, limits } from '../../base/index.ts'
import { setSize, writeAll, type SyncHandle } from '../../store/index.ts'
import { giveAway } from '../give-away.ts'
import type { Core } from './core.ts'

export const inputPath = '/in/input'
export const outputPath = '/output'

const ioError = 29

/** Of a file that failed under ffmpeg, which itself says only "I/O error". */
export interface Faults { fault: HoldfastError | null }

/**
 * Mounts `file` by WORKERFS, so that no more of it lies in memory than is read at once: in the core it would lie there as a whole. Read in larger pieces than the core asks for,
 * as long as it goes straight on.
 */
export function mountInput({ FS }: Core, file: Blob, faults: Faults, onRead: () => void): void {
  FS.mkdir('/in')
  FS.mount(FS.filesystems.WORKERFS, { blobs: [{ name: 'input', data: file }] }, '/in')
  const { node } = FS.lookupPath(inputPath)
  const { reader } = FS.filesystems.WORKERFS
  let [ahead, from] = [new Int8Array(0), 0]
  const fill = (position: number, length: number) => {
    const onward = position === from + ahead.length
    giveAway(ahead)
    ahead = new Int8Array(0)
    ahead = new Int8Array(reader.readAsArrayBuffer(file.slice(position, position + Math.max(length, onward ? limits.mediaReadBytes : 0))))
    from = position
  }
  node.stream_ops = {
    ...node.stream_ops,
    read(_stream, heap, offset, length, position) {
      onRead()
      if (position >= file.size || length === 0) return 0
      try {
        if (position < from || position >= from + ahead.length) fill(position, length)
      } catch (error) {
        faults.fault ??= new HoldfastError('file-unreadable', 'the file cannot be read, or was changed since it was chosen', {}, { cause: error })
        throw new FS.ErrnoError(ioError)
      }
      const part = ahead.subarray(position - from, position - from + length)
      heap.set(part, offset)
      return part.length
    },
  }
}

/** Makes `/output` of the core a file behind `handle`: what is written goes there at once, and is nowhere else. */
export function mountOutput({ FS }: Core, handle: SyncHandle, faults: Faults, onWrite: () => void): void {
  const node = FS.createFile('/', outputPath.slice(1), {}, true, true)
  const epoch = new Date(0)
  const guarded = <T>(work: () => T): T => {
    try { return work() } catch (error) {
      faults.fault ??= HoldfastError.from(error)
      throw new FS.ErrnoError(ioError)
    }
  }
  node.node_ops = {
    ...node.node_ops,
    getattr: () => ({
      dev: 1, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0, size: handle.getSize(),
      atime: epoch, mtime: epoch, ctime: epoch, blksize: 4096, blocks: Math.ceil(handle.getSize() / 4096),
    }),
    setattr(_node: unknown, { mode, size }: { readonly mode?: number, readonly size?: number }) {
      if (mode !== undefined) node.mode = mode
      if (size !== undefined) guarded(() => { setSize(handle, size) })
    },
  }
  node.stream_ops = {
    open() {},
    close() {},
    llseek: (stream, offset, whence) => whence === 1 ? stream.position + offset : whence === 2 ? handle.getSize() + offset : offset,
    read: (_stream, heap, offset, length, position) => guarded(() => handle.read(bytesOf(heap, offset, length), { at: position })),
    write(_stream, heap, offset, length, position) {
      onWrite()
      guarded(() => { writeAll(handle, position, bytesOf(heap, offset, length)) })
      return length
    },
  }
}

function bytesOf(heap: Int8Array, offset: number, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(heap.buffer as ArrayBuffer, heap.byteOffset + offset, length)
}
