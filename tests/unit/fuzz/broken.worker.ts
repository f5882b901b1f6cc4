import { workerData } from 'node:worker_threads'
import { HoldfastError } from '../../../src/base/index.ts'
import type { Target } from '../../fuzz/types.ts'
import { work, type Task } from '../../fuzz/work.ts'

const held: Uint8Array[] = []
const ways: Readonly<Record<string, Target['run']>> = {
  throws: bytes => { throw new TypeError(`${String(bytes.length)} bytes`) },
  internal: () => { throw new HoldfastError('internal', 'no reason given') },
  untyped: () => 'no-such-code' as never,
  pollutes: bytes => {
    Object.assign(Object.prototype, { [`polluted${String(bytes.length)}`]: true })
    return 'accepted'
  },
  hangs: () => { for (;;); },
  late: () => {
    void Promise.reject(new Error('nobody waits for this'))
    return 'accepted'
  },
  exhausts: () => {
    const all: unknown[] = []
    for (;;) all.push(Array<unknown>(100_000).fill(all.length))
  },
  believes: () => new Uint8Array(2 ** 28).length > 0 ? 'accepted' : 'bad-frame',
  leaks: () => {
    held.push(new Uint8Array(256 * 1024).fill(1))
    return 'accepted'
  },
  fine: bytes => bytes.length % 2 === 0 ? 'accepted' : 'bad-frame',
}

/** Decoders that do what none may. */
await work(Object.entries(ways).map(([name, run]) => ({ name, corpus: () => [new Uint8Array(100)], run })), workerData as Task)
