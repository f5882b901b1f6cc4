import { HoldfastError, concat, limits } from '../base/index.ts'
import { TarLister } from '../content/index.ts'
import { gunzip, packArchive, type Packed } from '../media/index.ts'
import type { StagingFile } from '../store/index.ts'

/** What the one file in the archive of a volume is called, and the archive with it: so the same volume is the same file everywhere. */
export function volumeName(chain: string, number: number): string { return `${chain}-${number}.entries` }

/** The archive of a volume, as any share is made. `out` is empty. */
export async function packVolume(name: string, volume: Uint8Array<ArrayBuffer>, out: StagingFile): Promise<Packed> {
  return { ...await packArchive([{ path: name, file: new Blob([volume]) }], out), title: name }
}

/** The volume in an archive. `archive-damaged` where it is not the archive of one. */
export async function unpackVolume(name: string, archive: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const lister = new TarLister()
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = gunzip({ stream: () => new Blob([archive]).stream() }).getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length
    if (size > limits.volumeFileBytes) {
      await reader.cancel()
      throw new HoldfastError('archive-damaged', 'larger than any volume')
    }
    lister.push(next.value)
    chunks.push(next.value)
  }
  const [member, ...others] = lister.members
  if (member?.path !== name || others.length > 0) throw new HoldfastError('archive-damaged', 'not the archive of this volume')
  return concat(...chunks).slice(member.offset, member.offset + member.size)
}
