import { exposeLiving } from '../../../src/peer/worker-life.ts'
import { serveTabs, type TabServer } from '../../../src/peer/tab-rpc.ts'
import { HoldfastError } from '../../../src/base/index.ts'

/** A worker that serves tabs, and dies and hangs on demand. Its name is the lock it lives by. */
let server: TabServer | null = null
const calls: string[] = []

const methods = {
  echo: async (value: unknown) => await Promise.resolve(value),
  add: async (a: number, b: number) => await Promise.resolve(a + b),
  refuse: async () => await Promise.reject(new HoldfastError('wrong-bytes', 'not these', { at: 7 })),
  strange: async () => await Promise.resolve(() => {}),
  count: async (text: string) => {
    calls.push(text)
    await new Promise(done => { setTimeout(done, 600) })
    return calls.length
  },
  tellThenAnswer: async (n: number) => {
    for (let i = 1; i <= n; i++) server?.tell({ i })
    return await Promise.resolve('told')
  },
  never: async () => { await new Promise<never>(() => {}) },
  newKey: async () => await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']),
}

const service = {
  serve: async (name: string) => {
    server = serveTabs(name, methods)
    await Promise.resolve()
  },
  die: async () => {
    self.close()
    await Promise.resolve()
  },
  hang: async () => {
    for (const until = performance.now() + 60_000; performance.now() < until;);
    await Promise.resolve()
  },
  fail: async () => {
    setTimeout(() => { throw new Error('on purpose') })
    await Promise.resolve()
  },
}

export type TabsWorker = typeof service
export type TabsMethods = typeof methods

exposeLiving(service, self.name)
