import { HoldfastError, type Cid } from '../base/index.ts'
import { giveAway, memberStream, type ConvertService, type PlainSource } from '../media/index.ts'
import { openStoredFile, openStores, type StoredFile } from '../store/index.ts'
import { openHeld, type HeldFile, type HeldFrom } from './held-file.ts'
import type { ExportFormat, ExportProgress } from './publish-api.ts'
import { exportFolder, exportedPath } from './scratch-paths.ts'

export interface ExportRequest {
  /** Its scratch is `exportFolder(id)`; the caller holds the lock `job/<id>`. */
  readonly id: string
  readonly cid: Cid
  /** Of an archive. */
  readonly member: number | null
  readonly format: Exclude<ExportFormat, 'copy'>
}

/** What the export worker does; to cancel, end the worker and let another one `drop`. */
export interface ExportService {
  /** Converts what is held here; the name of what then lies at `exportedPath(id)`. */
  export(request: ExportRequest, onProgress: (progress: ExportProgress) => void): Promise<string>
  drop(id: string): Promise<void>
}

const stagingRoot = 'holdfast'

export function createExportService(from: HeldFrom, media: Pick<ConvertService, 'convert'>): ExportService {
  return {
    async export({ id, cid, member, format }, onProgress) {
      const plain = `${exportFolder(id)}/plain`
      const held = await openHeld(cid, from)
      const source = await sourceOf(held, member)
      await write(source, plain, done => { onProgress({ done, total: source.size, state: 'reading' }) })
      const file = await asBlob(await openStoredFile(plain, stagingRoot))
      await media.convert({ file, format, path: exportedPath(id) }, done => { onProgress({ done: Math.round(done * source.size), total: source.size, state: 'converting' }) })
      const { staging } = await openStores()
      await staging.remove(plain)
      return `${source.name}.${format}`
    },

    async drop(id) {
      const { staging } = await openStores()
      await staging.remove(exportFolder(id))
    },
  }
}

interface Source extends PlainSource { readonly name: string }

/** What is converted: a member, or the whole file, opened; and its name without the ending. */
async function sourceOf(held: HeldFile, index: number | null): Promise<Source> {
  if (!held.whole) throw new HoldfastError('not-found', 'it is still coming')
  const plain = await held.plain()
  if (index === null) return { name: held.title, size: plain.size, stream: () => plain.stream() }
  const member = held.members?.[index]
  if (member === undefined) throw new HoldfastError('not-found', 'no such member')
  return { name: member.path.slice(member.path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, ''), size: member.size, stream: () => memberStream(plain, member) }
}

/** Into a file of its own, since a decoder reads here and there, and neither a container nor an archive can be read so. */
async function write({ stream, size }: Source, path: string, onProgress: (done: number) => void): Promise<void> {
  const { staging } = await openStores()
  const out = await staging.open(path, { create: true })
  try {
    await out.resize(size) // a full disk shows at once
    let done = 0
    const reader = stream().getReader()
    for (let { value } = await reader.read(); value !== undefined; { value } = await reader.read()) {
      await out.write(done, value)
      onProgress(done += value.length)
      giveAway(value)
    }
    await out.flush()
  } finally { await out.close() }
}

/** What IndexedDB holds becomes a blob, which the browser puts on the disk where it is large. */
async function asBlob(file: StoredFile): Promise<File> {
  if (file instanceof File) return file
  return new File([await new Response(file.stream()).blob()], 'plain')
}
