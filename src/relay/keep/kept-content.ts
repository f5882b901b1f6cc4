import { limits, type Clock } from '../../base/index.ts'
import { SectionPass, contentKey } from '../../content/index.ts'
import { SectionShelf, type ContentDesk, type ContentSource, type GivenFile, type ShelvedFile } from '../../net/index.ts'
import { readRange, type Bucket } from '../../store/index.ts'
import type { KeptFile, KeptFiles } from './kept-files.ts'
import { runningSha256 } from './running-sha256.ts'

export interface KeptContentParts {
  readonly files: KeptFiles
  readonly clock: Clock
  /** Whether a file may be given, by the list of what is blocked. */
  gives(file: KeptFile): boolean
  /** A stored file is not what was placed. */
  damaged(file: KeptFile): void
}

/** Files as they are given over the content protocol. */
export type KeptContent = ContentSource & Pick<ContentDesk, 'section'>

/** What a relay keeps, as any peer gives what it has: who has what, info dictionaries and sections. */
export function keptContent({ files, clock, gives, damaged }: KeptContentParts): KeptContent {
  const given = (file: KeptFile | null): GivenFile | null => file === null || !gives(file) ? null : { cid: file.cid, infohash: file.infohash, info: file.info, findable: true }
  const shelf = new SectionShelf({
    clock,
    digests: async file => await digestsOf(files.bucket, file),
    read: async ({ path }, at, length) => await readRange(files.bucket, path, at, length),
    damaged: cid => {
      const file = files.get(cid)
      if (file !== null) damaged(file)
    },
  })
  return {
    byCid: cid => given(files.get(cid)),
    byInfohash: infohash => given(files.find(infohash)),
    async section({ cid }, question) {
      const file = files.get(cid)
      return file === null ? null : await shelf.part({ cid, size: file.size, path: contentKey(file.kind, cid) }, question)
    },
  }
}

async function digestsOf(bucket: Bucket, { path, size }: ShelvedFile): Promise<Uint8Array> {
  const pass = new SectionPass(size, runningSha256())
  for (let at = 0; at < size; at += limits.storeChunkBytes) pass.push(await readRange(bucket, path, at, Math.min(limits.storeChunkBytes, size - at)))
  return Buffer.concat(pass.digests)
}
