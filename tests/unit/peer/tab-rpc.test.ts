import '../../../src/relay/node20.ts'
import { expect, test, vi } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { TabService } from '../../../src/peer/tab-rpc.ts'

interface Sum { add(a: number, b: number): Promise<number> }

test('whoever begins to serve at the last moment has as long to take a question as anybody', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const name = `sum ${crypto.randomUUID()}`
  const service = new TabService<Sum>(name)
  const settled = vi.fn()
  const sum = service.call.add(1, 2).finally(settled)
  sum.catch(() => {})
  vi.advanceTimersByTime(limits.tabCallMs)
  const server = new BroadcastChannel(name) // which is slow to answer
  server.postMessage({ hello: 'it' })
  await new Promise(done => { setTimeout(done, 20) })
  vi.advanceTimersByTime(limits.tabCallMs / 2)
  await new Promise(done => { setTimeout(done, 20) })
  expect(settled).not.toHaveBeenCalled()
  vi.useRealTimers()
  service.close()
  server.close()
  await expect(sum).rejects.toMatchObject({ code: 'aborted' })
})
