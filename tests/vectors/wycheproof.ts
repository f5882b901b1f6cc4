import { join } from 'node:path'
import { concat, equalBytes, fromHex, sha256, sharedX25519, toHex, verifyEd25519 } from '../../src/base/index.ts'
import { isLowS, loadRecoverCompact, type RecoverCompact } from '../../src/base/secp256k1.ts'
import { compactOfDer } from './der.ts'
import { isObject, outcomesOf, pick, readJson } from './json-files.ts'
import type { Outcome, Shape } from './types.ts'

type Fields = Readonly<Record<string, unknown>>

/** What is wrong with our verdict on one vector of a group; empty where it is right. Throws where the vector is none. */
type Check = (group: Fields, vector: Fields) => string

/**
 * Wycheproof's files for the three algorithms we use; groups of others are told of. Their `valid` and `invalid` are our rules' verdicts too, for every
 * vector. What they call `acceptable`, an implementation decides: no signature is (so a vector of one is missed), and X25519 has a rule of its own below.
 */
export const wycheproof: Shape = {
  name: 'Wycheproof',
  claim: async ({ path, names }) => await pick(path, names, value => 'algorithm' in value && Array.isArray(value['testGroups'])),
  async check({ path }, claimed) {
    const recoverCompact = await loadRecoverCompact()
    const outcomes = await Promise.all(claimed.map(async file => checkFile(file, await readJson(join(path, file)), recoverCompact)))
    return outcomes.flat()
  },
}

function checkFile(file: string, value: unknown, recoverCompact: RecoverCompact): readonly Omit<Outcome, 'shape'>[] {
  const groups = isObject(value) && Array.isArray(value['testGroups']) ? value['testGroups'].filter(isObject) : []
  const misses: string[] = []
  let others = 0
  for (const group of groups) {
    const check = checkOf(group, recoverCompact)
    const vectors: readonly unknown[] = Array.isArray(group['tests']) ? group['tests'] : []
    if (check === null) others += vectors.length
    else misses.push(...vectors.map(vector => judge(check, group, vector)))
  }
  return [...misses.length > 0 || others === 0 ? outcomesOf(file, misses) : [], ...others > 0 ? [{ file, verdict: 'skipped' as const, count: others, why: 'of another algorithm' }] : []]
}

function judge(check: Check, group: Fields, vector: unknown): string {
  if (!isObject(vector)) return 'not a vector'
  try {
    const why = check(group, vector)
    return why === '' ? '' : `${String(vector['tcId'])} (${Array.isArray(vector['flags']) ? vector['flags'].join(', ') : ''}): ${why}`
  } catch (error) { return `${String(vector['tcId'])}: ${String(error)}` }
}

function checkOf(group: Fields, recoverCompact: RecoverCompact): Check | null {
  const key = keyOf(group)
  if (group['type'] === 'EddsaVerify' && key['curve'] === 'edwards25519') return verified((vector, publicKey) => verifyEd25519(bytes(vector['sig']), bytes(vector['msg']), bytes(publicKey['pk'])))
  if (group['type'] === 'EcdsaBitcoinVerify' && key['curve'] === 'secp256k1' && group['sha'] === 'SHA-256') {
    return verified((vector, publicKey) => verifyDer(bytes(vector['sig']), sha256(bytes(vector['msg'])), compressed(bytes(publicKey['uncompressed'])), recoverCompact))
  }
  if (group['type'] === 'XdhComp' && group['curve'] === 'curve25519') return agreed
  return null
}

function verified(verify: (vector: Fields, publicKey: Fields) => boolean): Check {
  return (group, vector) => {
    const [accepted, result] = [verify(vector, keyOf(group)), vector['result']]
    return result === (accepted ? 'valid' : 'invalid') ? '' : `${accepted ? 'accepted' : 'refused'}, but ${String(result)}`
  }
}

/**
 * By recovery, as the ledger verifies: the key must be one of those whose signature this is. All four recovery ids are tried, since a signature in DER has none; the lower half of s is
 * asked for, as in our own form (`SignatureMalleabilityBitcoin`).
 */
function verifyDer(der: Uint8Array, digest: Uint8Array, publicKey: Uint8Array, recoverCompact: RecoverCompact): boolean {
  const compact = compactOfDer(der)
  if (compact === null || !isLowS(compact)) return false
  return ([0, 1, 2, 3] as const).some(id => {
    const key = recoverCompact(digest, compact, id)
    return key !== null && equalBytes(key, publicKey)
  })
}

/**
 * A result of zeros (`ZeroSharedSecret`) is refused, whatever makes it. Every other `acceptable` vector (`Twist`, `NonCanonicalPublic`, `SpecialPublicKey` and so on) is
 * computed as RFC 7748 says, like a `valid` one.
 */
const agreed: Check = (_, vector) => {
  const [shared, expected] = [sharedX25519(bytes(vector['private']), bytes(vector['public'])), bytes(vector['shared'])]
  const result = vector['result']
  if (result !== 'valid' && result !== 'acceptable' && result !== 'invalid') return `not a result: ${String(result)}`
  if (result === 'invalid' || expected.every(byte => byte === 0)) return shared === null ? '' : `computed ${toHex(shared)}, but to be refused`
  if (shared === null) return `refused, but ${result}`
  return equalBytes(shared, expected) ? '' : `computed ${toHex(shared)}`
}

/** Older files call it `key`. */
function keyOf(group: Fields): Fields {
  const key = group['publicKey'] ?? group['key']
  return isObject(key) ? key : {}
}

function compressed(uncompressed: Uint8Array): Uint8Array {
  if (uncompressed.length !== 65 || uncompressed[0] !== 4) throw new Error('not an uncompressed key')
  return concat(Uint8Array.of(2 + (uncompressed[64] ?? 0) % 2), uncompressed.subarray(1, 33))
}

function bytes(value: unknown): Uint8Array {
  const read = typeof value === 'string' ? fromHex(value) : null
  if (read === null) throw new Error(`not hex: ${String(value)}`)
  return read
}
