import { beforeEach, expect, test } from 'vitest'
import { accept, decode, encode, reject, toHex, sha256, utf8 } from '../../../src/base/index.ts'
import { emptyBody, encodeBody, bodyId, childRules, header as headerCodec, judgeHeaderBytes, signHeader, turnAfter, type Header, type Ledger } from '../../../src/ledger/index.ts'
import { Following } from '../../../src/sync/following.ts'
import { Powers } from '../../../src/sync/powers.ts'
import type { Position, StateAnswer } from '../../../src/sync/index.ts'
import type { Mined } from '../../support/mine.ts'
import { Others, ann, answererOf, ben, begin, copyOf, cy, emptyLedger, give, grow, headOf, lying, parameters, rescueOf, signatures } from './world.ts'
import { seeded } from './random-help.ts'

const { signal } = new AbortController()
let now: number
let network: Others
const far: string[] = []
let isNew: boolean

beforeEach(() => {
  now = begin + 100_000
  network = new Others()
  far.length = 0
  isNew = false
})

function followerOf(ledger: Ledger, others = network): Following {
  return new Following({
    ledger, network: others, random: seeded(2), powers: new Powers(others), now: () => now, onChange() {},
    onFar(from) {
      far.push(from)
      return isNew
    },
  })
}

/** Two ledgers that share a trunk; `them` answers as 'them'. */
async function pair(trunk: string, our: string, their: string) {
  const theirs = await emptyLedger()
  const shared = await grow(theirs, trunk)
  const ours = await copyOf(shared)
  await grow(ours, our)
  const blocks = await grow(theirs, their)
  network.add('them', await answererOf(theirs, () => now))
  return { ours, theirs, blocks, shared, following: followerOf(ours) }
}

const headerOf = ({ header }: Mined): Header => (decode(headerCodec, header) as { readonly value: Header }).value

/** Another block of the same turn, signed once more with another profile. */
async function variant(ledger: Ledger, profile: string | null, time: number, key = ann): Promise<{ readonly header: Header, readonly body: Uint8Array }> {
  const { head, chain } = ledger
  const { power } = await ledger.account(key.address, childRules(chain, head, ledger.parameters).powerRoot)
  const body = encodeBody(emptyBody)
  const turn = turnAfter(chain, head, { publicKey: key.publicKey, power }, ledger.network, ledger.parameters)!
  const { mined } = await ledger.account(key.address)
  return { header: signHeader(turn.header({ time, nonce: mined + 1n, profile, body: bodyId(body) }), key.secret, signatures), body }
}

test('a longer branch is followed block by block', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'abcabc')
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.root).toBe(theirs.head.root)
  expect(network.count('walk')).toBe(1)
  expect(network.distrusted).toEqual([])
  expect(following.behind).toBe(0)
})

test('a branch that is no better is kept out, and not looked at again for a while', async () => {
  const { ours, theirs, following } = await pair('abc', 'abcab', 'cb')
  const before = ours.head
  await following.takeHead('them', headOf(theirs), signal)
  await following.takeHead('them', headOf(theirs), signal)
  expect([ours.head, network.count('walk'), network.count('nodes')]).toEqual([before, 1, 0])
  expect(following.forks).toMatchObject([{ at: 3, depth: 5, tip: theirs.head.root, taken: false, seen: now }])
  now += ours.parameters.blockTime
  await following.takeHead('them', headOf(theirs), signal)
  expect(network.count('walk')).toBe(2)
  expect(network.distrusted).toEqual([])
})

test('a block that waited for its time on another branch is considered once its peer shows it as its head', async () => {
  const base = await emptyLedger()
  const trunk = await grow(base, 'abc')
  const [one, two] = [await copyOf(trunk), await copyOf(trunk)]
  const sides = [await grow(one, 'c'), await grow(two, 'b')]
  await give(one, sides[1]!)
  await give(two, sides[0]!)
  const [ours, lost] = [one, one.head.header.miner === ben.address ? sides[0]! : sides[1]!] // we have both, and one of them is the head
  const theirs = await copyOf([...trunk, ...lost])
  const next = await rescueOf(theirs, 'ann')
  network.add('them', await answererOf(theirs, () => now))
  const following = followerOf(ours)
  const before = ours.head.root
  now = next.time - 5
  expect(await ours.offer(next.header, next.body, now)).toMatchObject({ ok: true })
  await give(theirs, [next])
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.root).toBe(before)
  now = next.time
  await ours.advance(now)
  expect(ours.head.root).toBe(before)
  await following.takeHead('them', headOf(theirs), signal)
  expect([ours.head.root, network.asked]).toEqual([theirs.head.root, []])
})

test('what is false is held against who says so: headers of other roots, a header against the rules, a state that is none', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'abcab')
  const honest = network.people.get('them')!
  const { header, state } = headOf(theirs)
  const before = ours.head.root

  const early: Position = { header: signHeader({ ...header, time: header.time - 1 }, ben.secret, signatures), state }
  await following.takeHead('them', early, signal)
  expect(network.distrusted).toHaveLength(1)
  expect(network.distrusted[0]).toContain('neither')
  await following.takeHead('them', early, signal)
  expect(network.distrusted).toHaveLength(1) // it is not judged twice

  await following.takeHead('them', { header, state: toHex(sha256(utf8('forged'))) }, signal)
  expect(network.distrusted).toHaveLength(2)
  expect(network.distrusted[1]).toContain('another root than it leads to')
  expect(before).not.toBe(ours.head.root) // its block is true all the same
  expect(ours.head.root).toBe(theirs.head.root)

  network.add('strange', lying(honest, (question, answer) => 'walk' in question ? answer().then(each => accept({ blocks: (each as { value: StateAnswer<'walk'> }).value.blocks.slice(1) })) : null))
  const other = await emptyLedger()
  await grow(other, 'ccccc')
  await following.takeHead('strange', headOf(other), signal) // an answer to another question is none
  expect(network.distrusted).toHaveLength(2)
})

test('a false header on top of true ones takes nothing from who tells the true ones', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'ab')
  network.add('liar', network.people.get('them')!)
  const next = await variant(theirs, null, theirs.head.header.time + 7) // nobody's turn
  await following.takeHead('liar', { header: next.header, state: headOf(theirs).state }, signal)
  expect(network.distrusted.map(each => each.split(':')[0])).toEqual(['liar'])
  expect(ours.head.header.number).toBe(3)
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.root).toBe(theirs.head.root)
})

test('a beginning that is not ours is false; our own, however far, is only far', async () => {
  const { ours, following } = await pair('abc', '', '')
  const other = await emptyLedger({ reward: 7 })
  await grow(other, 'ab')
  network.add('other', await answererOf(other, () => now))
  await following.takeHead('other', headOf(other), signal)
  expect(network.distrusted).toEqual(['other: headers that are not of their roots'])

  const long = await emptyLedger()
  const blocks = await grow(long, 'abcabcabcabcabcabcabcabcabcabc')
  network.add('long', await answererOf(long, () => now))
  await following.takeHead('long', headOf(long), signal)
  await following.takeHead('long', headOf(long), signal)
  expect([far, network.distrusted.length, ours.head.header.number]).toEqual([['long'], 1, 3]) // looked at once, while it rests
  isNew = true
  now += ours.parameters.blockTime
  await following.takeHead('long', headOf(long), signal)
  await following.takeHead('long', headOf(long), signal)
  expect(far).toEqual(['long', 'long', 'long'])
  expect(blocks).toHaveLength(30)
})

test('a head ahead of its time, or far behind, is no candidate', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'a')
  now = theirs.head.header.time - ours.parameters.drift - 1
  await following.takeHead('them', headOf(theirs), signal)
  expect(network.asked).toEqual([])
  now++
  await following.takeHead('them', headOf(theirs), signal)
  expect([ours.head.header.number, ours.childrenOf(ours.head.root).length]).toEqual([3, 1])
  now = theirs.head.header.time
  await ours.advance(now)
  expect(ours.head.root).toBe(theirs.head.root)

  const behind = await emptyLedger()
  await grow(behind, 'b')
  const ahead = await emptyLedger()
  await grow(ahead, 'a'.repeat(26))
  network.add('behind', await answererOf(behind, () => now))
  const asked = network.asked.length
  const follower = followerOf(ahead)
  await follower.takeHead('behind', headOf(behind), signal)
  expect([network.asked.length, follower.forks]).toEqual([asked, []])
})

test('a withheld body is asked of three, rests for a minute, and nobody is distrusted for it', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'ab')
  const honest = network.people.get('them')!
  const none = lying(honest, question => 'nodes' in question ? Promise.resolve(accept({ nodes: question.nodes.cids.map(() => null) })) : null)
  for (const id of ['them', 'b', 'c', 'd', 'e']) network.add(id, none)
  await following.takeHead('them', headOf(theirs), signal)
  expect(new Set(network.asked.filter(({ kind }) => kind === 'nodes').map(({ id }) => id)).size).toBeGreaterThan(1)
  expect(network.count('nodes')).toBeLessThanOrEqual(3)
  const { length } = network.asked
  await following.takeHead('them', headOf(theirs), signal)
  expect(network.asked.length).toBe(length)
  network.add('them', honest)
  now += 60
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.root).toBe(theirs.head.root)
  expect(network.distrusted).toEqual([])
})

test('who is busy withholds nothing: the next question may bring it', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'ab')
  const honest = network.people.get('them')!
  let busy = true
  network.add('them', lying(honest, question => 'nodes' in question && busy ? Promise.resolve(reject('rate-limited', '')) : null))
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.header.number).toBe(3)
  busy = false
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.root).toBe(theirs.head.root)
})

test('the same of a block that waits for its time', async () => {
  const { ours, theirs, following } = await pair('abc', '', '')
  const honest = network.people.get('them')!
  const next = await rescueOf(theirs, 'ben')
  now = next.time - 20
  expect(await theirs.offer(next.header, next.body, now)).toMatchObject({ ok: true })
  let busy = true
  let withheld = true
  network.add('them', lying(honest, question => 'nodes' in question && (busy || withheld) ? Promise.resolve(busy ? reject('rate-limited', '') : accept({ nodes: [null] })) : null))
  const take = async () => { await following.takeNext('them', headerOf(next), signal) }
  await take()
  busy = false
  await take()
  expect(network.count('nodes')).toBe(2)
  await take()
  expect(network.count('nodes')).toBe(2)
  withheld = false
  now += 59
  await take()
  expect(network.count('nodes')).toBe(2)
  now += 1
  await take()
  expect(ours.head.header.number).toBe(4)
  const { length } = network.asked
  await take() // it is there
  expect(network.asked.length).toBe(length)
})

test('a pending block becomes the head when it is due', async () => {
  const { ours, theirs, following } = await pair('abc', '', '')
  const next = await rescueOf(theirs, 'cy')
  now = next.time - 20
  await theirs.offer(next.header, next.body, now)
  await following.takeNext('them', headerOf(next), signal)
  expect([ours.head.header.number, ours.nextTime(now), ours.best(now)?.id]).toEqual([3, next.time, theirs.best(now)!.id])
  await ours.advance(next.time - 1)
  expect(ours.head.header.number).toBe(3)
  await ours.advance(next.time)
  expect(ours.head.header.number).toBe(4)
})

test('nothing is fetched of a next block that is nobody\'s turn yet, is worse than what waits, or breaks a rule', async () => {
  const { ours, theirs, following } = await pair('abc', '', '')
  const at = theirs.head.header.time + 60
  now = at - 30
  const later = await variant(theirs, null, now + ours.parameters.rescue + 1)
  await following.takeNext('them', later.header, signal)
  expect(network.asked).toEqual([])
  const [one, two] = [await variant(theirs, null, at), await variant(theirs, '{"a":1}', at)]
  const [best, worse] = Buffer.compare(one.header.signature, two.header.signature) > 0 ? [one, two] : [two, one]
  await theirs.offer(encode(headerCodec, best.header), best.body, now)
  await following.takeNext('them', best.header, signal)
  expect(network.count('nodes')).toBe(1)
  await following.takeNext('them', worse.header, signal)
  const never = await variant(theirs, null, theirs.head.header.time + 3)
  await following.takeNext('them', never.header, signal)
  expect(network.count('nodes')).toBe(1)
  expect(network.distrusted).toHaveLength(1)
})

test('nor of one on a block that lies too deep', async () => {
  for (const [deep, asked] of [[parameters.short + 1, 0], [parameters.short, 1]] as const) {
    const { theirs, following } = await pair('abc', 'a'.repeat(deep), '')
    const { header } = await variant(theirs, null, theirs.head.header.time + 60, cy)
    await following.takeNext('them', header, signal)
    expect(network.count('nodes')).toBe(asked)
  }
  expect(network.distrusted).toEqual([])
})

test('a block that execution refuses is executed once, whatever state somebody claims after it', async () => {
  const { ours, theirs, following } = await pair('abc', '', '')
  const { header: { signature: _, ...unsigned } } = await variant(theirs, null, theirs.head.header.time + 60)
  const header = signHeader({ ...unsigned, nonce: unsigned.nonce + 1n }, ann.secret, signatures)
  for (const claim of ['one', 'two']) await following.takeHead('them', { header, state: toHex(sha256(utf8(claim))) }, signal)
  expect([network.count('nodes'), network.distrusted.length, ours.head.header.number]).toEqual([1, 1, 3])
})

test('of one miner\'s due blocks on one parent a few are enough, until somebody builds on another', async () => {
  const { ours, theirs, following } = await pair('abc', '', '')
  const at = theirs.head.header.time + 60
  now = at
  const all = await Promise.all(Array.from({ length: 6 }, async (_, i) => await variant(theirs, `{"a":${i}}`, at)))
  all.sort((a, b) => Buffer.compare(a.header.signature, b.header.signature)) // each is better than the one before
  for (const { header, body } of all) expect(await theirs.offer(encode(headerCodec, header), body, now)).toMatchObject({ ok: true })
  for (const { header } of all) await following.takeNext('them', header, signal)
  expect(ours.childrenOf(ours.head.parent!).length).toBe(4)
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.root).not.toBe(theirs.head.root)
  await grow(theirs, 'b')
  now = theirs.head.header.time
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.root).toBe(theirs.head.root)
})

test('equal siblings: all end at the same one, whichever came first', async () => {
  const base = await emptyLedger()
  const trunk = await grow(base, 'abc')
  const [left, right] = [await copyOf(trunk), await copyOf(trunk)]
  await grow(left, 'a')
  await grow(right, 'b')
  network.add('left', await answererOf(left, () => now)).add('right', await answererOf(right, () => now))
  const [one, two] = [followerOf(left), followerOf(right)]
  await one.takeHead('right', headOf(right), signal)
  await two.takeHead('left', headOf(left), signal)
  expect(left.head.root).toBe(right.head.root)
})

test('a body that comes drop by drop keeps us from nobody: after a minute others are asked, and what came stays', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'abcabcabcabc')
  const honest = network.people.get('them')!
  network.add('slow', lying(honest, (question, answer) => {
    if (!('nodes' in question)) return null
    now += 14
    return answer().then(each => accept({ nodes: (each as { value: StateAnswer<'nodes'> }).value.nodes.slice(0, 1) }))
  }))
  await following.takeHead('slow', headOf(theirs), signal)
  expect(ours.head.header.number).toBe(3 + 5)
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.root).toBe(theirs.head.root)
})

test('nor headers that come one by one', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'abcabcabcabc')
  const honest = network.people.get('them')!
  network.add('slow', lying(honest, question => 'walk' in question ? honest({ walk: { ...question.walk, depth: 1 } }, '') : null))
  await following.takeHead('slow', headOf(theirs), signal)
  expect([network.count('walk'), ours.head.header.number]).toEqual([1, 3])
})

test('a parent without its state here says nothing against a peer', async () => {
  const { theirs, blocks, shared, following, ours } = await pair('abc', '', 'ab')
  const offer = ours.offer.bind(ours)
  ours.offer = async (header, ...rest) => header.length === blocks[1]!.header.length && judgeHeaderBytes(header).ok ? { ok: false, rule: 'unknown-parent', detail: 'the root it goes on from is not known here' } : await offer(header, ...rest)
  await following.takeHead('them', headOf(theirs), signal)
  expect(network.distrusted).toEqual([])
  expect(shared).toHaveLength(3)
})

test('a block that may not wait yet is not fetched again and again', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'a')
  const offer = ours.offer.bind(ours)
  ours.offer = async () => ({ ok: false, rule: 'not-yet', detail: 'better ones wait' })
  await following.takeHead('them', headOf(theirs), signal)
  await following.takeHead('them', headOf(theirs), signal)
  expect([network.count('nodes'), network.distrusted]).toEqual([1, []])
  ours.offer = offer
  now += ours.parameters.drift
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.root).toBe(theirs.head.root)
})

test('an error of the disk goes to who asked, and is nobody\'s fault', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'ab')
  const offer = ours.offer.bind(ours)
  ours.offer = async () => { throw Object.assign(new Error('full'), { code: 'storage-full' }) }
  await expect(following.takeHead('them', headOf(theirs), signal)).rejects.toThrow('full')
  expect([network.distrusted, following.behind]).toEqual([[], 0])
  ours.offer = offer
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.root).toBe(theirs.head.root)
})

test('headers alone: nothing is fetched, only what a child names is certain, and back again all is executed', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'abc')
  following.mode = 'headers'
  await following.takeHead('them', headOf(theirs), signal)
  expect([network.count('nodes'), ours.head.header.number, following.tip.root]).toEqual([0, 3, theirs.head.root])
  expect(following.certain.root).toBe(theirs.head.parent)
  expect(following.position(following.certain.root)).toEqual(theirs.position(theirs.head.parent!))
  expect(following.active.after(following.certain.root)?.total).toBe(theirs.active.after(theirs.head.parent!)?.total)
  expect(ours.active.after(following.certain.root)).toBeNull()
  await grow(theirs, 'abcabc')
  await following.takeHead('them', headOf(theirs), signal)
  expect([following.tip.root, ours.head.header.number]).toEqual([theirs.head.root, 3])
  await following.takeNext('them', headerOf(await rescueOf(theirs, 'ann')), signal)
  expect(network.count('nodes')).toBe(0)
  following.mode = 'full'
  await following.modeChanged(signal)
  expect([ours.head.root, following.tip.root]).toEqual([theirs.head.root, theirs.head.root])
})

test('bodies end at once where the line became metered', async () => {
  const { ours, theirs, following } = await pair('abc', '', 'abcabc')
  const honest = network.people.get('them')!
  network.add('them', lying(honest, (question, answer) => {
    if ('nodes' in question) following.mode = 'headers'
    return answer()
  }))
  await following.takeHead('them', headOf(theirs), signal)
  expect(ours.head.header.number).toBeLessThan(theirs.head.header.number)
  expect(network.count('nodes')).toBe(1)
})
