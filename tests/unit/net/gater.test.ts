import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { BlockedPeers } from '../../../src/net/blocked-peers.ts'
import { mayDial } from '../../../src/net/gater.ts'

const id = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
const other = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'
const own = `/ip4/127.0.0.1/tcp/8080/ws/p2p/${id}`

test.each([
  ['our own relay, on this machine and without TLS', own, true],
  ['somebody through it', `${own}/p2p-circuit/p2p/${other}`, true],
  ['somebody through it, directly', `${own}/p2p-circuit/webrtc/p2p/${other}`, true],
  ['our relay as libp2p writes it down', '/ip4/127.0.0.1/tcp/8080/ws', true],
  ['another port of this machine', `/ip4/127.0.0.1/tcp/22/ws/p2p/${id}`, false],
  ['another port of this machine, over TLS', `/ip4/127.0.0.1/tcp/8443/tls/ws/p2p/${id}`, false],
  ['a device in the house', `/ip4/192.168.1.1/tcp/443/wss/p2p/${other}/p2p-circuit/p2p/${id}`, false],
  ['a foreign relay over TLS', `/dns4/relay.example/tcp/443/tls/ws/p2p/${other}/p2p-circuit/webrtc/p2p/${id}`, true],
  ['a foreign relay without TLS', `/dns4/relay.example/tcp/80/ws/p2p/${other}/p2p-circuit/p2p/${id}`, false],
  ['a plain TCP address', `/ip4/8.8.8.8/tcp/443/p2p/${other}`, false],
])('%s: %s may be dialled: %s', (_, address, may) => {
  expect(mayDial(address, [own])).toBe(may)
})

test('a blocked peer is forgiven after a while, and the list stays short', () => {
  let time = 0
  const blocked = new BlockedPeers({ now: () => time })
  blocked.add('liar')
  expect([blocked.has('liar'), blocked.has('somebody')]).toEqual([true, false])
  time = limits.peerBlockMs
  expect(blocked.has('liar')).toBe(false)
  for (let n = 0; n <= limits.knownPeers; n++) blocked.add(String(n))
  expect([blocked.has('0'), blocked.has('1')]).toEqual([false, true])
})
