import { expect, test } from 'vitest'
import { CameKeys } from '../../../src/peer/came-keys.ts'

const key = (byte: number) => ({ iv: new Uint8Array(12), ct: new Uint8Array(48).fill(byte) })

test('files are opened one after the other, each key once, and one that fails holds up none', async () => {
  const log: string[] = []
  const keys = new CameKeys(async (cid, { ct }) => {
    log.push(`${cid} ${String(ct[0])}`)
    await new Promise(done => { setTimeout(done, 1) })
    log.push('done')
    if (cid === 'a') throw new Error('a disk that is full')
    return true
  })
  expect(keys.of('a')).toBeNull()
  keys.came([{ cid: 'a', owner: 'T', sealed: key(1) }, { cid: 'b', owner: 'T', sealed: key(2) }])
  keys.came([{ cid: 'b', owner: 'T', sealed: key(2) }])
  expect(keys.of('b')).toEqual(key(2))
  await expect.poll(() => log.length).toBe(4)
  expect(log).toEqual(['a 1', 'done', 'b 2', 'done'])
  keys.came([{ cid: 'b', owner: 'U', sealed: key(3) }])
  await expect.poll(() => log.length).toBe(6)
  expect(keys.of('b')).toEqual(key(3))
})
