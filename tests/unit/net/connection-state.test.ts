import { expect, test } from 'vitest'
import { connectionState, type Standing } from '../../../src/net/connection-state.ts'
import type { PeerLink, RelayState } from '../../../src/net/index.ts'

const relay = (state: RelayState['state']): RelayState => ({ address: '/relay', peerId: 'relay', state, retryAt: null })
const peer = (path: PeerLink['path']): PeerLink => ({ peerId: 'somebody', path, relays: [], since: 0, rtt: null })
const start: Standing = { peerId: 'me', online: true, relays: [], peers: [], known: 0, webrtc: true, dialling: false, failure: null, rtc: { live: 0, made: 0 } }

const cases: [string, Partial<Standing>, string][] = [
  ['no relay is listed', {}, 'stuck no-relay, waiting, waiting, waiting'],
  ['the device is offline', { online: false, relays: [relay('unreachable')] }, 'stuck offline, waiting, waiting, waiting'],
  ['a relay is dialled', { relays: [relay('dialling')] }, 'working, waiting, waiting, waiting'],
  ['no relay answers', { relays: [relay('unreachable'), relay('unreachable')] }, 'stuck relay-unreachable, waiting, waiting, waiting'],
  ['a relay answered', { relays: [relay('connected')] }, 'done, working, waiting no-peers, waiting'],
  ['it is full', { relays: [relay('full')] }, 'done, stuck relay-full, waiting no-peers, waiting'],
  ['another has a place', { relays: [relay('full'), relay('reserved')] }, 'done, done, waiting no-peers, waiting'],
  ['somebody is known', { relays: [relay('reserved')], known: 1 }, 'done, done, working, waiting'],
  ['nobody known is reached', { relays: [relay('reserved')], known: 1, failure: 'peer-unreachable' }, 'done, done, stuck peer-unreachable, waiting'],
  ['they are tried again', { relays: [relay('reserved')], known: 1, failure: 'peer-unreachable', dialling: true }, 'done, done, working, waiting'],
  ['a peer is met over the relay', { relays: [relay('reserved')], known: 1, peers: [peer('relayed')], dialling: true }, 'done, done, done, working'],
  ['no direct way is found', { relays: [relay('reserved')], known: 1, peers: [peer('relayed')], failure: 'direct-failed' }, 'done, done, done, stuck direct-failed'],
  ['and the relayed one ended', { relays: [relay('reserved')], known: 1, failure: 'direct-failed' }, 'done, done, done, stuck direct-failed'],
  ['there is no WebRTC', { relays: [relay('reserved')], known: 1, peers: [peer('relayed')], webrtc: false }, 'done, done, done, stuck no-webrtc'],
  ['a direct connection stands', { relays: [relay('reserved')], known: 2, peers: [peer('relayed'), peer('direct')], failure: 'direct-failed' }, 'done, done, done, done'],
  ['the relay died after that', { relays: [relay('unreachable')], known: 2, peers: [peer('direct')] }, 'stuck relay-unreachable, waiting, done, done'],
]

test.each(cases)('%s', (_, standing, steps) => {
  const state = connectionState({ ...start, ...standing })
  expect(state.steps.map(({ state: at, reason }) => reason === null ? at : `${at} ${reason}`).join(', ')).toBe(steps)
  expect(state.steps.map(({ name }) => name)).toEqual(['relay', 'reserved', 'signalling', 'direct'])
})
