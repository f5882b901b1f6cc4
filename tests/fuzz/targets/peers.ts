import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { addressOfKey, decodeCbor, deviceDigest, encodeCbor, isMap, limits, loadSecp256k1, signedDigest, utf8 } from '../../../src/base/index.ts'
import { encodePeerRecord, judgePeerRecord, judgePeers, makePeerRecord, peerIdOf, servePeers, type PeerRecord } from '../../../src/net/index.ts'
import type { Chance } from '../chance.ts'
import { mustDial } from '../dial.ts'
import type { Target } from '../types.ts'
import { varyValue } from '../vary-value.ts'
import { encodedOr } from './frames.ts'

const key = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(7))
const relay = '/dns/relay.example/tcp/443/tls/ws/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
const own = await makePeerRecord(key, { relays: [relay, relay.replace('/tls/ws', '/wss')], seq: 12 })
const { publicKey, sign } = await loadSecp256k1()
const [secret, stranger] = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(4)]
const address = addressOfKey(publicKey(secret))
const account = { address, signature: sign(deviceDigest(address, key.publicKey.raw), secret) }
const owned = await makePeerRecord(key, { relays: [relay], seq: 1, account })
const bare = await makePeerRecord(key, { relays: [], seq: Number.MAX_SAFE_INTEGER })

/** Keys that are no points of the curve, or points of small order, in peer ids that are well formed. */
const oddIds = [new Uint8Array(32), new Uint8Array(32).fill(255), Uint8Array.of(1, ...new Uint8Array(31)), Uint8Array.of(2, ...new Uint8Array(30), 128), new Uint8Array(32).fill(0x26)].map(peerIdOf)
const odd = [...oddIds, relay, relay.replace('443', '0'), relay.replace('443', '65536'), ...['/ip4/1.2.3', '/ip4/0x7f.1', '/ip4/01.2.3.4', '/ip6/::ffff:1', '/ip6/1::2::3', '/ip6/12345::', '/ip6/:', '/dns/..', '/dns/a..b', '/dns4/-'].map(hop => relay.replace('/dns/relay.example', hop)), ...['z'.repeat(45), '1'.repeat(52)].map(id => relay.replace(/[^/]+$/, id)), 'z'.repeat(64), new Uint8Array(64), new Uint8Array(63), new Uint8Array(64).fill(255), own.signature, own, account, { ...account, address: addressOfKey(publicKey(stranger)) }, { ...account, signature: new Uint8Array(65) }, address, account.signature, sign(deviceDigest(address, key.publicKey.raw), stranger)]

/** Mostly signed all the same, so that what is signed and still wrong is met too. */
async function varied(record: PeerRecord, chance: Chance): Promise<unknown> {
  const value = varyValue(record, chance, odd)
  if (!isMap(value) || chance.once(3)) return value
  try { return { ...value, signature: new Uint8Array(await key.sign(signedDigest('holdfast/peer/1', value))) } } catch { return value } // nothing DAG-CBOR can hold
}

/** Whether nobody made this record up for the device or its person. */
function isSigned({ peerId, account: said }: PeerRecord): boolean {
  return peerId === own.peerId && (said === undefined || said.address === address)
}

/** One record, as bytes. */
export const peerRecord: Target = {
  name: 'peer-record',
  corpus: () => [own, bare, owned].map(encodePeerRecord),
  dictionary: [...oddIds, '12D3Koo', relay, '/p2p/', '/p2p-circuit', 'signature', 'relays', 'seq', 'peerId', 'account', 'address', address, '__proto__'],
  vary: async (base, chance, mutate) => chance.once(3) ? mutate(base) : encodedOr(await varied(chance.pick([own, bare, owned]), chance), mutate(base)),
  async run(bytes) {
    const judged = await judgePeerRecord(bytes)
    if (!judged.ok) return judged.code
    if (!isSigned(judged.value)) throw new Error('a record nobody signed')
    for (const each of judged.value.relays) mustDial(each)
    return 'accepted'
  },
}

/** A reply of the peer exchange, after its frame was read. */
export const peersReply: Target = {
  name: 'peers-reply',
  cost: 6,
  corpus: () => [{ records: [own, bare, owned] }, { records: [] }, { records: Array.from({ length: limits.peerRecords }, () => bare) }].map(encodeCbor),
  dictionary: ['records', ...oddIds],
  vary: async (base, chance, mutate) => {
    const { value } = decodeCbor(base) as { value?: unknown }
    if (chance.once(2)) return encodedOr(varyValue(value, chance, odd), mutate(base))
    const records = Array<unknown>(chance.pick([1, 2, 2, 2, limits.peerRecords, limits.peerRecords + 1])).fill(await varied(chance.pick([own, owned]), chance))
    return encodedOr({ records }, mutate(base))
  },
  async run(bytes) {
    const decoded = decodeCbor(bytes)
    if (!decoded.ok) return decoded.code
    const judged = await judgePeers(decoded.value)
    if (!judged.ok) return judged.code
    if (!judged.value.every(isSigned)) throw new Error('a record nobody signed')
    return 'accepted'
  },
}

/** A question for peers. */
export const peersRequest: Target = {
  name: 'peers-request',
  corpus: () => [{ have: 0 }, { have: Number.MAX_SAFE_INTEGER }].map(encodeCbor),
  dictionary: [utf8('have')],
  vary: (base, chance, mutate) => encodedOr(varyValue({ have: chance.below(100) }, chance), mutate(base)),
  async run(bytes) {
    const decoded = decodeCbor(bytes)
    if (!decoded.ok) return decoded.code
    const judged = await servePeers({ own: () => own, known: () => [bare] })(decoded.value, { peerId: 'x', limited: false, signal: AbortSignal.abort() })
    return judged.ok ? 'accepted' : judged.code
  },
}
