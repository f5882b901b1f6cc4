import { HoldfastError } from '../base/index.ts'
import { findFile, opfsRoot } from './opfs.ts'
import { splitPath } from './paths.ts'

/**
 * A finished file of the OPFS bucket for contexts that only read: page, service worker, media worker. It needs no handle and works
 * beside anybody's. Take a fresh one for each use: once the file is moved or removed, a new read of an old `File` fails.
 * `not-found` where there is none.
 */
export async function openStoredFile(key: string, root = 'holdfast/content'): Promise<File> {
  const file = await findFile(await opfsRoot(), [...splitPath(root), ...splitPath(key)])
  if (file === null) throw new HoldfastError('not-found', 'no such file in the bucket', { key })
  try {
    return await file.getFile()
  } catch (error) {
    throw HoldfastError.from(error)
  }
}
