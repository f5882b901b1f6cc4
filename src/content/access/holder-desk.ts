import { HoldfastError, RateLimiter, accept, addressOfKey, limits, reject, type Address, type Clock, type Judged, type Random, type Secp256k1 } from '../../base/index.ts'
import type { EnvelopeScope } from '../envelope.ts'
import type { Envelope } from '../publication.ts'
import { admits, isHolder, type AccessFacts, type AccessStates } from './facts.ts'
import { encodeKeyAnswer, isUnsigned, judgeKeyQuestion, keyRequestDigest, keyRequestId, scopeOf, type Denial, type KeyRequest, type KeyStatus, type UnsignedKeyReply } from './messages.ts'
import { Nonces } from './nonces.ts'

/** Who answers, and with what. `K`: a key as it is kept here. */
export interface HolderPorts<K> {
  /** 16 hex digits. */
  readonly network: string
  readonly signatures: Pick<Secp256k1, 'recover'>
  /** Never set back: a wall clock would make old nonces good again. */
  readonly monotonic: Clock
  readonly random: Random
  /** Seconds until the safety root has moved on, as a guess. */
  readonly safeIn: number
  /** Whose device this is; null where nothing can be signed. */
  me(): Address | null
  /** Null where the safety root is none of this peer's own, or too old. */
  states(): Promise<AccessStates | null>
  kept(request: KeyRequest): Promise<K | null>
  /** Null where the kept key is not the one of `keyCommit`. `no-box` where the box is nobody's. */
  seal(key: K, keyCommit: string, scope: EnvelopeScope): Promise<Envelope | null>
  sign(reply: UnsignedKeyReply): Promise<Uint8Array<ArrayBuffer>>
  /** It is to have this key and has not: it is fetched from others. */
  missing(request: KeyRequest): void
  /** It gave this key. `sealed`: how, and for whom. */
  given(request: KeyRequest, facts: AccessFacts, key: K): void
}

/** What is said to a peer; `fault` where it sent what no honest one sends. */
export interface HolderAnswer { readonly answer: Judged<Uint8Array<ArrayBuffer>>, readonly fault: string | null }

interface Refusal { readonly status: Exclude<KeyStatus, 'ok'>, readonly reason?: Denial, readonly retry?: number, readonly holders?: readonly Address[], readonly fault?: string }

const retry = { busy: 5, noSafety: 60, pending: 30 } as const

/**
 * Gives keys of protected files to those whom the ledger admits, for the owner or as one of the holders. The checks are made in one order, cheap ones first, and
 * the state is asked twice: at the safety root, so that no branch that is left gives anything away, and at the head, so that who was refused lately is refused.
 */
export class HolderDesk<K> {
  readonly #nonces: Nonces
  readonly #rates: { readonly peer: RateLimiter, readonly requester: RateLimiter, readonly all: RateLimiter }

  constructor(private readonly ports: HolderPorts<K>) {
    const { monotonic, random } = ports
    this.#nonces = new Nonces(monotonic, random)
    this.#rates = {
      peer: new RateLimiter({ burst: limits.keyBurst, perSecond: limits.keysPerSecond }, monotonic),
      requester: new RateLimiter({ burst: limits.keysPerMinute, perSecond: limits.keysPerMinute / 60 }, monotonic),
      all: new RateLimiter({ burst: limits.keysPerSecondAll, perSecond: limits.keysPerSecondAll }, monotonic),
    }
  }

  /** `peer`: the id of who asks, as its connection proves it. Never rejects. */
  async answer(question: Uint8Array, peer: string): Promise<HolderAnswer> {
    try {
      const judged = judgeKeyQuestion(question)
      if (!judged.ok) return { answer: judged, fault: judged.reason }
      if ('challenge' in judged.value) return { answer: this.#challenge(peer), fault: null }
      return await this.#reply(judged.value.request, peer)
    } catch (error) {
      const { code, message } = HoldfastError.from(error)
      return { answer: reject(code, message), fault: null }
    }
  }

  #challenge(peer: string): Judged<Uint8Array<ArrayBuffer>> {
    if (this.ports.me() === null) return reject('unsupported', 'nobody is here who could answer')
    const nonce = this.#nonces.make(peer)
    return nonce === null ? reject('rate-limited', 'too many nonces are open') : accept(encodeKeyAnswer({ challenge: { nonce } }))
  }

  async #reply(request: KeyRequest, peer: string): Promise<HolderAnswer> {
    const refused = await this.#judge(request, peer)
    if ('status' in refused) return { answer: await this.#say(request, refused), fault: refused.fault ?? null }
    const { facts, key } = refused
    const sealed = await this.#seal(request, facts, key)
    if ('status' in sealed) return { answer: await this.#say(request, sealed), fault: sealed.fault ?? null }
    const answer = await this.#say(request, sealed)
    this.ports.given(request, facts, key)
    return { answer, fault: null }
  }

  /** The first check it fails, or what it is given. */
  async #judge(request: KeyRequest, peer: string): Promise<Refusal | { readonly facts: AccessFacts, readonly key: K }> {
    const { ports } = this
    const me = ports.me()
    const busy: Refusal = { status: 'busy', retry: retry.busy }
    if (!this.#rates.peer.take(peer) || !this.#rates.all.take('')) return busy
    if (me === null || request.network !== ports.network || request.holder !== me || !this.#nonces.use(peer, request.nonce)) return { status: 'stale' }
    const signer = ports.signatures.recover(keyRequestDigest(request), request.signature)
    if (signer === null || addressOfKey(signer) !== request.requester) return { status: 'bad-signature', fault: 'a request with the signature of somebody else' }
    // Not before the signature is seen: a stranger could use up what is the requester's.
    if (!this.#rates.requester.take(request.requester)) return busy
    const facts = await this.#facts(request, me)
    if ('status' in facts) return facts
    const key = await ports.kept(request)
    if (key !== null) return { facts, key }
    ports.missing(request)
    return { status: 'pending', retry: retry.pending }
  }

  /** Checks 4 to 7: what the ledger says. Facts are those of the head. */
  async #facts(request: KeyRequest, me: Address): Promise<Refusal | AccessFacts> {
    const { cid, owner, requester } = request
    const noSafety: Refusal = { status: 'no-safety', retry: Math.min(retry.noSafety, this.ports.safeIn) }
    const states = await this.ports.states()
    if (states === null) return noSafety
    let both: readonly (AccessFacts | null)[]
    try { both = await Promise.all([states.safe, states.head].map(async state => await state.facts(cid, owner, requester))) } catch { return noSafety } // on a metered line nobody may be there to prove it
    const [safe = null, head = null] = both
    if (safe === null) return head === null ? { status: 'unknown' } : { status: 'unknown', retry: this.ports.safeIn }
    if (head === null || safe.gone || head.gone) return { status: 'withdrawn' }
    if (me !== owner && !(isHolder(safe, me) && isHolder(head, me))) return { status: 'redirect', holders: head.holders.map(({ address }) => address) }
    return refuse(request, safe, head, this.ports.safeIn) ?? head
  }

  async #seal(request: KeyRequest, { keyCommit }: AccessFacts, key: K): Promise<Refusal | Envelope> {
    const pending: Refusal = { status: 'pending', retry: retry.pending }
    if (keyCommit === null) return pending
    try {
      const envelope = await this.ports.seal(key, keyCommit, scopeOf(request))
      if (envelope !== null) return envelope
      this.ports.missing(request)
      return pending
    } catch (error) {
      return HoldfastError.from(error).code === 'no-box' ? { status: 'bad-request', fault: 'a box that is nobody’s' } : { status: 'busy', retry: retry.busy }
    }
  }

  async #say(request: KeyRequest, what: Refusal | Envelope): Promise<Judged<Uint8Array<ArrayBuffer>>> {
    const head = { version: 1, request: keyRequestId(request) } as const
    const unsigned: UnsignedKeyReply = 'status' in what
      ? { ...head, status: what.status, reason: what.reason ?? null, retry: what.retry ?? 0, holders: what.holders ?? [], enc: null, ct: null }
      : { ...head, status: 'ok', reason: null, retry: 0, holders: [], enc: what.enc, ct: what.ct }
    const signature = isUnsigned(unsigned.status) ? null : await this.ports.sign(unsigned)
    return accept(encodeKeyAnswer({ reply: { ...unsigned, signature } }))
  }
}

/** Check 7. */
function refuse({ purpose, requester, owner, box }: KeyRequest, safe: AccessFacts, head: AccessFacts, safeIn: number): Refusal | null {
  const denied = (reason: Denial): Refusal => ({ status: 'denied', reason, ...reason === 'not-safe-yet' ? { retry: safeIn } : {} })
  if (purpose === 'recover') return requester === owner ? null : denied('policy')
  if (purpose === 'holder') {
    const at = (facts: AccessFacts): boolean => isHolder(facts, requester) && facts.box === box
    return !at(head) ? denied('policy') : at(safe) ? null : denied('not-safe-yet')
  }
  if (!admits(head, requester, owner)) return denied('pay' in head.policy ? 'not-bought' : 'policy')
  return admits(safe, requester, owner) ? null : denied('not-safe-yet')
}
