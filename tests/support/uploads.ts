import { fromHex, sha256, toHex, utf8, type Address, type Cid } from '../../src/base/index.ts'
import { boxOf, envelopeScope, keyCommitment, sealEnvelope, type Assignment, type Envelope, type EnvelopePurpose, type Holder, type Policy, type Publication, type PublishedFile } from '../../src/content/index.ts'
import type { Transaction } from '../../src/ledger/index.ts'
import type { Fields, Somebody, TestChain } from './ledger.ts'

/* Records of uploads for tests. Files, their keys and everybody's boxes follow from names alone. */

const digest = (text: string): Uint8Array<ArrayBuffer> => sha256(utf8(text))

/** The file called `name`, as a record names it. */
export function fileOf(name: string, size = 1000): PublishedFile {
  return { cid: toHex(digest(`file ${name}`)), size, infohash: toHex(digest(`swarm ${name}`)).slice(0, 40), audit: toHex(digest(`audit ${name}`)) }
}

/** The key of a file, 32 bytes. */
export function keyOf(cid: Cid): Uint8Array<ArrayBuffer> { return digest(`key of ${cid}`) }

/** An archive anybody can open, called `name`. */
export function plainRecord(name: string, changed: Partial<Publication> = {}): Publication {
  return {
    kind: 'archive', protected: false, file: fileOf(name), images: [], title: name, about: '', tags: [], plain: null, maker: '', policy: { open: null }, keyCommit: null, holders: [], keepers: [], rent: null,
    until: 4, ...changed,
  }
}

/** A protected recording called `name`. */
export function songRecord(name: string, policy: Policy, changed: Partial<Publication> = {}): Publication {
  const file = fileOf(name)
  return plainRecord(name, { kind: 'audio', protected: true, file, maker: 'flac/1', policy, keyCommit: keyCommitment(file.cid, keyOf(file.cid)), ...changed })
}

/** Changes nothing. */
export function noChange(cid: Cid, changed: Partial<Assignment> = {}): Assignment {
  return { cid, policy: null, allow: [], deny: [], holders: null, keepers: null, rent: null, until: null, withdrawn: false, replacedBy: null, ...changed }
}

/** The X25519 secret of somebody; `purchase` makes another one. */
export function secretOf({ name }: Somebody, purchase = ''): Uint8Array<ArrayBuffer> { return digest(`box of ${name} ${purchase}`) }

export function boxOfSomebody(who: Somebody, purchase = ''): string { return toHex(boxOf(secretOf(who, purchase))) }

interface Sealing { readonly cid: Cid, readonly owner: Address, readonly to: Somebody, readonly box: string, readonly purpose?: EnvelopePurpose, readonly key?: Uint8Array<ArrayBuffer> }

/** The key of a file, or other bytes, sealed on this chain. */
export async function sealedOn(chain: TestChain, { cid, owner, to, box, purpose = 'access', key = keyOf(cid) }: Sealing): Promise<Envelope> {
  const scope = envelopeScope({ network: chain.network, cid, owner, purpose, requester: to.address, box, request: null })
  const envelope = await sealEnvelope(digest(`ephemeral ${cid} ${box}`), fromHex(box) ?? new Uint8Array(), key, scope)
  if (envelope === null) throw new Error('nobody has this box')
  return envelope
}

/** Somebody who holds the key of a file, sealed to the box he has by `keeperOpened`. */
export async function holderOf(chain: TestChain, cid: Cid, owner: Somebody, to: Somebody): Promise<Holder> {
  const box = boxOfSomebody(to)
  return { address: to.address, box, ...await sealedOn(chain, { cid, owner: owner.address, to, box, purpose: 'holder' }) }
}

/** A transaction by which somebody becomes a keeper with a box. */
export async function keeperOpened(chain: TestChain, who: Somebody, pledged = 2 ** 40, fields: Fields = {}): Promise<Transaction> {
  return await chain.transaction(5, who, { open: { bond: 0, pledged, price: 0, box: boxOfSomebody(who), public: true } }, fields)
}
