import { expect, test } from 'vitest'
import { Attention } from '../../../src/peer/badge.ts'
import { handedRoute } from '../../../src/peer/incoming.ts'
import type { Item } from '../../../src/peer/item-api.ts'
import type { ShareJob } from '../../../src/peer/share-api.ts'

const item = (cid: string, state: Item['state'], job: string | null = null) => ({ cid, state, job }) as Item
const job = (id: string, state: ShareJob['state']) => ({ id, state }) as ShareJob

test('what ends well while nobody looks asks for attention until somebody does', () => {
  const attention = new Attention()
  expect(attention.update({ jobs: [], items: [item('a', 'getting'), item('b', 'getting')] }, false)).toBe(0)
  expect(attention.update({ jobs: [], items: [item('a', 'here'), item('b', 'checking')] }, false)).toBe(1)
  expect(attention.update({ jobs: [], items: [item('a', 'here'), item('b', 'here')] }, false)).toBe(2)
  expect(attention.update({ jobs: [], items: [item('a', 'here'), item('b', 'here')] }, true)).toBe(0)
  expect(attention.update({ jobs: [], items: [item('a', 'here'), item('b', 'here')] }, false)).toBe(0)
})

test('what was here at the start does not', () => {
  const attention = new Attention()
  expect(attention.update({ jobs: [], items: [] }, false)).toBe(0)
  expect(attention.update({ jobs: [], items: [item('a', 'here')] }, false)).toBe(0)
})

test('a share that is done does, and so does what failed, at the start too', () => {
  const attention = new Attention()
  expect(attention.update({ jobs: [job('1', 'preparing')], items: [item('f', 'failed')] }, false)).toBe(1)
  expect(attention.update({ jobs: [], items: [item('f', 'failed'), item('new', 'here', '1')] }, false)).toBe(2)
  expect(attention.update({ jobs: [job('2', 'failed')], items: [item('f', 'failed'), item('new', 'here', '1')] }, false)).toBe(3)
})

test('what is gone no longer asks', () => {
  const attention = new Attention()
  attention.update({ jobs: [job('1', 'failed')], items: [item('f', 'failed')] }, false)
  expect(attention.update({ jobs: [], items: [item('f', 'waiting')] }, false)).toBe(1)
  expect(attention.update({ jobs: [], items: [] }, false)).toBe(0)
})

test('whoever looks on sees nothing', () => {
  const attention = new Attention()
  attention.update({ jobs: [], items: [item('a', 'getting')] }, true)
  expect(attention.update({ jobs: [job('1', 'failed')], items: [item('a', 'here')] }, true)).toBe(0)
})

test('addresses of web+holdfast lead to the link in them', () => {
  const handed = (link: string) => handedRoute(`#/get?u=${encodeURIComponent(link)}`)
  expect(handed('web+holdfast:get/abc?i=1&n=a%20b&c=2')).toBe('#/get/abc?i=1&n=a%20b&c=2')
  expect(handed('web+holdfast://get/abc?c=2')).toBe('#/get/abc?c=2')
  expect(handed('WEB+HOLDFAST:Get/abc?n=A')).toBe('#/get/abc?n=A')
  expect(handed('https://elsewhere.example/')).toBe('#/get')
  expect(handedRoute('#/get?u=%E0%A4%A')).toBe('#/get')
  for (const hash of ['', '#/get', '#/get/abc?i=1', '#/share', '#/get?x=1']) expect(handedRoute(hash)).toBeNull()
})
