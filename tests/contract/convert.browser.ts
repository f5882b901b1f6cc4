import { afterEach, expect, onTestFinished, test } from 'vitest'
import { toHex } from '../../src/base/index.ts'
import { AuditPass, sniffMedia } from '../../src/content/index.ts'
import type { KeyService } from '../../src/keys/index.ts'
import { blobSource, openArchive, type ExportRequest, type MediaService, type Transcoded } from '../../src/media/index.ts'
import { inWatchedMedia, type WatchOptions } from '../../src/peer/media-work.ts'
import { keysChannel } from '../../src/peer/network-api.ts'
import { offer, wrapService, type Remote } from '../../src/peer/rpc.ts'
import { TabService } from '../../src/peer/tab-rpc.ts'
import { openStoredFile } from '../../src/store/index.ts'
import { bytesOf, sameBytes } from './support/archives.ts'
import { canonical, freshBytes } from './support/canonical.ts'
import { endWorkers } from './support/end-workers.ts'
import { coreMake, samplesOf, samplesOfWav, wav } from './support/recordings.ts'

/* The real worker and the real core, on recordings and pictures made here. */

const folder = `tmp/convert-${crypto.randomUUID()}`
const workers: Worker[] = []

function start(): Remote<MediaService> {
  const worker = new Worker(new URL('../../workers/media.ts', import.meta.url), { type: 'module' })
  workers.push(worker)
  return wrapService<MediaService>(worker)
}

const staged = async (path: string) => await bytesOf(await openStoredFile(path, 'holdfast') as File)
const fileOf = (bytes: Uint8Array<ArrayBuffer>, name = 'song.wav') => new File([bytes], name)

async function flacOf(bytes: Uint8Array<ArrayBuffer>, name?: string, onProgress: (done: number) => void = () => {}): Promise<{ readonly made: Transcoded, readonly flac: Uint8Array<ArrayBuffer> }> {
  const id = crypto.randomUUID()
  const path = `${folder}/${id}/transcoded.flac`
  const made = await start().transcode({ id, file: fileOf(bytes, name), path }, offer(onProgress))
  return { made, flac: await staged(path) }
}

const short = { rate: 44_100, channels: 2, bits: 16, seconds: 2 } as const
const fine = { rate: 96_000, channels: 2, bits: 24, seconds: 1 } as const

afterEach(async () => { await endWorkers(workers, folder) })

test.each([['16 bits', short], ['24 bits at 96 kHz', fine]] as const)('a WAV of %s keeps its samples bit for bit, and its FLAC is the same each time', async (_about, sound) => {
  const samples = samplesOf(sound)
  const progress: number[] = []
  const { made, flac } = await flacOf(wav(sound, samples), 'song.wav', done => { progress.push(done) })
  expect(made).toMatchObject({ seconds: sound.seconds, rate: sound.rate, channels: 2, bits: sound.bits, lossless: true, size: flac.length })
  expect(made.cid).toBe(toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', flac))))
  expect(new TextEncoder().encode(made.maker).length).toBeLessThanOrEqual(64)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  const back = samplesOfWav(await coreMake(['-i', '/made-of', '-c:a', sound.bits === 24 ? 'pcm_s24le' : 'pcm_s16le', '-f', 'wav'], flac))
  expect(back.bits).toBe(sound.bits)
  expect(back.samples.length).toBe(samples.length)
  expect(back.samples.every((sample, i) => sample === samples[i])).toBe(true)
  expect((await flacOf(wav(sound, samples), 'another name.bin')).made.cid).toBe(made.cid)
})


/** What a recording is in other formats; `whole`: whether its samples are those of the source. */
const formats = [
  { name: 'MP3', args: ['-c:a', 'libmp3lame', '-b:a', '192k', '-f', 'mp3'], lossless: false, frames: 88_200 },
  { name: 'M4A', args: ['-c:a', 'aac', '-f', 'ipod'], lossless: false, frames: null },
  { name: 'Ogg Vorbis', args: ['-c:a', 'libvorbis', '-f', 'ogg'], lossless: false, frames: 88_200 },
  { name: 'FLAC', args: ['-c:a', 'flac', '-f', 'flac'], lossless: true, frames: 88_200 },
  { name: 'Matroska', args: ['-c:a', 'flac', '-f', 'matroska'], lossless: true, frames: 88_200 },
  { name: 'MPEG-TS', args: ['-c:a', 'aac', '-f', 'mpegts'], lossless: false, frames: null },
] as const

test.each(formats)('$name comes in whole, and what was cut off of it is told', async ({ args, lossless, frames }) => {
  const wave = wav(short, samplesOf(short))
  const bytes = await coreMake(['-i', '/made-of', ...args], wave)
  const { made } = await flacOf(bytes, 'some.thing')
  expect(made).toMatchObject({ lossless, rate: 44_100, channels: 2, bits: 16 })
  expect(made.seconds).toBeCloseTo(2, 1)
  if (frames !== null) expect(made.seconds * made.rate).toBe(frames)
  if (lossless) expect(made.cid).toBe((await flacOf(wave)).made.cid) // the same samples are the same file
  expect(await codeOf(bytes.slice(0, bytes.length * 0.4))).toBe('media-damaged')
}, 60_000)

test('a broadcast that was cut within a packet is told as damaged, whichever of its streams the packet is of', async () => {
  const sources = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2', '-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=10:duration=2']
  const bytes = await coreMake([...sources, '-c:v', 'mpeg2video', '-c:a', 'aac', '-f', 'mpegts'])
  expect(await codeOf(bytes)).toBe('taken')
  for (const share of [0.3, 0.5, 0.7, 0.9]) expect(await codeOf(bytes.slice(0, Math.floor(bytes.length * share / 188) * 188 + 94))).toBe('media-damaged')
}, 60_000)

const codeOf = async (bytes: Uint8Array<ArrayBuffer>, name?: string) => await flacOf(bytes, name).then(() => 'taken', (error: unknown) => (error as { code: string }).code)
const text = (words: string) => new TextEncoder().encode(words)

test('whatever is no recording has its own reason, and leaves no sound behind', async () => {
  const wave = wav(short, samplesOf(short))
  const strange = wave.slice()
  new DataView(strange.buffer).setUint16(20, 0x1234, true) // a codec nobody knows
  const many = wav({ ...short, channels: 9 }, new Int32Array(9 * 4410))
  const canvas = new OffscreenCanvas(8, 8)
  canvas.getContext('2d')
  const jpeg = await bytesOf(await canvas.convertToBlob({ type: 'image/jpeg' }))
  const silent = await coreMake(['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '32x32', '-i', '/made-of', '-c:v', 'mpeg4', '-f', 'matroska'], new Uint8Array(32 * 32 * 3 * 5))
  const cases: readonly (readonly [string, Uint8Array<ArrayBuffer>, string])[] = [
    ['empty.mp3', new Uint8Array(0), 'media-none'], ['random.mp3', freshBytes(100_000).fill(0, 0, 4), 'not-media'], ['words.wav', text('Not a sound.\n'.repeat(100)), 'not-media'], ['photo.mp3', jpeg, 'not-media'],
    ['list.m3u8', text('#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1/a.ts\n'), 'not-media'], ['list.ffconcat', text('ffconcat version 1.0\nfile /in/input\n'), 'not-media'], ['session.sdp', text('v=0\no=- 0 0 IN IP4 127.0.0.1\n'), 'not-media'],
    ['riff.wav', text('RIFF\u0004\u0001\0\0WAVE' + 'x'.repeat(256)), 'media-damaged'], ['cut.wav', wave.slice(0, 100_000), 'media-cut'], ['strange.wav', strange, 'media-unsupported'], ['many.wav', many, 'media-unsupported'],
    ['silent.mkv', silent, 'no-audio'],
  ]
  const found = []
  for (const [name, bytes] of cases) found.push([name, await codeOf(bytes, name)])
  expect(found).toEqual(cases.map(([name, , code]) => [name, code]))
}, 90_000)

test('a WAV of more than 4 GiB whose header wrapped around is told as that before anything is decoded', async () => {
  const block = new Blob([new Uint8Array(64 * 1024 * 1024)])
  const wave = wav(short, samplesOf({ ...short, seconds: 0.1 }))
  const file = new File([wave, ...Array.from({ length: 65 }, () => block)], 'long.wav')
  expect(file.size).toBeGreaterThan(2 ** 32 + 8)
  await expect(start().transcode({ id: crypto.randomUUID(), file, path: `${folder}/long/transcoded.flac` })).rejects.toMatchObject({ code: 'media-miscounted' })
})

test('a file that was changed since it was chosen is told as that', async () => {
  const root = await navigator.storage.getDirectory()
  const handle = await root.getFileHandle('changing.wav', { create: true })
  const write = async (bytes: Uint8Array<ArrayBuffer>) => {
    const writable = await handle.createWritable()
    await writable.write(bytes)
    await writable.close()
  }
  await write(wav(short, samplesOf(short)))
  const file = await handle.getFile()
  await write(wav(short, samplesOf({ ...short, seconds: 1 })))
  const made = start().transcode({ id: crypto.randomUUID(), file, path: `${folder}/changed/transcoded.flac` })
  await expect(made).rejects.toMatchObject({ code: 'file-unreadable' })
  await root.removeEntry('changing.wav')
})

test('a sealed track opens with its key alone; content id, torrent and audit root are those of its bytes', async () => {
  const keysWorker = new Worker(new URL('../../workers/keys.ts', import.meta.url), { type: 'module' })
  workers.push(keysWorker)
  const keysTab = new TabService<KeyService>(keysChannel)
  onTestFinished(() => { keysTab.close() })
  const { sealed, ...protect } = await keysTab.call.newFileKey(true)
  const id = crypto.randomUUID()
  const [from, path] = [`${folder}/${id}/transcoded.flac`, `${folder}/${id}/encrypted.flac.tdf`]
  const media = start()
  const long = { ...fine, seconds: 6 }
  const { cid: plain } = await media.transcode({ id, file: fileOf(wav(long, samplesOf(long))), path: from })
  const packed = await media.seal({ id, from, path, mimeType: 'audio/flac', protect })
  const stored = await staged(path)
  const { cid, infohash } = await canonical(stored, name => name.replace('.tgz', '.flac.tdf'))
  const pass = new AuditPass(stored.length)
  pass.push(stored)
  expect(packed).toMatchObject({ kind: 'a', cid, size: stored.length, audit: pass.root(), torrent: { infohash, name: `${cid}.flac.tdf` } })
  const opened = await openArchive(blobSource(new Blob([stored])), await keysTab.call.open(sealed))
  const flac = await bytesOf(opened.stream())
  expect(toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', flac)))).toBe(plain)
  await expect(openArchive(blobSource(new Blob([stored])), await keysTab.call.open(await keysTab.call.seal(freshBytes(32))))).rejects.toMatchObject({ code: 'wrong-key' })
}, 60_000)

test('an archive has its audit root where it is asked for', async () => {
  const id = crypto.randomUUID()
  const path = `${folder}/${id}/archive.tgz`
  const request = { id, files: [{ path: 'a', file: new File([freshBytes(300_000)], 'a') }], path }
  const { audit } = await start().pack({ ...request, audit: true })
  const stored = await staged(path)
  const pass = new AuditPass(stored.length)
  pass.push(stored)
  expect(audit).toBe(pass.root())
  expect((await start().pack(request)).audit).toBeNull()
})

async function converted(bytes: Uint8Array<ArrayBuffer>, format: ExportRequest['format']): Promise<Uint8Array<ArrayBuffer>> {
  const path = `${folder}/${crypto.randomUUID()}/out`
  const progress: number[] = []
  const size = await start().convert({ file: fileOf(bytes), format, path }, offer((done: number) => { progress.push(done) }))
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  const made = await staged(path)
  expect(made.length).toBe(size)
  return made
}

/** Ten pictures and their sound, as a file of a camera. */
async function film(codec: readonly string[], format: string): Promise<Uint8Array<ArrayBuffer>> {
  const pictures = await coreMake(['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '65x33', '-r', '10', '-i', '/made-of', '-c:v', 'ffv1', '-f', 'nut'], freshBytes(65 * 33 * 3 * 10))
  return await coreMake(['-i', '/made-of', '-pix_fmt', 'yuv420p', ...codec, '-f', format], pictures)
}

test('a track leaves as FLAC, WAV, MP3 and M4A: the first two with the samples that came in', async () => {
  for (const sound of [short, fine]) {
    const samples = samplesOf(sound)
    const { flac } = await flacOf(wav(sound, samples))
    expect(await sameBytes(await converted(flac, 'flac'), flac)).toBe(true)
    const back = samplesOfWav(await converted(flac, 'wav'))
    expect(back.bits).toBe(sound.bits)
    expect(back.samples.length === samples.length && back.samples.every((sample, i) => sample === samples[i])).toBe(true)
    if (sound !== short) continue
    for (const format of ['mp3', 'm4a'] as const) {
      const made = await converted(flac, format)
      expect(sniffMedia(made)).toEqual({ demuxer: format === 'mp3' ? 'mp3' : 'mov', film: false })
      expect((await flacOf(made)).made.seconds).toBeCloseTo(2, 1)
    }
  }
}, 90_000)

test('a film becomes MP4: streams that fit are copied, all else is made anew', async () => {
  const copied = await converted(await film(['-c:v', 'mpeg4'], 'matroska'), 'mp4')
  const anew = await converted(await film(['-c:v', 'mpeg2video'], 'matroska'), 'mp4')
  expect([copied, anew].map(bytes => sniffMedia(bytes)?.demuxer)).toEqual(['mov', 'mov'])
  await expect(converted(wav(short, samplesOf(short)), 'mp4')).rejects.toMatchObject({ code: 'media-unsupported' })
}, 90_000)

test('what was cut off leaves as nothing, and is told; what is whole leaves whatever it is in', async () => {
  const long = { ...short, seconds: 6 }
  const wave = wav(long, samplesOf(long))
  const all = [wave]
  for (const { args } of formats) all.push(await coreMake(['-i', '/made-of', ...args], wave))
  for (const bytes of all) expect((await converted(bytes, 'wav')).length).toBeGreaterThan(500_000)
  const flac = await coreMake(['-i', '/made-of', '-c:a', 'flac', '-f', 'flac'], wave)
  for (const format of ['wav', 'mp3', 'm4a'] as const) await expect(converted(flac.slice(0, flac.length * 0.5), format)).rejects.toMatchObject({ code: 'media-cut' })
}, 120_000)

/** What ffmpeg writes as WAV and its like, whose decoders say nothing of an end that is missing; `args` with pictures, tags or lengths of 64 bits in the header. */
const counted = [
  ['WAV', ['-c:a', 'pcm_s16le', '-metadata', 'title=Tides', '-f', 'wav']], ['RF64', ['-c:a', 'pcm_s16le', '-rf64', 'always', '-f', 'wav']],
  ['a broadcast WAV', ['-c:a', 'pcm_s16le', '-write_bext', '1', '-metadata', 'description=Tides', '-f', 'wav']], ['W64', ['-c:a', 'pcm_s16le', '-f', 'w64']],
  ['AIFF-C', ['-c:a', 'pcm_f32be', '-f', 'aiff']], ['AU', ['-c:a', 'pcm_s16be', '-f', 'au']], ['CAF', ['-c:a', 'pcm_s16be', '-f', 'caf']],
] as const

const exported = async (bytes: Uint8Array<ArrayBuffer>, format: ExportRequest['format']) => await converted(bytes, format).then(() => 'taken', (error: unknown) => (error as { code: string }).code)

test.each(counted)('%s that was cut is neither converted nor published, and told as that; a whole one is taken', async (_about, args) => {
  const long = { ...short, seconds: 6 }
  const bytes = await coreMake(['-i', '/made-of', ...args], wav(long, samplesOf(long)))
  expect((await converted(bytes, 'wav')).length).toBeGreaterThan(1_000_000)
  // Where a packet of the decoder ends, so that no part of one gives it away.
  const cut = bytes.slice(0, Math.floor(bytes.length / 2 / 4096) * 4096 + bytes.length % 4096)
  expect(await exported(cut, 'wav')).toBe('media-cut')
  expect(await codeOf(cut)).toMatch(/^media-(?:cut|damaged)$/)
}, 60_000)

test('a cut WAV becomes no format; one of which nobody knew how long it would be is taken as it is', async () => {
  const wave = wav(short, samplesOf(short))
  for (const format of ['flac', 'wav', 'mp3', 'm4a'] as const) expect(await exported(wave.slice(0, -4096), format)).toBe('media-cut')
  const view = new DataView(wave.buffer)
  for (const said of [0, 0xffff_ffff, 0x7fff_f000]) {
    view.setUint32(4, said, true)
    view.setUint32(40, said, true)
    expect([said, samplesOfWav(await converted(wave, 'wav')).samples.length]).toEqual([said, 2 * 88_200])
    expect([said, await codeOf(wave)]).toEqual([said, 'taken'])
  }
}, 60_000)

test('a trap inside the decoder has its own reason', async () => {
  // Its Opus encoder, which nothing of ours uses, runs out of its memory each time.
  await expect(coreMake(['-f', 'wav', '-i', '/in/input', '-c:a', 'libopus', '-f', 'ogg', '/crashed'], wav(short, samplesOf(short)), true)).rejects.toThrow('media-crashed')
})

const heldJob = async (id: string) => (await navigator.locks.query()).held?.some(({ name }) => name === `job/${id}`)

test('work that is silent for too long is ended, and so is what somebody cancels', async () => {
  const long = { ...fine, seconds: 20 }
  const file = fileOf(wav(long, samplesOf(long)))
  const begun = async (options: Partial<WatchOptions>, id = crypto.randomUUID()) => {
    const made = inWatchedMedia(async (media, onProgress) => await media.transcode({ id, file, path: `${folder}/${id}/transcoded.flac` }, onProgress), { signal: new AbortController().signal, onProgress: () => {}, ...options })
    await expect(made).rejects.toMatchObject({ code: 'silentMs' in options ? 'media-crashed' : 'aborted' })
    // A worker in the midst of decoding takes 400 ms to end on an idle machine.
    await expect.poll(async () => await heldJob(id), { timeout: 10_000 }).toBe(false)
  }
  await begun({ silentMs: 30 }) // loading the decoder alone takes longer
  const cancel = new AbortController()
  await begun({ signal: cancel.signal, onProgress: () => { cancel.abort() } })
}, 60_000)
