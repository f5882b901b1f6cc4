import { encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { addressBytes, fromHex, type Address, type Cid } from '../../src/base/index.ts'
import { uploadKinds, type Holder, type Policy, type PublishedFile } from '../../src/content/index.ts'
import { releaseReasons, type Body, type Header, type Parameters, type Receipt, type Transaction, type UnsignedHeader, type UnsignedTransaction } from '../../src/ledger/index.ts'

/** What the ledger says, as plain values for `@ipld/dag-cbor`: its bytes are those our own codecs must write. */
export { encode as encodePlain }

/** The link to the DAG-CBOR node of this SHA-256 digest. */
export function linkTo(digest: Cid): CID { return CID.createV1(0x71, create(0x12, hex(digest))) }

export function hex(text: string): Uint8Array {
  const bytes = fromHex(text)
  if (bytes === null) throw new Error(`${text} is no hex`)
  return bytes
}

export function addressOf(address: Address): Uint8Array {
  const bytes = addressBytes(address)
  if (bytes === null) throw new Error(`${address} is no address`)
  return bytes
}

const orNull = <T, U>(value: T | null, map: (value: T) => U): U | null => value === null ? null : map(value)

/** A transaction, with its signature where it has one. */
export function plainTransaction(value: UnsignedTransaction | Transaction): Record<string, unknown> {
  return { ...value, network: hex(value.network), sender: addressOf(value.sender), witness: orNull(value.witness, linkTo), body: plainOperation(value) }
}

function plainOperation(value: UnsignedTransaction): Record<string, unknown> {
  switch (value.op) {
    case 1: return { to: value.body.to.startsWith('T') ? addressOf(value.body.to) : hex(value.body.to), amount: value.body.amount }
    case 2: return {
      thread: orNull(value.body.thread, ({ address, nonce }) => ({ address: addressOf(address), nonce })),
      message: value.body.message,
      attachment: orNull(value.body.attachment, ({ root, size, cid, infohash }) => ({ root: linkTo(root), size, cid: hex(cid), infohash: hex(infohash) })),
    }
    case 3: {
      const { kind, file, images, plain, policy, keyCommit, holders, keepers, ...rest } = value.body
      return {
        ...rest, kind: uploadKinds.indexOf(kind), file: plainFile(file), images: images.map(plainFile), plain: orNull(plain, hex), policy: plainPolicy(policy), keyCommit: orNull(keyCommit, hex),
        holders: holders.map(plainHolder), keepers: keepers.map(addressOf),
      }
    }
    case 4: {
      const { cid, policy, allow, deny, holders, keepers, replacedBy, ...rest } = value.body
      return {
        ...rest, cid: hex(cid), policy: orNull(policy, plainPolicy), allow: allow.map(addressOf), deny: deny.map(addressOf), holders: orNull(holders, all => all.map(plainHolder)),
        keepers: orNull(keepers, all => all.map(addressOf)), replacedBy: orNull(replacedBy, hex),
      }
    }
    case 5: {
      const { body } = value
      if ('open' in body) return { open: { ...body.open, box: hex(body.open.box) } }
      if ('close' in body) return { close: null }
      if ('claim' in body) return { claim: { uploads: body.claim.uploads.map(plainName) } }
      return 'accept' in body ? { accept: { uploads: body.accept.uploads.map(plainName) } } : { release: { uploads: body.release.uploads.map(plainName), reason: releaseReasons.indexOf(body.release.reason) } }
    }
    case 6: return { ...value.body }
    case 8: return { ...value.body, cid: hex(value.body.cid), owner: addressOf(value.body.owner), box: hex(value.body.box) }
    case 9: case 10: return { ...value.body, cid: hex(value.body.cid), owner: addressOf(value.body.owner), buyer: addressOf(value.body.buyer) }
    case 7: return { profile: value.body.profile, box: orNull(value.body.box, hex) }
  }
}

const plainName = ([cid, owner]: readonly [Cid, Address]): readonly Uint8Array[] => [hex(cid), addressOf(owner)]

const plainFile = ({ cid, size, infohash, audit }: PublishedFile): Record<string, unknown> => ({ cid: hex(cid), size, infohash: hex(infohash), audit: hex(audit) })

const plainHolder = ({ address, box, enc, ct }: Holder): Record<string, unknown> => ({ address: addressOf(address), box: hex(box), enc, ct })

function plainPolicy(policy: Policy): Record<string, unknown> {
  return 'public' in policy ? { public: hex(policy.public) } : 'list' in policy ? { list: policy.list.map(addressOf) } : policy
}

/** A header, with its signature where it has one. */
export function plainHeader(value: UnsignedHeader | Header): Record<string, unknown> {
  return { ...value, network: hex(value.network), previousRoot: orNull(value.previousRoot, linkTo), powerRoot: orNull(value.powerRoot, linkTo), miner: addressOf(value.miner), body: linkTo(value.body) }
}

export function plainBody({ transactions, records, attachments }: Body): Record<string, unknown> {
  return { transactions: transactions.map(plainTransaction), records, attachments: attachments.map(plainReceipt) }
}

/** A receipt, with its signature. */
function plainReceipt(value: Receipt): Record<string, unknown> {
  return { ...value, server: addressOf(value.server), visitor: addressOf(value.visitor), attachment: linkTo(value.attachment) }
}

export function plainParameters(value: Parameters): Record<string, unknown> {
  return { ...value, allocations: value.allocations.map(({ address, balance, power }) => ({ address: addressOf(address), balance, power })) }
}
