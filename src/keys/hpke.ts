import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { fromHex, sharedX25519, toHex, type Random } from '../base/index.ts'
import { boxOf, envelopeInfo, envelopeScope, openEnvelope, sealEnvelope, type Envelope, type EnvelopeScope } from '../content/index.ts'

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/** Whether a box is somebody's: one of small order gives everybody the same secret. 64 hex digits. */
function isBox(box: string): boolean {
  const key = fromHex(box)
  return key?.length === 32 && sharedX25519(new Uint8Array(32).fill(1), key) !== null
}

/** Seals keys of files to boxes, with WebCrypto's X25519, or where the browser has none with our own. */
export class BoxSeal {
  #native: Promise<boolean> | null = null

  constructor(private readonly random: Random, private readonly hasX25519: () => Promise<boolean> = webcryptoHasX25519) {}

  /** Null where the box is nobody's. */
  async seal(key: Uint8Array<ArrayBuffer>, scope: EnvelopeScope): Promise<Envelope | null> {
    const box = fromHex(scope.box)
    if (box === null || !isBox(scope.box)) return null
    const aad = envelopeScope(scope)
    if (!await this.#isNative()) return await sealEnvelope(this.random.bytes(32), box, key, aad)
    const recipientPublicKey = await suite.kem.importKey('raw', box.buffer, true)
    const { enc, ct } = await suite.seal({ recipientPublicKey, info: copy(envelopeInfo) }, key.buffer, aad.buffer)
    return { enc: new Uint8Array(enc), ct: new Uint8Array(ct) }
  }

  /** Null where it was sealed to another box, for another purpose, or was touched. */
  async open(secret: Uint8Array<ArrayBuffer>, envelope: Envelope, scope: EnvelopeScope): Promise<Uint8Array<ArrayBuffer> | null> {
    if (toHex(boxOf(secret)) !== scope.box) return null
    const aad = envelopeScope(scope)
    if (!await this.#isNative()) return await openEnvelope(secret, envelope, aad)
    const recipientKey = await suite.kem.importKey('raw', copy(secret), false)
    try {
      return new Uint8Array(await suite.open({ recipientKey, enc: copy(envelope.enc), info: copy(envelopeInfo) }, copy(envelope.ct), aad.buffer))
    } catch { return null }
  }

  async #isNative(): Promise<boolean> { return await (this.#native ??= this.hasX25519()) }
}

async function webcryptoHasX25519(): Promise<boolean> {
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32).fill(9), 'X25519', true, [])
    return true
  } catch { return false }
}

function copy(bytes: Uint8Array): ArrayBuffer { return new Uint8Array(bytes).buffer }
