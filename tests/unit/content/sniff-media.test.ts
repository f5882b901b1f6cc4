import { expect, test } from 'vitest'
import { sniffMedia } from '../../../src/content/index.ts'

const bytes = (...parts: readonly (string | readonly number[])[]) => Uint8Array.from(parts.flatMap(part => typeof part === 'string' ? Array.from(part, char => char.charCodeAt(0)) : [...part]))
const zeros = (length: number) => Array.from({ length }, () => 0)
const demuxer = (first: Uint8Array) => sniffMedia(first)?.demuxer ?? null

test.each([
  ['wav', bytes('RIFF....WAVEfmt ')], ['wav', bytes('RF64....WAVE')], ['aiff', bytes('FORM....AIFF')], ['aiff', bytes('FORM....AIFC')], ['avi', bytes('RIFF....AVI LIST')], ['flac', bytes('fLaC')],
  ['ogg', bytes('OggS')], ['matroska', bytes([0x1a, 0x45, 0xdf, 0xa3])], ['mov', bytes([0, 0, 0, 24], 'ftypisom')], ['mov', bytes([0, 0, 0, 8], 'wide')], ['asf', bytes([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11])],
  ['mp3', bytes([0xff, 0xfb, 0x90, 0x64])], ['mp3', bytes('ID3', [4, 0, 0, 0, 0, 0, 0], [0xff, 0xfb, 0x90, 0x64])], ['flac', bytes('ID3', [4, 0, 0, 0, 0, 0, 2], [0, 0], 'fLaC')], ['mp3', bytes('ID3', [4, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f])],
  ['aac', bytes([0xff, 0xf1, 0x50, 0x80])], ['ac3', bytes([0x0b, 0x77, 0, 0, 0, 0x40])], ['eac3', bytes([0x0b, 0x77, 0, 0, 0, 0x80])], ['iff', bytes('FRM8........DSD ')], ['mpegts', bytes(...[0, 1, 2, 3, 4].flatMap(() => [[0x47], zeros(187)]))],
])('%s by its first bytes', (expected, first) => { expect(demuxer(first)).toBe(expected) })

test.each([
  ['nothing', bytes()], ['a playlist', bytes('#EXTM3U\nhttp://127.0.0.1/')], ['a list of parts', bytes('ffconcat version 1.0\nfile a')], ['a manifest', bytes('<?xml version="1.0"?><MPD>')], ['a session', bytes('v=0\no=-')],
  ['a PNG', bytes([0x89], 'PNG')], ['a JPEG', bytes([0xff, 0xd8, 0xff, 0xe0])], ['an AVIF', bytes([0, 0, 0, 24], 'ftypavif')], ['a HEIC', bytes([0, 0, 0, 24], 'ftypheic')], ['a WebP', bytes('RIFF....WEBP')], ['a zip', bytes('PK')],
  ['no bit rate there is', bytes([0xff, 0xfb, 0xf0, 0x64])], ['a sample rate nobody has', bytes([0xff, 0xfb, 0x9c, 0x64])], ['one byte of a stream', bytes([0x47])],
])('%s is neither music nor film', (_about, first) => { expect(sniffMedia(first)).toBeNull() })

test('what may be a film is told from what is sound alone', () => {
  expect([bytes([0, 0, 0, 24], 'ftypM4A '), bytes([0, 0, 0, 24], 'ftypmp42'), bytes('OggS'), bytes([0x1a, 0x45, 0xdf, 0xa3])].map(first => sniffMedia(first)?.film)).toEqual([false, true, false, true])
})
