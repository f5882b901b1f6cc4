import { HoldfastError, addressOfKey, limits, type Address, type Alarm, type Cid, type Judged, type Random, type Secp256k1 } from '../../base/index.ts'
import type { EnvelopePurpose, EnvelopeScope } from '../envelope.ts'
import type { Envelope } from '../publication.ts'
import { admits, isHolder, type AccessFacts, type AccessState } from './facts.ts'
import { inOrder, type Candidate } from './seek-order.ts'
import { encodeKeyQuestion, judgeKeyAnswer, keyReplyDigest, keyRequestId, scopeOf, type KeyAnswer, type KeyQuestion, type KeyReply, type KeyRequest, type KeyStatus, type Denial, type UnsignedKeyRequest } from './messages.ts'

/** An upload by content and owner. */
export interface KeyName { readonly cid: Cid, readonly owner: Address }

/** Why a key is not here yet: as a holder said, or as it is known here. `unknown`: no such upload; `offline`: nobody of those who could give it is there; `bad-key`: what came was wrong. */
export type SeekReason = Exclude<KeyStatus, 'ok' | 'denied'> | Denial | 'offline' | 'bad-key' | 'locked'

/** What a seeker works with. `K`: a key as it is kept here. */
export interface SeekerPorts<K> {
  readonly network: string
  readonly signatures: Pick<Secp256k1, 'recover'>
  readonly clock: Alarm
  readonly random: Random
  /** Whose device this is; null where nothing can be signed. */
  me(): Address | null
  /** What the head says; null where nobody tells now. */
  head(): AccessState | null
  kept(name: KeyName): Promise<K | null>
  keep(name: KeyName, key: K, purpose: EnvelopePurpose): Promise<void>
  /** A key that stands openly in the record. Null where it is another; so below. */
  take(key: string, cid: Cid, keyCommit: string): Promise<K | null>
  open(envelope: Envelope, keyCommit: string, scope: EnvelopeScope): Promise<K | null>
  /** Out of the end of an own file. */
  recover(name: KeyName, keyCommit: string): Promise<K | null>
  /** What was granted for a purchase does not open. */
  wrongGrant(name: KeyName): void
  /** X25519 key of the account. */
  box(): Promise<string>
  sign(request: UnsignedKeyRequest): Promise<Uint8Array<ArrayBuffer>>
  /** Who can be asked, with the account its signed record names. */
  online(): readonly { readonly id: string, readonly address: Address | null }[]
  ask(id: string, question: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Judged<Uint8Array>>
  /** It said what is provably false. */
  distrust(id: string, why: string): void
  /** How it stands with this one is another. */
  changed(name: KeyName): void
}

interface Pause { readonly until: number, readonly times: number, readonly refused: boolean }
interface Wanted { readonly name: KeyName, reason: SeekReason | null, readonly pauses: Map<string, Pause>, readonly hints: Set<Address>, facts: string, due: number }

/** Keys looked for at the same time. */
const atOnce = 4
/** Who says when to ask again knows better than a pause that doubles on and on. */
const saidTwice = 2
/** However often something changes, each is looked for no more often. */
const leastMs = 1000

/**
 * Looks for keys until they are here: in what is kept, in the record, in envelopes on the ledger, in the own file, then with holders who are there, in random order, and the owner
 * last. Nobody is believed: a key counts where it is the one that was committed to.
 */
export class KeySeeker<K> {
  readonly #wanted = new Map<string, Wanted>()
  #waking = new AbortController()
  #closing: AbortSignal | null = null

  constructor(private readonly ports: SeekerPorts<K>) {}

  wanted(): readonly KeyName[] { return [...this.#wanted.values()].map(({ name }) => name) }
  has(name: KeyName): boolean { return this.#wanted.has(textOf(name)) }
  reason(name: KeyName): SeekReason | null { return this.#wanted.get(textOf(name))?.reason ?? null }

  /** `too-many` above the limit. */
  want(name: KeyName): void {
    if (this.has(name)) return
    if (this.#wanted.size >= limits.keysWanted) throw new HoldfastError('too-many', 'too many keys are asked for already')
    this.#wanted.set(textOf(name), { name, reason: null, pauses: new Map(), hints: new Set(), facts: '', due: 0 })
    this.#waking.abort()
  }

  stop(name: KeyName): void { this.#wanted.delete(textOf(name)) }

  /** Something changed: the head, who is there, or that keys can be used. */
  nudge(): void {
    const soon = this.ports.clock.now() + leastMs
    for (const each of this.#wanted.values()) each.due = Math.min(each.due, soon)
    this.#waking.abort()
  }

  /** Works until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.#closing = signal
    while (!signal.aborted) {
      const now = this.ports.clock.now()
      const due = [...this.#wanted.values()].filter(each => each.due <= now).slice(0, atOnce)
      if (due.length > 0) { await Promise.all(due.map(async each => { await this.#look(each) })); continue }
      this.#waking = new AbortController()
      const next = Math.min(limits.keyBackOffMs, ...[...this.#wanted.values()].map(each => each.due - now))
      await this.ports.clock.sleep(Math.max(1, next), AbortSignal.any([signal, this.#waking.signal]))
    }
  }

  async #look(wanted: Wanted): Promise<void> {
    const { clock } = this.ports
    wanted.due = clock.now() + limits.keyBackOffMs
    try {
      const found = await this.#find(wanted)
      if (found === null) {
        const pauses = [...wanted.pauses.values()].map(({ until }) => until)
        wanted.due = Math.min(wanted.due, ...pauses.filter(until => until > clock.now()))
        return
      }
      if (!this.has(wanted.name)) return
      await this.ports.keep(wanted.name, found.key, found.purpose)
      this.stop(wanted.name)
      this.ports.changed(wanted.name)
    } catch (error) {
      const locked = HoldfastError.from(error).code === 'locked'
      if (locked) this.#say(wanted, 'locked')
      wanted.due = Math.min(wanted.due, clock.now() + limits.keyFirstPauseMs)
    }
  }

  async #find(wanted: Wanted): Promise<{ readonly key: K, readonly purpose: EnvelopePurpose } | null> {
    const { ports } = this
    const { name } = wanted
    const me = ports.me()
    const kept = await ports.kept(name)
    if (kept !== null) return { key: kept, purpose: purposeOf(null, me, name) }
    if (me === null) return this.#say(wanted, 'locked')
    const facts = await ports.head()?.facts(name.cid, name.owner, me) ?? null
    if (facts?.keyCommit === null || facts === null) return this.#say(wanted, 'unknown')
    const { keyCommit } = facts
    const purpose = purposeOf(facts, me, name)
    const key = await this.#onLedger(name, { ...facts, keyCommit }, me)
      ?? (me === name.owner ? await ports.recover(name, keyCommit).catch(() => null) : null)
      ?? await this.#ask(wanted, facts, keyCommit, me, purpose)
    return key === null ? null : { key, purpose }
  }

  /** What the ledger itself holds for this person. */
  async #onLedger({ cid, owner }: KeyName, { policy, holders, purchase, keyCommit }: AccessFacts & { readonly keyCommit: string }, me: Address): Promise<K | null> {
    const { ports } = this
    if ('public' in policy) {
      const key = await ports.take(policy.public, cid, keyCommit)
      if (key !== null) return key
    }
    const scope = { network: ports.network, cid, owner, requester: me, request: null } as const
    const own = holders.find(({ address }) => address === me)
    const key = own === undefined ? null : await this.#open(own, keyCommit, { ...scope, purpose: 'holder', box: own.box })
    if (key !== null || purchase === null || purchase.grant === null) return key
    const granted = await this.#open(purchase.grant, keyCommit, { ...scope, purpose: 'access', box: purchase.box })
    if (granted === null) ports.wrongGrant({ cid, owner })
    return granted
  }

  /** Also null where it was sealed to a box this person no longer has. */
  async #open(envelope: Envelope, keyCommit: string, scope: EnvelopeScope): Promise<K | null> {
    try { return await this.ports.open(envelope, keyCommit, scope) } catch (error) {
      if (HoldfastError.from(error).code === 'not-own') return null
      throw error
    }
  }

  async #ask(wanted: Wanted, facts: AccessFacts, keyCommit: string, me: Address, purpose: EnvelopePurpose): Promise<K | null> {
    const { name } = wanted
    if (facts.gone) return this.#say(wanted, 'withdrawn')
    if (purpose === 'access' && !admits(facts, me, name.owner)) return this.#say(wanted, 'pay' in facts.policy ? 'not-bought' : 'policy')
    this.#forgetRefusals(wanted, facts)
    // Whoever is asked may name others, who are asked next.
    for (let named = -1; named !== wanted.hints.size;) {
      named = wanted.hints.size
      for (const { id, address } of this.#candidates(wanted, facts)) {
        const key = await this.#askOne(wanted, { id, address, keyCommit, me, purpose })
        if (key !== null) return key
        if (this.#closing?.aborted === true || !this.has(name)) return null
      }
    }
    if (wanted.pauses.size === 0) this.#say(wanted, 'offline')
    return null
  }

  /** Who said no may say yes to something else. */
  #forgetRefusals(wanted: Wanted, { policy, member, purchase, holders, box }: AccessFacts): void {
    const now = JSON.stringify([policy, member, purchase === null, holders.map(({ address }) => address), box])
    if (wanted.facts !== '' && now !== wanted.facts) for (const [id, { refused }] of wanted.pauses) if (refused) wanted.pauses.delete(id)
    wanted.facts = now
  }

  /** Those that were asked lately are left out. */
  #candidates({ name, pauses, hints }: Wanted, { holders }: AccessFacts): readonly Candidate[] {
    const { clock, online, random } = this.ports
    const now = clock.now()
    const there = online().flatMap(({ id, address }) => address !== null && (pauses.get(id)?.until ?? 0) <= now ? { id, address } : [])
    return inOrder(there, { holders: new Set(holders.map(({ address }) => address)), hints, owner: name.owner }, random)
  }

  async #askOne(wanted: Wanted, { id, address, keyCommit, me, purpose }: { readonly id: string, readonly address: Address, readonly keyCommit: string, readonly me: Address, readonly purpose: EnvelopePurpose }): Promise<K | null> {
    const { ports } = this
    const signal = this.#closing ?? AbortSignal.abort()
    const challenge = await this.#exchange(id, { challenge: {} }, signal)
    if (challenge === null || !('challenge' in challenge)) return this.#pause(wanted, id, limits.keyFirstPauseMs, false)
    const { cid, owner } = wanted.name
    const unsigned: UnsignedKeyRequest = {
      version: 1, network: ports.network, cid, owner, purpose, requester: me, box: await ports.box(), holder: address, nonce: challenge.challenge.nonce,
    }
    const request: KeyRequest = { ...unsigned, signature: await ports.sign(unsigned) }
    const answer = await this.#exchange(id, { request }, signal)
    if (answer === null || !('reply' in answer)) return this.#pause(wanted, id, limits.keyFirstPauseMs, false)
    const { reply } = answer
    if (!this.#isFrom(reply, request)) {
      ports.distrust(id, 'a reply to something else, or of somebody else')
      this.#say(wanted, 'bad-key')
      return this.#pause(wanted, id, limits.keyAgainMs, false)
    }
    if (reply.enc === null || reply.ct === null) return this.#refused(wanted, id, reply)
    const key = await this.#open({ enc: reply.enc, ct: reply.ct }, keyCommit, scopeOf(request))
    if (key !== null) return key
    ports.distrust(id, 'not the key that was committed to')
    this.#say(wanted, 'bad-key')
    return this.#pause(wanted, id, limits.keyAgainMs, false)
  }

  async #exchange(id: string, question: KeyQuestion, signal: AbortSignal): Promise<KeyAnswer | null> {
    const answer = await this.ports.ask(id, encodeKeyQuestion(question), signal)
    if (!answer.ok) return null
    const judged = judgeKeyAnswer(answer.value)
    if (judged.ok) return judged.value
    this.ports.distrust(id, judged.reason)
    return null
  }

  #isFrom(reply: KeyReply, request: KeyRequest): boolean {
    if (reply.request !== keyRequestId(request)) return false
    const { signature, ...unsigned } = reply
    if (signature === null) return true // of those nothing follows
    const key = this.ports.signatures.recover(keyReplyDigest(unsigned, request.network), signature)
    return key !== null && addressOfKey(key) === request.holder
  }

  #refused(wanted: Wanted, id: string, { status, reason, retry, holders }: KeyReply): null {
    if (status === 'redirect') for (const address of holders) if (wanted.hints.size < 32) wanted.hints.add(address)
    this.#say(wanted, reason ?? status as SeekReason)
    if (retry > 0) return this.#pause(wanted, id, retry * 1000, true, saidTwice)
    return this.#pause(wanted, id, status === 'stale' ? limits.keyFirstPauseMs : limits.keyAgainMs, true)
  }

  /** Longer each time, doubled so often at most. */
  #pause(wanted: Wanted, id: string, ms: number, refused: boolean, doubled = 10): null {
    const times = (wanted.pauses.get(id)?.times ?? -1) + 1
    const length = Math.min(ms * 2 ** Math.min(times, doubled), limits.keyBackOffMs)
    wanted.pauses.set(id, { until: this.ports.clock.now() + length, times, refused })
    return null
  }

  #say(wanted: Wanted, reason: SeekReason): null {
    if (wanted.reason === reason) return null
    wanted.reason = reason
    this.ports.changed(wanted.name)
    return null
  }
}

function purposeOf(facts: AccessFacts | null, me: Address | null, { owner }: KeyName): EnvelopePurpose {
  if (me === owner) return 'recover'
  return facts !== null && me !== null && isHolder(facts, me) ? 'holder' : 'access'
}

function textOf({ cid, owner }: KeyName): string { return `${cid}/${owner}` }
