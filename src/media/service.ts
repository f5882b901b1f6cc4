import { HoldfastError, type Cid, type Random } from '../base/index.ts'
import type { Kind, TdfKeys } from '../content/index.ts'
import { openStoredFile, openStores, type StoredFile } from '../store/index.ts'
import { checkArchive, type Checked } from './check-archive.ts'
import { packArchive, type Packed } from './pack-archive.ts'
import type { Protection } from './protected-sink.ts'
import type { Source } from './read-ahead.ts'
import { hashSections, type Sections } from './sections.ts'
import { openHash } from './open-hash.ts'
import { createConvertService } from './convert-service.ts'
import type { ConvertService } from './convert-api.ts'

export interface PackRequest {
  /** Of the job; its Web Lock `job/<id>` is held meanwhile, so that nobody takes its scratch for left over. */
  readonly id: string
  readonly files: readonly Source[]
  /** Where in Staging the archive goes; a file there from an earlier try is overwritten. */
  readonly path: string
  /** Encrypts it; keys cross to the worker without their bytes. */
  readonly protect?: Omit<Protection, 'random'>
  /** Whether its audit root is made, which what is published has. */
  readonly audit?: boolean
}

export interface CheckRequest {
  /** In Staging, or with `placed` a key of the bucket. */
  readonly path: string
  readonly cid: Cid
  readonly size: number
  readonly kind: Kind
  /** Of a protected archive; null or absent: nothing in it is looked at. */
  readonly key?: TdfKeys | null
  readonly placed?: boolean
  /** Whether to list the members whatever it unpacks to. */
  readonly anyRatio?: boolean
  /** Whether to find out what records say of it, too. */
  readonly facts?: boolean
  /** Whether to compare its bytes alone. */
  readonly bytes?: boolean
}

/** Where Staging lies, for reading a file that the network worker may have open. */
const stagingRoot = 'holdfast'

const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }

/** What the media worker does. To cancel, end the worker. */
export interface MediaService extends ConvertService {
  pack(request: PackRequest, onProgress?: (done: number) => void): Promise<Packed>
  /** Members are null for what is no archive, for protected ones without their key, and for one that unpacks to too much. */
  check(request: CheckRequest, onProgress?: (done: number) => void): Promise<Checked>
  /** The root of the sections of a file of the bucket, or with `placed` false of Staging. */
  sections(path: string, placed: boolean): Promise<Sections>
}

/** The service over the stores of this origin; works in a dedicated worker only. */
export function createMediaService(): MediaService {
  return {
    ...createConvertService(),

    async pack({ id, files, path, protect, audit = false }, onProgress) {
      return await navigator.locks.request(`job/${id}`, async () => {
        const { staging } = await openStores()
        const out = await staging.open(path, { create: true })
        const { hash, end } = await openHash()
        try {
          await out.resize(0)
          return await packArchive(files, out, { hash, audit, ...protect === undefined ? {} : { protect: { ...protect, random } }, ...onProgress === undefined ? {} : { onProgress } })
        } finally {
          end()
          await out.close()
        }
      })
    },

    async check({ path, cid, size, kind, key = null, placed = false, anyRatio = false, facts = false, bytes = false }, onProgress) {
      const file = await opened(path, placed)
      try {
        return await checkArchive(file, { cid, size, kind, key }, { anyRatio, facts, bytes, ...onProgress === undefined ? {} : { onProgress } })
      } catch (error) {
        if (HoldfastError.from(error).code === 'archive-bomb') return { members: null } // it is what it should be
        throw error
      }
    },

    sections: async (path, placed) => await hashSections(await opened(path, placed), path),
  }
}

async function opened(path: string, placed: boolean): Promise<StoredFile> {
  return placed ? await openStoredFile(path) : await openStoredFile(path, stagingRoot)
}
