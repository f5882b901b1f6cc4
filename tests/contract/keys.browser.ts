import { deleteDB } from 'idb'
import { afterEach, expect, test } from 'vitest'
import { toHex } from '../../src/base/index.ts'
import { judgeWrappedKeys } from '../../src/content/index.ts'
import { createKeyService, type KeyService } from '../../src/keys/service.ts'
import { keysChannel } from '../../src/peer/network-api.ts'
import { TabService } from '../../src/peer/tab-rpc.ts'
import { openDatabase } from '../../src/store/index.ts'
import { freshBytes } from './support/canonical.ts'

/* The real IndexedDB keeps keys, and the real worker hands them out. */

const name = `keys-${crypto.randomUUID()}`
const device = (): KeyService => createKeyService({ open: async () => await openDatabase({ name }) })

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
  const seal = await database.setting('seal-key')
  await database.close()
  for (const key of [cipher, mac, decipher, seal!]) {
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

const passphrase = 'tide and moon'
const abandon = `${'abandon '.repeat(11)}about`
const address = 'TVnVYpgpw3BXkt4uGh5XL63H1a4EWKGyZv'

test('of several that need a person at once all are the same, and a protected file has the same owner everywhere', async () => {
  const services = Array.from({ length: 4 }, device)
  const [states, made] = await Promise.all([
    Promise.all(services.map(async service => await service.ensureIdentity())),
    Promise.all(services.map(async service => await service.newFileKey())),
  ])
  expect(new Set(states.map(state => state.address)).size).toBe(1)
  expect(new Set(made.map(({ keyAccess }) => (keyAccess as { kid: string }).kid)).size).toBe(1)
  expect(await device().ensureIdentity()).toEqual(states[0])
})

test('a passphrase locks the person after a restart, and not the files', async () => {
  const service = device()
  const words = await service.words()
  const { sealed } = await service.newFileKey()
  await service.setPassphrase('', passphrase)
  const again = device()
  expect(await again.identity()).toMatchObject({ passphrase: true, locked: true })
  await expect(again.words()).rejects.toMatchObject({ code: 'locked' })
  await expect(again.unlock('tide and moo')).rejects.toMatchObject({ code: 'wrong-passphrase' })
  expect(await again.reveal(sealed)).toHaveLength(32)
  await again.newFileKey()
  await again.unlock(passphrase)
  expect(await again.words()).toEqual(words)
  await again.setPassphrase(passphrase, null)
  expect(await device().words()).toEqual(words)
}, 30_000)

test('acts that overlap leave one of the states they ask for, whole', async () => {
  const service = device()
  await Promise.all([service.restore({ words: abandon }), service.ensureIdentity(), service.setPassphrase('', passphrase), service.confirmFile(), service.restore({ words: abandon })])
  const again = device()
  const state = await again.ensureIdentity()
  expect(state.address).toBe(address)
  if (state.locked) await again.unlock(passphrase)
  expect((await again.words()).join(' ')).toBe(abandon)
}, 30_000)

test('what a restore writes is there as a whole or not at all', async () => {
  const source = device()
  await source.restore({ words: abandon })
  const { sealed } = await source.newFileKey()
  const database = await openDatabase({ name })
  const opened = { infohash: 'cd'.repeat(20), size: 7, kind: 'p' as const, name: 'Letters', sealed, relays: [], openedAt: Date.now() }
  await database.put('opened', { ...opened, cid: 'ab'.repeat(32) })
  const { text } = await source.backupFile(passphrase)
  await database.delete('opened', 'ab'.repeat(32))
  await source.restore({ words: 'yellow '.repeat(12) })
  const before = await source.ensureIdentity()

  // A row that IndexedDB cannot take makes the whole transaction fail, in the middle of it.
  const failing = createKeyService({
    open: async () => {
      const real = await openDatabase({ name })
      const write = real.write.bind(real)
      real.write = async changes => { await write([...changes, { store: 'opened', key: 'x', row: { ...opened, cid: 'x', name: (() => {}) as unknown as string } }]) }
      return real
    },
  })
  await expect(failing.restore({ file: text, passphrase })).rejects.toThrow()
  expect(await device().identity()).toEqual(before)
  expect(await database.getAll('opened')).toEqual([])

  expect(await device().restore({ file: text, passphrase })).toEqual({ address, files: 1 })
  expect(await database.getAll('opened')).toMatchObject([{ cid: 'ab'.repeat(32), name: 'Letters', restored: true }])
  await database.close()
}, 30_000)

test('no key and no byte of the phrase can be read out of the database', async () => {
  await device().words()
  const database = await openDatabase({ name })
  const { secret, passphrase: none } = (await database.setting('identity'))!
  await database.close()
  expect(none).toBeNull()
  expect([secret.iv.length, secret.ct.length]).toEqual([12, 32]) // 16 bytes of entropy and the tag
})

test('the worker tells all tabs of a person that changed, and a new worker knows it', async () => {
  const start = () => new Worker(new URL('../../workers/keys.ts', import.meta.url), { type: 'module' })
  let worker = start()
  const heard: unknown[] = []
  const [one, two] = [new TabService<KeyService>(keysChannel), new TabService<KeyService>(keysChannel, { onNews: ({ news }) => { heard.push(news) } })]
  try {
    await one.call.restore({ words: abandon })
    await expect.poll(() => heard.at(-1)).toEqual({ address, backedUp: 'words', passphrase: false, locked: false })
    worker.terminate()
    worker = start()
    expect(await two.call.identity()).toMatchObject({ address })
    await expect(two.call.sign('bytes' as 'device', '0000000000000000', { address, device: new Uint8Array(32) })).rejects.toMatchObject({ code: 'unsupported' })
  } finally {
    one.close()
    two.close()
    worker.terminate()
  }
})

test('a worker killed at any moment of a restore leaves the old person or the new one, whole', async () => {
  const start = () => new Worker(new URL('../../workers/keys.ts', import.meta.url), { type: 'module' })
  const [one, other] = ['yellow '.repeat(12).trim(), abandon]
  let worker = start()
  const tab = new TabService<KeyService>(keysChannel)
  try {
    await tab.call.restore({ words: one })
    let wanted = other
    for (let ms = 0; ms < 60; ms += 9) {
      const restoring = tab.call.restore({ words: wanted }) // asked again of the next worker: twice is once
      await new Promise(done => { setTimeout(done, ms) })
      worker.terminate()
      expect([one, other]).toContain((await ofTheWorker().words()).join(' '))
      worker = start()
      await restoring
      expect((await tab.call.words()).join(' ')).toBe(wanted)
      wanted = wanted === one ? other : one
    }
  } finally {
    tab.close()
    worker.terminate()
  }
}, 60_000)

/** The keys of the database that the worker uses. */
function ofTheWorker(): KeyService {
  return createKeyService()
}

test.each([true, false])('a key goes to another device in an envelope, and only this one opens it (X25519 of the browser: %s)', async native => {
  const other = `keys-${crypto.randomUUID()}`
  const [giver, taker] = [name, other].map((each, i) => createKeyService({ open: async () => await openDatabase({ name: each }), ...i === 0 && !native ? { hasX25519: async () => await Promise.resolve(false) } : {} })) as [KeyService, KeyService]
  try {
    const key = freshBytes(32)
    const sealed = await giver.seal(key)
    const { address: who, box } = await taker.publicKeys()
    const cid = 'ab'.repeat(32)
    const commit = await giver.keyCommit(cid, sealed)
    const scope = { network: '0123456789abcdef', cid, owner: who, purpose: 'access', requester: who, box: toHex(box), request: null } as const
    const envelope = await giver.sealFor(sealed, commit, scope)
    expect(await taker.reveal((await taker.openEnvelope(envelope, commit, scope))!)).toEqual(key)
    expect(await taker.openEnvelope(envelope, commit, { ...scope, purpose: 'holder' })).toBeNull()
    expect(await taker.openEnvelope({ ...envelope, enc: new Uint8Array(32) }, commit, scope)).toBeNull()
    await expect(giver.openEnvelope(envelope, commit, scope)).rejects.toMatchObject({ code: 'not-own' })
    await expect(giver.sealFor(sealed, commit, { ...scope, box: '00'.repeat(32) })).rejects.toMatchObject({ code: 'no-box' })
    await expect(giver.sealFor(sealed, '00'.repeat(32), scope)).rejects.toMatchObject({ code: 'wrong-key' })
    const bought = { ...scope, box: await taker.purchaseBox(cid, who) }
    expect(await taker.reveal((await taker.openEnvelope(await giver.sealFor(sealed, commit, bought), commit, bought))!)).toEqual(key)
  } finally { await deleteDB(other) }
})

test('this browser knows X25519, which it is asked for first', async () => {
  await expect(crypto.subtle.importKey('raw', freshBytes(32), 'X25519', true, [])).resolves.toMatchObject({ type: 'public' })
})

test('the owner takes the key out of what a file says, on another device with the same words', async () => {
  const first = device()
  const { sealed, keyAccess, policy } = await first.newFileKey(true)
  expect(JSON.parse(atob(policy))).toMatchObject({ body: { dissem: [(await first.ensureIdentity()).address] } })
  const wraps = judgeWrappedKeys(new TextEncoder().encode(JSON.stringify({ encryptionInformation: { keyAccess: [keyAccess] } })))
  if (!wraps.ok) throw new Error(wraps.reason)
  const cid = 'ab'.repeat(32)
  const commit = await first.keyCommit(cid, sealed)
  const other = `keys-${crypto.randomUUID()}`
  try {
    const second = createKeyService({ open: async () => await openDatabase({ name: other }) })
    expect(await second.recoverKey(wraps.value, cid, commit)).toBeNull()
    await second.restore({ words: (await first.words()).join(' ') })
    expect(await second.reveal((await second.recoverKey(wraps.value, cid, commit))!)).toEqual(await first.reveal(sealed))
  } finally { await deleteDB(other) }
})

test('the worker seals, opens and signs for all tabs', async () => {
  const worker = new Worker(new URL('../../workers/keys.ts', import.meta.url), { type: 'module' })
  const tab = new TabService<KeyService>(keysChannel)
  try {
    const keys = tab.call
    await keys.restore({ words: abandon })
    const [{ box }, key, cid] = [await keys.publicKeys(), freshBytes(32), 'cd'.repeat(32)]
    const sealed = await keys.seal(key)
    const commit = await keys.keyCommit(cid, sealed)
    const scope = { network: '0123456789abcdef', cid, owner: address, purpose: 'recover', requester: address, box: toHex(box), request: new Uint8Array(32).fill(4) } as const
    expect(await keys.reveal((await keys.openEnvelope(await keys.sealFor(sealed, commit, scope), commit, scope))!)).toEqual(key)
    const request = { version: 1, network: scope.network, cid, owner: address, purpose: 'recover', requester: address, box: scope.box, holder: address, nonce: freshBytes(16) } as const
    expect(await keys.sign('keyRequest', scope.network, request)).toHaveLength(65)
    await expect(keys.sign('keyRequest', 'fedcba9876543210', request)).rejects.toMatchObject({ code: 'not-own' })
  } finally {
    tab.close()
    worker.terminate()
  }
})
