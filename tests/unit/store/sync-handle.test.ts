import { describe, expect, test } from 'vitest'
import { copyInto, readExactly, setSize, writeAll, type SyncHandle } from '../../../src/store/sync-handle.ts'

type Fault = 'private-window' | 'real-profile'

/** A handle on a disk with room for `room` bytes, which is full in the way browsers are (measured). */
class FakeHandle implements SyncHandle {
  bytes: number[] = []
  constructor(private readonly room: number, private readonly fault: Fault) {}

  read(buffer: Uint8Array, { at }: { at: number }): number {
    const part = this.bytes.slice(at, at + buffer.length)
    buffer.set(part)
    return part.length
  }

  write(bytes: Uint8Array, { at }: { at: number }): number {
    while (this.bytes.length < Math.min(at, this.room)) this.bytes.push(0)
    let written = 0
    for (const byte of bytes) {
      if (at + written >= this.room) return this.full()
      this.bytes[at + written++] = byte
    }
    return written
  }

  truncate(size: number): void {
    if (size > this.room) {
      this.full()
      return
    }
    while (this.bytes.length < size) this.bytes.push(0)
    this.bytes.length = size
  }

  getSize(): number { return this.bytes.length }
  flush(): void { this.bytes = [...this.bytes] }
  close(): void { this.bytes = [] }

  private full(): number {
    if (this.fault === 'real-profile') throw new DOMException('full', 'QuotaExceededError')
    return 4_294_967_288 // -8 as an unsigned number: what a private window answers
  }
}

describe.each(['private-window', 'real-profile'] as const)('a full disk in a %s', fault => {
  test('a write that does not fit is storage-full, and the file is as long as before', () => {
    const handle = new FakeHandle(5, fault)
    writeAll(handle, 0, Uint8Array.of(1, 2, 3))
    expect(() => { writeAll(handle, 3, Uint8Array.of(4, 5, 6)) }).toThrow(expect.objectContaining({ code: 'storage-full' }))
    expect(() => { writeAll(handle, 10, Uint8Array.of(4)) }).toThrow(expect.objectContaining({ code: 'storage-full' }))
    expect(handle.bytes).toEqual([1, 2, 3])
    writeAll(handle, 3, Uint8Array.of(4, 5))
    expect(handle.bytes).toEqual([1, 2, 3, 4, 5])
  })

  test('inside the file it can still be written', () => {
    const handle = new FakeHandle(3, fault)
    writeAll(handle, 0, Uint8Array.of(1, 2, 3))
    writeAll(handle, 1, Uint8Array.of(9))
    expect(handle.bytes).toEqual([1, 9, 3])
  })

  test('a size that does not fit is storage-full, and the file is as long as before', () => {
    const handle = new FakeHandle(5, fault)
    setSize(handle, 4)
    expect(() => { setSize(handle, 6) }).toThrow(expect.objectContaining({ code: 'storage-full' }))
    expect(handle.getSize()).toBe(4)
    setSize(handle, 1)
    expect(handle.getSize()).toBe(1)
  })

  test('a copy that does not fit is storage-full', async () => {
    await expect(copyInto(new FakeHandle(5, fault), new Blob(['123456']))).rejects.toMatchObject({ code: 'storage-full' })
  })
})

test('a copy replaces what was there', async () => {
  const handle = new FakeHandle(100, 'real-profile')
  writeAll(handle, 0, new Uint8Array(50))
  await copyInto(handle, new Blob([Uint8Array.of(1, 2)]))
  expect(handle.bytes).toEqual([1, 2])
})

test('a read that gives less than the file should have is storage-lost', () => {
  const handle = new FakeHandle(10, 'real-profile')
  writeAll(handle, 0, Uint8Array.of(1, 2, 3))
  handle.read = () => 2
  expect(() => readExactly(handle, 0, 3)).toThrow(expect.objectContaining({ code: 'storage-lost' }))
  expect(() => readExactly(handle, 1, 3)).toThrow(expect.objectContaining({ code: 'bad-input' }))
  expect(readExactly(handle, 3, 0)).toEqual(new Uint8Array(0))
})

test('when even cutting back fails, the first failure is told', () => {
  const handle = new FakeHandle(5, 'private-window')
  handle.truncate = () => { throw new DOMException('gone', 'InvalidStateError') }
  expect(() => { writeAll(handle, 4, Uint8Array.of(1, 2)) }).toThrow(expect.objectContaining({ code: 'storage-full' }))
})
