import { createHash } from 'node:crypto'
import { assert, property, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBencode, judgeRendezvous, rendezvousAnswer, rendezvousOf } from '../../../src/content/index.ts'

const cid = createHash('sha256').update('content').digest('hex')
const infohash = createHash('sha1').update('torrent').digest('hex')

test('the meeting place is a function of the content id alone', () => {
  expect(rendezvousOf(cid)).toBe(createHash('sha1').update('holdfast/rendezvous/1\0').update(Buffer.from(cid, 'hex')).digest('hex'))
})

test('what is handed over comes out as it went in, and nothing else is believed', () => {
  const message = rendezvousAnswer(cid, { infohash, length: 1234 })
  expect(judgeRendezvous(message, cid)).toEqual({ ok: true, value: { infohash, length: 1234 } })
  const [c, i] = [Buffer.from(cid, 'hex'), Buffer.from(infohash, 'hex')]
  for (const bad of [{ c, i }, { c, i, l: 0 }, { c, i, l: 1, x: 1 }, { c: i, i, l: 1 }, { c, i: c, l: 1 }, { c, i, l: 'x' }]) {
    expect(judgeRendezvous(encodeBencode(bad), cid)).toMatchObject({ ok: false, code: 'bad-reply' })
  }
  expect(judgeRendezvous(rendezvousAnswer('0'.repeat(64), { infohash, length: 1 }), cid)).toMatchObject({ ok: false })
  assert(property(uint8Array({ maxLength: 300 }), bytes => { expect(judgeRendezvous(bytes, cid).ok).toBe(false) }))
})
