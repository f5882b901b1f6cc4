import { createECDH, createHmac, createPrivateKey, createPublicKey, hkdfSync, pbkdf2Sync, type KeyObject } from 'node:crypto'
import { expect, test } from 'vitest'
import { addressBytes, addressOfKey, concat, fromHex, toHex, utf8 } from '../../../src/base/index.ts'
import { boxKey, entryCreditKey, factoidKey, ledgerKey, publicKeys, purchaseKey, recoveryKey } from '../../../src/keys/derivation.ts'
import { judgePhrase, phraseWords, seedOf } from '../../../src/keys/phrase.ts'

/*
 * Vectors of our own, from the phrase that BIP-39's begin with. Each was made here and is checked against OpenSSL (through Node) and a BIP-32 of a few lines.
 */
const abandon = `${'abandon '.repeat(11)}about`
const seed = await seedOf(new Uint8Array(16))
const network = '0123456789abcdef'
const cid = 'ab'.repeat(32)

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const numberOf = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes)}`)
const bytesOf = (value: bigint) => fromHex(value.toString(16).padStart(64, '0'))!
const publicPoint = (curve: string, secret: Uint8Array, form: 'compressed' | 'uncompressed') => {
  const pair = createECDH(curve)
  pair.setPrivateKey(secret)
  return pair.getPublicKey('hex', form)
}
/** An Ed25519 or X25519 key from its 32 bytes, wrapped as RFC 8410 has it. */
const okp = (oid: '70' | '6e', secret: Uint8Array): KeyObject => createPrivateKey({ key: Buffer.concat([Buffer.from(`302e020100300506032b65${oid}04220420`, 'hex'), secret]), format: 'der', type: 'pkcs8' })
const publicOf = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')

/** BIP-32 by the book, with a private key all the way. */
function derive(root: Uint8Array, path: readonly (readonly [index: number, hardened: boolean])[]): string {
  let node = createHmac('sha512', 'Bitcoin seed').update(root).digest()
  for (const [index, hardened] of path) {
    const number = Buffer.alloc(4)
    number.writeUInt32BE(index + (hardened ? 2 ** 31 : 0))
    const [key, chain] = [node.subarray(0, 32), node.subarray(32)]
    const data = hardened ? Buffer.concat([Buffer.alloc(1), key]) : Buffer.from(publicPoint('secp256k1', key, 'compressed'), 'hex')
    const child = createHmac('sha512', chain).update(data).update(number).digest()
    node = Buffer.concat([bytesOf((numberOf(child.subarray(0, 32)) + numberOf(key)) % order), child.subarray(32)])
  }
  return node.subarray(0, 32).toString('hex')
}

const coin = (type: number, account: number) => [[44, true], [type, true], [account, true], [0, false], [0, false]] as const
const expanded = (info: Uint8Array, length: number) => new Uint8Array(hkdfSync('sha256', seed, new Uint8Array(0), info, length))

test('the seed is that of BIP-39', () => {
  expect(phraseWords(new Uint8Array(16)).join(' ')).toBe(abandon)
  expect(toHex(seed)).toBe('5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc19a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4')
  expect(toHex(seed)).toBe(pbkdf2Sync(abandon, 'mnemonic', 2048, 64, 'sha512').toString('hex'))
})

test('the ledger key and the address', () => {
  const key = ledgerKey(seed)
  expect(toHex(key.secret)).toBe(derive(seed, coin(0x544155, 0)))
  expect(toHex(key.public)).toBe(publicPoint('secp256k1', key.secret, 'compressed'))
  expect({ secret: toHex(key.secret), address: publicKeys(seed).address }).toEqual({
    address: 'TVnVYpgpw3BXkt4uGh5XL63H1a4EWKGyZv',
    secret: '3cb0a56f8e05266406d4a3ee663e885803600503bc12449712a72b0964d855bb',
  })
  expect(publicKeys(seed).address).toBe(addressOfKey(key.public))
})

test('Factoid and Entry Credit keys, with the account of the network', () => {
  const account = 0x09abcdef // of 0x89abcdef, its highest bit gone
  for (const [key, type] of [[factoidKey(seed, network), 131], [entryCreditKey(seed, network), 132]] as const) {
    expect(toHex(key.secret)).toBe(derive(seed, coin(type, account)))
    expect(toHex(key.public)).toBe(publicOf(okp('70', key.secret)))
  }
  expect({ factoid: toHex(factoidKey(seed, network).public), entryCredit: toHex(entryCreditKey(seed, network).public) }).toEqual({
    entryCredit: 'cc514304e90f5d8d534af3ad01da0de9d6646e605a46659bac36bba46613ad22',
    factoid: 'ff33c2f6913f7d5dac55f3fb9883ca732b64ecd71443a6077d6fa82dfeac8512',
  })
  expect(() => factoidKey(seed, '0123')).toThrow('8 bytes')
})

test('on a network whose number is 0 they are those of Factom’s wallets', async () => {
  const yellow = judgePhrase('yellow '.repeat(12)) // FactomDocs, wallet_info/wallet_test_vectors.md
  if (!yellow.ok) throw new Error(yellow.problem)
  expect(toHex(factoidKey(await seedOf(yellow.entropy), '0000000000000000').secret)).toBe('36422e9560f56e0ead53a83b33aec9571d379291b5e292b88dec641a98ef05d8')
})

test('the recovery key', () => {
  const key = recoveryKey(seed)
  const p256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  expect(numberOf(key.secret)).toBe(1n + numberOf(expanded(utf8('holdfast/recovery-p256/1'), 48)) % (p256 - 1n))
  expect(toHex(key.public)).toBe(publicPoint('prime256v1', key.secret, 'uncompressed'))
  expect(toHex(key.secret)).toBe('a31cdb317bfcb05c3706c2a03496adb21b9189d098262b3368a9abb8b6da5664')
})

test('boxes: of the account, and one for each purchase', () => {
  const box = boxKey(seed)
  expect(box.secret).toEqual(expanded(utf8('holdfast/box/1'), 32))
  expect(toHex(box.public)).toBe(publicOf(okp('6e', box.secret)))
  const { address } = publicKeys(seed)
  const bought = purchaseKey(seed, cid, address)
  expect(bought.secret).toEqual(expanded(concat(utf8('holdfast/buy/1'), fromHex(cid)!, addressBytes(address)!), 32))
  const other = purchaseKey(seed, 'ac'.repeat(32), address)
  expect(toHex(bought.public)).toBe(publicOf(okp('6e', bought.secret)))
  expect(new Set([box, bought, other].map(pair => toHex(pair.secret))).size).toBe(3)
  expect({ box: toHex(box.public), bought: toHex(bought.public) }).toEqual({
    bought: '5fe1cd30cda5f197c1310856b43d8f50a398adbfee95600ae43886eaa98d9878',
    box: '3fd655097d80e4b124e7a9b499dad7dca10b64d2803a5bf19bf7a72874916516',
  })
  expect(() => purchaseKey(seed, 'ab', address)).toThrow('content id')
  expect(() => purchaseKey(seed, cid, 'T123')).toThrow('address')
})

test('all public keys of a person at once', () => {
  expect(publicKeys(seed)).toEqual({ address: addressOfKey(ledgerKey(seed).public), ledger: ledgerKey(seed).public, recovery: recoveryKey(seed).public, box: boxKey(seed).public })
})
