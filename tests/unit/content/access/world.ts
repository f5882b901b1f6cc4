import { fromHex, sha256, toHex, utf8, type Address, type Clock } from '../../../../src/base/index.ts'
import {
  HolderDesk, boxOf, encodeKeyQuestion, envelopeScope, judgeKeyAnswer, keyCommitment, keyReplyDigest, keyRequestDigest, sealEnvelope,
  type AccessFacts, type AccessState, type EnvelopePurpose, type HolderPorts, type KeyAnswer, type KeyReply, type KeyRequest, type UnsignedKeyRequest,
} from '../../../../src/content/index.ts'
import { signatures, somebody, type Somebody } from '../../../support/ledger.ts'
import { random } from '../../../support/tdf.ts'

/*
 * One protected upload of Ann's, whose key Hal gives out in her stead, and two states of the ledger that say who may have it. A key is kept here as it is.
 */

export const network = '0123456789abcdef'
export const cid = 'ab'.repeat(32)
export const [ann, hal, ben, eve] = ['Ann', 'Hal', 'Ben', 'Eve'].map(somebody) as [Somebody, Somebody, Somebody, Somebody]
export const key = sha256(utf8('the key of a file'))
export const secretOf = ({ name }: Somebody): Uint8Array<ArrayBuffer> => sha256(utf8(`box of ${name}`))
export const boxHex = (who: Somebody): string => toHex(boxOf(secretOf(who)))

/** What both states say unless a test says otherwise; `who` is asked about. */
export type Says = Partial<AccessFacts> | null
export interface States { safe: (who: Address) => Says, head: (who: Address) => Says }

export const factsOf = (says: Says): AccessFacts | null => says === null ? null : {
  gone: false, policy: { list: [ben.address] }, keyCommit: keyCommitment(cid, key), member: false, purchase: null, box: null,
  holders: [{ address: hal.address, box: boxHex(hal), enc: new Uint8Array(32), ct: new Uint8Array(48) }], ...says,
}

export const member = (who: Address): Says => ({ member: who === ben.address })
export const purchase = { box: boxHex(ben), grant: null }

export function stateOf(says: (who: Address) => Says): AccessState {
  return { facts: async (of, owner, who) => await Promise.resolve(of === cid && owner === ann.address ? factsOf(says(who)) : null) }
}

export class TestClock implements Clock {
  ms = 1_000_000
  now(): number { return this.ms }
}

export interface Holding extends Partial<Omit<HolderPorts<Uint8Array<ArrayBuffer>>, 'states'>> { readonly who?: Somebody }

/** A holder, its states, and what it did. */
export function holder({ who = hal, ...more }: Holding = {}) {
  const states: States = { safe: member, head: member }
  const clock = new TestClock()
  const [missing, given]: [KeyRequest[], KeyRequest[]] = [[], []]
  const known = { fresh: true }
  const desk = new HolderDesk<Uint8Array<ArrayBuffer>>({
    network, signatures, monotonic: clock, random, safeIn: 7, me: () => who.address,
    states: async () => await Promise.resolve(known.fresh ? { safe: stateOf(each => states.safe(each)), head: stateOf(each => states.head(each)) } : null),
    kept: async () => await Promise.resolve(key),
    seal: async (kept, keyCommit, scope) => keyCommitment(scope.cid, kept) === keyCommit ? await sealEnvelope(random.bytes(32), fromHex(scope.box)!, kept, envelopeScope(scope)) : null,
    sign: async reply => await Promise.resolve(signatures.sign(keyReplyDigest(reply, network), who.secret)),
    missing: request => { missing.push(request) }, given: request => { given.push(request) }, ...more,
  })
  return { desk, states, clock, missing, given, known, who }
}

/** A nonce of the desk's for a peer. */
export async function challenged(desk: HolderDesk<Uint8Array<ArrayBuffer>>, peer = 'peer'): Promise<Uint8Array<ArrayBuffer>> {
  const said = await spoken(desk, encodeKeyQuestion({ challenge: {} }), peer)
  if (said === null || !('challenge' in said)) throw new Error('no nonce')
  return said.challenge.nonce
}

export async function spoken(desk: HolderDesk<Uint8Array<ArrayBuffer>>, question: Uint8Array, peer = 'peer'): Promise<KeyAnswer | null> {
  const { answer } = await desk.answer(question, peer)
  if (!answer.ok) return null
  const judged = judgeKeyAnswer(answer.value)
  if (!judged.ok) throw new Error(judged.reason)
  return judged.value
}

export interface Asking { readonly from?: Somebody, readonly purpose?: EnvelopePurpose, readonly signer?: Somebody, readonly peer?: string }

/** A signed request of Ben's for the key, in which `change` is otherwise. */
export function requestOf(nonce: Uint8Array<ArrayBuffer>, { from = ben, purpose = 'access', signer = from }: Asking = {}, change: Partial<UnsignedKeyRequest> = {}): KeyRequest {
  const unsigned: UnsignedKeyRequest = { version: 1, network, cid, owner: ann.address, purpose, requester: from.address, box: boxHex(from), holder: hal.address, nonce, ...change }
  return { ...unsigned, signature: signatures.sign(keyRequestDigest(unsigned), signer.secret) }
}

/** Asks as an honest requester does, and gives the request and what was replied. */
export async function asked(desk: HolderDesk<Uint8Array<ArrayBuffer>>, asking: Asking = {}, change: Partial<UnsignedKeyRequest> = {}): Promise<{ readonly request: KeyRequest, readonly reply: KeyReply }> {
  const request = requestOf(await challenged(desk, asking.peer), asking, change)
  return { request, reply: await replied(desk, request, asking.peer) }
}

export async function replied(desk: HolderDesk<Uint8Array<ArrayBuffer>>, request: KeyRequest, peer = 'peer'): Promise<KeyReply> {
  const said = await spoken(desk, encodeKeyQuestion({ request }), peer)
  if (said === null || !('reply' in said)) throw new Error('no reply')
  return said.reply
}
