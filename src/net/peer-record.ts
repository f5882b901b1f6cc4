import { base58btc } from 'multiformats/bases/base58'
import {
  accept, addressOfKey, concat, decodeCbor, deviceDigest, encodeCbor, equalBytes, isAddress, isMap, limits, loadSecp256k1, noNetworkId, reject, signedDigest, type Address, type Judged,
} from '../base/index.ts'

/** Whose device it is: the account's signature of `deviceDigest`, 65 bytes. */
export interface RecordAccount { readonly address: Address, readonly signature: Uint8Array }

/**
 * What a device says of itself: under which relays it is found, and whose it is. The newest `seq` counts. Signed by the device's Ed25519 libp2p
 * key, which is the peer id itself, so anybody may pass a record on. Nothing of what the account holds: that is proved from the state, whoever says it.
 */
export interface PeerRecord {
  readonly peerId: string
  /** Multiaddrs of relays it holds a slot on, `/p2p/` id last; at most `recordRelays`. */
  readonly relays: readonly string[]
  readonly seq: number
  /** Left out by devices without an identity. */
  readonly account?: RecordAccount
  readonly signature: Uint8Array
}

/** What signs: `privateKey` of a libp2p node, or of `generateKeyPairFromSeed('Ed25519', seed)`. */
export interface DeviceKey {
  readonly type: string
  readonly publicKey: { readonly raw: Uint8Array }
  sign(data: Uint8Array): Promise<Uint8Array> | Uint8Array
}

const domain = 'holdfast/peer/1'
/** Identity multihash of a protobuf that holds an Ed25519 key: every peer id of a device begins like this. */
const idPrefix = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)

/** `networkId`: that of the ledger the account's signature is for, too. */
export async function makePeerRecord(key: DeviceKey, { relays, seq, account }: Omit<PeerRecord, 'peerId' | 'signature'>, networkId: Uint8Array = noNetworkId): Promise<PeerRecord> {
  const map = { peerId: peerIdOf(key.publicKey.raw), relays: relays.filter(isRelayAddress).slice(0, limits.recordRelays), seq, ...account !== undefined && { account } }
  return { ...map, signature: new Uint8Array(await key.sign(signedDigest(domain, map, networkId))) }
}

export function encodePeerRecord(record: PeerRecord): Uint8Array<ArrayBuffer> {
  return encodeCbor(record)
}

/** Judges the encoding or the decoded value of a record, its signatures last. */
export async function judgePeerRecord(record: unknown, networkId: Uint8Array = noNetworkId): Promise<Judged<PeerRecord>> {
  if (record instanceof Uint8Array) {
    const judged = decodeCbor(record)
    return judged.ok ? await judgePeerRecord(isMap(judged.value) ? judged.value : null, networkId) : judged
  }
  if (!isMap(record) || Object.keys(record).length !== ('account' in record ? 5 : 4)) return bad('not the fields of a record')
  const { peerId, relays, seq, account, signature } = record
  const publicKey = publicKeyOf(peerId)
  if (publicKey === null) return bad('no peer id of an Ed25519 key')
  if (!Array.isArray(relays) || relays.length > limits.recordRelays || new Set(relays).size !== relays.length || !relays.every(isRelayAddress)) return bad('no proper relays')
  if (!Number.isSafeInteger(seq) || (seq as number) < 0) return bad('no proper sequence number')
  if (!(signature instanceof Uint8Array) || signature.length !== 64) return bad('no proper signature')
  if ('account' in record && !isAccount(account)) return bad('no proper account')
  const { publicKeyFromRaw } = await import('@libp2p/crypto/keys')
  const signed = await publicKeyFromRaw(publicKey).verify(signedDigest(domain, record, networkId), signature)
  if (!signed) return bad('the signature is not by its peer id')
  if ('account' in record && !await isAccountOf(account, publicKey, networkId)) return bad('the account does not know the device')
  return accept(record as unknown as PeerRecord)
}

function isAccount(value: unknown): value is RecordAccount {
  return isMap(value) && Object.keys(value).length === 2 && isAddress(value['address']) && value['signature'] instanceof Uint8Array && value['signature'].length === 65
}

/** Whether it is an account that knows the device with this Ed25519 key, on this network. */
export async function isAccountOf(account: unknown, device: Uint8Array, networkId: Uint8Array): Promise<boolean> {
  if (!isAccount(account)) return false
  const { address, signature } = account
  const { recover } = await loadSecp256k1()
  const key = recover(deviceDigest(address, device, networkId), signature)
  return key !== null && addressOfKey(key) === address
}

/**
 * Whether `text` names a relay a tab can dial: one WebSocket hop with the relay's peer id. Strict enough that libp2p reads all of it, since it throws
 * where it does not.
 */
export function isRelayAddress(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > limits.relayAddressChars) return false
  const [, protocol = '', host = '', port, id] = /^\/(ip4|ip6|dns|dns4|dns6)\/([^/]+)\/tcp\/([1-9]\d{0,4})\/(?:ws|wss|tls\/ws)\/p2p\/([^/]+)$/.exec(text) ?? []
  return isHost(protocol, host) && Number(port) <= 65_535 && isPeerId(id)
}

function isHost(protocol: string, host: string): boolean {
  if (protocol === 'ip4') return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(host)
  if (protocol === 'ip6') return /^[0-9a-f:]+$/i.test(host) && URL.canParse(`http://[${host}]/`)
  return /^[0-9a-z-]{1,63}(?:\.[0-9a-z-]{1,63})*$/i.test(host)
}

/** The peer id a relay's address ends in. */
export function relayIdOf(address: string): string {
  return address.slice(address.lastIndexOf('/p2p/') + 5)
}

export function peerIdOf(publicKey: Uint8Array): string {
  return base58btc.baseEncode(concat(idPrefix, publicKey))
}

/** Whether `text` is the peer id of a device or a relay, all of whose keys are Ed25519. */
export function isPeerId(text: unknown): text is string {
  return publicKeyOf(text) !== null
}

/** The Ed25519 key a peer id is made of, in a buffer of its own (WebCrypto is handed the whole buffer), or null. */
function publicKeyOf(peerId: unknown): Uint8Array | null {
  if (typeof peerId !== 'string' || peerId.length > 64) return null
  let bytes: Uint8Array
  try { bytes = base58btc.baseDecode(peerId) } catch { return null }
  const key = bytes.slice(idPrefix.length)
  return key.length === 32 && equalBytes(bytes.subarray(0, idPrefix.length), idPrefix) && peerIdOf(key) === peerId ? key : null
}

function bad(reason: string): Judged<never> {
  return reject('bad-reply', reason)
}
