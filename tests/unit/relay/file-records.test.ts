import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, readdir, rm, stat, truncate, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'vite'
import { describe, expect, test, vi } from 'vitest'
import { fileRecords } from '../../../src/relay/anchor/file-records.ts'
import { put } from '../../../src/store/ledger/records.ts'
import { batch, isWhole, packOf, written } from './log-story.ts'
import { temporaryFolder } from './running.ts'

/** Writes so many batches and closes. */
async function filled(batches: number, folder: string, fileBytes?: number): Promise<void> {
  const records = await fileRecords(folder, fileBytes)
  for (let n = 1; n <= batches; n++) await records.write(batch(n), 'strict')
  await records.close()
}

async function change(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, at)
  await file.write(Buffer.of(byte[0]! ^ 1), 0, 1, at)
  await file.close()
}

const refused = async (folder: string): Promise<unknown> => await fileRecords(folder).then(async records => { await records.close(); return null }, (error: { code?: unknown }) => error.code)

test('a process killed at any moment leaves all it said was written, and each batch whole', { timeout: 90_000 }, async () => {
  const folder = await temporaryFolder()
  const [bundle, data] = [join(folder, 'bundle'), join(folder, 'data')]
  await build({ configFile: false, logLevel: 'error', define: { global: 'globalThis' }, ssr: { noExternal: true }, build: { ssr: 'tests/unit/relay/log-writer.ts', outDir: bundle, target: 'node20', emptyOutDir: false } })
  let last = 0
  for (let kill = 0; kill < 50; kill++) {
    const child = spawn(process.execPath, [join(bundle, 'log-writer.js'), data], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    let said = 0
    const lines = createInterface(child.stdout)
    lines.on('line', line => { said = Number(line) })
    await Promise.race([once(lines, 'line'), ended])
    await sleep(kill % 10 * 5 + Math.random() * 5)
    child.kill('SIGKILL')
    await ended
    const records = await fileRecords(data)
    const n = await written(records)
    expect(n).toBeGreaterThanOrEqual(said)
    expect(said).toBeGreaterThan(last)
    expect(await isWhole(records, n)).toBe(true)
    await records.close()
    last = n
  }
  expect((await readdir(data)).length).toBeLessThan(10)
})

describe('an end that was not finished', () => {
  test('is taken off, wherever it breaks off', async () => {
    const folder = await temporaryFolder()
    await filled(3, folder)
    const path = join(folder, 'log-1')
    const whole = await readFile(path)
    const [first, last] = [whole.indexOf('HFB1'), whole.lastIndexOf('HFB1')]
    const second = whole.indexOf('HFB1', first + 1)
    const lengths = Array.from({ length: whole.length }, (_, length) => length)
      .filter(length => length < 30 || length >= last && length < last + 30 || length > last && length < last + 200 && length % 9 === 0 || length % 4001 === 0)
    expect(lengths.length).toBeGreaterThan(70)
    for (const length of lengths) {
      await writeFile(path, whole.subarray(0, length))
      const records = await fileRecords(folder)
      const n = await written(records)
      expect(n).toBe(length >= last ? 2 : length >= second ? 1 : 0)
      expect(await isWhole(records, n)).toBe(true)
      await records.write(batch(n + 1), 'relaxed')
      await records.close()
      const again = await fileRecords(folder)
      expect(await isWhole(again, n + 1)).toBe(true)
      await again.close()
    }
  })

  test('may be values that a machine without power did not bring to the disk', async () => {
    const folder = await temporaryFolder()
    await filled(2, folder)
    const path = join(folder, 'log-1')
    const { size } = await stat(path)
    await change(path, size - 20)
    const records = await fileRecords(folder)
    expect([await written(records), await isWhole(records, 1)]).toEqual([1, true])
    await records.close()
  })
})

describe('damage', () => {
  test('before what is known to have been on the disk is refused', async () => {
    const folder = await temporaryFolder()
    await filled(3, folder)
    for (const at of [0, 30, 60]) {
      await change(join(folder, 'log-1'), at)
      expect(await refused(folder)).toBe('storage-damaged')
      await change(join(folder, 'log-1'), at)
    }
    expect(await refused(folder)).toBeNull()
  })

  test('in a value is told to whoever reads it', async () => {
    const folder = await temporaryFolder()
    await filled(3, folder)
    const path = join(folder, 'log-1')
    await change(path, (await readFile(path)).indexOf(packOf(1)))
    const records = await fileRecords(folder)
    await expect(records.get('packs', [1])).rejects.toMatchObject({ code: 'storage-damaged' })
    expect(await records.get('packs', [2])).toEqual([packOf(2)])
    await records.close()
  })

  test('in a file that is not the last, and one that is missing, are refused; a later version is left alone', async () => {
    const folder = await temporaryFolder()
    await filled(9, folder, 30_000)
    const names = (await readdir(folder)).filter(name => name.startsWith('log-')).sort()
    expect(names.length).toBeGreaterThan(1)
    const path = join(folder, names[0]!)
    const whole = await readFile(path)
    await truncate(path, whole.length - 1)
    expect(await refused(folder)).toBe('storage-damaged')
    await rm(path)
    expect(await refused(folder)).toBe('storage-damaged')
    await writeFile(path, Buffer.from(whole.toString('latin1').replace('log 1', 'log 2'), 'latin1'))
    expect(await refused(folder)).toBe('storage-newer')
    await writeFile(path, whole)
    expect(await refused(folder)).toBeNull()
  })
})

test('a full disk leaves what was, and takes up again', async () => {
  const folder = await temporaryFolder()
  const records = await fileRecords(folder)
  await records.write(batch(1), 'strict')
  const probe = await open(join(folder, 'probe'), 'w')
  const handles = Object.getPrototypeOf(probe) as FileHandle
  await probe.close()
  const { write } = handles
  let room = 500
  const spy = vi.spyOn(handles, 'write').mockImplementation(async function half(this: FileHandle, ...[bytes, from, length, at]: readonly unknown[]) {
    if (room === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    const taken = Math.min(room, length as number)
    room -= taken
    return await (write as (...args: unknown[]) => Promise<never>).call(this, bytes, from, taken, at)
  })
  try {
    const big = put('packs', 7, new Uint8Array(1000))
    await expect(records.write([big], 'relaxed')).rejects.toMatchObject({ code: 'storage-full' })
    expect(await isWhole(records, 1)).toBe(true)
  } finally { spy.mockRestore() }
  await records.write(batch(2), 'relaxed')
  await records.close()
  const again = await fileRecords(folder)
  expect(await isWhole(again, 2)).toBe(true)
  await again.close()
})

test('the log stays below twice what is of use in it, and a few files', async () => {
  const records = await fileRecords(await temporaryFolder(), 20_000)
  for (let n = 1; n <= 100; n++) {
    await records.write([put('bodies', 'always', new Uint8Array(5000).fill(7)), ...batch(n)], 'relaxed')
    expect(records.bytes).toBeLessThan(2 * (5000 + 6 * 20_500) + 3 * 40_000)
  }
  expect(await isWhole(records, 100)).toBe(true)
  expect(await records.get('bodies', ['always'])).toEqual([new Uint8Array(5000).fill(7)])
  await records.close()
})

describe('one process', () => {
  test('has the folder at a time', async () => {
    const folder = await temporaryFolder()
    const records = await fileRecords(folder)
    await expect(fileRecords(folder)).rejects.toMatchObject({ code: 'storage-busy', data: { pid: process.pid } })
    await records.close()
    await records.close()
    const stranger = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
    const began = await readFile(`/proc/${String(stranger.pid)}/stat`, 'utf8').then(text => text.slice(text.lastIndexOf(')') + 2).split(' ')[19], () => '')
    await writeFile(join(folder, 'lock'), `${String(stranger.pid)} ${began ?? ''}\n`)
    expect(await refused(folder)).toBe('storage-busy')
    stranger.kill('SIGKILL')
    await once(stranger, 'exit')
    expect(await refused(folder)).toBeNull()
    expect(await readdir(folder)).not.toContain('lock')
  })

  test('that has ended holds nothing, even while nobody asked how it ended', { skip: process.platform !== 'linux' }, async () => {
    const folder = await temporaryFolder()
    // The shell becomes another program, which does not ask.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(createInterface(parent.stdout), 'line') as [string]
    const fields = async (): Promise<readonly string[]> => await readFile(`/proc/${line}/stat`, 'utf8').then(text => text.slice(text.lastIndexOf(')') + 2).split(' '))
    await writeFile(join(folder, 'lock'), `${line} ${(await fields())[19]!}\n`)
    expect(await refused(folder)).toBe('storage-busy')
    await expect.poll(async () => (await fields())[0]).toBe('Z')
    expect(await refused(folder)).toBeNull()
    parent.kill('SIGKILL')
  })

  test.each(['', 'nonsense', `${String(process.pid)} 1\n`, '1 999999999999\n'])('and a lock that says %j is nobody\'s', { skip: process.platform !== 'linux' }, async text => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'lock'), text)
    expect(await refused(folder)).toBeNull()
  })
})
