import { deleteDB } from 'idb'
import { afterEach, expect, test } from 'vitest'
import { createKeyService, type KeyService } from '../../src/keys/service.ts'
import { keysChannel } from '../../src/peer/network-api.ts'
import { TabService } from '../../src/peer/tab-rpc.ts'
import { openDatabase } from '../../src/store/index.ts'
import { freshBytes } from './support/canonical.ts'

/* The real IndexedDB keeps keys, and the real worker hands them out. */

const name = `keys-${crypto.randomUUID()}`
const device = (): KeyService => createKeyService(async () => await openDatabase({ name }))

afterEach(async () => { await deleteDB(name) })

test('keys are there after a reload, and what they sealed opens', async () => {
  const key = freshBytes(32)
  const sealed = await device().seal(key)
  expect(await device().reveal(sealed)).toEqual(key)
  const { decipher, mac } = await device().open(sealed)
  const whole = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const iv = freshBytes(12)
  const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, whole, freshBytes(5))
  expect((await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, decipher, box)).byteLength).toBe(5)
  expect((await crypto.subtle.sign('HMAC', mac, box)).byteLength).toBe(32)
})

test('of several that begin at once each opens what the others sealed', async () => {
  const services = Array.from({ length: 4 }, device)
  const made = await Promise.all(services.map(async service => await service.newFileKey()))
  const revealed = await Promise.all(made.map(async ({ sealed }, i) => await services[(i + 1) % 4]!.reveal(sealed)))
  expect(new Set(revealed.map(String)).size).toBe(4)
})

test('no stored key and no key of a file can be taken out', async () => {
  const { cipher, mac, sealed } = await device().newFileKey()
  const { decipher } = await device().open(sealed)
  const database = await openDatabase({ name })
  const [seal, pair] = [await database.setting('seal-key'), await database.setting('file-key')]
  await database.close()
  for (const key of [cipher, mac, decipher, seal!, pair!.privateKey]) {
    expect(key.extractable).toBe(false)
    for (const format of ['raw', 'jwk', 'pkcs8'] as const) await expect(crypto.subtle.exportKey(format as 'raw', key)).rejects.toThrow()
  }
})

test('the worker answers all tabs, and its keys cross to them', async () => {
  const worker = new Worker(new URL('../../workers/keys.ts', import.meta.url), { type: 'module' })
  const tab = new TabService<KeyService>(keysChannel)
  try {
    const keys = tab.call
    const { sealed, cipher, keyAccess, policy } = await keys.newFileKey()
    expect(cipher).toBeInstanceOf(CryptoKey)
    expect(keyAccess).toMatchObject({ type: 'ec-wrapped', url: 'https://local.holdfast.invalid/kas' })
    expect(JSON.parse(atob(policy))).toEqual({ uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, body: { dataAttributes: [], dissem: [] } })
    expect(await keys.reveal(await keys.seal(await keys.reveal(sealed)))).toHaveLength(32)
    await expect(keys.reveal({ ...sealed, iv: freshBytes(12) })).rejects.toMatchObject({ code: 'storage-lost' })
  } finally {
    tab.close()
    worker.terminate()
  }
})
