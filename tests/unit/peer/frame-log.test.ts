import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { FrameLog } from '../../../src/peer/frame-log.ts'

test('questions and answers to questions are asked for', () => {
  const log = new FrameLog()
  log.tap('out', 'anna', '/state', 'request', 1)
  log.tap('in', 'anna', '/state', 'reply', 1)
  log.tap('in', 'ben', '/state', 'request', 1)
  log.tap('in', 'ben', '/state', 'request', 2)
  log.tap('out', 'ben', '/state', 'error', 2)
  log.tap('out', 'ben', '/state', 'reply', 1)
  expect(log.sent).toEqual({ frames: 3, unasked: 0 })
  expect(log.last.map(({ direction, kind, id }) => `${direction} ${kind} ${id}`)).toEqual(['out request 1', 'in reply 1', 'in request 1', 'in request 2', 'out error 2', 'out reply 1'])
})

test('an answer to nothing, to another, over another protocol, or a second one, is not', () => {
  const log = new FrameLog()
  log.tap('in', 'anna', '/state', 'request', 1)
  log.tap('out', 'ben', '/state', 'reply', 1)
  log.tap('out', 'anna', '/peers', 'reply', 1)
  log.tap('out', 'anna', '/state', 'reply', 2)
  expect(log.sent.unasked).toBe(3)
  log.tap('out', 'anna', '/state', 'reply', 1)
  expect(log.sent.unasked).toBe(3)
  log.tap('out', 'anna', '/state', 'reply', 1)
  expect(log.sent.unasked).toBe(4)
})

test('the same question on two streams wants two answers', () => {
  const log = new FrameLog()
  for (const direction of ['in', 'in', 'out', 'out'] as const) log.tap(direction, 'anna', '/state', direction === 'in' ? 'request' : 'reply', 1)
  expect(log.sent).toEqual({ frames: 2, unasked: 0 })
})

test('the last frames are kept, no more', () => {
  const log = new FrameLog()
  for (let id = 1; id <= limits.loggedFrames + 5; id++) log.tap('out', 'anna', '/state', 'request', id)
  expect([log.last.length, log.last[0]?.id, log.last.at(-1)?.id]).toEqual([limits.loggedFrames, 6, limits.loggedFrames + 5])
})
