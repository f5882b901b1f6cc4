import { HoldfastError, utf8 } from '../../../src/base/index.ts'
import { networkPlaces } from '../../../src/net/index.ts'
import { judgeTrackerMessage } from '../../../src/relay/tracker-message.ts'
import { announcement, answerMessage, readTrackerMessage } from '../../../src/swarm/tracker-message.ts'
import type { Chance } from '../chance.ts'
import { mustDial } from '../dial.ts'
import { textOf } from '../text.ts'
import type { Target } from '../types.ts'
import { varyValue } from '../vary-value.ts'

const words = ['{"__proto__":{"a":1}}', '"__proto__":', '[[[[[[[[', '{"a":', '1e999', '-0', '"\\ud800"', '\\u0000', 'null', '[]', '{}', '"offers":', '"answer":', '"info_hash":', '"failure reason":', 'http://[::1]:99999/', 'ws:', '\0:']
const info = 'cd'.repeat(20)
const odd = ['ws://x', 'https://user:pass@x.example:65535/p?q#f', 'http://[::1]/', 'file:///etc', 'javascript:1', 'http://x:99999', '\u0000', 'stun:a', 'x'.repeat(20), '\u00ff'.repeat(20), '\u0100'.repeat(20), 'a'.repeat(5000), { type: 'offer', sdp: 'v=0' }, { type: 'offer', sdp: 5 }]

/** Mostly JSON still, with a field that nobody expects. */
function varyJson(base: Uint8Array, chance: Chance, mutate: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  if (chance.once(3)) return mutate(base)
  let value: unknown = JSON.parse(textOf(base))
  for (let left = chance.pick([1, 1, 2, 4]); left > 0; left--) value = varyValue(value, chance, odd)
  return utf8(JSON.stringify(value) ?? 'null')
}

export const networkFile: Target = {
  name: 'network-file',
  corpus: () => [
    { name: 'local', version: '1', relays: [{ url: '/', peerId: '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp' }], trackers: ['/announce'], stun: ['/'] },
    { name: 'a-1', version: '1', relays: [{ url: 'wss://r.example:4000', peerId: '12D3KooWB8sCGZCrwr79HtabLAn95qyPQx6RYHXjEbiD6QKou7ww' }, { url: 'http://[::1]:1/x', peerId: '12D3KooWSrKnMZUcSxK8G7wmBbXdU8nFEfWGhLu6H8xjn8LmCSJb' }], trackers: [], stun: ['http://127.0.0.1:3478/'] },
  ].map(file => utf8(JSON.stringify(file))),
  dictionary: words,
  vary: varyJson,
  run(bytes) {
    let file: unknown
    try { file = JSON.parse(textOf(bytes)) } catch { throw new HoldfastError('network-file', 'no JSON, which whoever fetches it says') }
    const { relays, trackers, stun } = networkPlaces(file, 'https://app.example/holdfast/network.json')
    for (const relay of relays) mustDial(relay)
    if (relays.some(relay => !/^\/(ip4|ip6|dns)\/[^/]+\/tcp\/\d+\/(tls\/)?ws\/p2p\/\w+$/.test(relay)) || trackers.some(url => !/^wss?:/.test(url)) || stun.some(url => !/^stun:[^/]+:\d+$/.test(url))) throw new Error('a place that is none')
    return 'accepted'
  },
}

/** What a tracker tells us. */
export const trackerClient: Target = {
  name: 'tracker-client',
  corpus: () => [
    JSON.stringify({ action: 'announce', info_hash: 'h'.repeat(20), complete: 1, incomplete: 2, interval: 120 }),
    JSON.stringify({ action: 'announce', info_hash: 'h'.repeat(20), peer_id: 'p'.repeat(20), offer_id: 'o'.repeat(20), offer: { type: 'offer', sdp: 'v=0' } }),
    JSON.stringify({ action: 'announce', info_hash: 'h'.repeat(20), peer_id: '\u00ff'.repeat(20), offer_id: 'o'.repeat(20), answer: { type: 'answer', sdp: 'v=0' } }),
    JSON.stringify({ 'info_hash': 'h'.repeat(20), 'failure reason': 'full' }),
  ].map(utf8),
  dictionary: words,
  maxBytes: 128 * 1024,
  vary: varyJson,
  run(bytes) {
    const judged = readTrackerMessage(textOf(bytes))
    if (!judged.ok) return judged.code
    const message = judged.value
    if (message.infohash !== null && !/^[0-9a-f]{40}$/.test(message.infohash)) throw new Error('an infohash that is none')
    if (message.kind === 'counts' && ![message.complete, message.incomplete, message.intervalMs].every(count => Number.isFinite(count) && count >= 0)) throw new Error('a count that is none')
    return 'accepted'
  },
}

/** What a browser tells the relay's tracker; what passes is shown to a library that trusts it. */
export const trackerRelay: Target = {
  name: 'tracker-relay',
  corpus: () => [
    announcement({ infohash: info, peerId: info, event: 'started', left: 1, uploaded: 0, downloaded: 0, offers: [{ id: info, description: { type: 'offer', sdp: 'v=0' } }] }),
    answerMessage(info, info, info, info, { type: 'answer', sdp: 'v=0' }),
    JSON.stringify({ action: 'scrape', info_hash: ['h'.repeat(20)] }),
  ].map(utf8),
  dictionary: words,
  maxBytes: 256 * 1024,
  vary: varyJson,
  run(bytes) {
    const judged = judgeTrackerMessage(textOf(bytes))
    if (!judged.ok) return judged.code
    const again = judgeTrackerMessage(judged.value.text)
    if (!again.ok || again.value.text !== judged.value.text) throw new Error('rebuilt, it is another message')
    return 'accepted'
  },
}
