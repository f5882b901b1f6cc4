import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeTorrent } from '../../../src/content/index.ts'
import { memStaging } from '../../../src/store/index.ts'
import { noise } from '../../support/bytes.ts'
import { PieceMap, piecesIn } from '../../../src/swarm/bitfield.ts'
import { StagedFile } from '../../../src/swarm/staged-file.ts'

const size = 2_000_000
const bytes = new Uint8Array(noise(size, 'staged'))
const pieces = new PieceMap(size, 262_144)
const hashes = Buffer.concat(Array.from({ length: pieces.count }, (_, index) => createHash('sha1').update(bytes.subarray(index * 262_144, (index + 1) * 262_144)).digest()))
const torrent = makeTorrent({ cid: createHash('sha256').update(bytes).digest('hex'), kind: 'z', size, pieces: hashes })
const all = Uint8Array.of(0b1111_1111)

async function opened(prepare: (bytes: Uint8Array) => Uint8Array | null, claimed: Uint8Array | null, capacity = Infinity) {
  const staging = memStaging({ capacity })
  const before = prepare(bytes.slice())
  if (before !== null) {
    const file = await staging.open('tmp/x', { create: true })
    await file.write(0, before)
    await file.close()
  }
  return StagedFile.open(staging, 'tmp/x', torrent, pieces, claimed)
}

const held = async (file: Promise<StagedFile>) => piecesIn((await file).bitfield, pieces.count)

test('a new file has its room and no piece', async () => {
  const file = await opened(() => null, null)
  expect(await file.file.size()).toBe(size)
  expect(piecesIn(file.bitfield, pieces.count)).toEqual([])
})

test('no room is said before the first byte, and nothing stays open', async () => {
  const staging = memStaging({ capacity: size - 1 })
  await expect(StagedFile.open(staging, 'tmp/x', torrent, pieces, null)).rejects.toMatchObject({ code: 'storage-full' })
  await (await staging.open('tmp/x')).close()
})

test('claims that are right are believed, the last, short piece too', async () => {
  expect(await held(opened(whole => whole, all))).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(await held(opened(whole => whole, Uint8Array.of(0b0100_0001)))).toEqual([1, 7])
})

test('one wrong piece among those looked at, and only what is right is kept', async () => {
  const spoil = (whole: Uint8Array) => {
    for (const index of [0, 2, 4, 6, 7]) whole[index * 262_144 + 5]! ^= 1
    return whole
  }
  expect(await held(opened(spoil, all))).toEqual([1, 3, 5]) // four of eight are looked at: one of five is among them
})

test('claims about a file that is gone, short, or of another torrent are nothing', async () => {
  expect(await held(opened(() => null, all))).toEqual([])
  expect(await held(opened(whole => whole.subarray(0, size - 1), all))).toEqual([])
  expect(await held(opened(whole => whole, Uint8Array.of(0xff, 0xff)))).toEqual([])
})
