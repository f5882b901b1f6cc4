import { networkInterfaces } from 'node:os'
import { noise } from '../support/bytes.ts'
import { expect, test } from '../support/people.ts'

// What users have: mDNS candidates, no permission, no flag.
const alone = Object.values(networkInterfaces()).every(list => list?.every(({ internal }) => internal) ?? true)
test.skip(alone, 'Browsers as they come make no connection over loopback alone, and this machine has nothing else')

test('a file crosses with the browser as it comes', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'plain.bin', bytes: noise(1_000_000, 'plain') }
  await ben.get(await ada.share([file]))
  await ben.here()
  expect((await ben.saved('plain.bin')).bytes.equals(file.bytes)).toBe(true)
})

test('the STUN server tells a page its address', async ({ person, relay }) => {
  const { page } = await person()
  const { port } = new URL(relay.url)
  const candidates = await page.evaluate(async url => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: url }] })
    peer.createDataChannel('x')
    const found: string[] = []
    const ended = new Promise<void>(done => {
      peer.onicecandidate = ({ candidate }) => { if (candidate === null) done(); else found.push(candidate.candidate) }
      setTimeout(done, 5000)
    })
    await peer.setLocalDescription()
    await ended
    peer.close()
    return found
  }, `stun:127.0.0.1:${port}`)
  expect(candidates.join('\n')).toMatch(/typ srflx/)
})
