import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { concat, equalBytes, fromHex, limits, utf8 } from '../../../src/base/index.ts'
import { TdfPass, TdfWriter, openTdf, type TdfSetup } from '../../../src/content/index.ts'
import { crc32 } from '../../../src/content/crc32.ts'
import { descriptor, directory, localHeader } from '../../../src/content/tdf/container.ts'
import { manifestText, segmentLine } from '../../../src/content/tdf/manifest.ts'
import { gathered, keysOf, plainOf, random, readerOf, setupOf, tdfOf, unlocked } from '../../support/tdf.ts'
import { noisy } from './archive-help.ts'

const key = random.bytes(32)
const keys = await keysOf(key)
const S = limits.tdfSegmentBytes

/** Written, as long as was announced, and read back. */
async function roundTrip(size: number, more: Partial<TdfSetup>): Promise<void> {
  const plain = noisy(size)
  const setup = await setupOf(key, more)
  const file = await tdfOf(plain, setup)
  expect(equalBytes(await plainOf(file, keys), plain)).toBe(true)
  expect(new TdfWriter(setup, () => {}).bounds({ min: size, max: size })).toEqual({ min: file.length, max: file.length })
}

test.each([0, 1, 999, 1000, 1001, 3000, 3005])('%d bytes in segments of 1,000 come back, of 4.3.0 and of before', async size => {
  await roundTrip(size, { segmentBytes: 1000, maxBytes: size })
  await roundTrip(size, { segmentBytes: 1000, maxBytes: size, legacy: true })
})

test.each([0, 1, S - 1, S, S + 1])('%d bytes in segments of 1 MiB come back, in zip and in zip64', async size => {
  await roundTrip(size, {})
  await roundTrip(size, { maxBytes: 2 ** 33 })
})

test('the container is the one that other readers want', async () => {
  const file = Buffer.from(await tdfOf(noisy(S + 1), await setupOf(key)))
  expect(file.readUInt32LE(0)).toBe(0x04034b50)
  expect(file.toString('latin1', 30, 39)).toBe('0.payload')
  expect([file.readUInt16LE(6), file.readUInt16LE(8), file.readUInt16LE(12)]).toEqual([8, 0, 0x21])
  const [end, directoryAt] = [file.length - 22, file.readUInt32LE(file.length - 6)]
  expect([file.readUInt32LE(end), file.readUInt16LE(end + 10), file.readUInt16LE(end + 20)]).toEqual([0x06054b50, 2, 0])
  expect(file.length - directoryAt).toBeLessThan(1000)
  const wide = Buffer.from(await tdfOf(noisy(5), await setupOf(key, { maxBytes: 2 ** 33 })))
  expect(wide.readUInt32LE(wide.length - 6)).toBe(0xffffffff)
  expect(wide.readUInt16LE(Number(wide.readBigUInt64LE(wide.length - 22 - 20 - 56 + 48)) + 46 + 9)).toBe(1)
})

test('the manifest is the one that the SDKs write', async () => {
  const file = Buffer.from(await tdfOf(noisy(S + 1), await setupOf(key))).toString('latin1')
  const manifest = JSON.parse(file.slice(file.indexOf('{"payload"'), file.indexOf('PK\u0001\u0002'))) as unknown
  const text = expect.any(String) as unknown
  expect(manifest).toEqual({
    payload: { type: 'reference', url: '0.payload', protocol: 'zip', isEncrypted: true, mimeType: 'application/gzip' },
    encryptionInformation: {
      type: 'split', policy: text, method: { algorithm: 'AES-256-GCM', iv: '', isStreamable: true },
      keyAccess: [{ type: 'ec-wrapped', url: 'https://local.holdfast.invalid/kas', protocol: 'kas', kid: text, wrappedKey: text, policyBinding: { alg: 'HS256', hash: text }, ephemeralPublicKey: text, schemaVersion: '1.0' }],
      integrityInformation: {
        rootSignature: { alg: 'HS256', sig: text }, segmentHashAlg: 'GMAC', segmentSizeDefault: S, encryptedSegmentSizeDefault: S + 28,
        segments: [{ hash: text, segmentSize: S, encryptedSegmentSize: S + 28 }, { hash: text, segmentSize: 1, encryptedSegmentSize: 29 }],
      },
    },
    schemaVersion: '4.3.0',
  })
})

test('the owner of the key access object finds the key in it', async () => {
  const owner = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
  const { wrapKey, makePolicy } = await import('../../../src/content/index.ts')
  const ephemeral = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
  const access = await wrapKey({ key, mac: keys.mac, policy: makePolicy('u'), owner: owner.publicKey, ephemeral, random }) as { wrappedKey: string, ephemeralPublicKey: string }
  const spki = Buffer.from(access.ephemeralPublicKey.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const theirs = await crypto.subtle.importKey('spki', spki, { name: 'ECDH', namedCurve: 'P-256' }, false, [])
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, owner.privateKey, 256)
  const info = { name: 'HKDF', hash: 'SHA-256', salt: createHash('sha256').update('TDF').digest(), info: new Uint8Array(0) }
  const wrapping = await crypto.subtle.deriveKey(info, await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']), { name: 'AES-GCM', length: 256 }, false, ['decrypt'])
  const wrapped = Buffer.from(access.wrappedKey, 'base64')
  expect(new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: wrapped.subarray(0, 12) }, wrapping, wrapped.subarray(12)))).toEqual(key)
})

test('ranges are those of the plaintext and read no more than their segments', async () => {
  const plain = noisy(3 * S + 5)
  const file = await tdfOf(plain, await setupOf(key))
  const reads: (readonly [number, number])[] = []
  const tdf = await unlocked(file, keys, async (at, length) => { reads.push([at, length]); return await readerOf(file)(at, length) })
  const cases: readonly (readonly [at: number, length: number, segments: readonly number[]])[] = [
    [0, 10, [0]], [S - 1, 2, [0, 1]], [S, S, [1]], [S + 7, 2 * S, [1, 2, 3]], [3 * S, 100, [3]], [3 * S + 4, 1, [3]], [3 * S + 5, 10, []], [9 * S, 1, []], [10, 0, []],
  ]
  for (const [at, length, segments] of cases) {
    reads.length = 0
    expect(equalBytes(await gathered(tdf.range(at, length)), plain.subarray(at, at + length))).toBe(true)
    expect(reads.map(([where]) => where)).toEqual(segments.map(index => 39 + index * (S + 28)))
  }
})

test('with its beginning and its end alone, what is there can be read', async () => {
  const plain = noisy(4 * S)
  const file = await tdfOf(plain, await setupOf(key))
  const [have, tail] = [S * 2 + 100, file.length - 4000]
  const tdf = await unlocked(file, keys, async (at, length) => {
    if (at + length > have && at < tail) throw new Error('not here yet')
    return await readerOf(file)(at, length)
  })
  expect(equalBytes(await gathered(tdf.range(0, S + 5)), plain.subarray(0, S + 5))).toBe(true)
  await expect(gathered(tdf.range(0, 2 * S + 5))).rejects.toThrow('not here yet')
})

test.each([1, 1000, 300_001, 5 * S])('bytes that pass by in chunks of %d are decrypted on the way', async chunk => {
  const plain = noisy(chunk === 1 ? 5000 : 2 * S + 77)
  const file = await tdfOf(plain, await setupOf(key))
  const parts: Uint8Array[] = []
  const pass = new TdfPass(await unlocked(file, keys), part => { parts.push(part) })
  for (let at = 0; at < file.length; at += chunk) {
    pass.push(file.subarray(at, at + chunk))
    await pass.drain()
  }
  await pass.finish()
  expect(equalBytes(concat(...parts), plain)).toBe(true)
})

test('a file that ends early while it passes by is damaged', async () => {
  const file = await tdfOf(noisy(2 * S), await setupOf(key))
  const pass = new TdfPass(await unlocked(file, keys), () => {})
  pass.push(file.subarray(0, S * 2))
  await expect(pass.finish()).rejects.toMatchObject({ code: 'tdf-damaged' })
})

test('another key is told before any plaintext', async () => {
  const file = await tdfOf(noisy(100), await setupOf(key))
  const opened = await openTdf(readerOf(file), file.length)
  expect(opened.ok && await opened.value.unlock(await keysOf(random.bytes(32)))).toMatchObject({ ok: false, code: 'wrong-key' })
})

test('beyond 4 GiB places are those that were written', async () => {
  const [size, count] = [4 * S, 1200] // in all 4.7 GiB, of which the first and the last segment are there
  const seal = async (bytes: Uint8Array<ArrayBuffer>) => {
    const iv = random.bytes(12)
    return concat(iv, new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, keys.cipher, bytes)))
  }
  const [first, last] = [await seal(new Uint8Array(size).fill(7)), await seal(noisy(5))]
  const hashes = Array.from({ length: count }, (_, i) => (i === 0 ? first : i === count - 1 ? last : random.bytes(16)).slice(-16))
  const root = new Uint8Array(await crypto.subtle.sign('HMAC', keys.mac, concat(...hashes)))
  const { policy, keyAccess } = await setupOf(key)
  const head = { policy, keyAccess, mimeType: 'a/b', segmentBytes: size, legacy: false }
  const text = utf8(manifestText(head, root, hashes.map((hash, i) => segmentLine(hash, i === count - 1 ? 5 : size, false))))
  const start = localHeader('0.payload', null, true)
  const payload = { name: '0.payload', crc: 0, size: (count - 1) * (size + 28) + 33, at: 0 }
  const manifest = { name: '0.manifest.json', crc: crc32(0, text), size: text.length, at: start.length + payload.size + 24 }
  const tail = concat(descriptor(payload, true), localHeader(manifest.name, manifest, true), text)
  const whole = concat(tail, directory(payload, manifest, manifest.at - 24 + tail.length, true))
  const parts = [[0, concat(start, first)], [start.length + payload.size - 33, concat(last, whole)]] as const
  const total = start.length + payload.size + whole.length
  expect(total).toBeGreaterThan(2 ** 32)
  const tdf = await openTdf(async (at, length) => {
    const [from, bytes] = parts.find(([place, { length: there }]) => at >= place && at + length <= place + there)!
    return bytes.slice(at - from, at - from + length)
  }, total)
  const opened = tdf.ok ? await tdf.value.unlock(keys) : tdf
  if (!opened.ok) throw new Error(opened.reason)
  expect(equalBytes(await gathered(opened.value.range(opened.value.size - 5, 5)), noisy(5))).toBe(true)
  expect(await gathered(opened.value.range(100, 50))).toEqual(new Uint8Array(50).fill(7))
})

test('no iv and no file is made twice', async () => {
  const setup = await setupOf(key)
  const [one, other] = [await tdfOf(noisy(100), setup), await tdfOf(noisy(100), setup)]
  expect(equalBytes(one.subarray(39, 51), other.subarray(39, 51))).toBe(false)
})

test('a writer is given no more than was announced, and announces no more than readers take', async () => {
  const writer = new TdfWriter(await setupOf(key, { maxBytes: 10 }), () => {})
  expect(() => { writer.write(noisy(11)) }).toThrow(expect.objectContaining({ code: 'bad-input' }))
  const setup = await setupOf(key, { maxBytes: 2 ** 40 })
  expect(() => new TdfWriter(setup, () => {})).toThrow(expect.objectContaining({ code: 'too-large' }))
})

test('a segment is not given when it was changed, whatever else is', async () => {
  const plain = noisy(2 * S)
  const file = await tdfOf(plain, await setupOf(key))
  const tdf = await unlocked(file.map((byte, i) => i === 39 + S + 500 ? byte ^ 1 : byte), keys)
  const chunks = tdf.range(0, tdf.size)
  expect((await chunks.next()).value?.length).toBe(S)
  await expect(chunks.next()).rejects.toMatchObject({ code: 'tdf-damaged' })
})

test('a reader who goes leaves nothing behind', async () => {
  const file = await tdfOf(noisy(3 * S), await setupOf(key))
  const tdf = await unlocked(file.map((byte, i) => i === 39 + S + 500 ? byte ^ 1 : byte), keys)
  const chunks = tdf.range(0, tdf.size)
  await chunks.next()
  await chunks.return() // the failure of the segment after it is nobody's
})

const golden = '../shared/vectors/tdf'
if (!existsSync(golden)) console.warn('no public golden files beside the project: their test is left out')

test.skipIf(!existsSync(golden))('the public golden files are read', async () => {
  const { files } = JSON.parse(readFileSync(`${golden}/keys.json`, 'utf8')) as { files: { file: string, dek: string, plainBytes: number, plainSha256: string }[] }
  for (const { file, dek, plainBytes, plainSha256 } of files) {
    const plain = await plainOf(readFileSync(`${golden}/${file}`), await keysOf(fromHex(dek)!))
    expect([plain.length, createHash('sha256').update(plain).digest('hex')]).toEqual([plainBytes, plainSha256])
  }
})
