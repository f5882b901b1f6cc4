import '../../../src/relay/node20.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { lead } from '../../../src/peer/leadership.ts'

afterEach(() => { vi.unstubAllGlobals() })

test('a page that goes on before all it led has ended leads again', async () => {
  const page = new EventTarget()
  vi.stubGlobal('window', new EventTarget())
  vi.stubGlobal('document', page)
  vi.stubGlobal('navigator', { locks: { request: async (_name: string, _options: unknown, work: () => Promise<void>) => { await work() } } })
  let begun = 0
  const last = Promise.withResolvers<void>()
  const ended = [Promise.withResolvers<void>(), last]
  const led = lead(async () => { await ended[begun++]!.promise })
  expect(begun).toBe(1)
  page.dispatchEvent(new Event('freeze'))
  page.dispatchEvent(new Event('resume'))
  ended[0]!.resolve()
  await expect.poll(() => begun).toBe(2)
  last.resolve()
  await led
})
