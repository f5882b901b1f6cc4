import { HoldfastError, toHex } from '../base/index.ts'
import type { KeyService, NewFileKey } from '../keys/index.ts'
import type { Packed, Picture } from '../media/index.ts'
import type { SealedKey } from '../store/index.ts'
import { inMedia, inWatchedMedia } from './media-work.ts'
import type { PackedFile } from './network-api.ts'
import type { PublishOrder, PublishStage } from './publish-api.ts'
import { archiveMaker, isProtected, pictureMaker, publishedFile, type PublishMade } from './publish-record.ts'
import { offer } from './rpc.ts'
import { processingFolder } from './scratch-paths.ts'
import type { Served } from './tab-rpc.ts'

export interface Making {
  readonly id: string
  readonly order: PublishOrder
  readonly keys: Pick<Served<KeyService>, 'newFileKey' | 'reveal'>
  readonly signal: AbortSignal
  /** `done`: 0 to 1 of this stage. */
  readonly onStage: (stage: PublishStage, done: number) => void
}

/** What is made, all of it in the scratch folder of the job: the file first, then its pictures. */
export interface MadeFiles { readonly made: PublishMade, readonly files: readonly Audited[], readonly sealed: SealedKey | null }

/** Names in the scratch folder of a job. */
const transcoded = 'transcoded.flac'
const encrypted = 'encrypted.flac.tdf'

/** Makes what an order asks for, up to where it is encrypted; nothing of it is in the bucket yet. */
export async function makeFiles(making: Making): Promise<MadeFiles> {
  const { order, onStage, signal } = making
  onStage('receiving', 0)
  signal.throwIfAborted()
  const main = await makeMain(making)
  const images: Audited[] = []
  for (const cover of order.covers) images.push(await makeImage(making, cover, images.length))
  const { file, sealed, plain, maker } = main
  const key = sealed !== null && order.policy === 'public' ? toHex(await making.keys.reveal(sealed)) : null
  const distinct = images.filter(({ cid }, i) => cid !== file.cid && images.findIndex(other => other.cid === cid) === i) // the same picture twice is one
  return { sealed, files: [file, ...distinct], made: { file: publishedFile(file), images: distinct.map(publishedFile), plain, maker, key } }
}

type Audited = PackedFile & Pick<Packed, 'audit'>
interface Main { readonly file: Audited, readonly sealed: SealedKey | null, readonly plain: string | null, readonly maker: string }

async function makeMain(making: Making): Promise<Main> {
  switch (making.order.kind) {
    case 'audio': return await makeTrack(making)
    case 'image': return { file: await makeImage(making, firstOf(making), 0), sealed: null, plain: null, maker: pictureMaker }
    case 'archive': return await makeArchive(making)
  }
}

async function makeTrack(making: Making): Promise<Main> {
  const { id, signal, onStage, keys } = making
  const [from, path] = [scratch(id, transcoded), scratch(id, encrypted)]
  const { cid: plain, maker } = await inWatchedMedia(async (media, onProgress) => await media.transcode({ id, file: firstOf(making), path: from }, onProgress), { signal, onProgress: done => { onStage('transcoding', done) } })
  const key = await keys.newFileKey(true)
  onStage('encrypting', 0)
  const packed = await inWatchedMedia(async (media, onProgress) => await media.seal({ id, from, path, mimeType: 'audio/flac', protect: protection(key) }, onProgress), { signal, onProgress: done => { onStage('encrypting', done) } })
  return { file: filed(making, packed, path, key.sealed), sealed: key.sealed, plain, maker }
}

/** An archive is packed and encrypted in one pass. */
async function makeArchive(making: Making): Promise<Main> {
  const { id, order, signal, onStage, keys } = making
  const stage = isProtected(order) ? 'encrypting' : 'transcoding'
  const key = isProtected(order) ? await keys.newFileKey(true) : null
  const bytes = order.files.reduce((sum, { file }) => sum + file.size, 0)
  const path = scratch(id, key === null ? 'archive.tgz' : 'archive.tgz.tdf')
  onStage(stage, 0)
  const request = { id, files: order.files, path, audit: true, ...key === null ? {} : { protect: protection(key) } }
  const packed = await inMedia(async media => await media.pack(request, offer((done: number) => { onStage(stage, bytes === 0 ? 1 : done / bytes) })), signal)
  return { file: filed(making, packed, path, key?.sealed ?? null), sealed: key?.sealed ?? null, plain: null, maker: archiveMaker }
}

async function makeImage(making: Making, file: File, index: number): Promise<Audited> {
  const { id, signal, onStage } = making
  const path = scratch(id, `images/${String(index)}.png`)
  if (making.order.kind === 'image') onStage('transcoding', 0)
  const { packed }: Picture = await inMedia(async media => await media.picture({ id, file, path }), signal)
  return filed(making, packed, path, null)
}

function filed({ order: { title } }: Making, packed: Packed, staging: string, sealed: SealedKey | null): Audited {
  return { ...packed, title, staging, sealed, options: { protect: sealed !== null, findable: false }, published: true }
}

function protection({ cipher, mac, policy, keyAccess }: NewFileKey): Pick<NewFileKey, 'cipher' | 'mac' | 'policy' | 'keyAccess'> {
  return { cipher, mac, policy, keyAccess }
}

function firstOf({ order: { files: [first] } }: Making): File {
  if (first === undefined) throw new HoldfastError('bad-input', 'nothing to publish')
  return first.file
}

function scratch(id: string, name: string): string {
  return `${processingFolder(id)}/${name}`
}
