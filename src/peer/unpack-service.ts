import { HoldfastError, type Cid } from '../base/index.ts'
import { unpackFolder, type Unpacked } from '../media/index.ts'
import { openHeld, type HeldFrom } from './held-file.ts'

/** What the unpacking worker does, once; to be ended afterwards. */
export interface UnpackService {
  /** Unpacks all files of a finished archive into a fresh folder in `parent`; see `unpackFolder`. */
  unpack(cid: Cid, parent: FileSystemDirectoryHandle, onProgress?: (done: number) => void): Promise<Unpacked>
  /** Ends it: `unpack` fails with `aborted` once the file it was at is removed. */
  stop(): Promise<void>
}

export function createUnpackService(from: HeldFrom): UnpackService {
  const stopped = new AbortController()
  return {
    async unpack(cid, parent, onProgress) {
      const file = await openHeld(cid, from)
      if (!file.whole || file.members === null) throw new HoldfastError('not-found', 'its files are not all here')
      return await unpackFolder(await file.plain(), file.members, parent, file.title, { signal: stopped.signal, ...onProgress === undefined ? {} : { onProgress } })
    },
    async stop() { stopped.abort(new HoldfastError('aborted', 'stopped')) },
  }
}
