import { afterEach, expect, test, vi } from 'vitest'
import { keepOnFirstUse } from '../../../src/peer/first-use.ts'

afterEach(() => { vi.unstubAllGlobals() })

function world(answer: () => Response) {
  const kept = new Map<string, Response>()
  const cache = {
    match: async (url: string) => await Promise.resolve(kept.get(url)?.clone()),
    put: async (url: string, response: Response) => { kept.set(url, response); await Promise.resolve() },
    keys: async () => await Promise.resolve([...kept.keys()].map(url => ({ url }))),
    delete: async (url: string) => await Promise.resolve(kept.delete(url)),
  }
  const asked: string[] = []
  vi.stubGlobal('caches', { open: async () => await Promise.resolve(cache) })
  vi.stubGlobal('fetch', async ({ url }: Request) => { asked.push(url); return await Promise.resolve(answer()) })
  return { kept, asked }
}

const request = (name: string) => new Request(`https://a.test/assets/${name}`)

test('it is fetched once; an older one of its kind goes, another kind stays', async () => {
  const { kept, asked } = world(() => new Response('bytes'))
  await keepOnFirstUse('c', request('ffmpeg-core-1.js'))
  await keepOnFirstUse('c', request('ffmpeg-core-1.wasm'))
  expect(await (await keepOnFirstUse('c', request('ffmpeg-core-1.wasm'))).text()).toBe('bytes')
  expect(asked.length).toBe(2)
  await keepOnFirstUse('c', request('ffmpeg-core-2.wasm'))
  await expect.poll(() => [...kept.keys()].map(url => url.split('/').at(-1))).toEqual(['ffmpeg-core-1.js', 'ffmpeg-core-2.wasm'])
})

test('an answer that is none is passed on and not kept', async () => {
  const { kept } = world(() => new Response('no', { status: 404 }))
  expect((await keepOnFirstUse('c', request('ffmpeg-core-1.wasm'))).status).toBe(404)
  expect(kept.size).toBe(0)
})
