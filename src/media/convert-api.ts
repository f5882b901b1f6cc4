import type { Cid } from '../base/index.ts'
import type { Packed } from './pack-archive.ts'
import type { Protection } from './protected-sink.ts'

/** Audio of any format the core decodes, to FLAC in Staging. */
export interface TranscodeRequest {
  /** Of the job, whose lock is held meanwhile. */
  readonly id: string
  readonly file: File
  /** In Staging: where the FLAC goes. */
  readonly path: string
}

export interface Transcoded {
  readonly size: number
  /** SHA-256 of the FLAC. */
  readonly cid: Cid
  readonly seconds: number
  readonly rate: number
  readonly channels: number
  /** Bits of a sample. */
  readonly bits: number
  /** Whether the samples are those of the source. */
  readonly lossless: boolean
  /** Which core and arguments made it, at most 64 bytes. */
  readonly maker: string
}

/** A picture, to PNG in Staging. */
export interface PictureRequest { readonly id: string, readonly file: File, readonly path: string }
export interface Picture { readonly packed: Packed, readonly width: number, readonly height: number, /** Only its first frame was taken. */ readonly animated: boolean }

/** A file of Staging, encrypted into another. */
export interface SealRequest { readonly id: string, readonly from: string, readonly path: string, readonly mimeType: string, readonly protect: Omit<Protection, 'random'> }

export interface ExportRequest {
  /** Plain bytes that can be read at random: a stored file, or what a scratch file holds. */
  readonly file: File
  readonly format: 'flac' | 'wav' | 'mp3' | 'm4a' | 'mp4'
  /** In Staging. */
  readonly path: string
}

/**
 * What the media worker does with ffmpeg and pictures, besides `MediaService`. To cancel, end the worker. Failures: `media-none` (0 bytes), `not-media`, `no-audio`, `media-damaged` (truncated or corrupt), `media-miscounted` (longer than its header can say),
 * `media-unsupported` (a codec there is no decoder for), `media-crashed`, `bad-image`, `image-too-large`, `storage-full`. Progress: 0 to 1, never back.
 */
export interface ConvertService {
  transcode(request: TranscodeRequest, onProgress?: (done: number) => void): Promise<Transcoded>
  picture(request: PictureRequest): Promise<Picture>
  /** One pass: content id, torrent and audit root of the container. */
  seal(request: SealRequest, onProgress?: (done: number) => void): Promise<Packed>
  /** Size of what was written. */
  convert(request: ExportRequest, onProgress?: (done: number) => void): Promise<number>
}
