import { expect, test } from 'vitest'
import { HoldfastError, accept, fromHex, limits, reject, sha256, toHex, utf8, type Alarm, type Judged } from '../../../../src/base/index.ts'
import {
  KeySeeker, boxOf, encodeKeyAnswer, envelopeScope, judgeKeyQuestion, keyCommitment, keyReplyDigest, keyRequestDigest, keyRequestId, openEnvelope, sealEnvelope, scopeOf,
  type EnvelopeScope, type KeyName, type KeyReply, type KeyRequest, type SeekerPorts, type UnsignedKeyReply,
} from '../../../../src/content/index.ts'
import { signatures, type Somebody } from '../../../support/ledger.ts'
import { random } from '../../../support/tdf.ts'
import { ann, ben, boxHex, cid, eve, hal, holder, key, member, network, secretOf, stateOf, type Says } from './world.ts'

/** Time that passes only while the seeker sleeps, and what happens at some of it. */
class Time implements Alarm {
  ms = 1_000_000_000
  private readonly events: { readonly at: number, readonly run: () => void }[] = []
  now(): number { return this.ms }
  after(ms: number, run: () => void): void { this.events.push({ at: this.ms + ms, run }) }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await new Promise<void>(resolve => { setImmediate(resolve) })
    const isOver = (): boolean => signal?.aborted === true
    for (const end = this.ms + ms; this.ms < end && !isOver();) {
      const next = this.events.findIndex(({ at }) => at <= end)
      const [event] = next === -1 ? [] : this.events.splice(next, 1)
      this.ms = event?.at ?? end
      event?.run()
    }
  }
}

type Key = Uint8Array<ArrayBuffer>
interface Peer { readonly id: string, readonly address: string, answer(question: Uint8Array): Promise<Judged<Uint8Array>> }
const name: KeyName = { cid, owner: ann.address }

/** Ben, or whoever `me` is, who looks for a key; `peers` are there. */
function seeker(peers: Peer[], { me: who = ben, head = member, ...more }: Partial<Omit<SeekerPorts<Key>, 'me' | 'head'>> & { readonly me?: Somebody, readonly head?: (who: string) => Says } = {}) {
  const time = new Time()
  const log = { kept: [] as string[], asked: [] as { id: string, at: number }[], distrusted: [] as string[], wrong: [] as KeyName[], changes: 0 }
  const kept = new Map<string, Key>()
  const world = { head }
  const closing = new AbortController()
  const right = async (found: Key | null, keyCommit: string, of: string): Promise<Key | null> => await Promise.resolve(found !== null && keyCommitment(of, found) === keyCommit ? found : null)
  const ports: SeekerPorts<Key> = {
    network, signatures, random, clock: time, me: () => who.address, head: () => stateOf(asked => world.head(asked)),
    kept: async ({ cid: of }) => await Promise.resolve(kept.get(of) ?? null),
    keep: async ({ cid: of }, found, purpose) => {
      await Promise.resolve()
      kept.set(of, found)
      log.kept.push(purpose)
      closing.abort()
    },
    take: async (text, of, keyCommit) => await right(fromHex(text), keyCommit, of),
    open: async (envelope, keyCommit, scope) => {
      if (scope.box !== toHex(boxOf(secretOf(who)))) throw new HoldfastError('not-own')
      return await right(await openEnvelope(secretOf(who), envelope, envelopeScope(scope)), keyCommit, scope.cid)
    },
    recover: async () => await Promise.resolve(null),
    wrongGrant: each => { log.wrong.push(each) },
    box: async () => await Promise.resolve(boxHex(who)),
    sign: async request => await Promise.resolve(signatures.sign(keyRequestDigest(request), who.secret)),
    online: () => peers,
    ask: async (id, question) => {
      const judged = judgeKeyQuestion(question)
      if (judged.ok && 'request' in judged.value) log.asked.push({ id, at: time.ms })
      return await peers.find(peer => peer.id === id)?.answer(question) ?? reject('peer-unreachable', 'gone')
    },
    distrust: id => { log.distrusted.push(id) },
    changed: () => { log.changes++ }, ...more,
  }
  const seeking = new KeySeeker<Key>(ports)
  /** Until the key is here, or so much time has passed. */
  const run = async (ms = 6 * 3_600_000): Promise<void> => {
    time.after(ms, () => { closing.abort() })
    await seeking.run(closing.signal)
  }
  return { seeking, run, log, world, time, kept, closing }
}

/** A holder's device that answers as `holder` does. */
function device(id: string, made = holder()): Peer & ReturnType<typeof holder> {
  return { ...made, id, address: made.who.address, answer: async question => (await made.desk.answer(question, 'ben')).answer }
}

/** A device that says what it likes. */
function liar(id: string, who: Somebody, say: (request: KeyRequest) => Promise<Partial<KeyReply>>, signer = who): Peer {
  const answer = async (question: Uint8Array): Promise<Judged<Uint8Array>> => {
    const judged = judgeKeyQuestion(question)
    if (!judged.ok) return judged
    if ('challenge' in judged.value) return accept(encodeKeyAnswer({ challenge: { nonce: new Uint8Array(16) } }))
    const { request } = judged.value
    const unsigned: UnsignedKeyReply = { version: 1, request: keyRequestId(request), status: 'ok', reason: null, retry: 0, holders: [], enc: null, ct: null }
    const { signature: forged, ...said } = { signature: undefined, ...unsigned, ...await say(request) }
    const signature = forged === undefined ? signatures.sign(keyReplyDigest(said, network), signer.secret) : forged
    return accept(encodeKeyAnswer({ reply: { ...said, signature } }))
  }
  return { id, address: who.address, answer }
}

async function sealed(what: Key, scope: EnvelopeScope): Promise<{ readonly enc: Key, readonly ct: Key }> {
  return (await sealEnvelope(random.bytes(32), fromHex(scope.box)!, what, envelopeScope(scope)))!
}

test('a holder who is there gives it, and the owner is not asked', async () => {
  const { seeking, run, log, kept } = seeker([device('owner', holder({ who: ann })), device('hal')])
  seeking.want(name)
  await run()
  expect(kept.get(cid)).toEqual(key)
  expect(log.asked.map(({ id }) => id)).toEqual(['hal'])
  expect([log.kept, log.distrusted, seeking.wanted()]).toEqual([['access'], [], []])
})

test('the owner away from the first minute: what is kept, public, or on the ledger needs nobody', async () => {
  const here = seeker([])
  here.kept.set(cid, key)
  const open = seeker([], { head: () => ({ policy: { public: toHex(key) } }) })
  const scope: EnvelopeScope = { network, cid, owner: ann.address, purpose: 'holder', requester: hal.address, box: boxHex(hal), request: null }
  const envelope = await sealed(key, scope)
  const listed = seeker([], { me: hal, head: () => ({ holders: [{ address: hal.address, box: boxHex(hal), ...envelope }] }) })
  const grant = await sealed(key, { ...scope, purpose: 'access', requester: ben.address, box: boxHex(ben) })
  const bought = seeker([], { head: () => ({ purchase: { box: boxHex(ben), grant } }) })
  const own = seeker([], { me: ann, recover: async () => await Promise.resolve(key) })
  for (const { seeking, run, log, kept } of [here, open, listed, bought, own]) {
    seeking.want(name)
    await run()
    expect(kept.get(cid)).toEqual(key)
    expect(log.asked).toEqual([])
  }
  expect([listed.log.kept, bought.log.kept, own.log.kept]).toEqual([['holder'], ['access'], ['recover']])
})

test('one that could not be written down is looked for again', async () => {
  let full = true
  const { seeking, run, log } = seeker([device('hal')], {
    keep: async (_, __, purpose) => {
      if (full) {
        full = false
        throw new HoldfastError('storage-full')
      }
      await Promise.resolve(log.kept.push(purpose))
    },
  })
  seeking.want(name)
  await run()
  expect([log.kept, seeking.wanted()]).toEqual([['access'], []])
})

test('a grant that does not open is told, and so is one with another key', async () => {
  const scope: EnvelopeScope = { network, cid, owner: ann.address, purpose: 'access', requester: ben.address, box: boxHex(ben), request: null }
  for (const grant of [{ enc: new Uint8Array(32).fill(9), ct: new Uint8Array(48) }, await sealed(new Uint8Array(32), scope)]) {
    const { seeking, run, log, kept } = seeker([], { head: () => ({ purchase: { box: boxHex(ben), grant } }) })
    seeking.want(name)
    await run(1000)
    expect([kept.size, log.wrong[0]]).toEqual([0, name])
  }
})

test('nobody is asked who would refuse', async () => {
  const peers = [device('hal')]
  for (const [head, reason] of [[() => ({}), 'policy'], [() => ({ policy: { pay: { price: 1, share: 0 } } }), 'not-bought'], [() => ({ ...member(ben.address), gone: true }), 'withdrawn'], [() => null, 'unknown']] as const) {
    const { seeking, run, log } = seeker(peers, { head })
    seeking.want(name)
    await run(60_000)
    expect([log.asked, seeking.reason(name)]).toEqual([[], reason])
  }
})

test('where nobody is there it says so, and asks as soon as somebody is', async () => {
  const peers: Peer[] = []
  const { seeking, run, log, time } = seeker(peers)
  seeking.want(name)
  const came = time.ms + 20 * 60_000
  const reasons: unknown[] = []
  time.after(20 * 60_000, () => {
    reasons.push(seeking.reason(name))
    peers.push(device('hal'))
    seeking.nudge()
  })
  await run()
  expect([reasons, log.kept]).toEqual([['offline'], ['access']])
  expect(log.asked[0]!.at - came).toBe(1000)
})

test('a reply of somebody else, to something else, or with another key is noted, and the next is asked', async () => {
  const wrong: ((request: KeyRequest) => Promise<Partial<KeyReply>>)[] = [
    async request => await sealed(new Uint8Array(32), scopeOf(request)),
    async request => await sealed(key, { ...scopeOf(request), cid: 'ac'.repeat(32) }),
    async request => ({ ...await sealed(key, scopeOf(request)), request: '00'.repeat(32) }),
    async request => ({ ...await sealed(key, scopeOf(request)), signature: new Uint8Array(65) }),
    async () => await Promise.resolve({ enc: new Uint8Array(32), ct: new Uint8Array(48) }),
  ]
  for (const say of wrong) {
    const { seeking, run, log } = seeker([liar('hal', hal, say), device('owner', holder({ who: ann }))])
    seeking.want(name)
    await run()
    expect([log.asked.map(({ id }) => id), log.distrusted, log.kept]).toEqual([['hal', 'owner'], ['hal'], ['access']])
  }
  const { seeking, run, log } = seeker([liar('hal', hal, async request => await sealed(key, scopeOf(request)), eve), device('owner', holder({ who: ann }))])
  seeking.want(name)
  await run()
  expect(log.distrusted).toEqual(['hal'])
})

test('only who is named or redirected to is asked', async () => {
  const stranger = device('eve', holder({ who: eve }))
  const lonely = seeker([stranger, { ...stranger, id: 'anchor', address: null as unknown as string }])
  lonely.seeking.want(name)
  await lonely.run(60_000)
  expect(lonely.log.asked).toEqual([])
  const holders = [hal, eve].map(({ address }) => ({ address, box: boxHex(hal), enc: new Uint8Array(32), ct: new Uint8Array(48) }))
  const eveNow = holder({ who: eve })
  eveNow.states.safe = eveNow.states.head = who => ({ ...member(who), holders })
  const { seeking, run, log } = seeker([liar('hal', hal, async () => await Promise.resolve({ status: 'redirect', holders: [eve.address] })), device('eve', eveNow)])
  seeking.want(name)
  await run()
  expect(log.asked.map(({ id }) => id)).toEqual(['hal', 'eve'])
})

test('who refuses is asked again after ten minutes, then later and later, an hour at most', async () => {
  const { seeking, run, log } = seeker([liar('hal', hal, async () => await Promise.resolve({ status: 'denied', reason: 'policy' }))])
  seeking.want(name)
  await run(6 * 3_600_000)
  const gaps = log.asked.slice(1).map(({ at }, i) => Math.round((at - log.asked[i]!.at) / 60_000))
  expect(gaps.slice(0, 5)).toEqual([10, 20, 40, 60, 60])
  expect(seeking.reason(name)).toBe('policy')
})

test('who says when is asked then; who is busy is no refusal', async () => {
  const slow = holder()
  slow.states.safe = () => ({})
  const { seeking, run, log, time } = seeker([{ ...device('hal', slow), answer: async question => {
    if (log.asked.length >= 6) slow.states.safe = member
    slow.clock.ms = time.ms
    return (await slow.desk.answer(question, 'ben')).answer
  } }])
  seeking.want(name)
  await run()
  expect(log.kept).toEqual(['access'])
  expect(log.asked.slice(1).map(({ at }, i) => (at - log.asked[i]!.at) / 1000)).toEqual([7, 14, 28, 28, 28])
})

test('who refused for the policy is asked again as soon as that is another', async () => {
  const hals = liar('hal', hal, async () => await Promise.resolve({ status: 'denied', reason: 'policy' }))
  const { seeking, run, log, world, time } = seeker([hals])
  seeking.want(name)
  const begun = time.ms
  time.after(60_000, () => { seeking.nudge() })
  time.after(120_000, () => {
    world.head = who => ({ ...member(who), policy: { list: [ben.address, eve.address] } })
    seeking.nudge()
  })
  await run(9 * 60_000)
  expect(log.asked.map(({ at }) => at - begun)).toEqual([0, 121_000])
})

test('an unreachable holder is tried after some seconds', async () => {
  const { seeking, run, log } = seeker([{ id: 'hal', address: hal.address, answer: async () => await Promise.resolve(reject('timeout', 'gone')) }, device('owner', holder({ who: ann }))])
  seeking.want(name)
  await run()
  expect(log.asked.map(({ id }) => id)).toEqual(['owner'])
  expect(log.distrusted).toEqual([])
})

test('without keys to sign with it waits, and begins when they can be used', async () => {
  const person = { locked: true }
  const { seeking, run, log, time } = seeker([device('hal')], { sign: async request => {
    if (person.locked) throw new HoldfastError('locked')
    return await Promise.resolve(signatures.sign(keyRequestDigest(request), ben.secret))
  } })
  seeking.want(name)
  const reasons: unknown[] = []
  time.after(60_000, () => {
    reasons.push(seeking.reason(name))
    person.locked = false
    seeking.nudge()
  })
  await run()
  expect([reasons, log.kept]).toEqual([['locked'], ['access']])
})

test('what is no longer wanted is left alone; too many are refused', async () => {
  const { seeking, run, log } = seeker([device('hal')])
  seeking.want(name)
  seeking.stop(name)
  await run(1000)
  expect([log.asked, seeking.wanted()]).toEqual([[], []])
  for (let i = 0; i < limits.keysWanted; i++) seeking.want({ cid: toHex(sha256(utf8(String(i)))), owner: ann.address })
  expect(() => { seeking.want(name) }).toThrow('too many')
})
