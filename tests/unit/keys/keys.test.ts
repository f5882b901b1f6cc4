import { expect, test } from 'vitest'
import { createKeyService } from '../../../src/keys/service.ts'
import { memDatabase, type Database } from '../../../src/store/index.ts'
import { noisy } from '../content/archive-help.ts'
import { plainOf, random, tdfOf } from '../../support/tdf.ts'

/** A database that is closed by nobody, since it is gone then. */
function kept(): () => Promise<Database> {
  const database = memDatabase()
  database.close = async () => {}
  return async () => database
}

test('a file that is written with a new key is read with the same, sealed', async () => {
  const service = createKeyService({ open: kept() })
  const { sealed, ...made } = await service.newFileKey()
  const file = await tdfOf(noisy(5000), { ...made, random, mimeType: 'application/gzip', maxBytes: 5000 })
  expect(await plainOf(file, await service.open(sealed))).toEqual(noisy(5000))
})

test('what is sealed is revealed, to every service of the same device', async () => {
  const open = kept()
  const key = random.bytes(32)
  const sealed = await createKeyService({ open }).seal(key)
  expect(await createKeyService({ open }).reveal(sealed)).toEqual(key)
  await expect(createKeyService({ open: kept() }).reveal(sealed)).rejects.toMatchObject({ code: 'storage-lost' })
  await expect(createKeyService({ open: kept() }).open(sealed)).rejects.toMatchObject({ code: 'storage-lost' })
  await expect(createKeyService({ open }).open({ ...sealed, ct: sealed.ct.map(byte => byte ^ 1) })).rejects.toMatchObject({ code: 'storage-lost' })
})

test('two that begin at once are one device', async () => {
  const open = kept()
  const [one, other] = [createKeyService({ open }), createKeyService({ open })]
  const [first, second] = await Promise.all([one.seal(random.bytes(32)), other.newFileKey()])
  await expect(other.reveal(first)).resolves.toHaveLength(32)
  await expect(one.reveal(second.sealed)).resolves.toHaveLength(32)
})

test('keys that are made or opened do one thing and cannot be taken out', async () => {
  const service = createKeyService({ open: kept() })
  const { cipher, mac, sealed } = await service.newFileKey()
  const { decipher, mac: again } = await service.open(sealed)
  for (const [key, usages] of [[cipher, ['encrypt']], [mac, ['sign']], [decipher, ['decrypt']], [again, ['sign']]] as const) {
    expect([key.extractable, key.usages]).toEqual([false, usages])
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
  }
})

test('only keys are sealed', async () => {
  await expect(createKeyService({ open: kept() }).seal(random.bytes(31))).rejects.toMatchObject({ code: 'bad-input' })
})

test('where keys cannot be stored it says so, and where the database was busy it tries again', async () => {
  const database = memDatabase()
  database.settle = async () => { throw new DOMException('no', 'DataCloneError') }
  await expect(createKeyService({ open: async () => database }).seal(random.bytes(32))).rejects.toMatchObject({ code: 'unsupported' })
  const [good, busy] = [kept(), { first: true }]
  const service = createKeyService({ open: async () => {
    if (busy.first) { busy.first = false; throw new DOMException('busy', 'TimeoutError') }
    return await good()
  } })
  await expect(service.seal(random.bytes(32))).rejects.toThrow('busy')
  await expect(service.seal(random.bytes(32))).resolves.toMatchObject({ iv: expect.any(Uint8Array) as Uint8Array })
})
