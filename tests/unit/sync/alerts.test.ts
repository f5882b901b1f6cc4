import { beforeEach, expect, test } from 'vitest'
import { ancestor, type Ledger } from '../../../src/ledger/index.ts'
import { Following } from '../../../src/sync/following.ts'
import { Powers } from '../../../src/sync/powers.ts'
import { Others, answererOf, begin, copyOf, emptyLedger, grow, headOf } from './world.ts'
import { seeded } from './random-help.ts'

const { signal } = new AbortController()
const now = begin + 100_000
let network: Others

beforeEach(() => { network = new Others() })

function followerOf(ledger: Ledger): Following {
  return new Following({ ledger, network, random: seeded(2), powers: new Powers(network), now: () => now, onChange() {}, onFar: () => false })
}

/** Our k is voted at 3; a longer branch leaves it at 2, with `their` miners on it. */
async function alarm(their: string) {
  const theirs = await emptyLedger()
  const trunk = await grow(theirs, 'ab')
  const ours = await copyOf(trunk)
  await grow(ours, 'cb')
  await grow(theirs, their)
  ours.setSafe(ancestor(ours.chain, ours.head, 3)!.root)
  network.add('them', await answererOf(theirs, () => now))
  return { ours, theirs, following: followerOf(ours) }
}

test('a better branch that leaves k is for a person to decide, again as it grows, and declined once for all', async () => {
  const { ours, theirs, following } = await alarm('aaa')
  const before = ours.head
  await following.takeHead('them', headOf(theirs), signal)
  expect(following.alert).toMatchObject({ why: 'leaves-safe', forkedAt: 2, tip: { root: theirs.head.root } })
  const shown = theirs.head.root
  await grow(theirs, 'a')
  await following.takeHead('them', headOf(theirs), signal)
  expect(following.alert?.tip.root).toBe(theirs.head.root)
  await expect(following.decide(shown, true, signal)).rejects.toMatchObject({ code: 'not-found' })
  expect([ours.head, following.alert?.tip.root]).toEqual([before, theirs.head.root])
  await following.decide(theirs.head.root, false, signal)
  expect(following.alert).toBeNull()
  await grow(theirs, 'a')
  await following.takeHead('them', headOf(theirs), signal)
  expect([following.alert, ours.head, network.distrusted]).toEqual([null, before, []])
})

test('taken, it becomes the head; where nobody gives its blocks that is said, and it stays to be decided', async () => {
  const { ours, theirs, following } = await alarm('aaa')
  const honest = network.people.get('them')!
  await following.takeHead('them', headOf(theirs), signal)
  network.remove('them')
  await expect(following.decide(theirs.head.root, true, signal)).rejects.toMatchObject({ code: 'peer-unreachable' })
  expect(following.alert?.tip.root).toBe(theirs.head.root)
  network.add('them', honest)
  await following.decide(theirs.head.root, true, signal)
  expect([ours.head.root, following.alert, ours.safe.header.number]).toEqual([theirs.head.root, null, 2])
  expect(ours.isVoted).toBe(true)
})

test('an alert that is none any more goes by itself', async () => {
  const { ours, theirs, following } = await alarm('aaa')
  await following.takeHead('them', headOf(theirs), signal)
  following.headMoved()
  expect(following.alert).not.toBeNull()
  await grow(ours, 'abcabc')
  following.headMoved()
  expect(following.alert).toBeNull()
})

test('or where the ledger began anew', async () => {
  const { ours, theirs, following } = await alarm('aaa')
  await following.takeHead('them', headOf(theirs), signal)
  expect(following.alert).not.toBeNull()
  await following.begin('them', { links: [], tip: ours.head, chain: ours.chain }, signal)
  expect(following.alert).toBeNull()
})

test('or where its branch as it grew is none', async () => {
  const { ours, theirs, following } = await alarm('aaa')
  await following.takeHead('them', headOf(theirs), signal)
  await grow(ours, 'abcabc')
  await grow(theirs, 'a')
  await following.takeHead('them', headOf(theirs), signal)
  expect(following.alert).toBeNull()
})

test('a deep branch with more support and more than half of the weight takes k along', async () => {
  const { ours, theirs, following } = await alarm('bcbcbc')
  await following.takeHead('them', headOf(theirs), signal)
  expect([following.alert, ours.head.root, ours.safe.header.number]).toEqual([null, theirs.head.root, 2])
})
