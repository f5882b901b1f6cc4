import { describe, expect, test } from 'vitest'
import { countFault, isCountOpen, sniffBytes } from '../../../src/content/index.ts'

type Bytes = readonly number[]

const text = (words: string): Bytes => Array.from(words, char => char.charCodeAt(0))
const number = (value: number | bigint, bytes: number, little = true): Bytes => {
  const digits = Array.from({ length: bytes }, (_, i) => Number(BigInt(value) >> BigInt(8 * i) & 0xffn))
  return little ? digits : digits.toReversed()
}
const zeros = (length: number): Bytes => Array.from({ length }, () => 0)
const hex = (digits: string): Bytes => (digits.match(/../g) ?? []).map(each => Number.parseInt(each, 16))

/** A part as RIFF has it; `said` where that is not how long it is. A part of odd length is followed by one byte more. */
const part = (name: string, bytes: Bytes, said = bytes.length): Bytes => [...text(name), ...number(said, 4), ...bytes, ...zeros(bytes.length % 2)]
const big = (name: string, bytes: Bytes, said = bytes.length): Bytes => [...text(name), ...number(said, 4, false), ...bytes, ...zeros(bytes.length % 2)]
const riff = (parts: readonly Bytes[], { kind = 'RIFF', said = parts.flat().length + 4 } = {}): Bytes => [...text(kind), ...number(said, 4), ...text('WAVE'), ...parts.flat()]
const form = (kind: string, parts: readonly Bytes[], said = parts.flat().length + 4): Bytes => [...text('FORM'), ...number(said, 4, false), ...text(kind), ...parts.flat()]

const samples = Array.from({ length: 400 }, (_, i) => i & 0xff)
/** PCM of 16 bits in stereo; the other says the same with the GUID of PCM, 24 valid bits and which speakers. */
const plain = part('fmt ', [...number(1, 2), ...number(2, 2), ...number(44_100, 4), ...number(176_400, 4), ...number(4, 2), ...number(16, 2)])
const extensible = part('fmt ', [
  ...number(0xfffe, 2), ...number(2, 2), ...number(96_000, 4), ...number(768_000, 4), ...number(8, 2), ...number(32, 2), ...number(22, 2), ...number(24, 2), ...number(3, 4),
  ...hex('0100000000001000800000aa00389b71'),
])
const bext = part('bext', [...text('a broadcast'), ...zeros(602 - 11), ...text('A=PCM,F=44100\r\n')])
const list = part('LIST', text('INFOISFT\u0005\0\0\0Lavf\0\0IART\u0003\0\0\0Ann'))
const data = (said = samples.length): Bytes => part('data', samples, said)
/** EBU Tech 3306: lengths of the whole and of the samples with 64 bits, how many they are, and no table. */
const ds64 = (whole: number | bigint, length: number | bigint): Bytes => part('ds64', [...number(whole, 8), ...number(length, 8), ...number(100, 8), ...number(0, 4)])
const most = 0xffff_ffff

const guid = (name: string): Bytes => [...text(name), ...hex(name === 'riff' ? '2e91cf11a5d628db04c10000' : 'f3acd3118cd100c04f8edb8a')]
const wide = (name: string, bytes: Bytes, said: number | bigint = bytes.length + 24): Bytes => [...guid(name), ...number(said, 8), ...bytes, ...zeros(-bytes.length & 7)]
const w64 = (length: number | bigint = samples.length + 24, tail: Bytes = []): Bytes => {
  const parts = [...wide('fmt ', plain.slice(8)), ...wide('fact', number(100, 8)), ...wide('data', samples, length), ...tail]
  return [...guid('riff'), ...number(40 + parts.length, 8), ...guid('wave'), ...parts]
}

/** CAF: lengths of 64 bits, of the parts alone; a count of edits stands before the samples. */
const caf = (said: number | bigint = samples.length + 4): Bytes => [
  ...text('caff'), ...number(1, 2, false), ...number(0, 2), ...text('desc'), ...number(32, 8, false), ...hex('40e5888000000000'), ...text('lpcm'), ...zeros(20), ...text('chan'), ...number(3, 8, false), ...zeros(3),
  ...text('data'), ...number(said, 8, false), ...zeros(4), ...samples,
]

/** Common, then what the samples begin with: how far into a block, and how large one is. */
const comm = big('COMM', [...number(2, 2, false), ...number(100, 4, false), ...number(16, 2, false), ...hex('400eac44000000000000')])
const commCompressed = big('COMM', [...number(2, 2, false), ...number(100, 4, false), ...number(16, 2, false), ...hex('400eac44000000000000'), ...text('NONE'), 14, ...text('not compressed'), 0])
const ssnd = (said = samples.length + 8): Bytes => big('SSND', [...zeros(8), ...samples], said)

const fault = (bytes: Bytes, size = bytes.length) => countFault(Uint8Array.from(bytes.slice(0, sniffBytes)), size)

/** Each whole, its samples last. */
const whole: readonly (readonly [string, Bytes])[] = [
  ['a WAV', riff([plain, data()])],
  ['a WAV with more said before', riff([bext, list, plain, data()])],
  ['a WAV with parts of odd length', riff([part('JUNK', zeros(27)), plain, part('junk', zeros(3)), data()])],
  ['a WAV that says its format at length', riff([extensible, part('fact', number(100, 4)), data()])],
  ['an RF64', riff([ds64(500, 400), plain, data(most)], { kind: 'RF64', said: most })],
  ['an RF64 that is short', riff([ds64(500, 400), plain, data()], { kind: 'RF64', said: most })],
  ['a BW64', riff([ds64(500, 400), plain, list, data(most)], { kind: 'BW64', said: most })],
  ['a W64', w64()],
  ['a CAF', caf()],
  ['an AIFF', form('AIFF', [comm, ssnd()])],
  ['an AIFF with more said before', form('AIFF', [big('NAME', text('Tides')), big('ANNO', zeros(7)), comm, ssnd()])],
  ['an AIFF-C', form('AIFC', [big('FVER', hex('a2805140')), commCompressed, ssnd()])],
]

describe.each(whole)('%s', (_about, bytes) => {
  test('is whole, and cut wherever a byte of its samples is missing', () => {
    expect(fault(bytes)).toBeNull()
    for (const missing of [1, 2, 100, samples.length]) expect(fault(bytes.slice(0, -missing)), `${String(missing)} missing`).toBe('media-cut')
    expect(fault([...bytes, ...zeros(1000)]), 'more behind it').toBeNull()
  })

  test('that ends within its header is cut where that says how long the whole is', () => {
    const says = bytes[3] !== text('4')[0] && bytes[0] !== text('c')[0] // RF64 and BW64 say of the whole only that it is long, CAF nothing
    expect(fault(bytes.slice(0, -samples.length - 9))).toBe(says ? 'media-cut' : null)
  })
})

test('samples of odd length need no byte after them, and what follows them may be missing', () => {
  const odd = riff([plain, part('data', samples.slice(1))])
  expect([fault(odd), fault(odd.slice(0, -1)), fault(odd.slice(0, -2))]).toEqual([null, null, 'media-cut'])
  const tagged = riff([plain, data(), list])
  expect([fault(tagged), fault(tagged.slice(0, -20))]).toEqual([null, null])
  expect(fault(w64(samples.length + 24, wide('list', zeros(40))).slice(0, -30))).toBeNull()
})

test('samples behind more than is looked at: the length of the whole decides, however it is counted', () => {
  const art = part('id3 ', zeros(sniffBytes))
  const bytes = riff([art, plain, data()])
  expect([fault(bytes), fault(bytes.slice(0, -100))]).toEqual([null, 'media-cut'])
  expect(fault(riff([art, plain, data()], { said: bytes.length })), 'counted with its first two words').toBeNull()
  expect(fault(riff([art, plain, data()], { said: 0 }))).toBeNull()
})

test('a length that was not known yet, or stands for one, is none', () => {
  // ffmpeg, sox, GStreamer, oggdec, arecord into a pipe: the samples, and with their header the whole.
  for (const said of [0, most, most - 36, 0x7fff_0000, 0x7fff_f000, 0x7fff_ffff, 0x8000_0000]) {
    expect(fault(riff([plain, data(said)], { said: Math.min(most, said + 36) })), said.toString(16)).toBeNull()
  }
  expect(fault(riff([plain, data(2000)], { said: most }))).toBe('media-cut')
  expect(fault(riff([plain, data(3_000_000_000)])), 'nobody has that for unknown').toBe('media-cut')
  for (const said of [0, 0x7f00_0008, most]) expect(fault(form('AIFF', [comm, ssnd(said)], Math.min(most, said + 46))), said.toString(16)).toBeNull()
  for (const said of [0, 2n ** 63n - 1n, 2n ** 64n - 1n]) expect(fault(riff([ds64(said, said), plain, data(most)], { kind: 'RF64', said: most })), said.toString(16)).toBeNull()
  expect(fault(riff([plain, data(most)], { kind: 'RF64', said: most })), 'nothing with 64 bits in it').toBeNull()
  for (const said of [0, 24, 2n ** 63n - 1n]) expect(fault(w64(said)), said.toString(16)).toBeNull()
  expect(fault(caf(2n ** 64n - 1n))).toBeNull()
  const open = [riff([plain, data(0)]), riff([plain, data(0x7fff_f000)]), form('AIFF', [comm, ssnd(0)]), w64(2n ** 63n - 1n), caf(2n ** 64n - 1n)]
  expect(open.map(bytes => isCountOpen(Uint8Array.from(bytes)))).toEqual([true, true, true, true, true])
  expect([...whole.map(([, bytes]) => bytes), riff([plain]), text('fLaC')].map(bytes => isCountOpen(Uint8Array.from(bytes)))).not.toContain(true)
})

test('more than 4 GiB, said with 64 bits and cut, is told as well', () => {
  const [size, length] = [5 * 2 ** 30, 6 * 2 ** 30]
  const rf64 = riff([ds64(length + 100, length), plain, data(most)], { kind: 'RF64', said: most })
  expect([fault(rf64, size), fault(rf64, length + 1000)]).toEqual(['media-cut', null])
  expect([fault(w64(length), size), fault(w64(length), length + 1000)]).toEqual(['media-cut', null])
})

describe('a recording that holds more than its header can say', () => {
  const [long, longest] = [5 * 2 ** 30, 2 ** 32 + 8]
  const wave = (said: number, kind = 'RIFF') => riff([part('fmt ', zeros(3)), data(said)], { kind, said: 5 })

  test('a WAV that wrapped around, and any AIFF of that length', () => {
    expect([wave(2 ** 30), form('AIFF', []), form('AIFC', [])].map(bytes => fault(bytes, long))).toEqual(['media-miscounted', 'media-miscounted', 'media-miscounted'])
    expect(fault(riff([part('fmt ', zeros(100), 2 ** 31)]), long), 'its samples cannot be found').toBe('media-miscounted')
  })

  test('a length that stands for one that was not known, where a decoder stops', () => {
    const stops = 0x7fff_f000 + 20 // what stands before it
    for (const size of [1000, stops, stops + 2 ** 20]) expect(fault(wave(0x7fff_f000), size)).toBeNull()
    expect(fault(wave(0x7fff_f000), 3 * 2 ** 30)).toBe('media-miscounted')
    expect([fault(form('AIFF', [comm, ssnd(0x7f00_0008)]), 3 * 2 ** 30), ...[wave(0), wave(most), form('AIFF', [comm, ssnd(0)])].map(bytes => fault(bytes, 3 * 2 ** 30))]).toEqual(['media-miscounted', null, null, null])
  })

  test('one that leaves it open, that counts with 64 bits, or that is short enough is taken', () => {
    expect([wave(0), wave(most), wave(most, 'RF64'), wave(7, 'BW64'), w64(), text('fLaC....')].map(bytes => fault(bytes, long))).toEqual([null, null, null, null, null, null])
    expect([fault(wave(7), longest), fault(wave(7), longest + 1)]).toEqual([null, 'media-miscounted'])
  })
})

test('whatever its header says, no other format and nothing shorter than a header is looked at', () => {
  for (const bytes of [[], text('RIFF'), text('RIFF\u0001\u0001\u0001\u0001AVI LIST'), text('.snd\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001'), text('FORM\u0001\u0001\u0001\u0001ILBM')]) expect(fault(bytes)).toBeNull()
  expect(fault([...w64().slice(0, 40), ...guid('fmt '), ...number(0, 8), ...w64().slice(40)]), 'a part that is shorter than its name').toBeNull()
})
