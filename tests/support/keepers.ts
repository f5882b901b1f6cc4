import { sha256, toHex, utf8, type Cid } from '../../src/base/index.ts'
import { AuditPass, auditBatchLeaves, auditProof, type AuditProof, type Publication, type PublishedFile } from '../../src/content/index.ts'
import type { Audit, Keep, Transaction } from '../../src/ledger/index.ts'
import { keys, type Keeper, type KeeperNow } from '../../src/state/index.ts'
import { noise } from './bytes.ts'
import type { Fields, Somebody, TestChain } from './ledger.ts'
import { boxOfSomebody, plainRecord } from './uploads.ts'

/* Files with bytes, and keepers who prove that they have them. */

const batchBytes = 1024 * auditBatchLeaves
const files = new Map<Cid, { readonly bytes: Uint8Array<ArrayBuffer>, readonly roots: readonly Uint8Array<ArrayBuffer>[] }>()

/** A file whose bytes follow from its name. */
export function realFile(name: string, size = 3_000): PublishedFile {
  const bytes = new Uint8Array(noise(size, name))
  const roots: Uint8Array<ArrayBuffer>[] = []
  const pass = new AuditPass(size, root => { roots.push(root) })
  pass.push(bytes)
  const cid = toHex(sha256(bytes))
  files.set(cid, { bytes, roots })
  return { cid, size, infohash: toHex(sha256(utf8(`swarm ${name}`))).slice(0, 40), audit: pass.root() }
}

export function realRecord(name: string, changed: Partial<Publication> = {}, size = 3_000): Publication { return plainRecord(name, { file: realFile(name, size), until: 52, ...changed }) }

/** The proof of a leaf of a file made by `realFile`. */
export function leafOf(cid: Cid, leaf: number): AuditProof {
  const { bytes, roots } = files.get(cid)!
  const from = Math.floor(leaf / auditBatchLeaves) * batchBytes
  return auditProof(bytes.length, leaf, bytes.subarray(from, from + batchBytes), roots)
}

/** What a keeper has to show by the state at the tip, of files that have bytes and as far as it has them. */
export async function proofsOf(chain: TestChain, who: Somebody, has: (cid: Cid) => boolean = () => true): Promise<Audit | null> {
  const now = await nowOf(chain, who)
  if (now === null) return null
  const proofs = now.picks.flatMap(({ cid, leaf }, pick) => (now.answered >> pick & 1) === 1 || !files.has(cid) || !has(cid) ? [] : [{ pick, ...leafOf(cid, leaf) }])
  return proofs.length === 0 ? null : { settled: now.settled, proofs }
}

export async function nowOf(chain: TestChain, { address }: Somebody): Promise<KeeperNow | null> { return await chain.state.read(keys.keeperNow(address)) }
export async function keeperRow(chain: TestChain, { address }: Somebody): Promise<Keeper | null> { return await chain.state.read(keys.keeper(address)) }

export async function bonded(chain: TestChain, who: Somebody, bond: number, fields: Fields = {}): Promise<Transaction> {
  return await chain.transaction(5, who, { open: { bond, pledged: 2 ** 40, price: 0, box: boxOfSomebody(who), public: true } }, fields)
}

export async function kept(chain: TestChain, who: Somebody, what: Keep, fields: Fields = {}): Promise<Transaction> { return await chain.transaction(5, who, what, fields) }
