import { gzipSync } from 'node:zlib'
import { afterEach, expect, test, vi } from 'vitest'
import { HoldfastError, concat } from '../../../src/base/index.ts'
import { planArchive } from '../../../src/content/index.ts'
import { memberStream, readSource } from '../../../src/media/index.ts'
import { ArrivingFiles, type ArrivingOptions } from '../../../src/peer/arriving.ts'
import { openArchive as openPlain } from '../../../src/media/index.ts'
import { bytesOf } from '../../contract/support/archives.ts'
import { noise } from '../../support/bytes.ts'
import { keysOf, setupOf, tdfOf } from '../../support/tdf.ts'
import { archiveOf, noisy } from '../content/archive-help.ts'

const cid = 'c'.repeat(64)
const mebi = 2 ** 20

/** A file of which only some bytes are here; reads wait for theirs. */
class Coming {
  here = 0
  /** How much of the end is here. */
  tail = 0
  reads: number[] = []
  private waiting: (() => void)[] = []

  constructor(readonly bytes: Uint8Array<ArrayBuffer>) {}

  release(until: number): void {
    this.here = until
    for (const go of this.waiting.splice(0)) go()
  }

  readonly read: ArrivingOptions['read'] = async (_cid, at, length, signal) => {
    this.reads.push(at)
    while (at + length > this.here && at < this.bytes.length - this.tail) {
      signal.throwIfAborted()
      const ended = new AbortController()
      await new Promise<void>((done, fail) => {
        this.waiting.push(done)
        signal.addEventListener('abort', () => { fail(HoldfastError.from(signal.reason)) }, { signal: ended.signal })
      }).finally(() => { ended.abort() })
    }
    return this.bytes.slice(at, at + length)
  }
}

const soon = async (check: () => void) => { await vi.waitFor(check, { timeout: 5000, interval: 10 }) }
const following: ArrivingFiles[] = []
const changed = vi.fn()

function arriving(read: ArrivingOptions['read'], openKey: ArrivingOptions['openKey'] = async () => { throw new Error('no key was asked for') }): ArrivingFiles {
  const files = new ArrivingFiles({ read, openKey, openPlain, changed })
  following.push(files)
  return files
}

afterEach(() => {
  for (const files of following.splice(0)) files.drop(cid)
  changed.mockReset()
})

const inputs = ['a', 'b', 'c', 'd'].map((path, i) => ({ path, bytes: noisy(i === 3 ? 10 : mebi) }))
const archive = archiveOf(inputs)
const all = planArchive(inputs.map(({ path, bytes }) => ({ path, size: bytes.length }))).members.map(({ path, size, offset }) => ({ path, size, offset }))
const sealed = { iv: new Uint8Array(12), ct: new Uint8Array(48) }

test('members are known, and readable, as far as the archive came', async () => {
  const coming = new Coming(archive)
  const files = arriving(coming.read)
  files.follow({ cid, kind: 'z', size: archive.length, sealed: null })
  expect([files.members(cid), files.readable(cid)]).toEqual([null, 0])

  coming.release(0.5 * mebi)
  await soon(() => { expect(files.members(cid)).toEqual(all.slice(0, 1)) })
  expect(files.readable(cid)).toBeLessThan(512 + mebi)

  coming.release(1.5 * mebi)
  await soon(() => { expect(files.members(cid)).toEqual(all.slice(0, 2)) })
  expect(files.readable(cid)).toBeGreaterThanOrEqual(512 + mebi)
  expect(files.readable(cid)).toBeLessThan(all[1]!.offset + all[1]!.size)

  coming.release(archive.length)
  await soon(() => { expect(files.members(cid)).toEqual(all) })
  await soon(() => { expect(files.readable(cid)).toBeGreaterThanOrEqual(all[3]!.offset + 10) })
  expect(files.problem(cid)).toBeNull()
})

test('what is readable can be read without a byte more', async () => {
  const coming = new Coming(archive)
  const files = arriving(coming.read)
  files.follow({ cid, kind: 'z', size: archive.length, sealed: null })
  coming.release(1.25 * mebi)
  await soon(() => { expect(files.readable(cid)).toBeGreaterThanOrEqual(512 + mebi) })
  const stored = readSource(archive.length, async (at, length) => await coming.read(cid, at, length, new AbortController().signal))
  expect(Buffer.compare(await bytesOf(memberStream(stored, all[0]!)), inputs[0]!.bytes)).toBe(0)
})

test('changes are told at most once a second, the last one, too', async () => {
  const times: number[] = []
  let last: readonly unknown[] | null = null
  changed.mockImplementation(() => {
    times.push(performance.now())
    last = files.members(cid)
  })
  const coming = new Coming(archive)
  const files = arriving(coming.read)
  files.follow({ cid, kind: 'z', size: archive.length, sealed: null })
  for (let here = 0; here < archive.length; here += 300_000) {
    coming.release(here)
    await new Promise(done => { setTimeout(done, 150) })
  }
  coming.release(archive.length)
  await soon(() => { expect(last).toEqual(all) })
  for (const [n, time] of times.slice(1).entries()) expect(time - times[n]!).toBeGreaterThan(990)
})

test('the same of a protected archive, once its end is here and the key opened', async () => {
  const key = new Uint8Array(32).fill(7)
  const coming = new Coming(await tdfOf(archive, await setupOf(key)))
  const files = arriving(coming.read, async () => await keysOf(key))
  files.follow({ cid, kind: 'p', size: coming.bytes.length, sealed })
  coming.tail = 600 * 1024
  coming.release(mebi / 4)
  await new Promise(done => { setTimeout(done, 50) })
  expect(files.members(cid)).toBeNull()
  coming.release(2.2 * mebi)
  await soon(() => { expect(files.members(cid)).toEqual(all.slice(0, 2)) })
  expect(files.readable(cid)).toBeGreaterThanOrEqual(512 + mebi)
  coming.release(coming.bytes.length)
  await soon(() => { expect(files.members(cid)).toEqual(all) })
})

test('a wrong key is known when the end is here, before anything else', async () => {
  const coming = new Coming(await tdfOf(archive, await setupOf(new Uint8Array(32).fill(7))))
  coming.tail = 600 * 1024
  coming.release(mebi / 4)
  const files = arriving(coming.read, async () => await keysOf(new Uint8Array(32).fill(8)))
  files.follow({ cid, kind: 'p', size: coming.bytes.length, sealed })
  await soon(() => { expect(files.problem(cid)).toMatchObject({ code: 'wrong-key' }) })
  expect(files.members(cid)).toBeNull()
  files.follow({ cid, kind: 'p', size: coming.bytes.length, sealed })
  expect(files.problem(cid)).toMatchObject({ code: 'wrong-key' })
})

test.each([
  ['no archive', noisy(300_000), 'archive-damaged'],
  ['not a tar', new Uint8Array(gzipSync(noisy(300_000))), 'archive-damaged'],
  ['a bomb', new Uint8Array(gzipSync(concat(gzipTarHead(), new Uint8Array(400 * mebi)))), 'archive-bomb'],
])('nothing is listed of what is %s', async (_, bytes, code) => {
  const files = arriving(async (_cid, at, length) => bytes.slice(at, at + length))
  files.follow({ cid, kind: 'z', size: bytes.length, sealed: null })
  await soon(() => { expect(files.problem(cid)).toMatchObject({ code: expect.stringContaining(code) }) })
  expect([files.members(cid), files.readable(cid)]).toEqual([null, 0])
}, 20_000)

/** The header of one file of 400 MiB. */
function gzipTarHead(): Uint8Array {
  const block = Buffer.alloc(512)
  block.write('zeros', 0)
  block.write('0000644\u00000000000\u00000000000\0', 100)
  block.write(`${(400 * mebi).toString(8).padStart(11, '0')}\u000000000000000\0        0`, 124)
  block.write('ustar\u000000', 257)
  block.write(`${block.reduce((all_, byte) => all_ + byte, 0).toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

test('a read that fails keeps what was listed; following again goes on', async () => {
  const coming = new Coming(archive)
  coming.release(1.5 * mebi)
  let broken = true
  const files = arriving(async (id, at, length, signal) => {
    if (broken && at >= mebi) throw new HoldfastError('aborted', 'paused')
    return await coming.read(id, at, length, signal)
  })
  const file = { cid, kind: 'z', size: archive.length, sealed: null } as const
  files.follow(file)
  await soon(() => { expect(files.problem(cid)).toMatchObject({ code: 'aborted' }) })
  const known = files.members(cid)
  expect(known).toEqual(all.slice(0, known?.length))
  expect(known?.length).toBeGreaterThan(0)
  broken = false
  files.follow(file)
  expect(files.members(cid)).toEqual(known)
  coming.release(archive.length)
  await soon(() => { expect(files.members(cid)).toEqual(all) })
})

test('dropped, it reads no more and tells nothing', async () => {
  const coming = new Coming(archive)
  const files = arriving(coming.read)
  files.follow({ cid, kind: 'z', size: archive.length, sealed: null })
  coming.release(0.3 * mebi)
  await soon(() => { expect(files.members(cid)).not.toBeNull() })
  files.drop(cid)
  const { length } = coming.reads
  coming.release(archive.length)
  await new Promise(done => { setTimeout(done, 1200) })
  expect(coming.reads.length).toBe(length)
  expect(changed).not.toHaveBeenCalled()
  expect([files.members(cid), files.readable(cid)]).toEqual([null, 0])
})

test('what has no members is left alone', () => {
  const read = vi.fn<ArrivingOptions['read']>()
  const files = arriving(read)
  files.follow({ cid, kind: 'i', size: 100, sealed: null })
  files.follow({ cid, kind: 'a', size: 100, sealed })
  files.follow({ cid, kind: 'p', size: 100, sealed: null })
  expect(read).not.toHaveBeenCalled()
})

test('much that is here already is looked at in a measured pace', async () => {
  const large = archiveOf([{ path: 'large', bytes: noise(20 * mebi, 'large') }])
  const files = arriving(async (_cid, at, length) => large.slice(at, at + length))
  const begun = performance.now()
  files.follow({ cid, kind: 'z', size: large.length, sealed: null })
  await soon(() => { expect(files.readable(cid)).toBeGreaterThanOrEqual(20 * mebi) })
  expect(performance.now() - begun).toBeGreaterThan(990)
}, 15_000)
