import { expect, test } from 'vitest'
import { limits, toHex, utf8 } from '../../../src/base/index.ts'
import type { IdentityState } from '../../../src/keys/index.ts'
import { createKeyService } from '../../../src/keys/service.ts'
import { chainIdOf, decodeEntryCommit, decodeFactoid, encodeEntry, formatAddress, parseAddress, rcdHashOf } from '../../../src/records/index.ts'
import { memDatabase } from '../../../src/store/index.ts'
import factom from '../../fixtures/factom.json' with { type: 'json' }

const network = '0123456789abcdef'
const passphrase = 'tide and moon'
const time = 1_800_000_000_000
const fs = formatAddress('Fs', new Uint8Array(32).fill(5))
const es = formatAddress('Es', new Uint8Array(32).fill(6))
const entry = encodeEntry({ chainId: chainIdOf([utf8('log')]), extIds: [], content: utf8('x') })

/** A device whose database outlives whoever closes it: each service over it is a worker that was started anew. */
function device() {
  const database = memDatabase()
  database.close = async () => {}
  const told: IdentityState[] = []
  return { database, told, worker: () => createKeyService({ open: async () => database, changed: state => { told.push(state) } }) }
}

function payloadOf(address: string): string {
  const read = parseAddress(address)
  if (!read.ok) throw new Error(read.reason)
  return toHex(read.value.payload)
}

test('a key that is brought here has the address it has elsewhere, is told of, and comes out again', async () => {
  const { worker, told } = device()
  const keys = worker()
  for (const [secret, address] of factom.addresses.slice(0, 3).flatMap(({ Fs, FA, Es, EC }) => [[Fs, FA], [Es, EC]] as const)) {
    expect(await keys.importFactomKey(` ${secret}\n`)).toEqual({ kind: address.slice(0, 2), address })
    expect(told.at(-1)!.imported!.at(-1)!.address).toBe(address)
    expect(await worker().exportFactomKey(address)).toBe(secret)
  }
})

test('what is wrong with a text is told by its code, and nothing is kept', async () => {
  const { worker } = device()
  const keys = worker()
  const cases: readonly (readonly [string, string])[] = [
    ['', 'address-length'], [fs.slice(1), 'address-length'], [`${fs.slice(0, -1)}0`, 'base58-char'], [`${fs.slice(0, -1)}${fs.endsWith('a') ? 'b' : 'a'}`, 'address-checksum'],
    [`T${fs.slice(1)}`, 'address-prefix'], [formatAddress('FA', new Uint8Array(32)), 'address-public'], [formatAddress('EC', new Uint8Array(32)), 'address-public'],
  ]
  for (const [text, fault] of cases) await expect(keys.importFactomKey(text), text).rejects.toMatchObject({ code: 'bad-input', data: { fault } })
  await keys.importFactomKey(fs)
  await expect(keys.importFactomKey(fs)).rejects.toMatchObject({ code: 'already-exists' })
  for (let i = 1; i < limits.factomKeys; i++) await keys.importFactomKey(formatAddress('Es', new Uint8Array(32).fill(100 + i)))
  await expect(keys.importFactomKey(es)).rejects.toMatchObject({ code: 'too-many' })
  expect((await keys.identity())!.imported).toHaveLength(limits.factomKeys)
})

test('it signs what names it, on every network, and nothing else does', async () => {
  const keys = device().worker()
  const [{ address: fa }, { address: ec }] = [await keys.importFactomKey(fs), await keys.importFactomKey(es)]
  const [from, by] = [payloadOf(fa), payloadOf(ec)]
  const [commit, payment, own] = await keys.signRecords(network, [
    { kind: 'commit', time, entry, begins: false, by }, { kind: 'factoid', time, fee: 24, outputs: [{ address: 'ab'.repeat(32), coins: 5 }], purchases: [], by: from }, { kind: 'commit', time, entry, begins: false },
  ])
  const { entryCredit } = await keys.networkKeys(network)
  expect(decodeEntryCommit(commit!)).toMatchObject({ ok: true, value: { publicKey: by } })
  expect(decodeFactoid(payment!)).toMatchObject({ ok: true, value: { inputs: [{ address: from, amount: 29n }] } })
  expect(decodeEntryCommit(own!)).toMatchObject({ ok: true, value: { publicKey: toHex(entryCredit) } })
  expect((await keys.signRecords('0123456789abcdee', [{ kind: 'commit', time, entry, begins: false, by }]))[0]).toEqual(commit)
  const wrong = [{ kind: 'commit', time, entry, begins: false, by: from }, { kind: 'commit', time, entry, begins: false, by: 'ab'.repeat(32) }, { kind: 'factoid', time, fee: 1, outputs: [{ address: by, coins: 1 }], purchases: [], by }] as const
  for (const request of wrong) await expect(keys.signRecords(network, [request])).rejects.toMatchObject({ code: 'not-own' })
  await expect(keys.signRecords(network, [{ kind: 'commit', time, entry, begins: false, by: 'EC' }])).rejects.toMatchObject({ code: 'bad-input' })
  await keys.removeFactomKey(ec)
  await expect(keys.signRecords(network, [{ kind: 'commit', time, entry, begins: false, by }])).rejects.toMatchObject({ code: 'not-own' })
  await expect(keys.exportFactomKey(ec)).rejects.toMatchObject({ code: 'not-found' })
  expect((await keys.identity())!.imported).toEqual([{ kind: 'FA', address: fa }])
})

test('it is as locked as the phrase is, and lies open nowhere', async () => {
  const { worker, database } = device()
  const first = worker()
  const { address } = await first.importFactomKey(fs)
  const rows = async () => (await database.setting('identity'))!.factom!
  for (const set of [async () => {}, async () => { await first.setPassphrase('', passphrase) }]) {
    await set()
    for (const { secret, public: key } of await rows()) for (const bytes of [secret.iv, secret.ct, key]) expect(Buffer.from(bytes).includes(Buffer.alloc(32, 5))).toBe(false)
  }
  const locked = worker()
  expect((await locked.identity())!.imported).toHaveLength(1)
  const by = payloadOf(address)
  for (const act of [async () => await locked.importFactomKey(es), async () => await locked.exportFactomKey(address), async () => await locked.signRecords(network, [{ kind: 'factoid', time, fee: 1, outputs: [{ address: by, coins: 1 }], purchases: [], by }])]) {
    await expect(act()).rejects.toMatchObject({ code: 'locked' })
  }
  await locked.unlock(passphrase)
  expect(await locked.exportFactomKey(address)).toBe(fs)
  expect(rcdHashOf((await rows())[0]!.public)).toEqual(Uint8Array.from(Buffer.from(by, 'hex')))
}, 20_000)

test('a backup file brings them to another device, words do not', async () => {
  const [here, there, elsewhere] = [device().worker(), device(), device().worker()]
  const [{ address }] = [await here.importFactomKey(fs), await here.importFactomKey(es)]
  const { text } = await here.backupFile(passphrase)
  await there.worker().importFactomKey(es) // of another person, who goes
  await there.worker().restore({ file: text, passphrase })
  expect((await there.worker().identity())!.imported).toEqual((await here.identity())!.imported)
  expect(await there.worker().exportFactomKey(address)).toBe(fs)
  await there.worker().restore({ file: text, passphrase })
  expect((await there.worker().identity())!.imported).toHaveLength(2)
  await elsewhere.restore({ words: (await here.words()).join(' ') })
  expect(await elsewhere.identity()).not.toHaveProperty('imported')
}, 20_000)
