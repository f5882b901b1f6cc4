import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { announcement, answerMessage, readTrackerMessage } from '../../../src/swarm/tracker-message.ts'

const hex = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytes => Buffer.from(bytes).toString('hex'))
const binary = (text: string) => Buffer.from(text, 'hex').toString('latin1')

test('what we announce is what WebTorrent trackers read', () => {
  fc.assert(fc.property(hex, hex, hex, (infohash, peerId, id) => {
    const sent = announcement({ infohash, peerId, event: 'started', left: 5, uploaded: 1, downloaded: 2, offers: [{ id, description: { type: 'offer', sdp: 'v=0' } }] })
    expect(JSON.parse(sent)).toEqual({
      action: 'announce', info_hash: binary(infohash), peer_id: binary(peerId), event: 'started', left: 5, uploaded: 1, downloaded: 2,
      numwant: 1, offers: [{ offer_id: binary(id), offer: { type: 'offer', sdp: 'v=0' } }],
    })
    expect(JSON.parse(announcement({ infohash, peerId, left: 0, uploaded: 0, downloaded: 0, offers: [] }))).not.toHaveProperty('event')
  }))
})

test('an answer goes out and comes in the same', () => {
  fc.assert(fc.property(hex, hex, hex, hex, (infohash, mine, theirs, offerId) => {
    const description = { type: 'answer', sdp: 'v=0' } as const
    const { to_peer_id, ...sent } = JSON.parse(answerMessage(infohash, mine, theirs, offerId, description)) as Record<string, unknown>
    expect(to_peer_id).toBe(binary(theirs))
    expect(readTrackerMessage(JSON.stringify(sent))).toEqual({ ok: true, value: { kind: 'answer', infohash, peerId: mine, offerId, description } })
  }))
})

const info_hash = 'h'.repeat(20)
test('counts, failures and garbage are told apart', () => {
  const read = (value: object) => readTrackerMessage(JSON.stringify(value))
  const infohash = Buffer.from(info_hash).toString('hex')
  expect(read({ action: 'announce', info_hash, complete: 2, incomplete: 3, interval: 60 }))
    .toEqual({ ok: true, value: { kind: 'counts', infohash, complete: 2, incomplete: 3, intervalMs: 60_000 } })
  expect(read({ action: 'announce', info_hash, complete: -2, incomplete: 'x' })).toMatchObject({ value: { complete: 0, incomplete: 0, intervalMs: 120_000 } })
  expect(read({ 'failure reason': 'no' })).toEqual({ ok: true, value: { kind: 'failure', infohash: null, reason: 'no' } })
  const offer = { action: 'announce', info_hash, peer_id: 'p'.repeat(20), offer_id: 'o'.repeat(20), offer: { type: 'offer', sdp: 'v=0' } }
  expect(read(offer)).toMatchObject({ ok: true, value: { kind: 'offer' } })
  for (const change of [
    { peer_id: 'short' }, { offer_id: 'ā'.repeat(20) }, { offer: { type: 'answer', sdp: '' } }, { offer: null },
    { offer: { type: 'offer', sdp: 'x'.repeat(20_000) } }, { action: 'scrape' }, { info_hash: 7 },
  ]) {
    expect(read({ ...offer, ...change })).toMatchObject({ ok: false, code: 'bad-reply' })
  }
})

test('nothing that arrives makes it throw', () => {
  const names = fc.constantFrom('action', 'info_hash', 'peer_id', 'offer', 'answer', 'offer_id', 'interval')
  const nearly = fc.dictionary(names, fc.anything()).map(value => JSON.stringify(value))
  fc.assert(fc.property(fc.oneof(fc.anything(), fc.string(), fc.json(), nearly), value => {
    expect(readTrackerMessage(value)).toHaveProperty('ok')
  }))
})
