import { HoldfastError, type Random } from '../base/index.ts'
import { openStoredFile, openStores, type StagingFile } from '../store/index.ts'
import { openHash } from './open-hash.ts'
import type { ConvertService } from './convert-api.ts'
import { convertFile } from './convert.ts'
import { steadily } from './ffmpeg/run.ts'
import { makePicture } from './picture.ts'
import { sealFile } from './seal.ts'
import { sha256Of, transcode } from './transcode.ts'

/** Where Staging lies, for reading what was written there. */
const stagingRoot = 'holdfast'

const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }

/** The service over the stores of this origin; works in a dedicated worker only. */
export function createConvertService(): ConvertService {
  return {
    transcode: async ({ id, file, path }, onProgress) => await working(id, async () => {
      const made = await writing(path, async out => ({ ...await transcode(file, out, onProgress), size: await out.size() }))
      const beat = steadily(onProgress ?? (() => {}))
      return { ...made, cid: await sha256Of(await openStoredFile(path, stagingRoot), path, () => { beat(1) }) }
    }),

    picture: async ({ id, file, path }) => await working(id, async () => await writing(path, async out => await makePicture(file, out))),

    seal: async ({ id, from, path, mimeType, protect }, onProgress) => await working(id, async () => await writing(path, async out => {
      const { hash, end } = await openHash()
      try {
        await out.resize(0)
        return await sealFile(await openStoredFile(from, stagingRoot), from, out, { hash, mimeType, protect: { ...protect, random }, ...onProgress === undefined ? {} : { onProgress } })
      } finally { end() }
    })),

    convert: async ({ file, format, path }, onProgress) => await writing(path, async out => await convertFile(file, format, out, onProgress)),
  }
}

/** Holds the lock of a job, so that nobody takes its scratch for left over. */
async function working<T>(id: string, work: () => Promise<T>): Promise<T> {
  return await navigator.locks.request(`job/${id}`, work)
}

async function writing<T>(path: string, work: (out: StagingFile) => Promise<T>): Promise<T> {
  const { staging } = await openStores()
  const out = await staging.open(path, { create: true })
  try { return await work(out) } catch (error) { throw HoldfastError.from(error) } finally { await out.close() }
}
