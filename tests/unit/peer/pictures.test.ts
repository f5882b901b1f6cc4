import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { addressOfBytes } from '../../../src/base/index.ts'
import { rememberedPublishers, rememberPublisher } from '../../../src/peer/pictures.ts'

const person = (n: number) => addressOfBytes(new Uint8Array(20).fill(n))
let kept = new Map<string, string>()

beforeEach(() => {
  kept = new Map()
  vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => { kept.set(key, value) } })
})
afterEach(() => { vi.unstubAllGlobals() })

test('publishers are chosen and taken back, each once', () => {
  expect(rememberedPublishers()).toEqual([])
  rememberPublisher(person(1), true)
  rememberPublisher(person(2), true)
  expect(rememberPublisher(person(1), true)).toEqual([person(2), person(1)])
  expect(rememberPublisher(person(2), false)).toEqual([person(1)])
  expect(rememberedPublishers()).toEqual([person(1)])
})

test.each(['', 'x', '{}', 'null', '[1, "nobody", null]'])('what somebody else wrote there (%s) is nothing', text => {
  rememberPublisher(person(1), true)
  for (const key of kept.keys()) kept.set(key, text)
  expect(rememberedPublishers()).toEqual([])
})

test('where storage is forbidden the choice holds for this visit', () => {
  vi.stubGlobal('localStorage', { getItem: () => { throw new Error('denied') }, setItem: () => { throw new Error('denied') } })
  expect(rememberedPublishers()).toEqual([])
  expect(rememberPublisher(person(1), true)).toEqual([person(1)])
})
