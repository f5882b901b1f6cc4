import { HoldfastError, fromHex, sha256, toHex, type Address, type Cid, type Random } from '../base/index.ts'
import { keyCommitment, unwrapKey, type Envelope, type EnvelopeScope, type WrappedKey } from '../content/index.ts'
import type { SealedKey } from '../store/index.ts'
import { boxKey, purchaseKey, recoveryKey } from './derivation.ts'
import type { FileKeyService } from './file-keys.ts'
import { BoxSeal } from './hpke.ts'
import type { IdentityBook, Secrets } from './identity-book.ts'

/**
 * Keys of published files on their way between people. A key never leaves but sealed to a box, and what comes in is taken only where it is the one that was
 * committed to. `locked` where the phrase is needed and cannot be used.
 */
export interface AccessKeyService {
  /** What a publish record says of a key. */
  keyCommit(cid: Cid, sealed: SealedKey): Promise<string>
  /** Seals a kept key to somebody's box. `wrong-key` where it is not the one of `keyCommit`, `no-box` where the box is nobody's. */
  sealFor(sealed: SealedKey, keyCommit: string, scope: EnvelopeScope): Promise<Envelope>
  /** The key in an envelope to this person's box, or to the one-time box of a purchase; null where it does not open, or is another key. `not-own` for others' boxes. */
  openEnvelope(envelope: Envelope, keyCommit: string, scope: EnvelopeScope): Promise<SealedKey | null>
  /** The key of an own file, from its manifest; null where none of these is it. */
  recoverKey(wraps: readonly WrappedKey[], cid: Cid, keyCommit: string): Promise<SealedKey | null>
  /** A key that stands openly in a record; null where it is another. */
  takeKey(key: string, cid: Cid, keyCommit: string): Promise<SealedKey | null>
  /** X25519, 64 hex digits, of one purchase alone. */
  purchaseBox(cid: Cid, owner: Address): Promise<string>
  /** Its secret, 32 bytes: shown to everybody where what was granted does not open. */
  purchaseSecret(cid: Cid, owner: Address): Promise<Uint8Array<ArrayBuffer>>
}

export interface AccessKeyParts {
  readonly book: Pick<IdentityBook, 'secrets'>
  readonly files: Pick<FileKeyService, 'seal' | 'reveal'>
  readonly random: Random
  readonly hasX25519?: (() => Promise<boolean>) | undefined
}

const keyBytes = 32

export function createAccessKeys({ book, files, random, hasX25519 }: AccessKeyParts): AccessKeyService {
  const boxes = new BoxSeal(random, hasX25519)
  /** Does something with a kept key, which is wiped after it. */
  const using = async <T>(sealed: SealedKey, task: (key: Uint8Array<ArrayBuffer>) => Promise<T> | T): Promise<T> => {
    const key = await files.reveal(sealed)
    try { return await task(key) } finally { key.fill(0) }
  }
  /** Keeps a key that came, where it is the right one. */
  const taking = async (key: Uint8Array<ArrayBuffer> | null, cid: Cid, keyCommit: string): Promise<SealedKey | null> => {
    if (key === null) return null
    try { return key.length === keyBytes && keyCommitment(cid, key) === keyCommit ? await files.seal(key) : null } finally { key.fill(0) }
  }

  return {
    keyCommit: async (cid, sealed) => await using(sealed, key => keyCommitment(cid, key)),

    sealFor: async (sealed, keyCommit, scope) => await using(sealed, async key => {
      if (keyCommitment(scope.cid, key) !== keyCommit) throw new HoldfastError('wrong-key', 'not the key that was committed to')
      const envelope = await boxes.seal(key, scope)
      if (envelope === null) throw new HoldfastError('no-box', 'a box that is nobody’s')
      return envelope
    }),

    async openEnvelope(envelope, keyCommit, scope) {
      const { seed, address } = await book.secrets()
      if (scope.requester !== address) throw new HoldfastError('not-own', 'an envelope to somebody else')
      const secret = secretOf(seed, scope)
      if (secret === null) throw new HoldfastError('not-own', 'sealed to another box')
      try { return await taking(await boxes.open(secret, envelope, scope), scope.cid, keyCommit) } finally { secret.fill(0) }
    },

    async recoverKey(wraps, cid, keyCommit) {
      const { secret, public: point } = recoveryKey((await book.secrets()).seed)
      const kid = toHex(sha256(await spkiOf(point))).slice(0, 32)
      const own = await recoveryOf(secret, point)
      secret.fill(0)
      for (const wrap of wraps) {
        if (wrap.kid !== kid) continue
        const ephemeral = await importEphemeral(wrap.ephemeral)
        const sealed = ephemeral === null ? null : await taking(await unwrapKey(own, ephemeral, wrap.wrapped), cid, keyCommit)
        if (sealed !== null) return sealed
      }
      return null
    },

    takeKey: async (key, cid, keyCommit) => await taking(fromHex(key), cid, keyCommit),
    purchaseBox: async (cid, owner) => toHex(purchaseKey((await book.secrets()).seed, cid, owner).public),
    purchaseSecret: async (cid, owner) => purchaseKey((await book.secrets()).seed, cid, owner).secret,
  }
}

/** Of the box an envelope is for, where it is one of this person's. */
function secretOf(seed: Secrets['seed'], { cid, owner, box }: EnvelopeScope): Uint8Array<ArrayBuffer> | null {
  return [boxKey(seed), purchaseKey(seed, cid, owner)].find(pair => toHex(pair.public) === box)?.secret ?? null
}

const p256 = { name: 'ECDH', namedCurve: 'P-256' } as const

/** WebCrypto takes a secret of P-256 only with its point; `point` is uncompressed. */
async function recoveryOf(secret: Uint8Array<ArrayBuffer>, point: Uint8Array): Promise<CryptoKey> {
  const text = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  return await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', d: text(secret), x: text(point.subarray(1, 33)), y: text(point.subarray(33)) }, p256, false, ['deriveBits'])
}

async function spkiOf(point: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.exportKey('spki', await crypto.subtle.importKey('raw', point, p256, true, [])))
}

async function importEphemeral(spki: Uint8Array<ArrayBuffer>): Promise<CryptoKey | null> {
  try { return await crypto.subtle.importKey('spki', spki, p256, false, []) } catch { return null }
}
