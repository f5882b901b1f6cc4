import { randomBytes, webcrypto } from 'node:crypto'
import { concat, type Random } from '../../src/base/index.ts'
import { TdfWriter, makePolicy, openTdf, wrapKey, type ReadAt, type TdfKeys, type TdfSetup, type UnlockedTdf } from '../../src/content/index.ts'

export const random: Random = { bytes: length => new Uint8Array(randomBytes(length)) }

export interface AllKeys extends TdfKeys { readonly cipher: CryptoKey }

/** All that 32 bytes are to a TDF. */
export async function keysOf(key: Uint8Array<ArrayBuffer>): Promise<AllKeys> {
  const aes = async (usage: 'encrypt' | 'decrypt') => await crypto.subtle.importKey('raw', key, 'AES-GCM', false, [usage])
  return { cipher: await aes('encrypt'), decipher: await aes('decrypt'), mac: await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']) }
}

/** What a writer needs for `key`, its own owner known to nobody. */
export async function setupOf(key: Uint8Array<ArrayBuffer>, more: Partial<TdfSetup> = {}): Promise<TdfSetup> {
  const { cipher, mac } = await keysOf(key)
  const policy = makePolicy(webcrypto.randomUUID())
  const pair = async () => await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
  const keyAccess = await wrapKey({ key, mac, policy, owner: (await pair()).publicKey, ephemeral: await pair(), random })
  return { cipher, mac, policy, keyAccess, random, mimeType: 'application/gzip', maxBytes: 2 ** 31, ...more }
}

/** The TDF of `plain`, written in chunks. */
export async function tdfOf(plain: Uint8Array, setup: TdfSetup, chunk = 300_000): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  const writer = new TdfWriter(setup, bytes => { parts.push(bytes.slice()) })
  for (let at = 0; at < plain.length; at += chunk) {
    writer.write(plain.subarray(at, at + chunk))
    await writer.drain()
  }
  await writer.finish()
  return concat(...parts)
}

export function readerOf(file: Uint8Array): ReadAt {
  return async (at, length) => {
    if (at < 0 || at + length > file.length) throw new RangeError(`bytes ${at} to ${at + length} of ${file.length}`)
    return new Uint8Array(file.subarray(at, at + length))
  }
}

/** Opened and unlocked; throws the code of what is wrong with it. */
export async function unlocked(file: Uint8Array, keys: TdfKeys, read = readerOf(file)): Promise<UnlockedTdf> {
  const opened = await openTdf(read, file.length)
  if (!opened.ok) throw new Error(`${opened.code}: ${opened.reason}`)
  const judged = await opened.value.unlock(keys)
  if (!judged.ok) throw new Error(`${judged.code}: ${judged.reason}`)
  return judged.value
}

export async function gathered(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return concat(...parts)
}

export async function plainOf(file: Uint8Array, keys: TdfKeys): Promise<Uint8Array<ArrayBuffer>> {
  const tdf = await unlocked(file, keys)
  return await gathered(tdf.range(0, tdf.size))
}
