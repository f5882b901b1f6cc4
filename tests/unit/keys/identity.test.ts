import { createECDH, createHash, createHmac, createDecipheriv, createPublicKey, hkdfSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { addressBytes, addressOfKey, encode, fromBase64, fromHex, loadSecp256k1, signedDigest, toHex } from '../../../src/base/index.ts'
import { recoveryKey } from '../../../src/keys/derivation.ts'
import type { IdentityState } from '../../../src/keys/identity.ts'
import { judgePhrase, seedOf } from '../../../src/keys/phrase.ts'
import { createKeyService } from '../../../src/keys/service.ts'
import { judgeStatementBytes, judgeTransactionBytes, minerKey, statement, transaction, transactionDigest, type Transaction } from '../../../src/ledger/index.ts'
import { memDatabase, putting, type ContentRow, type Database } from '../../../src/store/index.ts'

const network = '0123456789abcdef'
const abandon = `${'abandon '.repeat(11)}about`
const address = 'TVnVYpgpw3BXkt4uGh5XL63H1a4EWKGyZv'
const passphrase = 'tide and moon'

/** A device whose database outlives whoever closes it, and services over it: each is a worker that was started anew. */
function device() {
  const database = memDatabase()
  database.close = async () => {}
  const told: IdentityState[] = []
  return { database, told, worker: () => createKeyService({ open: async () => database, changed: state => { told.push(state) } }) }
}

const row = (digit: string, sealed: ContentRow['sealed'], more: Partial<ContentRow> = {}): ContentRow => ({
  cid: digit.repeat(64), kind: 'p', infohash: digit.repeat(40), size: 9, title: `File ${digit}`, origin: 'got', status: 'SEEDING', path: digit, staging: null, info: null, members: null, paused: false, giving: true, given: 0,
  addedAt: 1, problem: null, reasons: [], sealed, findable: false, trashedAt: null, relays: [], ...more,
})

test('nobody is somebody until it is needed; then one person for all who ask at once', async () => {
  const { worker, told } = device()
  expect(await worker().identity()).toBeNull()
  const states = await Promise.all([worker(), worker(), worker()].map(async service => await service.ensureIdentity()))
  expect(new Set(states.map(state => state.address)).size).toBe(1)
  expect(states[0]).toEqual({ address: expect.stringMatching(/^T.{33}$/) as string, backedUp: null, passphrase: false, locked: false })
  expect(told).toEqual([states[0]])
  expect(await worker().identity()).toEqual(states[0])
})

test('the words are of that person, and asked for again they count as a backup', async () => {
  const { worker, told } = device()
  const service = worker()
  const words = await service.words()
  expect(words).toHaveLength(12)
  expect(await service.judgeWords(words.join(' '))).toEqual({ ok: true, address: (await service.ensureIdentity()).address })
  const answers = [12, 1, 7].map(place => ({ place, word: ` ${words[place - 1]?.toUpperCase() ?? ''}` }))
  for (const wrong of [answers.slice(1), [...answers.slice(1), answers[2]!], [...answers.slice(1), { place: 12, word: 'x' }], [...answers.slice(1), { place: 13, word: '' }], []]) expect(await service.confirmWords(wrong)).toBe(false)
  expect(await service.identity()).toMatchObject({ backedUp: null })
  expect(await service.confirmWords(answers)).toBe(true)
  expect(await worker().identity()).toMatchObject({ backedUp: 'words' })
  expect(told.at(-1)).toMatchObject({ backedUp: 'words' })
})

test('nothing secret lies open in the database', async () => {
  const { worker, database } = device()
  const service = worker()
  const judged = judgePhrase((await service.words()).join(' '))
  if (!judged.ok) throw new Error(judged.problem)
  const secrets = [judged.entropy, await seedOf(judged.entropy)].map(bytes => Buffer.from(bytes))
  const kept = async () => Object.values((await database.setting('identity'))!).flatMap(value => value instanceof Uint8Array ? [value] : value !== null && typeof value === 'object' ? Object.values(value).filter(part => part instanceof Uint8Array) : [])
  for (const set of [async () => {}, async () => { await service.setPassphrase('', passphrase) }]) {
    await set()
    for (const bytes of await kept()) for (const secret of secrets) expect(Buffer.from(bytes).includes(secret)).toBe(false)
  }
}, 20_000)

test('a passphrase: locked after a start, opened by it alone, changed and removed only with it', async () => {
  const { worker, told } = device()
  const first = worker()
  const words = await first.words()
  await expect(first.setPassphrase('', 'short')).rejects.toMatchObject({ code: 'bad-input' })
  await first.setPassphrase('', passphrase)
  expect(await first.identity()).toMatchObject({ passphrase: true, locked: false })
  expect(await first.words()).toEqual(words)

  const second = worker()
  expect(await second.identity()).toMatchObject({ passphrase: true, locked: true })
  for (const act of [async () => await second.words(), async () => await second.backupFile(passphrase), async () => await second.networkKeys(network), async () => await second.confirmWords([])]) await expect(act()).rejects.toMatchObject({ code: 'locked' })
  await expect(second.unlock('tide and moo')).rejects.toMatchObject({ code: 'wrong-passphrase' })
  await expect(second.setPassphrase('tide and moo', null)).rejects.toMatchObject({ code: 'wrong-passphrase' })
  expect(await second.identity()).toMatchObject({ locked: true })
  await second.unlock(passphrase)
  expect(told.at(-1)).toMatchObject({ locked: false })
  expect(await second.words()).toEqual(words)
  await expect(second.setPassphrase('tide and moo', 'another one')).rejects.toMatchObject({ code: 'wrong-passphrase' })
  await second.setPassphrase(passphrase, 'another one')
  expect(await second.words()).toEqual(words)

  const third = worker()
  await expect(third.unlock(passphrase)).rejects.toMatchObject({ code: 'wrong-passphrase' })
  await third.setPassphrase('another one', null)
  expect(await worker().words()).toEqual(words)
}, 30_000)

test('protecting files needs no passphrase, and the phrase opens them', async () => {
  const { worker } = device()
  await worker().restore({ words: abandon })
  await worker().setPassphrase('', passphrase)
  const service = worker()
  const { sealed, keyAccess, policy } = await service.newFileKey()
  expect(await service.identity()).toMatchObject({ address, locked: true })
  const { wrappedKey, ephemeralPublicKey, policyBinding } = keyAccess as { wrappedKey: string, ephemeralPublicKey: string, policyBinding: { hash: string } }

  // As OpenSSL does it, from the phrase alone.
  const owner = createECDH('prime256v1')
  owner.setPrivateKey(recoveryKey(await seedOf(new Uint8Array(16))).secret)
  const { x = '', y = '' } = createPublicKey(ephemeralPublicKey).export({ format: 'jwk' })
  const secret = owner.computeSecret(Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]))
  const wrapping = hkdfSync('sha256', secret, createHash('sha256').update('TDF').digest(), '', 32)
  const wrapped = Buffer.from(wrappedKey, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(wrapping), wrapped.subarray(0, 12)).setAuthTag(wrapped.subarray(-16))
  const key = Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()])
  expect(toHex(key)).toBe(toHex(await service.reveal(sealed)))
  expect(Buffer.from(fromBase64(policyBinding.hash)!).toString()).toBe(createHmac('sha256', key).update(policy).digest('hex'))
}, 20_000)

test('a device is bound to its person, and nobody else to anybody', async () => {
  const { worker, database } = device()
  const service = worker()
  const { address: own } = await service.ensureIdentity()
  const seed = new Uint8Array(32).fill(5)
  const libp2p = fromHex('6e7a1cdd29b0b78fd13af4c5598feff4ef2a97166e3ca6f2e4fbfccd80505bf1')!
  await expect(service.sign('device', network, { address: own, device: libp2p })).rejects.toMatchObject({ code: 'not-own' })
  await database.set('device-key', seed)
  const signature = await service.sign('device', network, { address: own, device: libp2p })
  const digest = signedDigest('holdfast/device/1', { address: addressBytes(own)!, device: libp2p }, fromHex(network)!)
  expect(addressOfKey((await loadSecp256k1()).recover(digest, signature)!)).toBe(own)
  await expect(service.sign('device', network, { address, device: libp2p })).rejects.toMatchObject({ code: 'not-own' })
  await expect(service.sign('device', network, { address: own, device: new Uint8Array(32) })).rejects.toMatchObject({ code: 'not-own' })
  await expect(service.sign('device', '0123', { address: own, device: libp2p })).rejects.toMatchObject({ code: 'bad-input' })
  for (const kind of ['bytes', '__proto__', 'toString']) await expect(service.sign(kind as 'device', network, { address: own, device: libp2p })).rejects.toMatchObject({ code: 'unsupported' })
})

test('transactions, headers and statements are signed as the ledger reads them, for one’s own address and network alone', async () => {
  const { worker } = device()
  const service = worker()
  await service.restore({ words: abandon })
  const secp256k1 = await loadSecp256k1()
  const root = 'ab'.repeat(32)
  const sent = { version: 1, network, op: 1, sender: address, nonce: 1n, time: 1000, fee: 5, witness: null, profile: null, stamp: null, body: { to: 'cd'.repeat(32), amount: 7 } } as const
  const block = { version: 1, network, number: 1, time: 1000, previousRoot: root, powerRoot: root, baseTarget: 9n, difficulty: 9n, generation: new Uint8Array(32), miner: address, nonce: 1n, profile: null, body: root } as const
  const vote = { network, miner: address, root, number: 1, safe: root, time: 1000 } as const

  const signed: Transaction = { ...sent, signature: await service.sign('transaction', network, sent) }
  expect(addressOfKey(secp256k1.recover(transactionDigest(sent), signed.signature)!)).toBe(address)
  expect(judgeTransactionBytes(encode(transaction, signed))).toMatchObject({ ok: true })
  expect(addressOfKey(minerKey({ ...block, signature: await service.sign('header', network, block) }, secp256k1)!)).toBe(address)
  const whole = { ...vote, signature: await service.sign('statement', network, vote) }
  expect(judgeStatementBytes(encode(statement, whole), network, secp256k1)).toMatchObject({ ok: true })

  const other = 'TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC'
  await expect(service.sign('transaction', network, { ...sent, sender: other })).rejects.toMatchObject({ code: 'not-own' })
  await expect(service.sign('transaction', '0123456789abcdee', sent)).rejects.toMatchObject({ code: 'not-own' })
  await expect(service.sign('header', network, { ...block, miner: other })).rejects.toMatchObject({ code: 'not-own' })
  await expect(service.sign('statement', network, { ...vote, miner: other })).rejects.toMatchObject({ code: 'not-own' })
  for (const odd of [{ ...sent, op: 23 }, { ...sent, body: null }, { ...sent, fee: -1 }, { ...sent, nonce: 'x' }, null, undefined]) await expect(service.sign('transaction', network, odd as unknown as typeof sent)).rejects.toMatchObject({ code: 'bad-input' })
})

test('words bring somebody back; what is no phrase changes nothing', async () => {
  const { worker, told } = device()
  const service = worker()
  const before = await service.ensureIdentity()
  for (const words of ['', abandon.replace('about', 'aboot'), 'abandon '.repeat(12)]) {
    expect((await service.judgeWords(words)).ok).toBe(false)
    await expect(service.restore({ words })).rejects.toMatchObject({ code: 'bad-input' })
  }
  expect(await service.identity()).toEqual(before)
  expect(await service.judgeWords(abandon)).toEqual({ ok: true, address })
  expect(await service.restore({ words: abandon.toUpperCase() })).toEqual({ address, files: 0 })
  expect(told.at(-1)).toEqual({ address, backedUp: 'words', passphrase: false, locked: false })
  expect((await worker().words()).join(' ')).toBe(abandon)
})

test('the same words again keep the passphrase; other ones take its place', async () => {
  const { worker } = device()
  await worker().restore({ words: abandon })
  await worker().setPassphrase('', passphrase)
  await worker().restore({ words: abandon })
  expect(await worker().identity()).toMatchObject({ address, passphrase: true, locked: true })
  await worker().restore({ words: 'yellow '.repeat(12) })
  expect(await worker().identity()).toMatchObject({ passphrase: false, locked: false, backedUp: 'words' })
}, 20_000)

test('a file brings the person and the keys of files that are not there yet', async () => {
  const [one, other] = [device(), device()]
  const service = one.worker()
  await service.restore({ words: abandon })
  const keys = await Promise.all(['1', '2', '3', '4'].map(async () => await service.newFileKey()))
  await one.database.write([
    putting('content', row('1', keys[0]!.sealed, { relays: ['north.example'] })),
    putting('content', row('2', keys[1]!.sealed, { status: 'TRASHED' })),
    putting('content', row('3', null, { kind: 'z' })),
    putting('opened', { cid: '4'.repeat(64), infohash: '4'.repeat(40), size: 7, kind: 'p', name: 'Opened', sealed: keys[3]!.sealed, relays: [], openedAt: 5 }),
  ])
  const { text, name, keys: count } = await service.backupFile(passphrase)
  expect([name, count]).toEqual(['holdfast-backup-TVnVYp.json', 2])
  expect(await service.identity()).toMatchObject({ backedUp: 'words' })
  await service.confirmFile()
  expect(await service.identity()).toMatchObject({ backedUp: 'file' })

  const there = other.worker()
  const before = await there.ensureIdentity()
  expect(await there.judgeFile(text, passphrase)).toEqual({ address, keys: 2 })
  await expect(there.restore({ file: text, passphrase: 'tide and moo' })).rejects.toMatchObject({ code: 'wrong-passphrase' })
  await expect(there.restore({ file: text.slice(9), passphrase })).rejects.toMatchObject({ code: 'backup-damaged' })
  expect(await there.identity()).toEqual(before)
  expect(await other.database.getAll('opened')).toEqual([])

  expect(await there.restore({ file: text, passphrase })).toEqual({ address, files: 2 })
  expect(await there.identity()).toEqual({ address, backedUp: 'file', passphrase: false, locked: false })
  const opened = await other.database.getAll('opened')
  expect(opened).toMatchObject([{ cid: '1'.repeat(64), name: 'File 1', relays: ['north.example'], restored: true }, { cid: '4'.repeat(64), name: 'Opened', size: 7 }])
  expect(await there.reveal(opened[0]!.sealed)).toEqual(await service.reveal(keys[0]!.sealed))
  expect(await there.restore({ file: text, passphrase })).toEqual({ address, files: 0 })
}, 60_000)

test('a write that fails in the middle of a restore leaves the old person, whole', async () => {
  const { worker, database } = device()
  const service = worker()
  const before = await service.words()
  const write: Database['write'] = database.write.bind(database)
  database.write = async () => { throw new DOMException('full', 'QuotaExceededError') }
  await expect(service.restore({ words: abandon })).rejects.toThrow('full')
  database.write = write
  expect(await service.words()).toEqual(before)
  expect(await worker().words()).toEqual(before)
})

test('a phrase sealed by a device key that is gone is lost, and said so', async () => {
  const [one, other] = [device(), device()]
  await one.worker().ensureIdentity()
  await other.database.set('identity', (await one.database.setting('identity'))!)
  await expect(other.worker().words()).rejects.toMatchObject({ code: 'storage-lost' })
})

test('an identity that is replaced while the former one is unlocked is the one that is told of last', async () => {
  const { worker, told } = device()
  await worker().setPassphrase('', passphrase)
  const service = worker()
  const unlocking = service.unlock(passphrase)
  await new Promise(done => { setTimeout(done, 5) }) // the passphrase is stretched
  await Promise.all([unlocking, service.restore({ words: abandon })])
  expect([await service.identity(), told.at(-1)]).toMatchObject([{ address }, { address }])
})
