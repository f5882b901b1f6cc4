import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { samplesOfWav } from '../contract/support/recordings.ts'
import { coreMakes } from './core.ts'

/* What people have to publish, and what is in it, as the decoder of the app sees it. */

/** The samples of any recording, in so many bits. */
export async function samplesIn(file: Uint8Array, bits: 16 | 24): Promise<ReturnType<typeof samplesOfWav>> {
  return samplesOfWav(new Uint8Array(await coreMakes(['-i', '/made-of', '-c:a', `pcm_s${bits}le`, '-f', 'wav'], file)))
}

export function sameSamples(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((sample, i) => sample === b[i])
}

export async function mp3Of(recording: Uint8Array): Promise<Buffer> { return await coreMakes(['-i', '/made-of', '-c:a', 'libmp3lame', '-b:a', '192k', '-f', 'mp3'], recording) }
export async function flacOf(recording: Uint8Array): Promise<Buffer> { return await coreMakes(['-i', '/made-of', '-c:a', 'flac', '-f', 'flac'], recording) }

const pictureCodecs = { jpg: ['-pix_fmt', 'yuvj444p', '-c:v', 'mjpeg', '-q:v', '2', '-f', 'mjpeg'], png: ['-pix_fmt', 'rgb24', '-c:v', 'png', '-f', 'image2pipe'] } as const

/** A picture of this size, as `64x48`. */
export async function pictureOf(size: string, format: keyof typeof pictureCodecs): Promise<Buffer> {
  return await coreMakes(['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=1`, '-frames:v', '1', ...pictureCodecs[format]])
}

/** Red, green and blue of each pixel. */
export async function pixelsIn(file: Uint8Array): Promise<Buffer> { return await coreMakes(['-i', '/made-of', '-pix_fmt', 'rgb24', '-f', 'rawvideo'], file) }

/** How far apart pixels are on average: decoders of JPEG round as they like. */
export async function farApart(file: Uint8Array, other: Uint8Array): Promise<number> {
  const [some, others] = [await pixelsIn(file), await pixelsIn(other)]
  return some.length !== others.length ? Infinity : some.reduce((sum, value, i) => sum + Math.abs(value - others[i]!), 0) / some.length
}

/** A folder on the disk with these files by their paths; whoever made it removes what is around it. */
export async function folderOf(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'holdfast-folder-')), name)
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
  return folder
}
