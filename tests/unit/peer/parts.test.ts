import { expect, test } from 'vitest'
import { KeyedLock } from '../../../src/base/index.ts'
import { RateMeter } from '../../../src/peer/rate-meter.ts'
import { readSavePath, savePath } from '../../../src/peer/save-path.ts'

test('a rate over the last seconds, and the time left', () => {
  const clock = { time: 0, now() { return this.time } }
  const meter = new RateMeter(clock)
  expect(meter.rate()).toBe(0)
  expect(meter.left(100)).toBeNull()
  for (let second = 0; second <= 20; second++) {
    clock.time = second * 1000
    meter.note(second < 10 ? second * 100 : 900 + (second - 9) * 10)
  }
  expect(meter.rate()).toBeCloseTo(10, 0)
  expect(meter.left(1110)).toBeCloseTo(10, 0)
  clock.time += 60_000
  expect(meter.rate()).toBeLessThan(1)
})

test('paths of the service worker round trip, and others are none', () => {
  const cid = 'ab'.repeat(32)
  expect(readSavePath(`/app/${savePath(cid, 7)}`)).toEqual({ cid, member: 7 })
  expect(readSavePath(`/${savePath(cid, null)}`)).toEqual({ cid, member: null })
  for (const path of [`/save/${cid}`, `/save/${cid}/-1`, `/save/${cid}/1/`, `/save/${cid.toUpperCase()}/1`, `/save/${cid}/999999`, '/']) expect(readSavePath(path)).toBeNull()
})

test('one key, one thing at a time, in order, whatever fails; other keys do not wait', async () => {
  const queue = new KeyedLock()
  const log: string[] = []
  let release = () => {}
  const first = queue.run('a', async () => { await new Promise<void>(done => { release = done }); log.push('a1') })
  const second = queue.run('a', async () => { log.push('a2'); throw new Error('no') })
  const third = queue.run('a', async () => { log.push('a3') })
  await queue.run('b', async () => { log.push('b') })
  release()
  await Promise.all([first, expect(second).rejects.toThrow('no'), third])
  expect(log).toEqual(['b', 'a1', 'a2', 'a3'])
})
