import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fromHex, toHex, utf8 } from '../../../src/base/index.ts'
import { compactOfDer } from '../../vectors/der.ts'
import { checkFolder } from '../../vectors/main.ts'

let root: string
beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'holdfast-wycheproof-')) })
afterEach(async () => { await rm(root, { recursive: true }) })

const secret = new Uint8Array(32).fill(3)
const message = utf8('message')
const msg = toHex(message)

/** A file in the form of Wycheproof's, and what the runner says of it. */
async function outcomes(...testGroups: readonly object[]): Promise<readonly (readonly [verdict: string, count: number, why: string])[]> {
  await writeFile(join(root, 'vectors.json'), JSON.stringify({ algorithm: 'any', testGroups }))
  return (await checkFolder(root)).map(({ file, shape, verdict, count, why }) => {
    expect([file, shape]).toEqual(['vectors.json', 'Wycheproof'])
    return [verdict, count, why] as const
  })
}

describe('Ed25519', () => {
  const sig = toHex(ed25519.sign(message, secret))
  const publicKey = { curve: 'edwards25519', pk: toHex(ed25519.getPublicKey(secret)) }
  const group = (...tests: readonly unknown[]) => ({ type: 'EddsaVerify', publicKey, tests })

  test('what has our verdict passes, whatever is flipped is missed', async () => {
    const broken = `00${sig.slice(2)}`
    expect(await outcomes(group({ tcId: 1, flags: [], msg, sig, result: 'valid' }, { tcId: 2, flags: [], msg, sig: broken, result: 'invalid' }, { tcId: 3, flags: [], msg, sig: '', result: 'invalid' }))).toEqual([['passed', 3, '']])
    expect(await outcomes(group({ tcId: 1, flags: ['Valid', 'Ktv'], msg, sig, result: 'invalid' }, { tcId: 2, flags: [], msg, sig: broken, result: 'valid' }, { tcId: 3, flags: [], msg, sig, result: 'acceptable' }, { tcId: 4, flags: [], msg, sig, result: 'valid' }))).toEqual([
      ['passed', 1, ''], ['missed', 1, '1 (Valid, Ktv): accepted, but invalid'], ['missed', 1, '2 (): refused, but valid'], ['missed', 1, '3 (): accepted, but acceptable'],
    ])
  })

  test('older files call the key otherwise, and what is no vector is missed', async () => {
    expect(await outcomes({ type: 'EddsaVerify', key: publicKey, tests: [{ tcId: 1, msg, sig, result: 'valid' }] })).toEqual([['passed', 1, '']])
    expect(await outcomes(group({ tcId: 1, msg: 'no hex', sig, result: 'invalid' }, 5, { tcId: 2, msg, result: 'invalid' }))).toEqual([['missed', 1, '1: Error: not hex: no hex'], ['missed', 1, 'not a vector'], ['missed', 1, '2: Error: not hex: undefined']])
  })
})

describe('ECDSA', () => {
  const der = toHex(secp256k1.Signature.fromBytes(secp256k1.sign(message, secret)).toBytes('der'))
  const high = (() => {
    const { r, s } = secp256k1.Signature.fromBytes(secp256k1.sign(message, secret))
    return toHex(new secp256k1.Signature(r, secp256k1.Point.Fn.ORDER - s).toBytes('der'))
  })()
  const publicKey = { curve: 'secp256k1', uncompressed: toHex(secp256k1.getPublicKey(secret, false)) }
  const group = (...tests: readonly object[]) => ({ type: 'EcdsaBitcoinVerify', sha: 'SHA-256', publicKey, tests })

  test('is verified by recovery, the lower half of s asked for', async () => {
    expect(await outcomes(group({ tcId: 1, msg, sig: der, result: 'valid' }, { tcId: 2, msg, sig: high, result: 'invalid' }, { tcId: 3, msg: `${msg}00`, sig: der, result: 'invalid' }))).toEqual([['passed', 3, '']])
    expect(await outcomes(group({ tcId: 1, msg, sig: der, result: 'invalid' }, { tcId: 2, msg, sig: high, result: 'valid' }))).toEqual([['missed', 1, '1 (): accepted, but invalid'], ['missed', 1, '2 (): refused, but valid']])
    const other = { ...publicKey, uncompressed: toHex(secp256k1.getPublicKey(new Uint8Array(32).fill(4), false)) }
    expect(await outcomes({ ...group({ tcId: 1, msg, sig: der, result: 'invalid' }), publicKey: other })).toEqual([['passed', 1, '']])
    expect(await outcomes({ ...group({ tcId: 1, msg, sig: der, result: 'invalid' }), publicKey: { ...publicKey, uncompressed: '05' } })).toEqual([['missed', 1, '1: Error: not an uncompressed key']])
  })

  test('strict DER', () => {
    const read = (text: string) => {
      const compact = compactOfDer(fromHex(text)!)
      return compact === null ? null : [BigInt(`0x${toHex(compact.subarray(0, 32))}`), BigInt(`0x${toHex(compact.subarray(32))}`)]
    }
    const full = 'ff'.repeat(32)
    expect(read('3006020101020102')).toEqual([1n, 2n])
    expect(read('3006020100020100')).toEqual([0n, 0n])
    expect(read('30070202008002017f')).toEqual([128n, 127n])
    expect(read(`3046022100${full}022100${full}`)).toEqual([2n ** 256n - 1n, 2n ** 256n - 1n])
    for (const [why, text] of Object.entries({
      empty: '', 'no sequence': '3106020101020102', 'a longer length': '3007020101020102', 'a shorter length': '3005020101020102', 'a long form': '308106020101020102', 'no definite length': '30800201010201020000', 'something behind': '300602010102010200',
      'something in it': '30080201010201020500', 'one number': '3003020101', 'no number': '3000', 'another type': '3006030101020102', 'no digits': '30050200020102', 'a number below 0': '3006020180020102', 'a zero too many': '300702020001020102',
      'a number too long': `3027022101${full}020101`, 'beyond the end': '3006020101020202', 'cut off': '30060201010201',
    })) expect([why, read(text)]).toEqual([why, null])
  })
})

describe('X25519', () => {
  const other = new Uint8Array(32).fill(5)
  const [own, key] = [toHex(secret), toHex(x25519.getPublicKey(other))]
  const shared = toHex(x25519.getSharedSecret(secret, x25519.getPublicKey(other)))
  const zeros = '00'.repeat(32)
  const group = (...tests: readonly object[]) => ({ type: 'XdhComp', curve: 'curve25519', tests })

  test('what is acceptable is computed, and zeros are refused', async () => {
    expect(await outcomes(group(
      { tcId: 1, public: key, private: own, shared, result: 'valid' }, { tcId: 2, flags: ['Twist'], public: key, private: own, shared, result: 'acceptable' },
      { tcId: 3, flags: ['ZeroSharedSecret'], public: zeros, private: own, shared: zeros, result: 'acceptable' }, { tcId: 4, public: zeros, private: own, shared, result: 'invalid' },
    ))).toEqual([['passed', 4, '']])
    expect(await outcomes(group(
      { tcId: 1, public: key, private: own, shared: `00${shared.slice(2)}`, result: 'acceptable' }, { tcId: 2, public: key, private: own, shared: zeros, result: 'valid' },
      { tcId: 3, public: zeros, private: own, shared, result: 'valid' }, { tcId: 4, public: key, private: own, shared, result: 'invalid' }, { tcId: 5, public: key, private: own, shared, result: 'fine' },
    ))).toEqual([
      ['missed', 1, `1 (): computed ${shared}`], ['missed', 1, `2 (): computed ${shared}, but to be refused`], ['missed', 1, '3 (): refused, but valid'], ['missed', 1, `4 (): computed ${shared}, but to be refused`], ['missed', 1, '5 (): not a result: fine'],
    ])
  })
})

test('groups of other algorithms are told of', async () => {
  const others = [{ type: 'EddsaVerify', publicKey: { curve: 'edwards448' }, tests: [1, 2] }, { type: 'EcdsaBitcoinVerify', sha: 'SHA-512', publicKey: { curve: 'secp256k1' }, tests: [3] }, { type: 'XdhComp', curve: 'curve448', tests: [4] }, { type: 'AeadTest' }]
  expect(await outcomes(...others)).toEqual([['skipped', 4, 'of another algorithm']])
  expect(await outcomes()).toEqual([['skipped', 0, 'no vectors']])
})
