import { expect, test } from 'vitest'
import { hashInWorker } from '../../../src/media/block-hash.ts'

/** A worker that answers nothing. */
function silent(): Worker {
  return { postMessage() {}, onmessage: null, onerror: null } as unknown as Worker
}
const fail = (worker: Worker) => { worker.onerror?.({ message: 'no such file' } as ErrorEvent) }

test('a worker that fails fails what it was asked, and all it is asked later', async () => {
  const worker = silent()
  const hash = hashInWorker(worker)
  const asked = hash.update(new Uint8Array(4))
  fail(worker)
  await expect(asked).rejects.toMatchObject({ code: 'internal' })
  await expect(hash.digest()).rejects.toMatchObject({ code: 'internal' })
})

test('one that could never be loaded leaves nobody waiting', async () => {
  const worker = silent()
  const hash = hashInWorker(worker)
  fail(worker)
  await expect(hash.update(new Uint8Array(4))).rejects.toThrow('no such file')
})
